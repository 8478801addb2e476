from hardened_eks.controls.images import immutable_tags
from tests.controls.cases import Bad, Case, both, change, drop, hide
from tests.controls.images.base import GOOD, REPOSITORY, chosen, created

FILTERS = "ImageTagMutabilityExclusionFilters"


def exclusions(*values):
    return both(
        change(REPOSITORY, "ImageTagMutability", "IMMUTABLE_WITH_EXCLUSION"),
        change(
            REPOSITORY,
            FILTERS,
            [
                {"ImageTagMutabilityExclusionFilterType": "WILDCARD", "ImageTagMutabilityExclusionFilterValue": value}
                for value in values
            ],
        ),
    )


CASE = Case(
    immutable_tags,
    GOOD,
    bad={
        "mutable": Bad(change(REPOSITORY, "ImageTagMutability", "MUTABLE"), "ImageTagMutability"),
        "left out": Bad(drop(REPOSITORY, "ImageTagMutability"), "ImageTagMutability"),
        "hidden": Bad(hide(REPOSITORY, "ImageTagMutability"), "ImageTagMutability"),
        "mutable but for some": Bad(
            change(REPOSITORY, "ImageTagMutability", "MUTABLE_WITH_EXCLUSION"), "ImageTagMutability"
        ),
        "boolean": Bad(change(REPOSITORY, "ImageTagMutability", True), "ImageTagMutability"),
        "list": Bad(change(REPOSITORY, "ImageTagMutability", ["IMMUTABLE"]), "ImageTagMutability"),
        "all excluded": Bad(exclusions("*"), "ImageTagMutabilityExclusionFilters.0"),
        "one excludes all": Bad(exclusions("latest", "**"), "ImageTagMutabilityExclusionFilters.1"),
        "nothing excluded": Bad(exclusions(""), "ImageTagMutabilityExclusionFilters.0"),
        "exclusion hidden": Bad(exclusions({"Ref": "Tag"}), "ImageTagMutabilityExclusionFilters.0"),
        "exclusions hidden": Bad(
            both(exclusions("latest"), hide(REPOSITORY, FILTERS)), "ImageTagMutabilityExclusionFilters"
        ),
        "exclusions malformed": Bad(
            both(exclusions("x"), change(REPOSITORY, FILTERS, ["latest"])), "ImageTagMutabilityExclusionFilters.0"
        ),
        "sometimes": Bad(change(REPOSITORY, "ImageTagMutability", chosen("IMMUTABLE")), "ImageTagMutability"),
        "repositories to come": Bad(created(), "ImageTagMutability"),
        "repositories to come, mutable": Bad(created(ImageTagMutability="MUTABLE"), "ImageTagMutability"),
    },
    edge={
        "some excluded": exclusions("latest", "dev-*"),
        "either way": change(REPOSITORY, "ImageTagMutability", chosen("IMMUTABLE", "IMMUTABLE")),
        "repositories to come": created(ImageTagMutability="IMMUTABLE"),
    },
)
