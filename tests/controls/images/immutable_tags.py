from hardened_eks.controls.images import immutable_tags
from tests.controls.cases import Bad, Case, at, both, change, drop, hide
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
        **at(
            "ImageTagMutability",
            {
                "mutable": change(REPOSITORY, "ImageTagMutability", "MUTABLE"),
                "left out": drop(REPOSITORY, "ImageTagMutability"),
                "hidden": hide(REPOSITORY, "ImageTagMutability"),
                "mutable but for some": change(REPOSITORY, "ImageTagMutability", "MUTABLE_WITH_EXCLUSION"),
                "boolean": change(REPOSITORY, "ImageTagMutability", True),
                "list": change(REPOSITORY, "ImageTagMutability", ["IMMUTABLE"]),
            },
        ),
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
        **at(
            "ImageTagMutability",
            {
                "sometimes": change(REPOSITORY, "ImageTagMutability", chosen("IMMUTABLE")),
                "repositories to come": created(),
                "repositories to come, mutable": created(ImageTagMutability="MUTABLE"),
            },
        ),
    },
    edge={
        "some excluded": exclusions("latest", "dev-*"),
        "either way": change(REPOSITORY, "ImageTagMutability", chosen("IMMUTABLE", "IMMUTABLE")),
        "repositories to come": created(ImageTagMutability="IMMUTABLE"),
    },
)
