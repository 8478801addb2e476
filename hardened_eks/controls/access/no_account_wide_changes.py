import re
from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, conditions
from hardened_eks.evidence.policies import Statement
from hardened_eks.evidence.views.iam import (
    IDENTITY,
    NOT_KNOWN,
    bare,
    every_of_a_kind,
    every_resource,
    in_one_region,
    limits,
    own_statements,
    wide_statements,
)

_CHANGES = {
    "kms:PutKeyPolicy": "takes control of every key",
    "kms:ScheduleKeyDeletion": "deletes every key, and all data with it",
    "kms:DisableKey": "makes everything unusable that a key encrypts",
    "kms:TagResource": "sets any tag on every key, so that conditions on tags limit nothing",
    "logs:DeleteLogGroup": "deletes every log group, audit logs included",
    "logs:DisassociateKmsKey": "removes the key from every log group",
    "ecr:SetRepositoryPolicy": "gives anybody access to every repository",
    "ecr:DeleteRepository": "deletes every repository",
    "eks:DeleteCluster": "deletes every cluster",
    "ec2:ModifyInstanceAttribute": "replaces the user data of every instance, which runs with the instance's role",
    "ec2:CreateLaunchTemplateVersion": "changes the launch settings of every Auto Scaling group",
}
"""Actions that are dangerous on every resource of a type in the account -> their effect."""
_IN_A_REGION = {
    "eks:CreateAccessEntry": "gives anybody access to every cluster",
    "eks:AssociateAccessPolicy": "makes anybody an administrator of every cluster",
    "eks:CreatePodIdentityAssociation": "gives roles to pods of every cluster",
}
"""Actions that IA-04 reports on every resource, but accepts within a Region."""
_TAGS = "ec2:CreateTags"
_ISSUERS = "iam:CreateOpenIDConnectProvider"
_WHICH = ("resourcetag/", "ec2:createaction", "kms:viaservice", "kms:resourcealiases")
"""Condition keys that identify the resource, if they hold only for requests with these keys."""
_NAMED = 3
"""The maximum number of actions that a message names."""


@control(
    id="IA-14",
    title="No policy allows changes to what other teams own in the account",
    requirement="iam.policy.no_risky_actions",
    types=IDENTITY,
    needs="resource",
    severity=Severity.HIGH,
    why=(
        "A deployment role that can change every key, cluster, instance or log group of the account is in effect its "
        "administrator: it can delete other teams' logs and keys, or run code with their roles."
    ),
    fix=(
        "Name the resources by a prefix, or require a tag that the role cannot set on resources of other teams "
        "(aws:ResourceTag; see hardened_eks.CreatorRole)."
    ),
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/access_tags.html",
    blind=(
        "Which prefix or tag belongs to a team. A statement counts as narrow if it requires a tag of the resource, a "
        "calling service or a creating call. Who may set the tag is evaluated only for ec2:CreateTags and "
        "kms:TagResource on all resources."
    ),
    enforced_by="CreatorRole",
)
def no_account_wide_changes(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    cause = wide_statements(resource)
    for path, statement in own_statements(resource):
        if not statement.allows:
            continue
        if statement.unknown:
            yield Problem(NOT_KNOWN, path, cause=NOT_KNOWN)
        elif not _says_which(statement) and (found := list(_found(statement))):
            action, harm = found[0]
            others = ", ".join(name for name, _ in found[1:_NAMED])
            more = f"; also {others}" if others else ""
            more += f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
            yield Problem(f"{action} on every resource of its type {harm}{more}", path, cause=cause)


def _found(statement: Statement) -> Iterator[tuple[str, str]]:
    for action, harm in _CHANGES.items():
        if statement.does(action) and _every(statement, action):
            yield action, harm
    for action, harm in _IN_A_REGION.items():
        if statement.does(action) and not limits(statement) and _every(statement, action, regional=True):
            yield action, harm
    if statement.does(_TAGS) and any(every_resource(one) for one in statement.resources):
        yield _TAGS, "sets any tag on everything, so that conditions on tags limit nothing"
    if statement.does(_ISSUERS) and any(_any_issuer(one) for one in statement.resources):
        yield _ISSUERS, "adds trust in any issuer to the account"


def _every(statement: Statement, action: str, *, regional: bool = False) -> bool:
    if statement.not_resources:
        return not regional
    service = action.partition(":")[0]
    return any(every_of_a_kind(one, service) and (in_one_region(one) or not regional) for one in statement.resources)


def _any_issuer(resource: str) -> bool:
    """Return whether the host name of the issuer ends with a wildcard."""
    host = re.search(r":oidc-provider/([^/]*)", bare(resource))
    return every_of_a_kind(resource, "iam") or (host is not None and host[1].endswith("*"))


def _says_which(statement: Statement) -> bool:
    """Return whether a condition limits the statement to some resources."""
    return any(
        any(word in key for word in _WHICH)
        and (_null(statement, values) if operator == "null" else conditions.narrows(operator, key, values))
        for operator, key, values in conditions.elements(statement.conditions)
    )


def _null(statement: Statement, values: tuple[str, ...]) -> bool:
    """Return whether `Null` limits a statement: it requires the key, or a statement that only sets tags has it.

    Such a statement is limited to resources that somebody has just created.
    """
    there = {value.lower() for value in values} == {"false"}
    return there or (
        bool(statement.actions) and all(action.lower().endswith("tagresource") for action in statement.actions)
    )
