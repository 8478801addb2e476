"""What the cases of the account area are made of: declarative policies of an organization for EC2."""

import json

from tests.controls.cases import template

POLICY = "AWS::Organizations::Policy"
TYPE = "DECLARATIVE_POLICY_EC2"


def declares(attribute, name):
    """Return what makes a template with a policy that gives the name of an attribute a value."""

    def declared(value, type_=TYPE):
        content = {"ec2_attributes": {attribute: {name: {"@@assign": value}}}}
        return template({"Policy": (POLICY, {"Name": "defaults", "Type": type_, "Content": content})})

    return declared


def as_text(body):
    """Write the content of the policy as JSON."""
    policy = body["Resources"]["Policy"]["Properties"]
    return template({"Policy": (POLICY, {**policy, "Content": json.dumps(policy["Content"])})})


NOTHING_DECLARED = {
    "not declared": template({"Policy": (POLICY, {"Type": TYPE, "Content": {"ec2_attributes": {}}})}),
    "text that is no JSON": template({"Policy": (POLICY, {"Type": TYPE, "Content": "{"})}),
}
