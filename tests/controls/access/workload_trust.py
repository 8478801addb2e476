import json

from hardened_eks.controls.access import workload_trust
from tests.controls.access.base import (
    EKS,
    MINE,
    POD_ACTIONS,
    PODS,
    ROLE,
    TRUST,
    admits,
    document,
    either,
    role,
    sub,
    trusts,
    with_resources,
)
from tests.controls.cases import Bad, Case, change, drop, hide

TAGS = {
    "aws:RequestTag/eks-cluster-arn": {"Fn::GetAtt": ["Cluster", "Arn"]},
    "aws:RequestTag/kubernetes-namespace": "payments",
    "aws:RequestTag/kubernetes-service-account": "api",
}

POD_ROLE = role(admits(PODS, POD_ACTIONS, {"StringEquals": TAGS}))


def pods(operator="StringEquals", **tags):
    """Return the trust with some tags written otherwise; None leaves one out."""
    written = {**TAGS, **{f"aws:RequestTag/{name.replace('_', '-')}": value for name, value in tags.items()}}
    return trusts(admits(PODS, POD_ACTIONS, {operator: {k: v for k, v in written.items() if v is not None}}))


ISSUER = "oidc.eks.eu-west-1.amazonaws.com/id/ABC"
PROVIDER = {"Federated": sub(f"arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:oidc-provider/{ISSUER}")}
SUBJECT = "system:serviceaccount:payments:api"


def irsa(condition, provider=PROVIDER, action="sts:AssumeRoleWithWebIdentity"):
    return trusts(admits(provider, action, condition))


def claims(sub_=SUBJECT, aud="sts.amazonaws.com"):
    return {k: v for k, v in {f"{ISSUER}:sub": sub_, f"{ISSUER}:aud": aud}.items() if v is not None}


def joined_claims(wanted):
    """Return what the CDK writes for claims whose issuer is a token: a custom resource that holds them as text."""
    text = json.dumps({f"@:{claim}": value for claim, value in wanted.items()}).split("@")
    issuer = {"Fn::Select": [1, {"Fn::Split": [":oidc-provider/", {"Ref": "Provider"}]}]}
    parts = [part for piece in text for part in (piece, issuer)][:-1]
    return with_resources(
        irsa({"StringEquals": {"Fn::GetAtt": ["Claims", "Value"]}}, {"Federated": {"Ref": "Provider"}}),
        {
            "Claims": ("Custom::AWSCDKCfnJson", {"Value": {"Fn::Join": ["", parts]}}),
            "Provider": ("Custom::AWSCDKOpenIdConnectProvider", {}),
        },
    )


