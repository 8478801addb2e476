import json

from hardened_eks.controls.deployable import policy_grammar
from tests.controls.cases import Bad, Case, at, change, drop, hide, template

IAM, MANAGED, KEY = "AWS::IAM::Role", "AWS::IAM::ManagedPolicy", "AWS::KMS::Key"
READ = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::invoices/*"}
EC2 = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
OWNER = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": "kms:*", "Resource": "*"}


def document(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


POLICIES = template(
    {
        "Managed": (MANAGED, {"PolicyDocument": document(READ)}),
        "Role": (
            IAM,
            {
                "AssumeRolePolicyDocument": document(EC2),
                "Policies": [{"PolicyName": "p", "PolicyDocument": document(READ)}],
            },
        ),
        "Key": (KEY, {"KeyPolicy": document(OWNER)}),
    }
)
ONE = "PolicyDocument.Statement.0"


def condition(operator, key="aws:SourceAccount", value="123456789012"):
    return change(MANAGED, f"{ONE}.Condition", {operator: {key: value}})


def under(operator):
    return f"{ONE}.Condition.{operator}"


CASE = Case(
    policy_grammar,
    POLICIES,
    bad={
        **{
            f"operator {name}": Bad(condition(name), under(name))
            for name in ("StringEqual", "ArnMatches", "StringLikes", "ForAnyValues:StringLike", "NullIfExists")
        },
        "operator of a key": Bad(
            change(KEY, "KeyPolicy.Statement.0.Condition", {"Equals": {"kms:CallerAccount": "123456789012"}}),
            "KeyPolicy.Statement.0.Condition.Equals",
        ),
        "function as a key": Bad(condition("StringEquals", "${Provider}:sub"), under("StringEquals")),
        "function of YAML as a key": Bad(condition("StringEquals", "!Ref Provider"), under("StringEquals")),
        "element": Bad(change(MANAGED, f"{ONE}.Actions", ["s3:*"]), f"{ONE}.Actions"),
        "conditions": Bad(change(MANAGED, f"{ONE}.Conditions", {}), f"{ONE}.Conditions"),
        "element of the document": Bad(change(MANAGED, "PolicyDocument.Statements", []), "PolicyDocument.Statements"),
        "version": Bad(change(MANAGED, "PolicyDocument.Version", "2012-10-18"), "PolicyDocument.Version"),
        **at(
            f"{ONE}.Effect",
            {
                "effect in another case": change(MANAGED, f"{ONE}.Effect", "allow"),
                "no effect": drop(MANAGED, f"{ONE}.Effect"),
            },
        ),
        **at(
            ONE,
            {"no action": drop(MANAGED, f"{ONE}.Action"), "no resource": drop(MANAGED, f"{ONE}.Resource")},
        ),
        "both": Bad(change(MANAGED, f"{ONE}.NotAction", "s3:PutObject"), f"{ONE}.NotAction"),
        "principal of an identity": Bad(
            change(IAM, "Policies.0.PolicyDocument.Statement.0.Principal", "*"),
            "Policies.0.PolicyDocument.Statement.0.Principal",
        ),
        "resource of a trust": Bad(
            change(IAM, "AssumeRolePolicyDocument.Statement.0.Resource", "*"),
            "AssumeRolePolicyDocument.Statement.0.Resource",
        ),
        "trust of nobody": Bad(
            drop(IAM, "AssumeRolePolicyDocument.Statement.0.Principal"), "AssumeRolePolicyDocument.Statement.0"
        ),
        "broken text": Bad(change(MANAGED, "PolicyDocument", "{"), "PolicyDocument"),
    },
    edge={
        **{
            f"operator {name}": condition(name)
            for name in (
                "StringEqualsIfExists",
                "ForAllValues:StringLike",
                "ForAnyValue:ArnLikeIfExists",
                "NumericLessThanEquals",
                "DateGreaterThan",
                "IpAddress",
                "BoolIfExists",
                "Null",
                "stringequals",
            )
        },
        "variable in a value": condition("StringEquals", "aws:PrincipalTag/team", "${aws:username}"),
        "text": change(MANAGED, "PolicyDocument", json.dumps(document(READ))),
        "hidden": hide(MANAGED, "PolicyDocument"),
        "hidden statement": change(MANAGED, "PolicyDocument.Statement", [{"Ref": "Statement"}]),
        "hidden condition": hide(MANAGED, f"{ONE}.Condition"),
        "put in by a macro": change(MANAGED, f"{ONE}.Fn::Transform", {"Name": "Company", "Parameters": {}}),
        "statement alone": change(MANAGED, "PolicyDocument.Statement", READ),
    },
)
