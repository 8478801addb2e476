from hardened_eks.controls.keys import key_rotation
from tests.controls.cases import Case, at, both, change, drop, hide
from tests.controls.keys.base import KEY, key

CASE = Case(
    key_rotation,
    key(),
    bad=at(
        "EnableKeyRotation",
        {
            "off": change(KEY, "EnableKeyRotation", False),
            "left out": drop(KEY, "EnableKeyRotation"),
            "hidden": hide(KEY, "EnableKeyRotation"),
            "spec hidden too": both(hide(KEY, "KeySpec"), drop(KEY, "EnableKeyRotation")),
        },
    ),
    edge={
        "text": change(KEY, "EnableKeyRotation", "true"),
        "asymmetric": both(change(KEY, "KeySpec", "RSA_4096"), drop(KEY, "EnableKeyRotation")),
        "imported material": both(change(KEY, "Origin", "EXTERNAL"), drop(KEY, "EnableKeyRotation")),
    },
)
