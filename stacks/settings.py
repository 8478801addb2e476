"""Typed settings of the reference app, read once from cdk.json context."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from hardened_eks.errors import Problems
from stacks.compute import COMPUTE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from constructs import Node

_FLAG = "hardened-eks:dns-firewall"
"""Read by `hardened.Network` itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a team chooses. Each field is the context key ``hardened-eks:<field>``; left out, the default holds."""

    account: str
    """12 digits. Default: the account of the CLI's credentials (``CDK_DEFAULT_ACCOUNT``), else none (any account)."""
    region: str
    """Default: the CLI's region (``CDK_DEFAULT_REGION``), else none (any region)."""
    availability_zones: tuple[str, ...]
    """Default: the first three of the region."""
    cluster_name: str
    """Default: ``hardened``."""
    version: str
    """Kubernetes version. Default: ``1.37``."""
    compute: str
    """What runs pods: ``managed`` node groups, ``self-managed`` nodes, ``karpenter``, ``auto-mode`` or
    ``fargate``.
    Default: ``managed``."""
    instance_types: tuple[str, ...]
    """Of nodes. Default: ``m7g.large``, and for self-managed nodes ``m7gd.large`` as well."""
    trusted_principals: tuple[str, ...]
    """ARNs that may take the break-glass role. Default: none, and then there is no break-glass role."""
    image_pushers: tuple[str, ...]
    """ARNs that may push images. Default: none."""
    egress: str
    """``none`` (isolated) or ``nat``. Default: ``none``."""
    tags: Mapping[str, str]
    """On every resource. Default: ``{"application": "hardened-eks"}``."""
    alert_emails: tuple[str, ...]
    """The recipients of a mail for every alert. Default: nobody, and alerts go to a topic that you subscribe to."""
    alert_phones: tuple[str, ...]
    """The recipients of an SMS for critical alerts, as ``+4915112345678``. Default: nobody."""
    alert_slack: str
    """``WORKSPACE_ID/CHANNEL_ID`` of a Slack channel that gets every alert. Default: none."""
    detection_level: str
    """``default`` or ``full``, see `hardened.Detection`. Default: ``default``."""
    creator_role_arn: str
    """CloudFormation execution role that creates the stacks. Default: the bootstrap stack's own."""
    governance: str
    """``account`` adds a trail, backups and defaults of the account; ``none`` where the organization has them.
    Default: ``none``."""
    governance_role_arn: str
    """CloudFormation execution role of that stack, another than `creator_role_arn`. Default: the bootstrap stack's
    own."""
    auditors: tuple[str, ...]
    """ARNs of roles that read the trail's files, and the evidence. Default: none."""
    evidence_writers: tuple[str, ...]
    """With `governance` and `auditors`: ARNs of roles that put evidence into a bucket of its own, such as that of the
    pipeline. Default: none, and no such bucket."""
    object_events: str
    """With `governance`: ``all`` lets the trail record reads and writes of all S3 objects, which costs by volume;
    ``none`` waives the control that asks for it, until a date. Default: ``none``."""
    workloads: str
    """Settings file of the in-cluster baseline, which a stack applies. Default: none, and no such stack."""
    workloads_mode: str
    """``audit``, ``warn`` or ``deny``: what the admission policies do. Default: ``warn``."""
    config: str
    """With `governance`: ``made`` adds a recorder of AWS Config and conformance packs, ``existing`` the packs alone,
    where a landing zone records; or ``none``. The packs need `region`. Default: ``none``."""
    config_framework: str
    """Of the packs, only rules that this standard asks for, such as ``pci-dss-4.0.1``. Default: all."""
    trusted_registries: tuple[str, ...]
    """Registries, or registries with a path, that images may come from. With them the Config rules about what runs in
    the cluster are created. AWS Config must record: see `config`, or a landing zone does. Default: none, and then there
    is no such stack."""
    hook: str
    """``warn`` or ``fail`` adds a CloudFormation hook in a stack of its own; ``none`` where the organization has one.
    Default: ``none``."""
    guardrail_targets: tuple[str, ...]
    """IDs of a root, of organizational units or accounts that get the guardrails, from a stack of the management
    account. Default: none, and then there is no such stack: an organization may have its own."""

    @classmethod
    def from_context(cls, node: Node, environment: Mapping[str, str]) -> Settings:
        """Read the settings of an app.

        Args:
            node: the app's node.
            environment: the process's environment variables.

        Raises:
            ConfigurationError: naming every value of the wrong type and every unknown ``hardened-eks:`` key.
        """
        problems = Problems("cdk.json context")
        context: dict[str, Any] = node.get_all_context()
        known = {field.name for field in fields(cls)}
        problems.extend(
            f"unknown setting '{key}', known are {', '.join(sorted(known))}"
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
            config=read("config", "none", _one_of("none", "made", "existing")),
            config_framework=read("config_framework", "", _text),
            trusted_registries=read("trusted_registries", (), _texts),
            hook=read("hook", "none", _one_of("none", "warn", "fail")),
            guardrail_targets=read("guardrail_targets", (), _texts),
        )
        problems.require(
            not settings.governance_role_arn or settings.governance_role_arn != settings.creator_role_arn,
            "hardened-eks:governance_role_arn is that of hardened-eks:creator_role_arn, which must not reach the "
            "record of what it does: name another role",
        )
        problems.require(
            settings.config == "none" or settings.governance == "account",
            f"hardened-eks:config is '{settings.config}' and needs hardened-eks:governance=account, its stack",
        )
        problems.require(
            not settings.evidence_writers or (settings.governance == "account" and settings.auditors),
            "hardened-eks:evidence_writers needs hardened-eks:governance=account, whose stack has the bucket, and "
            "hardened-eks:auditors, who read it",
        )
        problems.raise_any()
        return settings


def _text(key: str, value: Any, problems: Problems) -> str:
    problems.require(isinstance(value, str), f"{key} needs a string, got {value!r}")
    return str(value)


def _texts(key: str, value: Any, problems: Problems) -> Sequence[str]:
    values = [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value
    good = isinstance(values, list) and all(isinstance(item, str) for item in values)
    problems.require(good, f"{key} needs a list of strings (or one string with commas), got {value!r}")
    return tuple(values) if good else ()


def _one_of(*allowed: str) -> Callable[[str, Any, Problems], str]:
    """Return what converts a setting that has one of a few values."""
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
