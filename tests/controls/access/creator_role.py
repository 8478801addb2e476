from hardened_eks.controls.access import creator_role
from tests.controls.access.base import (
    AWS_POLICY,
    CONDITIONS,
    MANAGED,
    MINE,
    NAMED,
    POLICY,
    ROLE,
    ROLE_POLICY,
    ROOT,
    TRUST,
    admits,
    attached,
    deny,
    document,
    either,
    on,
    said,
    sub,
    trusts,
)
from tests.controls.cases import ITSELF, Bad, Case, at, both, change, hide, template

CLOUDFORMATION = {"Service": "cloudformation.amazonaws.com"}

CREATOR = template(
    {
        "Role": (ROLE, {TRUST: document(admits(CLOUDFORMATION)), "RoleName": "creator"}),
        "Managed": (MANAGED, {"PolicyDocument": document(NAMED), "Roles": [{"Ref": "Role"}]}),
        "Policy": (POLICY, {"PolicyDocument": document(NAMED), "Roles": [{"Ref": "Role"}]}),
        "RolePolicy": (ROLE_POLICY, {"PolicyDocument": document(NAMED), "RoleName": {"Ref": "Role"}}),
        "Attached": (MANAGED, {"PolicyDocument": document(NAMED)}),
    },
    Parameters={"Stage": {"Type": "String"}},
    Conditions=CONDITIONS,
)

CASE = Case(
    creator_role,
    CREATOR,
    bad={
        **at(
            "AssumeRolePolicyDocument",
            {
                "others too": trusts(admits({"Service": ["cloudformation.amazonaws.com", "ec2.amazonaws.com"]})),
                "others in their own statement": trusts(
                    admits(CLOUDFORMATION), admits({"AWS": "arn:aws:iam::1:role/ci"})
                ),
                "the account": trusts(admits({**CLOUDFORMATION, "AWS": ROOT})),
                "somebody hidden": trusts(admits(CLOUDFORMATION), admits({"AWS": {"Ref": "Who"}})),
                "a statement hidden": trusts(admits(CLOUDFORMATION), {"Ref": "More"}),
            },
        ),
        **at(
            "ManagedPolicyArns.0",
            {
                "administrator": attached(AWS_POLICY + "AdministratorAccess"),
                "administrator, joined": attached(sub("arn:${AWS::Partition}:iam::aws:policy/AdministratorAccess")),
                "administrator on a condition": attached(either(AWS_POLICY + "AdministratorAccess", AWS_POLICY + "X")),
                "power user": attached(AWS_POLICY + "PowerUserAccess"),
                "all of IAM": attached(AWS_POLICY + "IAMFullAccess"),
            },
        ),
        "everything inline": Bad(
            change(ROLE, "Policies", [{"PolicyName": "p", "PolicyDocument": document(on("*", "*"))}]),
            "Policies.0.PolicyDocument.Statement.0",
        ),
        **at(
            ITSELF,
            {
                "everything, managed": said(on("*", "*")),
                "everything, by a policy": change(POLICY, "PolicyDocument", document(on("*", "*"))),
                "everything, by a role policy": change(ROLE_POLICY, "PolicyDocument", document(on("*", "*"))),
                "everything, by name": both(
                    change(POLICY, "Roles", ["creator"]), change(POLICY, "PolicyDocument", document(on("*", "*")))
                ),
            },
        ),
        "everything, attached": Bad(
            both(attached({"Ref": "Attached"}), change(MANAGED, "Roles", []), said(on("*", "*"))), "ManagedPolicyArns.0"
        ),
        **at(
            ITSELF,
            {
                "everything, written twice": said(on("*", "*:*")),
                "all but some": said({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}),
                "policy hidden": hide(MANAGED, "PolicyDocument"),
                "on a condition": said(either(on("*", "*"), NAMED)),
            },
        ),
    },
    edge={
        "limited": trusts(admits(CLOUDFORMATION, condition=MINE)),
        "of a partition": trusts(admits({"Service": sub("cloudformation.${AWS::URLSuffix}")})),
        "others are denied": trusts(admits(CLOUDFORMATION), {**admits("*"), "Effect": "Deny"}),
        "no creator": trusts(admits({"Service": "ec2.amazonaws.com"}), admits({"AWS": ROOT})),
        "a deny": said(deny("*", "*")),
        "of another role": both(
            change(POLICY, "Roles", ["other"]), change(POLICY, "PolicyDocument", document(on("*", "*")))
        ),
        "a policy of AWS of the same name": both(
            both(attached("arn:aws:iam::aws:policy/all"), change(MANAGED, "Roles", [])),
            both(change(MANAGED, "ManagedPolicyName", "all"), said(on("*", "*"))),
        ),
        "malformed": both(attached(5, None), change(MANAGED, "Roles", 5), change(POLICY, "Roles", {})),
    },
)
