from hardened_eks.controls.images import image_lifecycle
from tests.controls.cases import Case, at, change, drop, hide
from tests.controls.images.base import GOOD, NO_VALUE, REPOSITORY, RULES, chosen, created

LIFECYCLE = "LifecyclePolicy.LifecyclePolicyText"

CASE = Case(
    image_lifecycle,
    GOOD,
    bad=at(
        "LifecyclePolicy",
        {
            "left out": drop(REPOSITORY, "LifecyclePolicy"),
            "without text": drop(REPOSITORY, LIFECYCLE),
            "empty": change(REPOSITORY, LIFECYCLE, ""),
            "no rules": change(REPOSITORY, LIFECYCLE, '{"rules": []}'),
            "no JSON": change(REPOSITORY, LIFECYCLE, "rules:"),
            "no text": change(REPOSITORY, LIFECYCLE, 7),
            "a list": change(REPOSITORY, LIFECYCLE, "[1]"),
            "sometimes": change(REPOSITORY, "LifecyclePolicy", chosen({"LifecyclePolicyText": RULES})),
            "text sometimes": change(REPOSITORY, LIFECYCLE, chosen(RULES)),
            "no value": change(REPOSITORY, LIFECYCLE, NO_VALUE),
            "repositories to come": created(),
        },
    ),
    edge={
        "in a parameter": hide(REPOSITORY, LIFECYCLE),
        "one or another": change(REPOSITORY, LIFECYCLE, chosen(RULES, {"Ref": "Rules"})),
        "repositories to come": created(LifecyclePolicy=RULES),
    },
)
