import json
from collections.abc import Iterator
from typing import Any, Final

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource

_LISTS: Final = {"mapRoles": "rolearn", "mapUsers": "userarn"}
_ADMINS: Final = "system:masters"
_NODES: Final = frozenset({"system:bootstrappers", "system:nodes", "system:node-proxier", "eks:kube-proxy-windows"})
"""The groups with which the nodes of every platform join."""


@control(
    id="CP-23",
    title="The aws-auth ConfigMap maps only the roles of nodes",
    requirement=("eks.auth.access_entries", "k8s.rbac.system_masters"),
    types=("Kubernetes::core::ConfigMap",),
    needs="resource",
    severity=Severity.HIGH,
    why=(
        "The ConfigMap gives IAM principals, even those of other accounts, access that no IAM policy limits and no "
        "access entry shows. Members of system:masters are cluster administrators whom no admission policy and no "
        "Kubernetes role can stop."
    ),
    fix=(
        "Remove the principal from the ConfigMap and create an access entry with an access policy for its "
        "namespaces. Grant cluster admin only to a break-glass role (hardened_eks.BreakGlassRole)."
    ),
    source="https://docs.aws.amazon.com/eks/latest/userguide/auth-configmap.html",
    blind=(
        "Clusters with the authentication mode API ignore the ConfigMap, which is a finding all the same. Whether a "
        "role that is mapped to the groups of nodes is the role of nodes."
    ),
    detective="No construct writes the ConfigMap: Cluster accepts access entries only.",
)
def aws_auth_nodes_only(config_map: Resource, assembly: Assembly) -> Iterator[Problem]:
    metadata = config_map.get("metadata", {})
    if not isinstance(metadata, dict) or metadata.get("name") != "aws-auth":
        return
    for key, name in _LISTS.items():
        path = f"data.{key}"
        mapped = _read(config_map.get(path))
        if mapped is None:
            yield Problem(f"{key} is not a list that can be read, so it may map anybody", path)
        for entry in mapped or ():
            yield from _entry(entry, name, path)
    accounts = _read(config_map.get("data.mapAccounts"))
    if accounts is None or accounts:
        who = ", ".join(map(_said, accounts or ())) or "an account that is not known"
        yield Problem(f"every IAM user of {who} has access", "data.mapAccounts")


def _entry(entry: Any, name: str, path: str) -> Iterator[Problem]:
    if not isinstance(entry, dict):
        yield Problem(f"an entry is not a mapping: {_said(entry)}", path)
        return
    who, groups = _said(entry.get(name)), entry.get("groups")
    several = [_said(group) for group in (groups if isinstance(groups, list) else [groups] if groups else [])]
    if _ADMINS in several:
        yield Problem(f"{who} is a cluster administrator ({_ADMINS})", path)
    elif name == "userarn":
        yield Problem(f"{who} has access as an IAM user", path)
    elif not several or not _NODES.issuperset(several):
        named = f"in {', '.join(several)}" if several else f"as the user {_said(entry.get('username') or who)}"
        yield Problem(f"{who} has access {named}", path, severity=Severity.MEDIUM)


def _said(value: Any) -> str:
    """Return a value as a string, and only the kind of lists and mappings, which aliases in YAML can make endless."""
    return type(value).__name__ if isinstance(value, list | dict) else str(value)


def _read(text: Any) -> list[Any] | None:
    """Return the entries of a list in JSON or YAML, which may be missing or empty; None if it is not a list."""
    if text is None:
        return []
    if not isinstance(text, str):
        return None
    try:
        found = _parsed(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, list) else [] if found is None or found == "" else None


def _parsed(text: str) -> Any:
    """Return the content of JSON or YAML.

    Raises:
        ValueError: it is neither, or it has aliases: a few lines with them can stand for billions of values.
    """
    try:
        return json.loads(text)
    except ValueError:
        import yaml

        try:
            if "*" in text and any(isinstance(one, yaml.AliasEvent) for one in yaml.parse(text)):
                raise ValueError
            return yaml.safe_load(text)
        except yaml.YAMLError as error:
            raise ValueError from error
