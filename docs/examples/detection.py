"""A cluster with detections: where alerts go, which roles are trusted, and what else is watched."""

import aws_cdk as cdk

import hardened_eks as hardened
from hardened_eks.detections import Detection, EventPattern, Severity

app = cdk.App()
cdk.Tags.of(app).add("application", "payments")
stack = cdk.Stack(app, "Payments")
cluster = hardened.Cluster(stack, "Cluster", version="1.37")
role = cluster.add_break_glass_role(trusted=["arn:aws:iam::123456789012:user/emergency/ana"])

profile_created = Detection(
    id="eks-fargate-profile-created",
    title="A Fargate profile was created",
    severity=Severity.MEDIUM,
    default=True,
    why="We run no Fargate: its pods have no node agent that watches them.",
    first=("Ask the person in userIdentity; is there a ticket?",),
    expressions=(
        EventPattern(
            pattern={
                "source": ["aws.eks"],
                "detail-type": ["AWS API Call via CloudTrail"],
                "detail": {"eventName": ["CreateFargateProfile"], "requestParameters": {"name": ["<cluster>"]}},
            }
        ),
    ),
    false_positives="None known.",
    technique="T1610",
)

hardened.Detection(
    stack,
    "Detection",
    cluster=cluster,
    alerts=hardened.alerts.Route(
        critical=[hardened.alerts.Email("on-call@example.com"), hardened.alerts.Sms("+4915112345678")],
        high=[hardened.alerts.Email("on-call@example.com")],
    ),
    trusted_automation=["arn:aws:iam::123456789012:role/payments-creator"],
    break_glass_role=role,
    watched_roles=[cluster.role],
    trail="elsewhere",  # the organization has one
    parameters={"webhook_managers": ["system:serviceaccount:kyverno:kyverno-admission-controller"]},
    exclude=["eks-change-denied"],
    extra=[profile_created],
)

app.synth()
