from collections.abc import Iterator
from typing import Final

from hardened_eks.controls.deployable._packs import RULE, pack_problems, parsed, rule_problems
from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource

_PACKS: Final = ("AWS::Config::ConformancePack", "AWS::Config::OrganizationConformancePack")
_MOST_BYTES: Final = 51_200


@control(
    id="DP-111",
    title="Rules of AWS Config and their packs are what AWS Config takes in the Region",
    types=(RULE, *_PACKS),
    needs="resource",
    severity=Severity.MEDIUM,
    family=Family.DEPLOYABLE,
    why=(
        "One rule that the Region lacks, or one parameter without a value, and the whole pack fails; the console fills "
        "in defaults that a template must have."
    ),
    fix=(
        "Split a pack below 130 rules and 51,200 bytes, leave out what the Region lacks, and give each mandatory "
        "parameter: `ConformancePacks` and `hardened-eks controls config-pack` do."
    ),
    source="https://docs.aws.amazon.com/config/latest/developerguide/custom-conformance-pack.html",
    blind=(
        "A template in S3 or in a document; parameters of rules that no requirement of the catalog names; the "
        "Region, where the stack does not say it. An unknown rule may be newer than the data file: it is found with "
        "low severity."
    ),
    enforced_by="ConformancePacks",
)
def config_rules_valid(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    region = resource.template.region
    if resource.type == RULE:
        properties = resource.properties if isinstance(resource.properties, dict) else {}
        for message, certain in rule_problems(properties, region):
            path = "InputParameters" if " needs " in message else "Source.SourceIdentifier"
            yield Problem(message, path, severity=None if certain else Severity.LOW)
        return
    body = resource.get("TemplateBody")
    if not isinstance(body, str):
        return
    size = len(body.encode())
    if size > _MOST_BYTES:
        yield Problem(f"the template has {size} bytes, AWS takes {_MOST_BYTES}", "TemplateBody")
    for message, certain in pack_problems(parsed(body), region):
        yield Problem(message, "TemplateBody", severity=None if certain else Severity.LOW)
