"""A stack with the role that creates clusters, and an app that uses the role."""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

import hardened_eks as hardened

ACCOUNT, REGION = "123456789012", "eu-west-1"

# Deployed once, by the person who bootstraps the account.
bootstrap = cdk.App()
cdk.Tags.of(bootstrap).add("application", "payments")
stack = cdk.Stack(bootstrap, "ClusterCreator", env=cdk.Environment(account=ACCOUNT, region=REGION))
# "cluster-boundary" is a policy of the account's owners. Roles of the stacks can do only what it allows.
creator = hardened.CreatorRole(
    stack,
    "Creator",
    stack_prefix="Payments",
    name="cluster-creator",
    permissions_boundary="cluster-boundary",
)
deploy_role = iam.Role.from_role_name(stack, "DeployRole", f"cdk-hnb659fds-deploy-role-{ACCOUNT}-{REGION}")
iam.ManagedPolicy(
    stack,
    "PassCreator",
    roles=[deploy_role],
    statements=[
        iam.PolicyStatement(
            actions=["iam:PassRole"],
            resources=[creator.role_arn],
            conditions={"StringEquals": {"iam:PassedToService": "cloudformation.amazonaws.com"}},
        )
    ],
)
bootstrap.synth()

# Deployed by the pipeline, as often as you like.
app = cdk.App()
cdk.Tags.of(app).add("application", "payments")
synthesizer = cdk.DefaultStackSynthesizer(cloud_formation_execution_role=f"arn:aws:iam::{ACCOUNT}:role/cluster-creator")
payments = cdk.Stack(
    app,
    "Payments-Cluster",
    synthesizer=synthesizer,
    permissions_boundary=cdk.PermissionsBoundary.from_name("cluster-boundary"),
    env=cdk.Environment(account=ACCOUNT, region=REGION),
)
hardened.Cluster(payments, "Cluster", version="1.37")
app.synth()
