"""Say that an argument is of the wrong kind before anything is made; pure: kinds are told by an attribute."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator


class Kind(NamedTuple):
    """What an argument must be."""

    attribute: str
    """Which only such a thing has."""
    text: str
    """How the message names it."""


ALIAS = Kind("alias_name", "an alias of a KMS key (aws_kms.IAlias)")
CLUSTER = Kind("add_node_group", "a Cluster")
NETWORK = Kind("add_endpoint", "a Network")
KEYS = Kind("notifications", "a Keys")
KEY = Kind("key_arn", "a KMS key (aws_kms.IKey)")
LOG_GROUP = Kind("log_group_name", "a log group (aws_logs.ILogGroup)")
MANAGED_POLICY = Kind("managed_policy_arn", "a managed policy (aws_iam.IManagedPolicy)")
ROLE = Kind("role_arn", "a role (aws_iam.IRole)")
SECURITY_GROUP = Kind("security_group_id", "a security group (aws_ec2.ISecurityGroup)")
SUBNET = Kind("subnet_id", "a subnet (aws_ec2.ISubnet)")
TOPIC = Kind("topic_arn", "a topic (aws_sns.ITopic)")
VPC = Kind("vpc_id", "a VPC (aws_ec2.IVpc, for example by Vpc.from_lookup)")


def is_a(kind: Kind, value: object) -> bool:
    """Say whether `value` is one of `kind`. The class is asked first: asking a CDK object is a call into Node."""
    return hasattr(type(value), kind.attribute) or (not isinstance(value, type) and hasattr(value, kind.attribute))


def kind_problems(kind: Kind, **given: object) -> Iterator[str]:
    """Say which arguments, by name, are neither None nor of a kind."""
    for argument, value in given.items():
        if value is not None and not is_a(kind, value):
            yield f"{argument} needs {kind.text}, got {value!r}"


def key_problems(**given: object) -> Iterator[str]:
    """Say which arguments, by name, are no keys. An alias passes for one in the CDK, but no policy can name it."""
    yield from kind_problems(KEY, **given)
    for argument, value in given.items():
        if value is not None and is_a(ALIAS, value):
            yield (
                f"{argument} needs the key itself, which policies can name, got its alias {value!r}: "
                "pass alias.alias_target_key, Key.from_key_arn(...) or Key.from_lookup(...)"
            )


def cluster_problems(cluster: object, *needed: str) -> Iterator[str]:
    """Say that an argument is no cluster, or what of it, needed here, is not known."""
    if cluster is None or not is_a(CLUSTER, cluster):
        yield f"cluster needs {CLUSTER.text}, got {cluster!r}"
        return
    yield from cluster.unknown(*needed)  # type: ignore[attr-defined]


def list_problems(kind: Kind, **given: object) -> Iterator[str]:
    """Say which arguments, by name, are no lists of a kind."""
    for argument, values in given.items():
        if not isinstance(values, list | tuple):
            yield f"{argument} needs a list, each {kind.text}, got {values!r}"
            continue
        for value in values:
            if not is_a(kind, value):
                yield f"{argument} needs {kind.text}, got {value!r}"


def flag_problems(**given: object) -> Iterator[str]:
    """Say which arguments, by name, are not True or False: the text "false" would be true, and so a deploy-time one."""
    for argument, value in given.items():
        if not isinstance(value, bool):
            yield f"{argument} needs True or False, got {value!r}"
