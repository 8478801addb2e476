"""AWS's own detectors, which an account has once in each Region."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import aws_cdk as cdk
from constructs import Construct

from hardened_eks import _owner
from hardened_eks._kinds import flag_problems, problems_in
from hardened_eks._l1 import create
from hardened_eks._patterns import regex
from hardened_eks._tokens import is_text_token
from hardened_eks._traces import leave_out_useless
from hardened_eks.errors import repeated

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hardened_eks.errors import Problems

_DETECTOR: Final = regex(r"[0-9A-Za-z-]{12,300}")
_WORKLOAD: Final = "resource.kubernetesDetails.kubernetesWorkloadDetails"
_MOST_SUPPRESSIONS: Final = 100
_AGENTS_OF_GUARDDUTY: Final = (
    ("EKS_ADDON_MANAGEMENT", "DISABLED"),
    ("EC2_AGENT_MANAGEMENT", "ENABLED"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    """A suppression rule for findings about your own agent. GuardDuty archives them and sends no alert.

    Source: https://docs.aws.amazon.com/guardduty/latest/ug/findings_suppression-rule.html
    """

    name: str
    """Name of the filter: 3 to 64 letters, digits, ``_``, ``.`` and ``-``."""
    types: Sequence[str]
    """Types of findings, for example ``PrivilegeEscalation:Kubernetes/PrivilegedContainer``."""
    image_prefixes: Sequence[str]
    """Registries and paths of the agent's images without the last part, as in the finding
    (``111122223333.dkr.ecr.eu-west-1.amazonaws.com/agents``). The name of a workload or namespace would not prove which
    image runs in it."""
    reason: str
    """The reason why the findings are not a threat, for readers of the filter."""

    def problems(self) -> Iterator[str]:
        """Yield the mistakes in the rule. `ManagedDetectors` calls this."""
        allowed = "letters, digits, _, . and -, 3 to 64 of them"
        good = isinstance(self.name, str) and 3 <= len(self.name) <= 64
        if not good or not all(c.isalnum() or c in "_.-" for c in self.name):
            yield f"name of a suppression needs {allowed}, got {self.name!r}"
        for label, values in (("types", self.types), ("image_prefixes", self.image_prefixes)):
            listed = isinstance(values, list | tuple) and len(values) > 0
            if not listed or not all(isinstance(v, str) and v for v in values):
                yield f"{label} of suppression {self.name!r} needs a list with at least one string, got {values!r}"
        if not isinstance(self.reason, str) or not self.reason.strip():
            yield f"reason of suppression {self.name!r} needs a sentence, got {self.reason!r}"


class ManagedDetectors(Construct):
    """GuardDuty, and optionally Access Analyzer and Security Hub. `Detection` reports their findings.

    GuardDuty watches EKS audit logs and the runtime of nodes. The agent on EKS nodes is the cluster's add-on
    ``aws-guardduty-agent``, and its endpoint is part of the network, so GuardDuty manages neither: an endpoint and a
    security group that GuardDuty creates outside the stack would block the deletion of the VPC. AWS Config's rule
    GUARDDUTY_EKS_PROTECTION_RUNTIME_ENABLED requires the managed agent and reports this; accept its finding.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        detector: str | None = "create",
        suppress: Sequence[Suppression] = (),
        access_analyzer: bool = True,
        security_hub: bool = False,
    ) -> None:
        """Create or enable the detectors.

        Args:
            scope: the parent construct.
            id: construct ID.
            detector: ``create`` for GuardDuty's detector, which an account has once in a Region; the ID of an existing
                one, for `suppress`; or None to leave GuardDuty unchanged because the organization enables it. Default:
                ``create``.
            suppress: suppression rules for findings. Default: none.
            access_analyzer: create an analyzer that finds access from outside the account. Default: yes.
            security_hub: enable Security Hub with its default standards. Default: no, since the organization usually
                enables it.

        Raises:
            ConfigurationError: an argument is invalid. The error lists all mistakes.
        """
        problems = problems_in(scope, f"ManagedDetectors '{id}'")
        _check(problems, detector, suppress)
        problems.extend(flag_problems(access_analyzer=access_analyzer, security_hub=security_hub))
        problems.raise_any()
        super().__init__(scope, id)
        _owner.tag(self, scope)
        leave_out_useless(self, scope)
        self.detector_id = self._detector() if detector == "create" else detector
        """ID of GuardDuty's detector; None if GuardDuty is left unchanged."""
        for rank, one in enumerate(suppress, 1):
            self._filter(one, rank)
        if access_analyzer:
            from aws_cdk import aws_accessanalyzer as accessanalyzer  # a detection without detectors does not load them

            create(accessanalyzer.CfnAnalyzer, self, "Analyzer", type="ACCOUNT")
        if security_hub:
            from aws_cdk import aws_securityhub as securityhub

            hub = create(securityhub.CfnHub, self, "Hub", auto_enable_controls=True, enable_default_standards=True)
            hub.apply_removal_policy(cdk.RemovalPolicy.RETAIN)

    def _detector(self) -> str:
        from aws_cdk import aws_guardduty as guardduty

        simple = ("EKS_AUDIT_LOGS", "EBS_MALWARE_PROTECTION", "S3_DATA_EVENTS", "LAMBDA_NETWORK_LOGS")
        features: list[Any] = [{"name": name, "status": "ENABLED"} for name in simple]
        agents = [{"name": name, "status": status} for name, status in _AGENTS_OF_GUARDDUTY]
        features.append({"name": "RUNTIME_MONITORING", "status": "ENABLED", "additionalConfiguration": agents})
        made = create(
            guardduty.CfnDetector,
            self,
            "Detector",
            enable=True,
            finding_publishing_frequency="FIFTEEN_MINUTES",
            features=features,
        )
        # Without it, deleting a stack would switch GuardDuty off and lose its findings.
        made.apply_removal_policy(cdk.RemovalPolicy.RETAIN)
        return str(made.ref)

    def _filter(self, one: Suppression, rank: int) -> None:
        from aws_cdk import aws_guardduty as guardduty

        create(
            guardduty.CfnFilter,
            self,
            f"Suppress{rank}",
            detector_id=str(self.detector_id),
            name=one.name,
            description=one.reason[:512],
            action="ARCHIVE",
            rank=rank,
            finding_criteria={
                "criterion": {
                    # The CDK writes the conditions as they are; CloudFormation refuses them in lower case.
                    "type": {"Equals": list(one.types)},
                    f"{_WORKLOAD}.containers.imagePrefix": {"Equals": list(one.image_prefixes)},
                }
            },
        )


def _is_id(detector: object) -> bool:
    return isinstance(detector, str) and _DETECTOR.fullmatch(detector) is not None


def _check(problems: Problems, detector: object, suppress: object) -> None:
    problems.require(
        detector is None or detector == "create" or is_text_token(detector) or _is_id(detector),
        f"detector needs 'create', the ID of a detector such as '12abc34d567e8fa901bc2d34e56789f0', or None, "
        f"got {detector!r}",
    )
    if not isinstance(suppress, list | tuple) or not all(isinstance(one, Suppression) for one in suppress):
        problems.add(f"suppress needs a list of Suppression, got {suppress!r}")
        return
    problems.extend(p for one in suppress for p in one.problems())
    problems.require(not suppress or detector is not None, "suppress needs a detector: pass its ID as detector")
    problems.require(
        len(suppress) <= _MOST_SUPPRESSIONS,
        f"suppress has {len(suppress)} entries, GuardDuty allows {_MOST_SUPPRESSIONS} filters: remove some",
    )
    problems.extend(f"suppress names {name!r} twice" for name in repeated([one.name for one in suppress]))
