from hardened_eks.controls.account import backup_takes_all
from tests.controls.cases import Bad, Case, change, drop, hide, template

SETTING = "AWS::Backup::RegionSettings"
OPT_IN = "ResourceTypeOptInPreference"

CASE = Case(
    backup_takes_all,
    template({"Setting": (SETTING, {OPT_IN: {"EKS": True, "EBS": True, "EFS": True, "S3": True, "RDS": False}})}),
    bad={
        "EKS off": Bad(change(SETTING, f"{OPT_IN}.EKS", False), OPT_IN),
        "EBS left out": Bad(drop(SETTING, f"{OPT_IN}.EBS"), OPT_IN),
        "hidden": Bad(hide(SETTING, OPT_IN), OPT_IN),
        "nothing": Bad(drop(SETTING, OPT_IN), OPT_IN),
    },
)
