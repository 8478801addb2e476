from hardened_eks.controls.account import serial_console_off
from tests.controls.account.base import NOTHING_DECLARED, POLICY, as_text, declares
from tests.controls.cases import Bad, Case, both, change, drop, hide, template

SETTING = "AWS::EC2::SerialConsoleAccess"
PATH = "Content.ec2_attributes.serial_console_access.status.@@assign"
declared = declares("serial_console_access", "status")

CASE = Case(
    serial_console_off,
    template({"Setting": (SETTING, {"SerialConsoleAccessEnabled": False})}),
    bad={
        "on": Bad(change(SETTING, "SerialConsoleAccessEnabled", True), "SerialConsoleAccessEnabled"),
        "hidden": Bad(hide(SETTING, "SerialConsoleAccessEnabled"), "SerialConsoleAccessEnabled"),
        "declared otherwise": Bad(declared("enabled"), PATH),
        "our policy, changed": Bad(both(lambda _: declared("x"), change(POLICY, PATH, "enabled")), PATH),
        "declared as text": Bad(as_text(declared("enabled")), "Content"),
    },
    edge={
        "left out": drop(SETTING, "SerialConsoleAccessEnabled"),
        "declared": declared("disabled"),
        "declared as text": as_text(declared("disabled")),
        "another kind of policy": declared("x", "SERVICE_CONTROL_POLICY"),
        **NOTHING_DECLARED,
    },
)
