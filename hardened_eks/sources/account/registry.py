"""ECR: repositories and registry settings, without the repositories of `cdk bootstrap`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from hardened_eks.sources.account.asking import Refusal, mark
from hardened_eks.sources.account.found import Found
from hardened_eks.sources.account.shape import document, pascal, plain, tag_map, with_tags

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hardened_eks.sources.account.asking import Asker

_BOOTSTRAP: Final = re.compile(r"cdk-[a-z0-9]+-container-assets-\d{12}-[a-z0-9-]+")

_HOME_OF_PUBLIC: Final = "us-east-1"


def repositories(asker: Asker) -> Iterator[Found]:
    """Yield the repositories of the Region."""
    for entry in asker.pages("ecr:DescribeRepositories", "repositories"):
        name = entry["repositoryName"]
        if _BOOTSTRAP.fullmatch(name):
            continue
        tags = asker.value("ecr:ListTagsForResource", "tags", (), resourceArn=entry["repositoryArn"])
        properties: dict[str, Any] = {
            "RepositoryName": name, "Arn": entry["repositoryArn"], "RepositoryUri": entry.get("repositoryUri", ""),
            "ImageTagMutability": entry.get("imageTagMutability", "MUTABLE"), **_exclusions(entry),
            "ImageScanningConfiguration": pascal(entry.get("imageScanningConfiguration", {})),
            "EncryptionConfiguration": pascal(entry.get("encryptionConfiguration", {"encryptionType": "AES256"})),
        }  # fmt: skip
        policy = asker.value("ecr:GetRepositoryPolicy", "policyText", repositoryName=name)
        properties |= {"RepositoryPolicyText": document(policy)} if policy else {}
        lifecycle = asker.value("ecr:GetLifecyclePolicy", "lifecyclePolicyText", repositoryName=name)
        properties |= {"LifecyclePolicy": _lifecycle(lifecycle)} if lifecycle else {}
        yield Found("AWS::ECR::Repository", name, with_tags(properties, tags), entry["repositoryArn"], tag_map(tags))


def _exclusions(entry: Mapping[str, Any]) -> dict[str, Any]:
    filters = [
        {"ImageTagMutabilityExclusionFilterType": one["filterType"],
         "ImageTagMutabilityExclusionFilterValue": one["filter"]}
        for one in entry.get("imageTagMutabilityExclusionFilters", ())
    ]  # fmt: skip
    return {"ImageTagMutabilityExclusionFilters": filters} if filters else {}


def _lifecycle(policy: Any) -> Any:
    return {"LifecyclePolicyText": policy} if isinstance(policy, str) else policy


def registry(asker: Asker) -> Iterator[Found]:
    """Yield the registry settings of the Region: scanning, replication, policy, templates, caches."""
    account = asker.account
    told = asker.ask("ecr:GetRegistryScanningConfiguration")
    if isinstance(told, Refusal):
        yield Found("AWS::ECR::RegistryScanningConfiguration", account, {"ScanType": mark(told), "Rules": mark(told)})
    elif told and told.get(
        "scanningConfiguration"
    ):  # always present; basic and without rules if it was never configured
        scanning = pascal(plain(told["scanningConfiguration"]))
        yield Found("AWS::ECR::RegistryScanningConfiguration", account, scanning)
    policy = asker.value("ecr:GetRegistryPolicy", "policyText")
    if policy:
        yield Found("AWS::ECR::RegistryPolicy", account, {"PolicyText": document(policy), "RegistryId": account})
    told = asker.ask("ecr:DescribeRegistry")
    if told and told.get("replicationConfiguration", {}).get("rules"):
        replication = {"ReplicationConfiguration": pascal(plain(told["replicationConfiguration"]))}
        yield Found("AWS::ECR::ReplicationConfiguration", account, replication)
    for entry in asker.pages("ecr:DescribeRepositoryCreationTemplates", "repositoryCreationTemplates"):
        yield Found("AWS::ECR::RepositoryCreationTemplate", entry["prefix"], _template(entry))
    for entry in asker.pages("ecr:DescribePullThroughCacheRules", "pullThroughCacheRules"):
        kept = ("ecrRepositoryPrefix", "upstreamRegistryUrl", "upstreamRegistry", "credentialArn", "customRoleArn")
        yield Found("AWS::ECR::PullThroughCacheRule", entry["ecrRepositoryPrefix"],
                    pascal({key: entry[key] for key in kept if entry.get(key)}))  # fmt: skip


def _template(entry: Mapping[str, Any]) -> dict[str, Any]:
    kept = ("prefix", "description", "imageTagMutability", "encryptionConfiguration", "appliedFor", "customRoleArn",
            "resourceTags", "repositoryPolicy", "lifecyclePolicy")  # fmt: skip
    return {**pascal(plain({key: entry[key] for key in kept if entry.get(key)})), **_exclusions(entry)}


def public_repositories(asker: Asker) -> Iterator[Found]:
    """Yield the public repositories of the account, which only us-east-1 lists."""
    if asker.region != _HOME_OF_PUBLIC:
        return
    for entry in asker.pages("ecr-public:DescribeRepositories", "repositories"):
        name, arn = entry["repositoryName"], entry["repositoryArn"]
        yield Found("AWS::ECR::PublicRepository", name, {"RepositoryName": name, "Arn": arn}, arn)
