"""Typed settings of the reference app, read once from the context in cdk.json."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from hardened_eks.errors import Problems
from stacks.compute import COMPUTE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from constructs import Node

_FLAG = "hardened-eks:dns_firewall"
"""Context key that `hardened.Network` reads itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of a team. Each field is the context key ``hardened-eks:<field>``, or has its default."""

    account: str
    """Account ID. Default: the account of the CLI's credentials (``CDK_DEFAULT_ACCOUNT``), or any account."""
    region: str
    """Region. Default: the CLI's Region (``CDK_DEFAULT_REGION``), or any Region."""
    availability_zones: tuple[str, ...]
    """Availability Zones. Default: the first three of the Region."""
    cluster_name: str
    """Name of the cluster. Default: ``hardened``."""
    version: str
    """Kubernetes version. Default: ``1.37``."""
    compute: str
    """Kind of compute: ``managed`` node groups, ``self-managed`` nodes, ``karpenter``, ``auto-mode`` or ``fargate``.
    Default: ``managed``."""
    instance_types: tuple[str, ...]
    """Instance types of nodes. Default: ``m7g.large``; for self-managed nodes also ``m7gd.large``."""
    trusted_principals: tuple[str, ...]
    """ARNs of principals that can assume the break-glass role. Default: none, and no break-glass role is created."""
    image_pushers: tuple[str, ...]
    """ARNs of principals that can push images. Default: none."""
    egress: str
    """Internet access: ``none`` (isolated) or ``nat``. Default: ``none``."""
    tags: Mapping[str, str]
    """Tags for every resource. Default: ``{"application": "hardened-eks"}``."""
    alert_emails: tuple[str, ...]
    """Addresses that get an e-mail for every alert. Default: none; alerts go to a topic to which you subscribe."""
    alert_phones: tuple[str, ...]
    """Phone numbers that get an SMS for critical alerts, such as ``+4915112345678``. Default: none."""
    alert_slack: str
    """``WORKSPACE_ID/CHANNEL_ID`` of a Slack channel that gets every alert. Default: none."""
    detection_level: str
    """Level of `hardened.Detection`: ``default`` or ``full``. Default: ``default``."""
    creator_role_arn: str
    """ARN of the CloudFormation execution role that creates the stacks. Default: the role of the bootstrap stack."""
    governance: str
    """``account`` adds a trail, backups and account defaults; use ``none`` if the organization has them.
    Default: ``none``."""
    governance_role_arn: str
    """ARN of the CloudFormation execution role of the governance stack; must differ from `creator_role_arn`. Default:
    the role of the bootstrap stack."""
    auditors: tuple[str, ...]
    """ARNs of roles that can read the trail's files and the evidence. Default: none."""
    evidence_writers: tuple[str, ...]
    """With `governance` and `auditors`: ARNs of roles that add evidence to a separate bucket, such as the pipeline's
    role. Default: none, and no such bucket is created."""
    object_events: str
    """With `governance`: with ``all``, the trail records reads and writes of all S3 objects, at a cost that depends on
    their volume; ``none`` waives the control that requires it, until a date. Default: ``none``."""
    workloads: str
    """Settings file of the in-cluster baseline, which a stack applies. Default: none, and no such stack is created."""
    workloads_mode: str
    """Mode of the admission policies: ``audit``, ``warn`` or ``deny``. Default: ``warn``."""
    config: str
    """With `governance`: ``created`` adds an AWS Config recorder and conformance packs; ``existing`` adds only the
    packs, if a landing zone has a recorder; ``none`` adds nothing. The packs need `region`. Default: ``none``."""
    config_framework: str
    """Standard whose rules the packs contain, such as ``pci-dss-4.0.1``. Default: all rules."""
    trusted_registries: tuple[str, ...]
    """Registries, or registries with a path, from which images may come. If set, the Config rules for objects in the
    cluster are created. AWS Config must have a recorder, from `config` or from a landing zone. Default: none, and no
    such stack is created."""
    hook: str
    """``warn`` or ``fail`` adds a CloudFormation hook in a separate stack; use ``none`` if the organization has one.
    Default: ``none``."""
    guardrail_targets: tuple[str, ...]
    """IDs of a root, organizational units or accounts to which a stack in the management account attaches the
    guardrails. Default: none, and no such stack is created: an organization may have its own guardrails."""

    @classmethod
    def from_context(cls, node: Node, environment: Mapping[str, str]) -> Settings:
        """Read the settings of an app.

        Args:
            node: the app's node.
            environment: the process's environment variables.

        Raises:
            ConfigurationError: lists every value of the wrong type and every unknown ``hardened-eks:`` key.
        """
        problems = Problems("cdk.json context")
        context: dict[str, Any] = node.get_all_context()
        known = {field.name for field in fields(cls)}
        problems.extend(
            f"unknown setting '{key}'; use one of {', '.join(sorted(known))}"
            for key in context
            if key.startswith("hardened-eks:") and key != _FLAG and key.removeprefix("hardened-eks:") not in known
        )

        def read(name: str, default: Any, convert: Callable[[str, Any, Problems], Any]) -> Any:
            value = context.get(f"hardened-eks:{name}")
            return default if value is None else convert(f"hardened-eks:{name}", value, problems)

        compute = read("compute", "managed", _compute)
        kind = COMPUTE.get(compute, COMPUTE["managed"])
        settings = cls(
            account=read("account", environment.get("CDK_DEFAULT_ACCOUNT", ""), _text),
            region=read("region", environment.get("CDK_DEFAULT_REGION", ""), _text),
            availability_zones=read("availability_zones", (), _texts),
            cluster_name=read("cluster_name", "hardened", _text),
            version=read("version", "1.37", _text),
            compute=compute,
            instance_types=read("instance_types", kind.instance_types, _texts),
            trusted_principals=read("trusted_principals", (), _texts),
            image_pushers=read("image_pushers", (), _texts),
            egress=read("egress", "none", _one_of("none", "nat")),
            tags=read("tags", {"application": "hardened-eks"}, _tags),
            alert_emails=read("alert_emails", (), _texts),
            alert_phones=read("alert_phones", (), _texts),
            alert_slack=read("alert_slack", "", _slack),
            detection_level=read("detection_level", "default", _one_of("default", "full")),
            creator_role_arn=read("creator_role_arn", "", _text),
            governance=read("governance", "none", _one_of("none", "account")),
            governance_role_arn=read("governance_role_arn", "", _text),
            auditors=read("auditors", (), _texts),
            evidence_writers=read("evidence_writers", (), _texts),
            object_events=read("object_events", "none", _one_of("none", "all")),
            workloads=read("workloads", "", _text),
            workloads_mode=read("workloads_mode", "warn", _one_of("audit", "warn", "deny")),
            config=read("config", "none", _one_of("none", "created", "existing")),
            config_framework=read("config_framework", "", _text),
            trusted_registries=read("trusted_registries", (), _texts),
            hook=read("hook", "none", _one_of("none", "warn", "fail")),
            guardrail_targets=read("guardrail_targets", (), _texts),
        )
        problems.extend(settings._contradictions())
        problems.raise_any()
        return settings

    def _contradictions(self) -> Iterator[str]:
        """Yield which settings do not go together."""
        if self.governance_role_arn and self.governance_role_arn == self.creator_role_arn:
            yield (
                "hardened-eks:governance_role_arn is the same as hardened-eks:creator_role_arn, which must not reach "
                "the trail that records it: name another role"
            )
        if self.config != "none" and self.governance != "account":
            yield (
                f"hardened-eks:config is '{self.config}' and needs hardened-eks:governance=account, whose stack has it"
            )
        if self.evidence_writers and not (self.governance == "account" and self.auditors):
            yield (
                "hardened-eks:evidence_writers needs hardened-eks:governance=account, whose stack has the bucket, and "
                "hardened-eks:auditors, which can read it"
            )


