"""The parameters that adapt the expressions of detections to one cluster."""

from __future__ import annotations

from difflib import get_close_matches
from ipaddress import IPv4Network
from typing import TYPE_CHECKING, Any, Final

from hardened_eks._patterns import regex
from hardened_eks._records import dataclass
from hardened_eks.detections.derived import BASES, DERIVED
from hardened_eks.errors import Problems

if TYPE_CHECKING:
    import re
    from collections.abc import Mapping, Sequence

_PARTITION = r"arn:(aws|aws-cn|aws-us-gov|aws-iso(-[a-z])?|aws-eusc)"
_ROLE = regex(rf"{_PARTITION}:iam::\d{{12}}:role/([\w+=,.@/-]*/)?[\w+=,.@-]{{1,64}}")
_KEY = regex(rf"{_PARTITION}:kms:[a-z0-9-]+:\d{{12}}:key/[\w-]+")
_SECRET = regex(rf"{_PARTITION}:secretsmanager:[a-z0-9-]+:\d{{12}}:secret:([\w/+=.@-]+-[A-Za-z0-9]{{6}}|[\w/+=.@-]*\*)")
_ACCOUNT, _REGION = regex(r"\d{12}"), regex(r"[a-z]{2,4}(-[a-z]+)+-\d")
_CLUSTER, _NAME = regex(r"[A-Za-z0-9][\w-]{0,99}"), regex(r"[\w+=,.@-]{1,64}")
_REGISTRY = regex(r"[a-z0-9.-]+(:\d+)?/([a-z0-9._/-]+/)?")
_INSTANCE, _NAMESPACE = regex(r"m?i-[0-9a-f]{8,17}"), regex(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_FINDING = regex(r"(?:CRITICAL|HIGH|MEDIUM|LOW)(?:=[1-9][0-9]{0,5})?")
_USERNAME = regex(r"\*?[\w:./@-]+\*?|\*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One named value of the expressions."""

    name: str
    title: str
    """A description of the value, and what happens without it."""
    shape: re.Pattern[str] | None
    """The pattern that a value must match. None: checked in another way."""
    wanted: str
    """A description of valid values, for error messages."""
    many: bool = False
    """Whether the value is a list of strings."""
    least: int = 0
    """The minimum number of values in a list."""
    default: tuple[str, ...] | None = None
    """The default values. None: the placeholder stays, and matches nothing."""


_WANTED_USERNAME: Final = "a Kubernetes user name; * is a wildcard at its beginning or end only"
_ROLE_ARN: Final = "the ARN of an IAM role, arn:aws:iam::111122223333:role/NAME"

PARAMETERS: Final = (
    Parameter(name="account", title="The account ID of the cluster.", shape=_ACCOUNT, wanted="12 digits"),
    Parameter(name="region", title="The Region of the cluster.", shape=_REGION, wanted="a Region such as eu-west-1"),
    Parameter(name="cluster", title="The name of the cluster.", shape=_CLUSTER, wanted="the name of an EKS cluster"),
    Parameter(name="kms_key", title="The ARN of the key that encrypts the cluster's API data.", shape=_KEY,
              wanted="the ARN of a KMS key, arn:aws:kms:REGION:ACCOUNT:key/ID"),
    Parameter(name="more_keys", title="The ARNs of additional keys to monitor: logs, volumes, images, backups.",
              shape=_KEY, wanted="the ARN of a KMS key, arn:aws:kms:REGION:ACCOUNT:key/ID", many=True, default=()),
    Parameter(name="break_glass_role", title="The ARN of the break-glass role.", shape=_ROLE, wanted=_ROLE_ARN),
    Parameter(name="vpc_cidr", title="The CIDR block of the VPC.", shape=None, wanted="an IPv4 CIDR block"),
    Parameter(name="pod_cidrs", title="Additional CIDR blocks of the VPC, and of peered networks and VPNs.",
              shape=None, wanted="an IPv4 CIDR block", many=True, default=()),
    Parameter(name="roles", title="The names of the cluster, node and break-glass roles.", shape=_NAME,
              wanted="the name of an IAM role, without its ARN and path", many=True, least=1),
    Parameter(name="trusted_registries", title="The registries from which pod images may come, each ending in /.",
              shape=_REGISTRY, wanted="a registry that ends in /, such as ACCOUNT.dkr.ecr.REGION.amazonaws.com/",
              many=True, least=1),
    Parameter(name="trusted_automation",
              title="The ARNs of the roles that deploy through CloudFormation: the creator role, named pipelines. "
                    "Their changes through CloudFormation go to the digest; without any role, every change pages "
                    "somebody.",
              shape=_ROLE, wanted=_ROLE_ARN, many=True),
    Parameter(name="secrets",
              title="The ARNs of the Secrets Manager secrets of the cluster's workloads, or prefixes of such ARNs that "
                    "end in *.",
              shape=_SECRET, wanted="the ARN of a secret, with the six characters at its end or ending in *", many=True,
              least=1),
    Parameter(name="pod_roles", title="The ARNs of the pod roles that read these secrets, and of rotation functions.",
              shape=_ROLE, wanted=_ROLE_ARN, many=True),
    Parameter(name="admin_hosts", title="The instance IDs of the admin hosts.", shape=_INSTANCE,
              wanted="an instance ID such as i-0123456789abcdef0", many=True, least=1),
    Parameter(name="load_balancer_roles",
              title="The ARNs of the roles of controllers that manage security groups, such as the AWS Load Balancer "
                    "Controller.", shape=_ROLE, wanted=_ROLE_ARN, many=True, default=()),
    Parameter(name="finding_severities",
              title="The severities of image findings that are reported, from Amazon ECR scans and from Inspector. "
                    "With a number (HIGH=10), a scan is reported from that many findings on.",
              shape=_FINDING, wanted="one of CRITICAL, HIGH, MEDIUM, LOW, alone or with a number such as HIGH=10",
              many=True, least=1,
              default=("CRITICAL", "HIGH")),
    Parameter(name="agent_namespaces",
              title="The namespaces whose pods may be privileged or use the host, such as node agents.",
              shape=_NAMESPACE, wanted="the name of a namespace", many=True, least=1,
              default=("kube-system", "amazon-guardduty", "amazon-cloudwatch")),
    Parameter(name="secret_readers",
              title="The Kubernetes user names that may list all secrets; * at the beginning or end is a wildcard.",
              shape=_USERNAME, wanted=_WANTED_USERNAME, many=True, least=1,
              default=("system:serviceaccount:kube-system:*",)),
    Parameter(name="token_requesters",
              title="The Kubernetes user names that may request tokens of service accounts; * at the beginning or end "
                    "is a wildcard.",
              shape=_USERNAME, wanted=_WANTED_USERNAME, many=True, least=1,
              default=("system:serviceaccount:kube-system:*",)),
    Parameter(name="webhook_managers",
              title="The Kubernetes user names that may change webhooks and admission policies; * at the beginning or "
                    "end is a wildcard.",
              shape=_USERNAME, wanted=_WANTED_USERNAME, many=True, least=1,
              default=("system:serviceaccount:kube-system:*",
                       "system:serviceaccount:cert-manager:cert-manager-cainjector",
                       "hardened-eks:delivery:*")),
)  # fmt: skip
"""All parameters. A parameter file uses these names."""

_BY_NAME: Final = {parameter.name: parameter for parameter in PARAMETERS}
_DEFAULTS: Final = {p.name: p.default for p in PARAMETERS if p.default is not None}


class Parameters:
    """Values by name. A name without a value becomes a placeholder, for example ``<cluster>``.

    Args:
        values: A string, or a tuple of strings for a list. Values derived from others (`kms_key_id`,
            `break_glass_session` ...) can be given too, for values that are known at deployment only.
    """

    def __init__(self, values: Mapping[str, str | Sequence[str]] | None = None) -> None:
        """Store values without validation; `read` validates the values of a user."""
        given = {name: (v,) if isinstance(v, str) else tuple(v) for name, v in (values or {}).items()}
        known = _DEFAULTS | given
        self._values: dict[str, tuple[str, ...]] = {}
        for name, derive in DERIVED.items():
            derived = derive(known)
            if derived:
                self._values[name] = derived
        self._values |= known

    def each(self, name: str) -> tuple[str, ...]:
        """Return the values of `name`: one for a string, any number for a list, the placeholder for none."""
        return self._values.get(name, (f"<{BASES.get(name, name)}>",))


def read(values: Any, subject: str = "parameters") -> Parameters:
    """Return the parameters of a parsed parameter file.

    Raises:
        ConfigurationError: all mistakes: unknown names, wrong types, invalid values.
    """
    problems = Problems(subject)
    if not isinstance(values, dict):
        problems.add(f'a JSON object is needed, such as {{"cluster": "payments"}}; got {_kind(values)}')
        problems.raise_any()
    for name, value in values.items():
        parameter = _BY_NAME.get(name)
        if parameter is None:
            near = get_close_matches(str(name), _BY_NAME)
            hint = f"did you mean {near[0]!r}" if near else f"there are {', '.join(_BY_NAME)}"
            problems.add(f"{name}: unknown parameter; {hint}")
        elif parameter.many:
            problems.extend(_list_problems(parameter, value))
        else:
            problems.extend(_value_problems(parameter, name, value))
    problems.raise_any()
    return Parameters(values)


def _list_problems(parameter: Parameter, value: Any) -> list[str]:
    name = parameter.name
    if not isinstance(value, list):
        return [f"{name}: a list of strings is needed, got {_kind(value)}"]
    found = [p for index, item in enumerate(value) for p in _value_problems(parameter, f"{name}[{index}]", item)]
    if len(value) < parameter.least:
        found.append(f"{name}: the list is empty; give at least {parameter.least}, or leave the parameter out")
    return found


def _value_problems(parameter: Parameter, where: str, value: Any) -> list[str]:
    if not isinstance(value, str):
        return [f"{where}: a string is needed, got {_kind(value)}"]
    right = _is_network(value) if parameter.shape is None else parameter.shape.fullmatch(value)
    return [] if right else [f"{where}: {value!r} is not {parameter.wanted}"]


def _is_network(value: str) -> bool:
    try:
        return "/" in value and IPv4Network(value).prefixlen > 0
    except ValueError:
        return False


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "a string", bool: "a boolean", type(None): "null"}
    return names.get(type(value), "a number")
