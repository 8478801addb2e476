import json

from hardened_eks.controls.images import images_not_public
from tests.controls.cases import ITSELF, Bad, Case, at, change, drop, hide, template
from tests.controls.images.base import CI, GOOD, PULL, REPOSITORY, ROOT, TLS, allow, created, document, policy, registry

CASE = Case(
    images_not_public,
    GOOD,
    bad={
        "everybody": Bad(policy(allow("*")), "RepositoryPolicyText.Statement.0"),
        "everybody in AWS pulls": Bad(policy(TLS, allow({"AWS": ["*"]}, *PULL)), "RepositoryPolicyText.Statement.1"),
        **at(
            "RepositoryPolicyText.Statement.0",
            {
                "everybody but one": policy({"Effect": "Allow", "NotPrincipal": {"AWS": CI}, "Action": "ecr:*"}),
                "principal in a parameter": policy(allow({"AWS": {"Ref": "Who"}})),
                "an address is no caller": policy(allow("*", IpAddress={"aws:SourceIp": "198.51.100.0/24"})),
                "unless known": policy(allow("*", StringEqualsIfExists={"aws:PrincipalOrgID": "o-1"})),
                "not of an organization": policy(allow("*", StringNotEquals={"aws:PrincipalOrgID": "o-1"})),
            },
        ),
        "hidden": Bad(hide(REPOSITORY, "RepositoryPolicyText"), "RepositoryPolicyText"),
        "statement hidden": Bad(policy(TLS, {"Ref": "Statement"}), "RepositoryPolicyText.Statement.1"),
        "as text": Bad(
            change(REPOSITORY, "RepositoryPolicyText", json.dumps(document(allow("*")))),
            "RepositoryPolicyText.Statement.0",
        ),
        "statement alone": Bad(
            change(REPOSITORY, "RepositoryPolicyText", {"Statement": allow("*")}), "RepositoryPolicyText.Statement"
        ),
        "registry": Bad(registry(allow("*", "ecr:ReplicateImage")), "PolicyText.Statement.0"),
        "public repository": Bad(template({"Public": ("AWS::ECR::PublicRepository", {})}), ITSELF),
        "repositories to come": Bad(
            created(RepositoryPolicy=json.dumps(document(allow("*", *PULL)))), "RepositoryPolicy.Statement.0"
        ),
    },
    edge={
        "no policy": drop(REPOSITORY, "RepositoryPolicyText"),
        "organization": policy(allow("*", *PULL, StringEquals={"aws:PrincipalOrgID": "o-1"})),
        "organization in a parameter": policy(
            allow("*", *PULL, StringEquals={"aws:PrincipalOrgID": {"Ref": "Organization"}})
        ),
        "role of this stack": policy(allow({"AWS": {"Fn::GetAtt": ["Ci", "Arn"]}})),
        "service": policy(allow({"Service": "lambda.amazonaws.com"}, *PULL)),
        "account": policy(allow({"AWS": ROOT}, *PULL)),
        "malformed": change(REPOSITORY, "RepositoryPolicyText", ["x"]),
        "statement malformed": change(REPOSITORY, "RepositoryPolicyText", {"Statement": ["x", 1]}),
        "repositories to come": created(RepositoryPolicy=json.dumps(document(TLS))),
    },
)
