import json

from hardened_eks.controls.account import serial_console_off
from tests.controls.cases import Bad, Case, both, change, drop, hide, template

SETTING = "AWS::EC2::SerialConsoleAccess"

POLICY = "AWS::Organizations::Policy"
PATH = "Content.ec2_attributes.serial_console_access.status.@@assign"


def declared(value, type_="DECLARATIVE_POLICY_EC2"):
    content = {"ec2_attributes": {"serial_console_access": {"status": {"@@assign": value}}}}
    return template({"Policy": (POLICY, {"Name": "defaults", "Type": type_, "Content": content})})


def text(body, value):
    policy = body["Resources"]["Policy"]["Properties"]
    return template(
        {
            "Policy": (
                POLICY,
                {**policy, "Content": json.dumps(declared(value)["Resources"]["Policy"]["Properties"]["Content"])},
            )
        }
    )


CASE = Case(
    serial_console_off,
    template({"Setting": (SETTING, {"SerialConsoleAccessEnabled": False})}),
    bad={
        "on": Bad(change(SETTING, "SerialConsoleAccessEnabled", True), "SerialConsoleAccessEnabled"),
        "hidden": Bad(hide(SETTING, "SerialConsoleAccessEnabled"), "SerialConsoleAccessEnabled"),
        "declared otherwise": Bad(declared("enabled"), PATH),
        "our policy, changed": Bad(both(lambda _: declared("x"), change(POLICY, PATH, "enabled")), PATH),
        "declared as text": Bad(both(lambda _: declared("x"), lambda body: text(body, "enabled")), "Content"),
    },
    edge={
        "left out": drop(SETTING, "SerialConsoleAccessEnabled"),
        "declared": declared("disabled"),
        "declared as text": lambda body: text(declared("disabled"), "disabled"),
        "another kind of policy": declared("x", "SERVICE_CONTROL_POLICY"),
        "not declared": template(
            {"Policy": (POLICY, {"Type": "DECLARATIVE_POLICY_EC2", "Content": {"ec2_attributes": {}}})}
        ),
        "text that is no JSON": template({"Policy": (POLICY, {"Type": "DECLARATIVE_POLICY_EC2", "Content": "{"})}),
    },
)
