from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import aws_cdk as cdk
from aws_cdk import aws_ecr as ecr
from constructs import Construct

from hardened_eks import _aws, _owner
from hardened_eks._asked import key_arn_of, region_of
from hardened_eks._kinds import key_argument_problems, problems_in
from hardened_eks._l1 import create
from hardened_eks._nag import acknowledge
from hardened_eks._roles import document, role
from hardened_eks._tokens import is_text_token
from hardened_eks.data.regions import lacking, plausible
from hardened_eks.errors import repeated
from hardened_eks.registry._repository import Lifecycle, repository_policy
from hardened_eks.registry._settings import PullThroughCache, SigningRule, registry_type

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_kms as kms


_SIGNING = "AWS::ECR::SigningConfiguration"
_SIGN_YOURSELF = (
    "leave it out, and let the pipeline sign (notation sign, with the AWS Signer plugin of a Region that supports it)"
)
# The Regions in which an app has a registry, by the root of its construct tree.
_made: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


def _region_problems(regions: object, own: str) -> Iterator[str]:
    if not isinstance(regions, list | tuple):
        yield (
            f"replicate_to needs a list of Regions, got {'the string ' if isinstance(regions, str) else ''}{regions!r}"
        )
        return
    for region in regions:
        if is_text_token(region):
            continue
        if not isinstance(region, str) or not plausible(region):
            yield f"replicate_to needs Regions such as eu-west-1, got {region!r}"
        elif region == own:
            yield f"replicate_to names the registry's own Region {region!r}: name others"


