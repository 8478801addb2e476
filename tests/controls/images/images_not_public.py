import json

from hardened_eks.controls.images import images_not_public
from tests.controls.cases import ITSELF, Bad, Case, at, change, drop, hide, template
from tests.controls.images.base import CI, GOOD, PULL, REPOSITORY, ROOT, TLS, allow, created, document, policy, registry

STRANGER = "arn:aws:iam::999988887777:root"
CACHE = "AWS::ECR::PullThroughCacheRule"


def replicated(*accounts):
    destinations = [{"Region": "eu-central-1", "RegistryId": account} for account in accounts]
    rules = {"Rules": [{"Destinations": destinations}]}
    return template({"Replication": ("AWS::ECR::ReplicationConfiguration", {"ReplicationConfiguration": rules})})


def cached(account):
    role = {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:role/pull"}
    url = f"{account}.dkr.ecr.eu-west-1.amazonaws.com"
    return template({"Cache": (CACHE, {"UpstreamRegistryUrl": url, "CustomRoleArn": role})})


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
        "another account": Bad(policy(allow({"AWS": [ROOT, STRANGER]}, *PULL)), "RepositoryPolicyText.Statement.0"),
        "another organization": Bad(
            policy(
                allow("*", *PULL, StringEquals={"aws:PrincipalOrgID": "o-a1b2c3d4e5"}),
                allow("*", "ecr:ListImages", StringEquals={"aws:PrincipalOrgID": "o-a1b2c3d4e5"}),
                allow("*", *PULL, StringEquals={"aws:PrincipalOrgID": "o-strangers01"}),
            ),
            "RepositoryPolicyText.Statement.2",
        ),
        "all but some actions": Bad(
            policy({"Effect": "Allow", "Principal": {"AWS": CI}, "NotAction": "ecr:PutImage"}),
            "RepositoryPolicyText.Statement.0",
        ),
        "replication from another registry": Bad(
            registry(allow({"AWS": [ROOT, STRANGER]}, "ecr:ReplicateImage")), "PolicyText.Statement.0"
        ),
        "replication to another registry": Bad(
            replicated({"Ref": "AWS::AccountId"}, "999988887777"),
            "ReplicationConfiguration.Rules.0.Destinations.1.RegistryId",
        ),
        "a cache of another registry": Bad(cached("999988887777"), "UpstreamRegistryUrl"),
        "repositories to come": Bad(
            created(RepositoryPolicy=json.dumps(document(allow("*", *PULL)))), "RepositoryPolicy.Statement.0"
        ),
    },
    edge={
        "replication to other Regions": replicated({"Ref": "AWS::AccountId"}),
        "replication to an account that may be ours": replicated("111122223333"),
        "a cache of the public registry": template({"Cache": (CACHE, {"UpstreamRegistryUrl": "public.ecr.aws"})}),
        "a cache of EKS's add-ons": cached("602401143452"),
        "a cache of EKS's add-ons in Milan": cached("590381155156"),
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
