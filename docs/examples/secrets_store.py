"""A rotated secret of AWS Secrets Manager that pods of one service account mount as a file."""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_secretsmanager as secretsmanager

import hardened_eks as hardened

app = cdk.App()
cdk.Tags.of(app).add("application", "payments")
stack = cdk.Stack(app, "Payments")
cluster = hardened.Cluster(stack, "Cluster", version="1.37")
cluster.add_node_group("general", instance_types=["m7g.large"])
# The driver reads the secret every two minutes: a rotated value is in the file without a restart.
cluster.add_addon(
    "aws-secrets-store-csi-driver-provider",
    configuration={"secrets-store-csi-driver": {"enableSecretRotation": True, "rotationPollInterval": "2m"}},
)

password = secretsmanager.Secret(stack, "Password", encryption_key=cluster.keys.secrets)
rotator = f"arn:{cdk.Aws.PARTITION}:lambda:{cdk.Aws.REGION}:{cdk.Aws.ACCOUNT_ID}:function:rotate-database"
password.add_rotation_schedule(
    "Rotation",
    automatically_after=cdk.Duration.days(30),
    rotation_lambda=lambda_.Function.from_function_arn(stack, "Rotator", rotator),
)

reader = hardened.PodRole(stack, "Reader", cluster=cluster, namespace="payments", service_account="web")
password.grant_read(reader)
rotation_role = f"arn:{cdk.Aws.PARTITION}:iam::{cdk.Aws.ACCOUNT_ID}:role/rotate-database"
password.add_to_resource_policy(  # nobody else can read it, even if an IAM policy allows it
    iam.PolicyStatement(
        effect=iam.Effect.DENY,
        principals=[iam.AnyPrincipal()],
        actions=["secretsmanager:GetSecretValue"],
        resources=["*"],
        conditions={"StringNotLike": {"aws:PrincipalArn": [reader.role.role_arn, rotation_role]}},
    )
)

app.synth()
