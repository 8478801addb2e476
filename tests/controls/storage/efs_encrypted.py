from hardened_eks.controls.storage import efs_encrypted
from tests.controls.cases import Bad, Case, change, drop, hide
from tests.controls.storage.base import FILES, FS, MOUNTED

CASE = Case(
    efs_encrypted,
    FILES,
    bad={
        "off": Bad(change(FS, "Encrypted", False), "Encrypted"),
        "left out": Bad(drop(FS, "Encrypted"), "Encrypted"),
        "hidden": Bad(hide(FS, "Encrypted"), "Encrypted"),
        "no policy": Bad(drop(FS, "FileSystemPolicy"), "FileSystemPolicy"),
        "no TLS": Bad(change(FS, "FileSystemPolicy.Statement", [MOUNTED]), "FileSystemPolicy"),
        "policy hidden": Bad(hide(FS, "FileSystemPolicy"), "FileSystemPolicy"),
    },
    edge={"text": change(FS, "Encrypted", "true")},
)
