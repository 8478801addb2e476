from hardened_eks.controls.account import buckets_never_public
from tests.controls.cases import Bad, Case, change, drop, hide, template

SETTING = "AWS::S3::AccountPublicAccessBlock"
ALL = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")

CASE = Case(
    buckets_never_public,
    template({"Setting": (SETTING, dict.fromkeys(ALL, True))}),
    bad={
        **{f"{name} off": Bad(change(SETTING, name, False), name) for name in ALL},
        **{f"{name} left out": Bad(drop(SETTING, name), name) for name in ALL},
        "hidden": Bad(hide(SETTING, "BlockPublicPolicy"), "BlockPublicPolicy"),
    },
)
