"""The hook in every account of organizational units."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, Literal

import aws_cdk as cdk
from constructs import Construct

from hardened_eks import _owner
from hardened_eks._kinds import flag_problems, problems_in
from hardened_eks._l1 import create
from hardened_eks._patterns import regex
from hardened_eks._tokens import is_token
from hardened_eks._traces import leave_out_useless
from hardened_eks.data.regions import PARTITIONS
from hardened_eks.errors import ConfigurationError, repeated
from hardened_eks.hook._arguments import TARGETS, region_problems
from hardened_eks.hook._hook import Hook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from aws_cdk import aws_sns as sns

    from hardened_eks.alerts import AlertChannel
    from hardened_eks.hook._hook import Target

_UNIT: Final = regex(r"ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}|r-[a-z0-9]{4,32}")
_NAME: Final = regex(r"[a-zA-Z][-a-zA-Z0-9]{0,127}")
_LONGEST: Final = 51_200
"""Bytes of a template in a call."""


class OrganizationHook(Construct):
    """`Hook` in every account of organizational units, including later ones, by a service-managed stack set.

    Create it in the management account, or in a delegated administrator of CloudFormation StackSets, after you activate
    trusted access. Each Region needs a bucket with the code, which the accounts can read (docs/how-to/hook.md has the
    commands). Begin with one organizational unit, and with ``WARN``.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        organizational_units: Sequence[str],
        regions: Sequence[str],
        code_bucket_prefix: str,
        alerts: Callable[[Construct], AlertChannel | sns.ITopic],
        name: str = "hardened-eks-hook",
        tags: Mapping[str, str] | None = None,
        delegated: bool = False,
        failure_mode: Literal["WARN", "FAIL"] = "WARN",
        judge: Literal["eks", "all"] = "eks",
        fail_on: Literal["critical", "high", "medium", "low"] = "low",
        targets: Sequence[Target] = TARGETS,
        excluded_stacks: Sequence[str] = (),
        waivers_parameter: str | None = None,
        template_waivers: bool = True,
        log_retention_days: int = 365,
    ) -> None:
        """Create the stack set.

        Args:
            scope: a stack of the management account or of the delegated administrator.
            id: construct ID.
            organizational_units: IDs of the units whose accounts get the hook, ``ou-...``, or of the root, ``r-...``.
            regions: Regions that get the hook in each account.
            code_bucket_prefix: prefix of the names of the buckets with the code, one in each Region.
            alerts: function that creates the channel in each account's stack, in the construct that it gets.
            name: name of the stack set. Its stacks in the accounts have the name ``StackSet-<name>-...``. Default:
                ``hardened-eks-hook``.
            tags: tags of the resources in the accounts. Default: only the tag of the library.
            delegated: whether the account is a delegated administrator instead of the management account. Default: no.
            failure_mode: as in `Hook`. Default: ``WARN``.
            judge: as in `Hook`. Default: ``eks``.
            fail_on: the lowest severity that fails, as in `Hook`. Default: ``low``.
            targets: operations to evaluate, as in `Hook`. Default: all.
            excluded_stacks: names of stacks that are not evaluated, as in `Hook`. Default: only the hook's own stack.
            waivers_parameter: name of the parameter with the waivers of each account, as in `Hook`. Default: none.
            template_waivers: whether waivers in templates count, as in `Hook`. Default: yes.
            log_retention_days: days for which the function's log is kept; a value that CloudWatch Logs supports, such
                as 90 or 400. Default: 365.

        Raises:
            ConfigurationError: an argument is invalid, or the template is too long. The error lists all mistakes.
        """
        problems = problems_in(scope, f"OrganizationHook '{id}'")
        problems.extend(_problems(organizational_units, regions, name, delegated, code_bucket_prefix))
        problems.require(tags is None or isinstance(tags, dict), f"tags needs a mapping of strings, got {tags!r}")
        problems.require(callable(alerts), f"alerts needs a function that creates a channel in a scope, got {alerts!r}")
        inner = cdk.Stack(cdk.App(), "Hook", synthesizer=cdk.BootstraplessSynthesizer())
        for key, value in (tags if isinstance(tags, dict) else {}).items():
            problems.require(
                isinstance(key, str) and isinstance(value, str), f"tags needs strings, got {key!r}: {value!r}"
            )
            cdk.Tags.of(inner).add(str(key), str(value))
        try:
            Hook(
                inner,
                "Hook",
                alerts=alerts(inner) if callable(alerts) else _nobody(),
                failure_mode=failure_mode,
                judge=judge,
                fail_on=fail_on,
                targets=targets,
                excluded_stacks=excluded_stacks,
                waivers_parameter=waivers_parameter,
                template_waivers=template_waivers,
                log_retention_days=log_retention_days,
                code_bucket_prefix="none"
                if code_bucket_prefix is None
                else code_bucket_prefix,  # one mistake at a time
            )
        except ConfigurationError as error:
            problems.extend(error.problems)
        problems.raise_any()
        try:
            body = _template(inner)
        except RuntimeError as error:  # the CDK's: a value belongs to another app
            problems.add(
                "the template of the accounts can only have values that are known during synthesis, not those of "
                f"another stack: {str(error).splitlines()[0]}"
            )
            problems.raise_any()
        problems.require(len(body) <= _LONGEST, f"the template has {len(body)} bytes, CloudFormation allows {_LONGEST}")
        problems.raise_any()
        super().__init__(scope, id)
        _owner.tag(self, scope)
        leave_out_useless(self, scope)
        self.resource = create(
            cdk.CfnStackSet,
            self,
            "Resource",
            stack_set_name=name,
            description="Evaluates EKS templates before they are deployed",
            permission_model="SERVICE_MANAGED",
            call_as="DELEGATED_ADMIN" if delegated else "SELF",
            auto_deployment={"enabled": True, "retainStacksOnAccountRemoval": False},
            managed_execution={"Active": True},
            capabilities=["CAPABILITY_IAM"],
            operation_preferences={"maxConcurrentPercentage": 25, "failureTolerancePercentage": 10},
            stack_instances_group=[
                {
                    "deploymentTargets": {"organizationalUnitIds": list(organizational_units)},
                    "regions": list(regions),
                }
            ],
            template_body=body,
        )
        """The CloudFormation resource of the stack set."""