CASE = Case(
    workload_trust,
    POD_ROLE,
    bad={
        "no condition": Bad(
            drop(ROLE, f"{TRUST}.Statement.0.Condition"), "AssumeRolePolicyDocument.Statement.0.Condition"
        ),
        "any cluster": Bad(pods(eks_cluster_arn=None), "AssumeRolePolicyDocument.Statement.0.Condition"),
        "any namespace": Bad(pods(kubernetes_namespace=None), "AssumeRolePolicyDocument.Statement.0.Condition"),
        "any service account": Bad(
            pods(kubernetes_service_account=None), "AssumeRolePolicyDocument.Statement.0.Condition"
        ),
        "wildcard": Bad(
            pods("StringLike", kubernetes_service_account="*"), "AssumeRolePolicyDocument.Statement.0.Condition"
        ),
        "wildcard of one letter": Bad(
            pods("StringLike", kubernetes_service_account="ap?"), "AssumeRolePolicyDocument.Statement.0.Condition"
        ),
        "namespaces by a start": Bad(
            pods("StringLike", kubernetes_namespace="payments-*"), "AssumeRolePolicyDocument.Statement.0.Condition"
        ),
        "one of several is a wildcard": Bad(
            pods("StringLike", kubernetes_namespace=["payments", "*"]), "AssumeRolePolicyDocument.Statement.0.Condition"
        ),
        "two service accounts": Bad(
            pods(kubernetes_service_account=["api", "worker"]), "AssumeRolePolicyDocument.Statement.0.Condition"
        ),
        "all but one": Bad(pods("StringNotEquals"), "AssumeRolePolicyDocument.Statement.0.Condition"),
        "where they are sent": Bad(pods("StringEqualsIfExists"), "AssumeRolePolicyDocument.Statement.0.Condition"),
        "where they are not sent": Bad(pods("Null"), "AssumeRolePolicyDocument.Statement.0.Condition"),
        "the account only": Bad(
            trusts(admits(PODS, POD_ACTIONS, MINE)), "AssumeRolePolicyDocument.Statement.0.Condition"
        ),
        "any source": Bad(
            trusts(
                admits(
                    PODS,
                    POD_ACTIONS,
                    {
                        "StringEquals": {k: v for k, v in TAGS.items() if "cluster" not in k},
                        "ArnLike": {"aws:SourceArn": "arn:aws:eks:*:*:cluster/*"},
                    },
                )
            ),
            "AssumeRolePolicyDocument.Statement.0.Condition",
        ),
        "on a condition": Bad(
            trusts(either(admits(PODS, POD_ACTIONS), admits(EKS))), "AssumeRolePolicyDocument.Statement.0.Condition"
        ),
        "condition on a condition": Bad(
            trusts({**admits(PODS, POD_ACTIONS), "Condition": either({"StringEquals": TAGS}, {"Ref": "AWS::NoValue"})}),
            "AssumeRolePolicyDocument.Statement.0.Condition",
        ),
        "hidden condition": Bad(
            hide(ROLE, f"{TRUST}.Statement.0.Condition"), "AssumeRolePolicyDocument.Statement.0.Condition"
        ),
        "a second statement": Bad(
            trusts(admits(PODS, POD_ACTIONS, {"StringEquals": TAGS}), admits(PODS, POD_ACTIONS)),
            "AssumeRolePolicyDocument.Statement.1.Condition",
        ),
        "IRSA, any": Bad(irsa(None), "AssumeRolePolicyDocument.Statement.0.Condition"),
        "IRSA, no sub": Bad(irsa({"StringEquals": claims(None)}), "AssumeRolePolicyDocument.Statement.0.Condition"),
        "IRSA, no aud": Bad(irsa({"StringEquals": claims(aud=None)}), "AssumeRolePolicyDocument.Statement.0.Condition"),
        "IRSA, any sub": Bad(
            irsa({"StringLike": claims("system:serviceaccount:*:*")}), "AssumeRolePolicyDocument.Statement.0.Condition"
        ),
        "IRSA, any of a namespace": Bad(
            irsa({"StringLike": claims("system:serviceaccount:payments:*")}),
            "AssumeRolePolicyDocument.Statement.0.Condition",
        ),
        "IRSA, all but one": Bad(irsa({"StringNotEquals": claims()}), "AssumeRolePolicyDocument.Statement.0.Condition"),
        "IRSA, two": Bad(
            irsa({"StringEquals": claims([SUBJECT, "system:serviceaccount:payments:worker"])}),
            "AssumeRolePolicyDocument.Statement.0.Condition",
        ),
        "IRSA, provider of the template": Bad(
            irsa(None, {"Federated": {"Ref": "Provider"}}), "AssumeRolePolicyDocument.Statement.0.Condition"
        ),
        "IRSA, provider by attribute": Bad(
            irsa({"StringEquals": claims(None)}, {"Federated": {"Fn::GetAtt": ["P", "Arn"]}}),
            "AssumeRolePolicyDocument.Statement.0.Condition",
        ),
        "IRSA, any action": Bad(irsa(None, action="sts:*"), "AssumeRolePolicyDocument.Statement.0.Condition"),
        "IRSA, as text": Bad(
            change(
                ROLE,
                TRUST,
                json.dumps(
                    document(admits({"Federated": f"x:oidc-provider/{ISSUER}"}, "sts:AssumeRoleWithWebIdentity"))
                ),
            ),
            "AssumeRolePolicyDocument.Statement.0.Condition",
        ),
        "IRSA, claims of the CDK": Bad(
            joined_claims({"aud": "sts.amazonaws.com"}), "AssumeRolePolicyDocument.Statement.0.Condition"
        ),
    },
    edge={
        "cluster by source": trusts(
            admits(
                PODS,
                POD_ACTIONS,
                {
                    "StringEquals": {k: v for k, v in TAGS.items() if "cluster" not in k},
                    "ArnEquals": {"aws:SourceArn": "arn:aws:eks:eu-west-1:111122223333:cluster/one"},
                },
            )
        ),
        "without wildcard": pods("StringLike"),
        "lists of one": pods(kubernetes_namespace=["payments"]),
        "namespace in a parameter": hide(
            ROLE, f"{TRUST}.Statement.0.Condition.StringEquals.aws:RequestTag/kubernetes-namespace"
        ),
        "a deny": trusts({**admits(PODS), "Effect": "Deny"}),
        "other roles": trusts(admits({"Service": "ec2.amazonaws.com"}), admits(EKS)),
        "a role of EKS": trusts(admits({"AWS": "arn:aws:iam::1:role/pods.eks.x"})),
        "IRSA": irsa({"StringEquals": claims()}),
        "IRSA, two operators": irsa({"StringEquals": claims(aud=None), "StringLike": claims(None)}),
        "IRSA, further limited": irsa({"StringEquals": claims(), "StringLike": claims("system:serviceaccount:*")}),
        "IRSA, claims of the CDK": joined_claims({"aud": "sts.amazonaws.com", "sub": SUBJECT}),
        "GitHub": irsa(
            {"StringLike": {"token.actions.githubusercontent.com:sub": "repo:me/it:*"}},
            {"Federated": "arn:aws:iam::1:oidc-provider/token.actions.githubusercontent.com"},
        ),
        "people": irsa(None, {"Federated": "arn:aws:iam::1:saml-provider/idp"}, "sts:AssumeRoleWithSAML"),
        "people, of the template": irsa(None, {"Federated": {"Ref": "Saml"}}, "sts:AssumeRoleWithSAML"),
        "malformed": trusts(
            {**admits(EKS), "Condition": {"StringEquals": 5}}, admits({"Federated": [5, None]}), 5, "x"
        ),
    },
)
