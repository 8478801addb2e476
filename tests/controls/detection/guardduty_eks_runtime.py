from hardened_eks.controls.detection import guardduty_eks_runtime
from tests.controls.cases import Case, add, at, both
from tests.controls.detection.base import ADDON, GUARDED, off, on, only

CASE = Case(
    guardduty_eks_runtime,
    GUARDED,
    bad=at(
        "Features",
        {
            **off("RUNTIME_MONITORING"),
            "no agent": only(on("RUNTIME_MONITORING")),
            "agent disabled": only(on("RUNTIME_MONITORING", EKS_ADDON_MANAGEMENT="DISABLED")),
        },
    ),
    edge={
        "for EKS only": only(on("EKS_RUNTIME_MONITORING", EKS_ADDON_MANAGEMENT="ENABLED")),
        "agent in the stack": both(
            only(on("RUNTIME_MONITORING")), add(Agent=(ADDON, {"AddonName": "aws-guardduty-agent"}))
        ),
    },
)
