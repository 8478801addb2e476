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
from tests.controls.cases import ITSELF, Bad, Case, both, change, hide, template

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
        "others too": Bad(
            trusts(admits({"Service": ["cloudformation.amazonaws.com", "ec2.amazonaws.com"]})),
            "AssumeRolePolicyDocument",
        ),
        "others in their own statement": Bad(
            trusts(admits(CLOUDFORMATION), admits({"AWS": "arn:aws:iam::1:role/ci"})), "AssumeRolePolicyDocument"
        ),
        "the account": Bad(trusts(admits({**CLOUDFORMATION, "AWS": ROOT})), "AssumeRolePolicyDocument"),
        "somebody hidden": Bad(
            trusts(admits(CLOUDFORMATION), admits({"AWS": {"Ref": "Who"}})), "AssumeRolePolicyDocument"
        ),
        "a statement hidden": Bad(trusts(admits(CLOUDFORMATION), {"Ref": "More"}), "AssumeRolePolicyDocument"),
        "administrator": Bad(attached(AWS_POLICY + "AdministratorAccess"), "ManagedPolicyArns.0"),
        "administrator, joined": Bad(
            attached(sub("arn:${AWS::Partition}:iam::aws:policy/AdministratorAccess")), "ManagedPolicyArns.0"
        ),
        "administrator on a condition": Bad(
            attached(either(AWS_POLICY + "AdministratorAccess", AWS_POLICY + "X")), "ManagedPolicyArns.0"
        ),
        "power user": Bad(attached(AWS_POLICY + "PowerUserAccess"), "ManagedPolicyArns.0"),
        "all of IAM": Bad(attached(AWS_POLICY + "IAMFullAccess"), "ManagedPolicyArns.0"),
        "everything inline": Bad(
            change(ROLE, "Policies", [{"PolicyName": "p", "PolicyDocument": document(on("*", "*"))}]),
            "Policies.0.PolicyDocument.Statement.0",
        ),
        "everything, managed": Bad(said(on("*", "*")), ITSELF),
        "everything, by a policy": Bad(change(POLICY, "PolicyDocument", document(on("*", "*"))), ITSELF),
        "everything, by a role policy": Bad(change(ROLE_POLICY, "PolicyDocument", document(on("*", "*"))), ITSELF),
        "everything, by name": Bad(
            both(change(POLICY, "Roles", ["creator"]), change(POLICY, "PolicyDocument", document(on("*", "*")))), ITSELF
        ),
        "everything, attached": Bad(
            both(attached({"Ref": "Attached"}), change(MANAGED, "Roles", []), said(on("*", "*"))), "ManagedPolicyArns.0"
        ),
        "everything, written twice": Bad(said(on("*", "*:*")), ITSELF),
        "all but some": Bad(said({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}), ITSELF),
        "policy hidden": Bad(hide(MANAGED, "PolicyDocument"), ITSELF),
        "on a condition": Bad(said(either(on("*", "*"), NAMED)), ITSELF),
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
