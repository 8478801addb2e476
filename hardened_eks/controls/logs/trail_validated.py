from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.trails import TRAIL


@control(
    id="LG-05",
    title="Trails sign their log files",
    requirement="cloudtrail.validation",
    types=(TRAIL,),
    absence="there is no trail that signs its log files",
    needs="resource",
    severity=Severity.MEDIUM,
    why="Without digest files, nobody can prove that a log file was not changed or deleted.",
    fix="Set EnableLogFileValidation to true.",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/cloudtrail-controls.html#cloudtrail-4",
    blind="An assembly without a trail is evaluated only if it is complete (--complete).",
    enforced_by="Trail",
)
def trail_validated(trail: Resource, assembly: Assembly) -> Iterator[Problem]:
    validated = trail.flag("EnableLogFileValidation", default=False)
    if validated is not True:
        yield Problem(
            f"its log files are not signed (EnableLogFileValidation is {validated})", "EnableLogFileValidation"
        )
