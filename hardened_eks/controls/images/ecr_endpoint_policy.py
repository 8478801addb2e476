from collections.abc import Iterator

from hardened_eks.controls import policies
from hardened_eks.controls.evidence import Assembly, Resource
from hardened_eks.controls.model import Problem, Severity, control


@control(
    id="IM-09",
    title="ECR endpoints carry a policy of their own",
    requirement="ecr.endpoint_policy",
    types=("AWS::EC2::VPCEndpoint",),
    severity=Severity.MEDIUM,
    why="With the default policy anybody inside pushes your data to a registry of their own through your endpoint.",
    fix="Set PolicyDocument: the account's or organization's principals, and the pull actions.",
    source="https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html",
)
def ecr_endpoint_policy(endpoint: Resource, assembly: Assembly) -> Iterator[Problem]:
    if not str(endpoint.get("ServiceName", "")).endswith((".ecr.api", ".ecr.dkr")):
        return
    document = endpoint.get("PolicyDocument")
    if document is None:
        yield Problem("the endpoint has the default policy, which allows everything", "PolicyDocument")
    for statement in policies.statements(document):
        if statement.unknown or (
            statement.public and (statement.does("ecr:PutImage") or statement.does("ecr:DeleteRepository"))
        ):
            yield Problem(
                "the policy lets every principal do everything", f"PolicyDocument.Statement.{statement.index}"
            )
