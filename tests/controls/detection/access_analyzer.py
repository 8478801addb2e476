from hardened_eks.controls.detection import access_analyzer
from tests.controls.cases import Bad, Case, add, change, drop, hide, template

ANALYZER = "AWS::AccessAnalyzer::Analyzer"

ANALYZED = template(
    {
        "Analyzer": (
            ANALYZER,
            {
                "Type": "ACCOUNT",
                "ArchiveRules": [{"RuleName": "own", "Filter": [{"Property": "principal.AWS", "Eq": ["1"]}]}],
            },
        )
    }
)

CASE = Case(
    access_analyzer,
    ANALYZED,
    bad={
        "unused access only": Bad(change(ANALYZER, "Type", "ACCOUNT_UNUSED_ACCESS"), "Type"),
        "hidden": Bad(hide(ANALYZER, "Type"), "Type"),
        "everything archived": Bad(drop(ANALYZER, "ArchiveRules.0.Filter"), "ArchiveRules.0.Filter"),
        "archiving hidden": Bad(hide(ANALYZER, "ArchiveRules"), "ArchiveRules.0.Filter"),
    },
    edge={
        "organization": change(ANALYZER, "Type", "ORGANIZATION"),
        "another one looks": add(Unused=(ANALYZER, {"Type": "ACCOUNT_UNUSED_ACCESS"})),
    },
)