class Registry(Construct):
    """Settings of the account's registry in a Region. There is one registry, so create this construct only once."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        encryption_key: kms.IKey | None = None,
        pull_through: Sequence[PullThroughCache] = (),
        signing: Sequence[SigningRule] = (),
        replicate_to: Sequence[str] = (),
    ) -> None:
        """Set the registry up.

        Args:
            scope: where the settings are created.
            id: construct ID.
            encryption_key: encrypts repositories that ECR itself creates. Default: a key is created.
            pull_through: registries to cache. Anyone who pulls an image for the first time needs a way out, a cache is
                none: see `PullThroughCache`. Default: none.
            signing: which images are signed when they are pushed. Not in every region. Default: none.
            replicate_to: regions to copy every image to. Replication copies images and no settings, so make a
                `Registry` in each of them, in this app before this one: its template, its key. Default: none.

        Raises:
            ConfigurationError: two caches share a prefix, a region's name is invalid, or the region cannot sign.
        """
        problems = problems_in(scope, f"Registry '{id}'")
        problems.extend(key_argument_problems("encryption_key", encryption_key, use="images"))
        for argument, given, kind in (
            ("pull_through", pull_through, PullThroughCache),
            ("signing", signing, SigningRule),
        ):
            problems.require(
                isinstance(given, list | tuple) and all(isinstance(item, kind) for item in given),
                f"{argument} needs a list of {kind.__name__}, got {given!r}",
            )
        caches = pull_through if isinstance(pull_through, list | tuple) else ()
        for prefix in repeated([cache.prefix for cache in caches if isinstance(cache, PullThroughCache)]):
            problems.add(f"pull_through uses the prefix {prefix!r} twice: give each cache its own")
        region = region_of(scope)
        problems.extend(_region_problems(replicate_to, region))
        if signing:
            problems.extend(lacking(region, _SIGNING, needed_by="signing", instead=_SIGN_YOURSELF))
        problems.raise_any()
        super().__init__(scope, id)
        _owner.tag(self, scope)
        self._note_region(region, replicate_to)
        if encryption_key is None:
            from hardened_eks.keys import Keys

            encryption_key = Keys(self, "Keys").images
        self.scanning = create(
            ecr.CfnRegistryScanningConfiguration,
            self,
            "Scanning",
            scan_type="ENHANCED",
            rules=[
                {
                    "scanFrequency": "CONTINUOUS_SCAN",
                    "repositoryFilters": [{"filter": "*", "filterType": "WILDCARD"}],
                }
            ],
        )
        """The scanning configuration: Amazon Inspector scans every pushed image, and again for new vulnerabilities."""
        self.template = create(
            ecr.CfnRepositoryCreationTemplate,
            self,
            "CreatedRepositories",
            prefix="ROOT",
            applied_for=["PULL_THROUGH_CACHE", "REPLICATION", "CREATE_ON_PUSH"],
            description="Repositories that ECR creates are as hardened as those of this stack",
            image_tag_mutability="IMMUTABLE",
            encryption_configuration={"encryptionType": "KMS", "kmsKey": key_arn_of(encryption_key)},
            lifecycle_policy=Lifecycle().rendered(),
            repository_policy=json.dumps(repository_policy(), separators=(",", ":")),
            custom_role_arn=self._role(key_arn_of(encryption_key)).attr_arn,
        )
        """The template for repositories that ECR creates itself."""
        for cache in pull_through:
            self._cache(cache)
        if signing:
            create(
                cdk.CfnResource,
                self,
                "Signing",
                type=_SIGNING,
                properties={"Rules": [_signing_rule(rule) for rule in signing]},
            )
        if replicate_to:
            create(
                ecr.CfnReplicationConfiguration,
                self,
                "Replication",
                replication_configuration={
                    "rules": [{"destinations": [{"region": r, "registryId": cdk.Aws.ACCOUNT_ID} for r in replicate_to]}]
                },
            )

    def _note_region(self, region: str, replicate_to: Sequence[str]) -> None:
        """Record the registry's Region, and warn of destinations without a registry."""
        made = _made.setdefault(self.node.root, set())
        made.add(region)
        missing = ["a region known at deployment" if is_text_token(to) else to for to in replicate_to if to not in made]
        if missing:
            cdk.Annotations.of(self).add_warning_v2(
                "hardened-eks:replication-without-template",
                f"replication copies images but no settings, and this app creates no Registry in {', '.join(missing)} "
                "before this one: repositories that ECR creates there get mutable tags and no customer key. Create a "
                "Registry in a stack of that Region first, or acknowledge this warning if another app creates it",
            )

    def _role(self, key_arn: str) -> iam.CfnRole:
        """Create the role with which ECR encrypts new repositories, since its service-linked role cannot use keys.

        AWS's sample trusts ECR without a condition, and no document confirms that ECR sends ``aws:SourceAccount``. The
        condition here therefore applies only if ECR sends it. Only this account can let ECR use the role in any case,
        because a creation template requires ``iam:PassRole`` for it.

        Source: https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates-create.html
        """
        repositories = _aws.arn("ecr", "repository/*")
        made = role(
            self,
            "CreatorRole",
            description="ECR creates repositories",
            trust=document(
                {
                    "Principal": {"Service": "ecr.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                    "Condition": {"StringEqualsIfExists": {"aws:SourceAccount": _aws.account()}},
                }
            ),
            aws_policies={},
            statements=[
                {"Action": ["ecr:CreateRepository", "ecr:ReplicateImage", "ecr:TagResource"], "Resource": repositories},
                # As in AWS's sample, but only for this key. ECR creates its grant with this role's session, which
                # kms:GrantIsForAWSResource does not recognize: such a condition would refuse every repository.
                {"Action": ["kms:CreateGrant", "kms:DescribeKey", "kms:RetireGrant"], "Resource": key_arn},
            ],
        )
        finding = "Resource::arn:<AWS::Partition>:ecr:<AWS::Region>:<AWS::AccountId>:repository/*"
        acknowledge(
            self.node.find_child("CreatorRolePolicy"),
            {f"AwsSolutions::AwsSolutions-IAM5[{finding}]": "ECR chooses the repositories that it creates"},
        )
        return made

    def _cache(self, cache: PullThroughCache) -> None:
        rule = create(
            ecr.CfnPullThroughCacheRule,
            self,
            f"Cache{cache.prefix}",
            ecr_repository_prefix=cache.prefix,
            upstream_registry_url=cache.upstream,
            upstream_registry=registry_type(cache.upstream),
            credential_arn=cache.credential_arn,
        )
        rule.add_resource_dependency(self.template)


def _signing_rule(rule: SigningRule) -> dict[str, Any]:
    filters = [{"Filter": text, "FilterType": "WILDCARD_MATCH"} for text in rule.repositories]
    return {"SigningProfileArn": rule.profile_arn, "RepositoryFilters": filters}
