from hardened_eks.controls.storage import efs_access_points
from tests.controls.cases import Bad, Case, change, drop, hide
from tests.controls.storage.base import EAP, FILES

CASE = Case(
    efs_access_points,
    FILES,
    bad={
        "whole": Bad(change(EAP, "RootDirectory.Path", "/"), "RootDirectory.Path"),
        "directory left out": Bad(drop(EAP, "RootDirectory"), "RootDirectory.Path"),
        "no user": Bad(drop(EAP, "PosixUser"), "PosixUser.Uid", "PosixUser.Gid"),
        "root": Bad(change(EAP, "PosixUser.Uid", "0"), "PosixUser.Uid"),
        "root's group": Bad(change(EAP, "PosixUser.Gid", 0), "PosixUser.Gid"),
    },
    edge={"user in a parameter": hide(EAP, "PosixUser.Uid")},
)
