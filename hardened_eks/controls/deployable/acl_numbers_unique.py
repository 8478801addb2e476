from collections.abc import Iterator

from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource

_ENTRY = "AWS::EC2::NetworkAclEntry"


@control(
    id="DP-58",
    title="The entries of a network ACL have different rule numbers",
    types=(_ENTRY,),
    needs="stack",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why="EC2 returns NetworkAclEntryAlreadyExists for a second entry with the same number and direction.",
    fix="Number the entries in steps of ten; inbound and outbound rules are numbered separately.",
    source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNetworkAclEntry.html",
    blind="Numbers that are known only at deployment.",
    detective="Network creates no network ACL.",
)
def acl_numbers_unique(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    number = resource.number("RuleNumber")
    if isinstance(number, int) and not 1 <= number <= 32_766:
        shown = number if abs(number) < 10**9 else "larger"
        yield Problem(f"the rule number is {shown}; use 1 to 32766", "RuleNumber")
    first = assembly.once("deployable.acl numbers", lambda: _repeats(assembly)).get(resource)
    if first is not None:
        yield Problem(f"{first.logical_id} already has that rule number", "RuleNumber")


def _repeats(assembly: Assembly) -> dict[Resource, Resource]:
    firsts: dict[tuple[object, ...], Resource] = {}
    repeats: dict[Resource, Resource] = {}
    for entry in sorted(assembly.of(_ENTRY), key=lambda one: one.id):
        number, outbound = entry.number("RuleNumber"), entry.flag("Egress", default=False)
        if not isinstance(number, int) or not isinstance(outbound, bool) or "Condition" in entry.body:
            continue
        acl = assembly.target(entry.get("NetworkAclId"), "AWS::EC2::NetworkAcl", near=entry)
        first = firsts.setdefault((acl or (entry.template, str(entry.get("NetworkAclId"))), number, outbound), entry)
        if first is not entry:
            repeats[entry] = first
    return repeats
