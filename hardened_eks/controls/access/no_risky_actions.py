from collections.abc import Iterator

from hardened_eks.controls.access._documents import IDENTITY, own_statements
from hardened_eks.controls.evidence import Assembly, Resource
from hardened_eks.controls.model import Problem, Severity, control

_RISKY = {
    "iam:PutRolePolicy": "lets it write itself any right",
    "iam:AttachRolePolicy": "lets it attach itself any policy",
    "iam:CreatePolicyVersion": "lets it change any policy",
    "iam:UpdateAssumeRolePolicy": "lets it take any role",
    "iam:CreateAccessKey": "makes keys for anybody",
    "iam:CreateLoginProfile": "makes a console password for anybody",
    "sts:AssumeRole": "takes every role that trusts the account",
    "secretsmanager:GetSecretValue": "reads every secret",
    "ssm:GetParameter": "reads every parameter",
    "s3:GetObject": "reads every bucket",
    "lambda:UpdateFunctionCode": "runs code as any function",
    "ec2:RunInstances": "starts machines with any role it may pass",
}


@control(
    id="IA-04",
    title="No policy opens a way to more rights, or to all secrets",
    requirement="iam.policy.no_risky_actions",
    types=IDENTITY,
    severity=Severity.HIGH,
    why="With one of these actions on every resource a small role becomes administrator, or reads every secret.",
    fix="Name the resources, or drop the action.",
    source="https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/permissions-management.html",
)
def no_risky_actions(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    for path, statement in own_statements(resource):
        if statement.allows and not statement.unknown and not statement.conditions and "*" in statement.resources:
            for action, what in _RISKY.items():
                if statement.does(action) and "*" not in statement.actions:
                    yield Problem(f"{action} on every resource {what}", path)
