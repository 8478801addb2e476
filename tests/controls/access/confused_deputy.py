import json

from hardened_eks.controls.access import confused_deputy
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
)
from tests.controls.cases import Bad, Case, at, change, drop, hide

CASE = Case(
    confused_deputy,
    role(admits(EKS, condition=MINE), admits({"Service": "ec2.amazonaws.com"})),
    bad={
        **at(
            "AssumeRolePolicyDocument.Statement.0",
            {
                "no condition": trusts(admits(EKS)),
                "dropped": drop(ROLE, f"{TRUST}.Statement.0.Condition"),
                "any account": trusts(admits(EKS, condition={"StringLike": {"aws:SourceAccount": "*"}})),
                "any ARN": trusts(admits(EKS, condition={"ArnLike": {"aws:SourceArn": "arn:aws:*:*:*:*"}})),
                "all but one account": trusts(admits(EKS, condition={"StringNotEquals": {"aws:SourceAccount": "1"}})),
                "only where it is sent": trusts(
                    admits(EKS, condition={"StringEqualsIfExists": {"aws:SourceAccount": "1"}})
                ),
                "another condition": trusts(
                    admits(EKS, condition={"StringEquals": {"aws:RequestedRegion": "eu-west-1"}})
                ),
                "where it is not sent": trusts(admits(EKS, condition={"Null": {"aws:SourceAccount": "true"}})),
                "in a list": trusts(admits({"Service": ["ec2.amazonaws.com", "events.amazonaws.com"]})),
                "after pods": trusts(admits({"Service": ["pods.eks.amazonaws.com", "eks.amazonaws.com"]})),
                "of a region": trusts(admits({"Service": sub("logs.${AWS::Region}.amazonaws.com")})),
                "Fargate": trusts(admits({"Service": "eks-fargate-pods.amazonaws.com"})),
                "flow logs": trusts(admits({"Service": "vpc-flow-logs.amazonaws.com"})),
                "on a condition of the template": trusts(either(admits(EKS), admits(EKS, condition=MINE))),
                "the condition on one": trusts({**admits(EKS), "Condition": either(MINE, {"Ref": "AWS::NoValue"})}),
            },
        ),
        "one statement": Bad(change(ROLE, TRUST, {"Statement": admits(EKS)}), "AssumeRolePolicyDocument.Statement"),
        "as text": Bad(change(ROLE, TRUST, json.dumps(document(admits(EKS)))), "AssumeRolePolicyDocument.Statement.0"),
    },
    edge={
        "by ARN": trusts(
            admits(
                EKS,
                condition={"ArnLike": {"aws:SourceArn": sub("arn:${AWS::Partition}:eks:*:${AWS::AccountId}:*")}},
            )
        ),
        "by organization": trusts(admits(EKS, condition={"StringEquals": {"aws:SourceOrgID": "o-1"}})),
        "in another case": trusts(admits(EKS, condition={"stringequals": {"AWS:sourceaccount": "111122223333"}})),
        "who sends none": trusts(admits({"Service": "lambda.amazonaws.com"}), admits(PODS, POD_ACTIONS)),
        "no service": trusts(admits({"AWS": "arn:aws:iam::111122223333:role/x"})),
        "a deny": trusts({**admits(EKS), "Effect": "Deny"}),
        "account in a parameter": hide(ROLE, f"{TRUST}.Statement.0.Condition.StringEquals.aws:SourceAccount"),
        "malformed": trusts(admits({"Service": [5, {}, None]}), admits(5), 5),
    },
)