def _nobody() -> AlertChannel:
    from hardened_eks.alerts import nobody

    return nobody(reason="there is no channel")


def _template(stack: cdk.Stack) -> str:
    """Return the template as JSON, without the CDK's metadata of constructs, which is not for other accounts."""
    app = stack.node.root
    assert isinstance(app, cdk.App)
    body = app.synth().get_stack_by_name(stack.stack_name).template
    for resource in body["Resources"].values():
        resource.pop("Metadata", None)
    return json.dumps(body, separators=(",", ":"))


def _problems(units: Any, regions: Any, name: Any, delegated: Any, prefix: Any) -> Iterator[str]:
    for argument, values, pattern, words in (
        ("organizational_units", units, _UNIT, "IDs of organizational units (ou-...-...) or of the root (r-...)"),
        ("regions", regions, None, "Regions, such as 'eu-west-1'"),
    ):
        if not isinstance(values, list | tuple) or not values:
            yield f"{argument} needs a list of {words}, got {values!r}"
            continue
        for value in values:
            known = isinstance(value, str) and (pattern.fullmatch(value) if pattern else value in PARTITIONS)
            if not known and not is_token(value):
                yield f"{argument} needs {words}, got {value!r}"
            elif argument == "regions":
                yield from region_problems(value)
        yield from (f"{argument} names {value!r} more than once" for value in repeated(values))
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        yield f"name needs at most 128 letters, digits and '-', the first a letter, got {name!r}"
    if prefix is None:
        yield "code_bucket_prefix needs the prefix of the names of the buckets with the code, got None"
    yield from flag_problems(delegated=delegated)