def _text(key: str, value: Any, problems: Problems) -> str:
    problems.require(isinstance(value, str), f"{key} needs a string, got {value!r}")
    return str(value)


def _texts(key: str, value: Any, problems: Problems) -> Sequence[str]:
    values = [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value
    good = isinstance(values, list) and all(isinstance(item, str) for item in values)
    problems.require(good, f"{key} needs a list of strings (or one string with commas), got {value!r}")
    return tuple(values) if good else ()


def _one_of(*allowed: str) -> Callable[[str, Any, Problems], str]:
    """Return a function that validates a setting with a few allowed values."""
    *first, last = map(repr, allowed)
    words = f"{', '.join(first)} or {last}"

    def convert(key: str, value: Any, problems: Problems) -> str:
        problems.require(value in allowed, f"{key} needs {words}, got {value!r}")
        return str(value)

    return convert


def _compute(key: str, value: Any, problems: Problems) -> str:
    problems.require(value in COMPUTE, f"{key} needs one of {', '.join(COMPUTE)}, got {value!r}")
    return str(value)


def _slack(key: str, value: Any, problems: Problems) -> str:
    good = isinstance(value, str) and (not value or value.count("/") == 1)
    problems.require(good, f"{key} needs WORKSPACE_ID/CHANNEL_ID, such as T0123ABCD/C0123ABCD, got {value!r}")
    return str(value)


def _tags(key: str, value: Any, problems: Problems) -> Mapping[str, str]:
    good = isinstance(value, dict) and all(isinstance(x, str) for pair in value.items() for x in pair)
    problems.require(good, f"{key} needs a mapping of strings to strings, got {value!r}")
    return value if good else {}
