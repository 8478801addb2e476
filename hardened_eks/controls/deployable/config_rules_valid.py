from collections.abc import Iterator
from typing import Final

from hardened_eks.controls.deployable._packs import RULE, pack_problems, parsed, rule_problems
from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource

_PACKS: Final = ("AWS::Config::ConformancePack", "AWS::Config::OrganizationConformancePack")
_MOST_BYTES: Final = 51_200


@control(
    id="DP-111",
    title="AWS Config rules and conformance packs are valid in the Region of the stack",
    types=(RULE, *_PACKS),
    needs="resource",
    severity=Severity.MEDIUM,
    family=Family.DEPLOYABLE,
    why=(
        "The whole conformance pack fails if the Region does not support one rule, or if one parameter has no value. "
        "The console fills in defaults that a template must set."
    ),
    fix=(
        "Keep each pack below 130 rules and 51,200 bytes, omit rules that the Region does not support, and set each "
        "mandatory parameter. `ConformancePacks` and `hardened-eks controls config-pack` do this."
    ),
    source="https://docs.aws.amazon.com/config/latest/developerguide/custom-conformance-pack.html",
    blind=(
        "Templates in S3 or in a Systems Manager document. Parameters of rules that no requirement of the catalog "
        "names. The Region, if the stack does not set it. An unknown rule may be newer than the data file, so the "
        "finding has low severity."
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
        yield Problem(f"the template has {size} bytes; AWS accepts at most {_MOST_BYTES}", "TemplateBody")
    for message, certain in pack_problems(parsed(body), region):
        yield Problem(message, "TemplateBody", severity=None if certain else Severity.LOW)
