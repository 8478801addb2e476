from hardened_eks.controls.storage import efs_encrypted
from tests.controls.cases import Case, at, change, drop, hide
from tests.controls.storage.base import FILES, FS, MOUNTED

CASE = Case(
    efs_encrypted,
    FILES,
    bad={
        **at(
            "Encrypted",
            {
                "off": change(FS, "Encrypted", False),
                "left out": drop(FS, "Encrypted"),
                "hidden": hide(FS, "Encrypted"),
            },
        ),
        **at(
            "FileSystemPolicy",
            {
                "no policy": drop(FS, "FileSystemPolicy"),
                "no TLS": change(FS, "FileSystemPolicy.Statement", [MOUNTED]),
                "policy hidden": hide(FS, "FileSystemPolicy"),
            },
        ),
    },
    edge={"text": change(FS, "Encrypted", "true")},
)
