from collections.abc import Iterator

from hardened_eks.controls.evidence import Assembly, Resource
from hardened_eks.controls.model import Family, Problem, Severity, control


@control(
    id="DP-18",
    title="No security-group rule is made twice",
    types=("AWS::EC2::SecurityGroup",),
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        "EC2 answers InvalidPermission.Duplicate for the second of two equal rules, inline or separate, and "
        "the stack rolls back."
    ),
    fix="Remove one of them.",
    source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupIngress.html",
    blind="Rules that differ in the template and are equal once deployed (a name and an id of the same group).",
)
def security_group_rules_unique(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    for direction in ("Ingress", "Egress"):
        seen: dict[str, str] = {}
        rules = [
            (f"SecurityGroup{direction}.{index}", rule)
            for index, rule in enumerate(resource.items(f"SecurityGroup{direction}"))
        ]
        rules += [
            (other.logical_id, other.properties)
            for other in assembly.referring(resource, f"AWS::EC2::SecurityGroup{direction}")
            if assembly.target(other.get("GroupId")) is resource
        ]
        for where, rule in rules:
            if not isinstance(rule, dict):
                continue
            key = repr(sorted((k, str(v).lower()) for k, v in rule.items() if k not in ("Description", "GroupId")))
            if key in seen:
                yield Problem(
                    f"{where} repeats the rule {seen[key]}", where if where.startswith("SecurityGroup") else ""
                )
            seen.setdefault(key, where)
