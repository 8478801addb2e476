import json

from hardened_eks.controls.deployable import policies_fit_quotas
from tests.controls.cases import Bad, Case, at, both, change, template


def buckets(number):
    """ARNs of 40 characters, with quotes and comma."""
    return [f"arn:aws:s3:::payments-invoices-{n:04}/*" for n in range(number)]


def attached(number):
    return [f"arn:aws:iam::123456789012:policy/team-{n}" for n in range(number)]


def granting(resources):
    return {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": resources}],
    }


GRANTED = template(
    {
        "Managed": ("AWS::IAM::ManagedPolicy", {"PolicyDocument": granting(buckets(3))}),
        "Inline": ("AWS::IAM::Policy", {"PolicyName": "p", "PolicyDocument": granting(buckets(3))}),
        "Role": (
            "AWS::IAM::Role",
            {
                "AssumeRolePolicyDocument": granting("*"),
                "Policies": [{"PolicyName": "p", "PolicyDocument": granting(buckets(3))}],
            },
        ),
        "Key": ("AWS::KMS::Key", {"KeyPolicy": granting("*")}),
        "Endpoint": ("AWS::EC2::VPCEndpoint", {"PolicyDocument": granting(buckets(3))}),
        "Bucket": ("AWS::S3::BucketPolicy", {"PolicyDocument": granting(buckets(3))}),
    }
)

CASE = Case(
    policies_fit_quotas,
    GRANTED,
    bad={
        "managed": Bad(
            change("AWS::IAM::ManagedPolicy", "PolicyDocument.Statement.0.Resource", buckets(200)), "PolicyDocument"
        ),
        "inline": Bad(
            change("AWS::IAM::Policy", "PolicyDocument.Statement.0.Resource", buckets(400)), "PolicyDocument"
        ),
        "in the role, together": Bad(
            change(
                "AWS::IAM::Role",
                "Policies",
                [{"PolicyName": f"p{n}", "PolicyDocument": granting(buckets(150))} for n in range(3)],
            ),
            "Policies",
        ),
        "managed policies of a role": Bad(
            change("AWS::IAM::Role", "ManagedPolicyArns", attached(21)), "ManagedPolicyArns"
        ),
        "managed policies, one attached from its side": Bad(
            both(
                change("AWS::IAM::Role", "ManagedPolicyArns", attached(20)),
                change("AWS::IAM::ManagedPolicy", "Roles", [{"Ref": "Role"}]),
            ),
            "ManagedPolicyArns",
        ),
        "inline, beside the role": Bad(
            both(
                change("AWS::IAM::Policy", "Roles", [{"Ref": "Role"}]),
                change("AWS::IAM::Policy", "PolicyDocument.Statement.0.Resource", buckets(200)),
                change("AWS::IAM::Role", "Policies.0.PolicyDocument", granting(buckets(100))),
            ),
            "Policies",
        ),
        "inline of a user": Bad(
            template({"User": ("AWS::IAM::User", {"Policies": [{"PolicyDocument": granting(buckets(60))}]})}),
            "Policies",
        ),
        "managed policies of a group": Bad(
            template({"Group": ("AWS::IAM::Group", {"ManagedPolicyArns": attached(11)})}), "ManagedPolicyArns"
        ),
        "key": Bad(change("AWS::KMS::Key", "KeyPolicy.Statement.0.Resource", buckets(1200)), "KeyPolicy"),
        **at(
            "PolicyDocument",
            {
                "endpoint": change("AWS::EC2::VPCEndpoint", "PolicyDocument.Statement.0.Resource", buckets(700)),
                "bucket": change("AWS::S3::BucketPolicy", "PolicyDocument.Statement.0.Resource", buckets(700)),
                "with tokens": change(
                    "AWS::IAM::ManagedPolicy",
                    "PolicyDocument.Statement.0.Resource",
                    [{"Fn::Sub": f"arn:${{AWS::Partition}}:s3:::payments-invoices-of-{n:04}/*"} for n in range(200)],
                ),
                "as text": change("AWS::IAM::ManagedPolicy", "PolicyDocument", json.dumps(granting(buckets(200)))),
            },
        ),
    },
    edge={
        "twenty managed policies, one from both sides": both(
            change("AWS::IAM::Role", "ManagedPolicyArns", [*attached(19), {"Ref": "Managed"}]),
            change("AWS::IAM::ManagedPolicy", "Roles", [{"Ref": "Role"}]),
        ),
        "twenty managed policies": change("AWS::IAM::Role", "ManagedPolicyArns", attached(20)),
        "whitespace does not count": change(
            "AWS::IAM::ManagedPolicy", "PolicyDocument", json.dumps(granting(buckets(120)), indent=40)
        ),
        "nobody knows": change("AWS::IAM::ManagedPolicy", "PolicyDocument", {"Ref": "Document"}),
        "references only": change(
            "AWS::IAM::ManagedPolicy", "PolicyDocument.Statement.0.Resource", [{"Ref": f"B{n}"} for n in range(300)]
        ),
        "the same would be too much in a managed policy": change(
            "AWS::IAM::Policy", "PolicyDocument.Statement.0.Resource", buckets(200)
        ),
    },
)
