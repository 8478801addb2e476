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
from tests.controls.cases import Bad, Case, at, change, drop, hide

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
        **at(
            "AssumeRolePolicyDocument.Statement.0.Condition",
            {
                "no condition": drop(ROLE, f"{TRUST}.Statement.0.Condition"),
                "any cluster": pods(eks_cluster_arn=None),
                "any namespace": pods(kubernetes_namespace=None),
                "any service account": pods(kubernetes_service_account=None),
                "wildcard": pods("StringLike", kubernetes_service_account="*"),
                "wildcard of one letter": pods("StringLike", kubernetes_service_account="ap?"),
                "namespaces by a start": pods("StringLike", kubernetes_namespace="payments-*"),
                "one of several is a wildcard": pods("StringLike", kubernetes_namespace=["payments", "*"]),
                "two namespaces": pods(kubernetes_namespace=["payments", "orders"]),
                "one of two is a wildcard": pods("StringLike", kubernetes_service_account=["api", "*"]),
                "all but one": pods("StringNotEquals"),
                "where they are sent": pods("StringEqualsIfExists"),
                "where they are not sent": pods("Null"),
                "the account only": trusts(admits(PODS, POD_ACTIONS, MINE)),
                "any source": trusts(
                    admits(
                        PODS,
                        POD_ACTIONS,
                        {
                            "StringEquals": {k: v for k, v in TAGS.items() if "cluster" not in k},
                            "ArnLike": {"aws:SourceArn": "arn:aws:eks:*:*:cluster/*"},
                        },
                    )
                ),
                "on a condition": trusts(either(admits(PODS, POD_ACTIONS), admits(EKS))),
                "condition on a condition": trusts(
                    {**admits(PODS, POD_ACTIONS), "Condition": either({"StringEquals": TAGS}, {"Ref": "AWS::NoValue"})}
                ),
                "hidden condition": hide(ROLE, f"{TRUST}.Statement.0.Condition"),
            },
        ),
        "a second statement": Bad(
            trusts(admits(PODS, POD_ACTIONS, {"StringEquals": TAGS}), admits(PODS, POD_ACTIONS)),
            "AssumeRolePolicyDocument.Statement.1.Condition",
        ),
        **at(
            "AssumeRolePolicyDocument.Statement.0.Condition",
            {
                "IRSA, any": irsa(None),
                "IRSA, no sub": irsa({"StringEquals": claims(None)}),
                "IRSA, no aud": irsa({"StringEquals": claims(aud=None)}),
                "IRSA, any sub": irsa({"StringLike": claims("system:serviceaccount:*:*")}),
                "IRSA, any of a namespace": irsa({"StringLike": claims("system:serviceaccount:payments:*")}),
                "IRSA, all but one": irsa({"StringNotEquals": claims()}),
                "IRSA, one of two is a wildcard": irsa({"StringLike": claims([SUBJECT, "system:serviceaccount:*:*"])}),
                "IRSA, provider of the template": irsa(None, {"Federated": {"Ref": "Provider"}}),
                "IRSA, provider by attribute": irsa(
                    {"StringEquals": claims(None)}, {"Federated": {"Fn::GetAtt": ["P", "Arn"]}}
                ),
                "IRSA, any action": irsa(None, action="sts:*"),
                "IRSA, as text": change(
                    ROLE,
                    TRUST,
                    json.dumps(
                        document(admits({"Federated": f"x:oidc-provider/{ISSUER}"}, "sts:AssumeRoleWithWebIdentity"))
                    ),
                ),
                "IRSA, claims of the CDK": joined_claims({"aud": "sts.amazonaws.com"}),
            },
        ),
    },
    edge={
        "two service accounts": pods(kubernetes_service_account=["api", "worker"]),
        "IRSA, two": irsa({"StringEquals": claims([SUBJECT, "system:serviceaccount:payments:worker"])}),
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
