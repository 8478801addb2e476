from collections.abc import Iterator

from hardened_eks._patterns import regex
from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, policies

_SERVICE_LINKED = regex(r".*:role/aws-service-role/(?P<service>[^/]+)/(?P<name>.+)", hints=("role/aws-service-role/",))


@control(
    id="DP-44",
    title="Key policies do not name service-linked roles that may not exist yet",
    types=("AWS::KMS::Key",),
    needs="assembly",
    severity=Severity.MEDIUM,
    family=Family.DEPLOYABLE,
    why=(
        'KMS rejects a policy that names a principal it cannot find ("MalformedPolicyDocumentException: Policy '
        'contains a statement with one or more invalid principals"). In a new account, the role does not exist yet.'
    ),
    fix=(
        "Allow the account, limited by a condition on aws:PrincipalArn with the ARN of the role, or create the role "
        "in the stack (AWS::IAM::ServiceLinkedRole)."
    ),
    source="https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html",
    blind="Whether the role exists in the account.",
    enforced_by="Keys",
)
def key_principals_exist(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    made = {str(role.get("AWSServiceName")) for role in assembly.of("AWS::IAM::ServiceLinkedRole")}
    for statement in policies.of(resource, "KeyPolicy"):
        for kind, name in statement.principals:
            match = _SERVICE_LINKED.fullmatch(name) if kind == "AWS" else None
            if match is not None and match["service"] not in made:
                message = f"{match['name']} is the service-linked role of {match['service']} and may not exist yet"
                yield Problem(message, f"{statement.at('KeyPolicy')}.Principal")
