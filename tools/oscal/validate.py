"""Print a line for each mistake in the OSCAL documents of the given folders. Runs in compliance-trestle's environment.

Exit code 0: no mistake. 1: mistakes. Any other code: the validation did not complete.
"""

import sys
from pathlib import Path

from trestle.core.duplicates_validator import DuplicatesValidator
from trestle.core.refs_validator import RefsValidator
from trestle.oscal.assessment_plan import AssessmentPlan
from trestle.oscal.assessment_results import AssessmentResults
from trestle.oscal.catalog import Catalog
from trestle.oscal.component import ComponentDefinition
from trestle.oscal.profile import Profile
from trestle.oscal.ssp import SystemSecurityPlan

MODELS = {
    "assessment-plan": AssessmentPlan,
    "assessment-results": AssessmentResults,
    "catalog": Catalog,
    "component-definition": ComponentDefinition,
    "profile": Profile,
    "system-security-plan": SystemSecurityPlan,
}


def mistakes(file: Path):
    try:
        document = MODELS[file.stem].oscal_read(file)
    except Exception as error:  # noqa: BLE001 - trestle wraps pydantic's errors
        yield f"{file}: {error}"
        return
    for validator in (DuplicatesValidator(), RefsValidator()):
        if not validator.model_is_valid(document, quiet=True):
            yield f"{file}: refused by {type(validator).__name__}"


def main() -> None:
    files = [file for folder in sys.argv[1:] for file in sorted(Path(folder).glob("*.json"))]
    found = [line.replace("\n", " ") for file in files for line in mistakes(file)]
    found += [f"{folder}: no OSCAL document" for folder in sys.argv[1:] if not any(Path(folder).glob("*.json"))]
    print("\n".join(found), end="\n" if found else "")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
