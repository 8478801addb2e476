from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Unknown

_EXTERNAL = ("ACCOUNT", "ORGANIZATION")


@control(
    id="DT-14",
    title="IAM Access Analyzer reports external access, and archives only findings that a filter selects",
    requirement="accessanalyzer.enabled",
    types=("AWS::AccessAnalyzer::Analyzer",),
    absence="there is no access analyzer",
    needs="assembly",
    severity=Severity.LOW,
    why=(
        "Access Analyzer proves which roles, keys, buckets and queues can be accessed from outside. An archive rule "
        "without a filter hides all of its findings."
    ),
    fix="Create an analyzer of type ACCOUNT or ORGANIZATION, and give each archive rule a filter.",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html#iam-28",
    blind=(
        "Whether its findings are resolved. Analyzers of other Regions and of the organization: an assembly without "
        "an analyzer is evaluated only if it is complete (--complete)."
    ),
    enforced_by="ManagedDetectors",
)
def access_analyzer(analyzer: Resource, assembly: Assembly) -> Iterator[Problem]:
    kinds = [other.get("Type") for other in assembly.of("AWS::AccessAnalyzer::Analyzer")]
    if not any(kind in _EXTERNAL for kind in kinds):
        yield Problem(f"the analyzer does not report external access (Type is {analyzer.get('Type')})", "Type")
    for index, rule in enumerate(analyzer.items("ArchiveRules")):
        if isinstance(rule, Unknown) or (isinstance(rule, dict) and not rule.get("Filter")):
            yield Problem("the archive rule hides every finding, or may do so", f"ArchiveRules.{index}.Filter")
