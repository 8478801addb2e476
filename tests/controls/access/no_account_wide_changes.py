from hardened_eks.controls.access import no_account_wide_changes
from tests.controls.access.base import IDENTITIES, SAFE, everywhere, on, said, sub, where
from tests.controls.cases import Case, at


def here(service, name):
    return sub(f"arn:${{AWS::Partition}}:{service}:${{AWS::Region}}:${{AWS::AccountId}}:{name}")


OWNED = {"aws:ResourceTag/owner": "payments"}
ISSUER = "iam:CreateOpenIDConnectProvider"

CASE = Case(
    no_account_wide_changes,
    IDENTITIES,
    bad={
        **everywhere(on("arn:aws:kms:eu-west-1:1:key/*", "kms:PutKeyPolicy")),
        **at(
            "PolicyDocument.Statement.0",
            {
                "everything": said(on("*", "*")),
                "all keys": said(on(here("kms", "key/*"), ["kms:CreateGrant", "kms:ScheduleKeyDeletion"])),
                "by wildcard": said(on(here("kms", "*"), "kms:*")),
                "tags of all keys": said(on(here("kms", "key/*"), "kms:TagResource")),
                "all log groups": said(on(here("logs", "log-group:*"), "logs:Delete*")),
                "encryption of all log groups": said(on("*", "logs:DisassociateKmsKey")),
                "all repositories": said(on(here("ecr", "repository/*"), "ecr:SetRepositoryPolicy")),
                "all machines": said(on(here("ec2", "instance/*"), "ec2:ModifyInstanceAttribute")),
                "all of EC2": said(on(here("ec2", "*"), ["ec2:StopInstances", "ec2:ModifyInstanceAttribute"])),
                "all launch templates": said(on(here("ec2", "launch-template/*"), "ec2:CreateLaunchTemplateVersion")),
                "all tags": said(on(here("ec2", "*"), "ec2:CreateTags")),
                "all clusters": said(on(here("eks", "*"), "eks:CreateAccessEntry")),
                "all clusters of a region": said(on(here("eks", "cluster/*"), "eks:CreatePodIdentityAssociation")),
                "all entries": said(on(here("eks", "access-entry/*"), "eks:AssociateAccessPolicy")),
                "deletes clusters": said(on(here("eks", "cluster/*"), "eks:DeleteCluster")),
                "all but one": said(
                    {"Effect": "Allow", "Action": "kms:DisableKey", "NotResource": "arn:aws:kms:r:1:key/x"}
                ),
                "all issuers": said(on("arn:aws:iam::1:oidc-provider/*", ISSUER)),
                "an open end of a host": said(
                    on(sub("arn:aws:iam::${AWS::AccountId}:oidc-provider/oidc.eks.*"), ISSUER)
                ),
                "a tag that may be missing": said(
                    on("*", "kms:PutKeyPolicy", **where(StringLikeIfExists={"aws:ResourceTag/owner": "payments"}))
                ),
                "any tag": said(on("*", "kms:PutKeyPolicy", **where(StringLike={"aws:ResourceTag/owner": "*"}))),
                "a tag of any character": said(
                    on("*", "kms:DisableKey", **where(StringLike={"aws:ResourceTag/owner": "?*"}))
                ),
                "its own tag": said(
                    on(
                        "*",
                        "kms:DisableKey",
                        **where(StringEquals={"aws:ResourceTag/owner": "${aws:ResourceTag/owner}"}),
                    )
                ),
                "all without a tag": said(
                    on("*", "kms:ScheduleKeyDeletion", **where(Null={"aws:ResourceTag/owner": "true"}))
                ),
                "a tag of the caller": said(
                    on("*", "kms:PutKeyPolicy", **where(StringEquals={"aws:PrincipalTag/owner": "payments"}))
                ),
                "a region": said(
                    on("*", "logs:DeleteLogGroup", **where(StringEquals={"aws:RequestedRegion": "eu-west-1"}))
                ),
                "not a tag": said(
                    on("*", "kms:PutKeyPolicy", **where(StringNotEquals={"aws:ResourceTag/owner": "payments"}))
                ),
            },
        ),
    },
    edge={
        **SAFE,
        "named resources": said(
            on(here("eks", "cluster/payments*"), ["eks:CreateAccessEntry", "eks:DeleteCluster"]),
            on(here("eks", "access-entry/payments*"), "eks:AssociateAccessPolicy"),
            on(here("logs", "log-group:/aws/eks/payments*"), "logs:DeleteLogGroup"),
            on(here("ecr", "repository/payments*"), ["ecr:SetRepositoryPolicy", "ecr:DeleteRepository"]),
            on(here("kms", "key/0a1b"), "kms:PutKeyPolicy"),
        ),
        "by the tag of the resource": said(
            on(here("kms", "key/*"), ["kms:PutKeyPolicy", "kms:TagResource"], **where(StringEquals=OWNED)),
            on(here("ec2", "*"), ["ec2:ModifyInstanceAttribute", "ec2:CreateTags"], **where(StringLike=OWNED)),
            on("*", "ec2:*", **where(StringEquals={"ec2:ResourceTag/owner": "payments"})),
        ),
        "tags of what a call creates": said(
            on(here("ec2", "*"), "ec2:CreateTags", **where(StringEquals={"ec2:CreateAction": "RunInstances"})),
            on("*", "kms:TagResource", **where(Null={"aws:ResourceTag/owner": "true"})),
        ),
        "a tag that must be there": said(
            on("*", "kms:PutKeyPolicy", **where(Null={"kms:ResourceAliases": False})),
        ),
        "tags of one kind": said(on(here("ec2", "network-interface/*"), "ec2:CreateTags")),
        "entries of own roles": said(
            on(
                here("eks", "cluster/*"),
                "eks:CreateAccessEntry",
                **where(ArnLike={"eks:principalArn": "arn:aws:iam::1:role/x"}),
            )
        ),
        "reads": said(on("*", ["kms:DescribeKey", "logs:DescribeLogGroups", "ecr:GetRepositoryPolicy", "eks:List*"])),
        "one issuer": said(on("arn:aws:iam::1:oidc-provider/token.actions.githubusercontent.com", ISSUER)),
        "issuers of EKS": said(
            on(sub("arn:aws:iam::1:oidc-provider/oidc.eks.${AWS::Region}.amazonaws.com/id/*"), ISSUER)
        ),
    },
)
