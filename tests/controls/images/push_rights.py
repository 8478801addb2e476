import json

from hardened_eks.controls.images import push_rights
from tests.controls.access.boundary_only_bounds import BOUNDED
from tests.controls.cases import Bad, Case, at, both, change, drop, hide, template
from tests.controls.images.base import (
    CI,
    GOOD,
    POLICY,
    PULL,
    REPOSITORY,
    ROOT,
    allow,
    created,
    document,
    on,
    policy,
    registry,
)

ROLE = "AWS::IAM::Role"


def identity(*statements):
    """The push policy of the good template, replaced."""
    return change(POLICY, "PolicyDocument", document(*statements))


CASE = Case(
    push_rights,
    GOOD,
    bad={
        **at(
            "RepositoryPolicyText.Statement.0",
            {
                "everybody": policy(allow("*")),
                "organization pushes": policy(allow("*", StringEquals={"aws:PrincipalOrgID": "o-1"})),
                "account": policy(allow({"AWS": ROOT})),
                "account by number": policy(allow({"AWS": "111122223333"}, "ecr:*")),
                "this account by number": policy(allow({"AWS": {"Ref": "AWS::AccountId"}})),
                "another account": policy(allow({"AWS": [CI, "arn:aws:iam::444455556666:root"]})),
                "principal in a parameter": policy(allow({"AWS": {"Ref": "Who"}})),
                "everybody but one": policy({"Effect": "Allow", "NotPrincipal": {"AWS": CI}, "Action": "ecr:*"}),
                "all but pulling": policy(
                    {"Effect": "Allow", "Principal": {"AWS": ROOT}, "NotAction": "ecr:BatchGetImage"}
                ),
                "administration": policy(allow({"AWS": ROOT}, "ecr:SetRepositoryPolicy")),
                "deletion": policy(allow({"AWS": ROOT}, "ecr:Batch*")),
            },
        ),
        "hidden": Bad(hide(REPOSITORY, "RepositoryPolicyText"), "RepositoryPolicyText"),
        "registry": Bad(registry(allow({"AWS": ROOT}, "ecr:*")), "PolicyText.Statement.0"),
        "repositories to come": Bad(
            created(RepositoryPolicy=json.dumps(document(allow({"AWS": "111122223333"})))),
            "RepositoryPolicy.Statement.0",
        ),
        **at(
            "PolicyDocument.Statement.0",
            {
                "every resource": identity(on("*")),
                "every action": identity(on("*", "*")),
                "every repository": identity(on("arn:aws:ecr:*:*:repository/*")),
                "every repository here": identity(
                    on({"Fn::Sub": "arn:${AWS::Partition}:ecr:${AWS::Region}:${AWS::AccountId}:repository/*"}, "ecr:*")
                ),
                "everything of ECR": identity(on("arn:aws:ecr:eu-west-1:111122223333:*")),
                "everything of everything": identity(on("arn:aws:*")),
                "one of several": identity(on([{"Fn::GetAtt": ["Repository", "Arn"]}, "*"])),
                "all but": identity(
                    {"Effect": "Allow", "Action": "ecr:*", "NotResource": "arn:aws:ecr:x:1:repository/a"}
                ),
                "administers everything": identity(on("*", "ecr:SetRepositoryPolicy")),
            },
        ),
        "inline": Bad(
            template(
                {
                    "Role": (
                        ROLE,
                        {"Policies": [{"PolicyName": "p", "PolicyDocument": document(on("*", "ecr:Put*"))}]},
                    )
                }
            ),
            "Policies.0.PolicyDocument.Statement.0",
        ),
        "user": Bad(
            template(
                {"User": ("AWS::IAM::User", {"Policies": [{"PolicyName": "p", "PolicyDocument": document(on("*"))}]})}
            ),
            "Policies.0.PolicyDocument.Statement.0",
        ),
        "group's": Bad(
            template({"Group": ("AWS::IAM::GroupPolicy", {"PolicyDocument": document(on("*"))})}),
            "PolicyDocument.Statement.0",
        ),
        "managed": Bad(
            template({"Push": ("AWS::IAM::ManagedPolicy", {"PolicyDocument": document(on("*"))})}),
            "PolicyDocument.Statement.0",
        ),
        "of AWS": Bad(
            template(
                {
                    "Role": (
                        ROLE,
                        {
                            "ManagedPolicyArns": [
                                {"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/AmazonEC2ContainerRegistryPowerUser"}
                            ]
                        },
                    )
                }
            ),
            "ManagedPolicyArns.0",
        ),
    },
    edge={
        "a permissions boundary": BOUNDED,
        "no policy": drop(REPOSITORY, "RepositoryPolicyText"),
        "account pulls": policy(allow({"AWS": ROOT}, *PULL)),
        "organization pulls": policy(allow("*", *PULL, StringEquals={"aws:PrincipalOrgID": "o-1"})),
        "service pushes": policy(allow({"Service": "codebuild.amazonaws.com"})),
        "roles of the account by name": policy(
            allow({"AWS": ROOT}, ArnLike={"aws:PrincipalArn": "arn:aws:iam::111122223333:role/ci-*"})
        ),
        "denied": policy({**allow("*"), "Effect": "Deny"}),
        "repositories of a team": identity(on("arn:aws:ecr:eu-west-1:111122223333:repository/team/*")),
        "repositories by suffix": identity(on("arn:aws:ecr:*:*:repository/*-dev")),
        "repository in a parameter": identity(on({"Ref": "RepositoryArn"})),
        "repositories by tag": identity(
            on("*", "ecr:*", StringEquals={"aws:ResourceTag/team": "${aws:PrincipalTag/team}"})
        ),
        "another service": identity(on("arn:aws:s3:::images/*", "*")),
        "reading": identity(on("*", "ecr:Get*", "ecr:BatchGetImage", "ecr:Describe*")),
        "administers the account's, as a deployment does": identity(
            on("arn:aws:ecr:eu-west-1:111122223333:repository/*", "ecr:CreateRepository", "ecr:SetRepositoryPolicy")
        ),
        "malformed": both(
            change(REPOSITORY, "RepositoryPolicyText", ["x"]), change(POLICY, "PolicyDocument", {"Statement": 1})
        ),
        "policies malformed": template({"Role": (ROLE, {"Policies": "x", "ManagedPolicyArns": {"a": 1}})}),
    },
)
