from hardened_eks.controls.keys import rsa_key_size
from tests.controls.cases import Case, at, both, change, drop, hide
from tests.controls.keys.base import KEY, key

CASE = Case(
    rsa_key_size,
    key(KeySpec="RSA_3072", KeyUsage="ENCRYPT_DECRYPT"),
    bad=at(
        "KeySpec",
        {
            "short": change(KEY, "KeySpec", "RSA_2048"),
            "hidden": hide(KEY, "KeySpec"),
            "short, usage hidden": both(change(KEY, "KeySpec", "RSA_2048"), hide(KEY, "KeyUsage")),
        },
    ),
    edge={
        "symmetric": drop(KEY, "KeySpec"),
        "signing": both(change(KEY, "KeySpec", "RSA_2048"), change(KEY, "KeyUsage", "SIGN_VERIFY")),
    },
)
