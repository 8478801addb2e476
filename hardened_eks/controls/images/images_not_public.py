from collections.abc import Iterator
from itertools import starmap
from typing import Final

from hardened_eks._patterns import regex
from hardened_eks.controls.images._registry import RESOURCE_POLICIES, policy_path
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.data.aws_accounts import EKS_IMAGES
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.owners import owners
from hardened_eks.evidence.views.resource_policies import openings, strangers

_REPLICATION: Final = "AWS::ECR::ReplicationConfiguration"
_CACHE: Final = "AWS::ECR::PullThroughCacheRule"
_ECR: Final = regex(r"(\d{12})\.dkr[.-]ecr")


@control(
    id="IM-06",
    title="Registries admit only named principals, and exchange images only with known registries",
    requirement="ecr.policy.no_public",
    types=(*RESOURCE_POLICIES, "AWS::ECR::PublicRepository", _REPLICATION, _CACHE),
    needs="resource",
    severity=Severity.CRITICAL,
    why="Otherwise anybody with an AWS account could pull your code, or push code that your nodes run.",
    fix=(
        "Name roles, or add a condition on aws:PrincipalOrgID. Replicate to, and pull through from, only your own "
        "registries."
    ),
    blind=(
        "Another account is recognized only if the environment or an AWS::AccountId in the same policy shows which "
        "account is the own one. Another organization is recognized only next to one that occurs more often."
    ),
    source="https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html",
    enforced_by="Repository",
)
def images_not_public(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if resource.type == "AWS::ECR::PublicRepository":
        yield Problem("the repository is public")
        return
    if resource.type == _REPLICATION:
        yield from _replicated(resource, assembly)
    elif resource.type == _CACHE:
        yield from _cached(resource, assembly)
    else:
        yield from starmap(Problem, openings(resource, policy_path(resource)))
        yield from starmap(Problem, strangers(resource, policy_path(resource), assembly, unsourced=False))


def _replicated(replication: Resource, assembly: Assembly) -> Iterator[Problem]:
    own = owners(replication, replication.properties, assembly)
    for rule, _ in replication.each("ReplicationConfiguration.Rules"):
        for path, _ in replication.each(f"{rule}.Destinations"):
            registry = str(replication.get(f"{path}.RegistryId", ""))
            if own.account(registry) is False:
                yield Problem(f"images are copied to the registry {registry} of another account", f"{path}.RegistryId")


def _cached(cache: Resource, assembly: Assembly) -> Iterator[Problem]:
    url = str(cache.get("UpstreamRegistryUrl", ""))
    found = _ECR.match(url)
    if found and found[1] not in EKS_IMAGES and owners(cache, cache.properties, assembly).account(found[1]) is False:
        yield Problem(f"images come from {url}, a registry of another account", "UpstreamRegistryUrl")
