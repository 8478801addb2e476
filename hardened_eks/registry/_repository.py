from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
from aws_cdk import aws_ecr as ecr
from constructs import Construct

from hardened_eks import _owner
from hardened_eks._asked import key_arn_of, region_of
from hardened_eks._kinds import key_argument_problems, problems_in
from hardened_eks._l1 import create
from hardened_eks._patterns import regex
from hardened_eks._principals import arn_of, arn_problems
from hardened_eks._tokens import is_text_token
from hardened_eks._views import view_of
from hardened_eks.errors import Problems

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_kms as kms

_PART = r"[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*"
NAME = regex(rf"{_PART}(?:/{_PART})*")
"""Pattern for names of repositories, and for prefixes of them."""
_LONGEST_NAME = 256
_ORGANIZATION = regex(r"o-[a-z0-9]{10,32}")
_EXCLUSION = regex(r"[0-9a-zA-Z._*-]{1,128}")
_MOST_EXCLUSIONS = 5
_PULL = ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
_PUSH = (
    *_PULL,
    "ecr:CompleteLayerUpload",
    "ecr:InitiateLayerUpload",
    "ecr:PutImage",
    "ecr:UploadLayerPart",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifecycle:
    """The lifecycle of images. By default, tagged images are kept, because production may run them.

    Raises:
        ConfigurationError: a number is below 1.
    """

    untagged_days: int = 14
    """Days after the push after which an untagged image is deleted, at least 1. Default: 14."""
    keep_tagged: int | None = None
    """Number of tagged images that are kept, newest first, at least 1. Default: all."""

    def __post_init__(self) -> None:
        """Check the numbers."""
        problems = Problems("Lifecycle")
        for name, value in (("untagged_days", self.untagged_days), ("keep_tagged", self.keep_tagged)):
            good = (value is None and name == "keep_tagged") or (
                isinstance(value, int) and not isinstance(value, bool) and value >= 1
            )
            problems.require(good, f"{name} needs a whole number of at least 1, got {value!r}")
        problems.raise_any()

    def rendered(self) -> str:
        """Return the lifecycle policy in the format of ECR."""
        rules: list[dict[str, Any]] = [
            _rule(1, {"tagStatus": "untagged", "countType": "sinceImagePushed", "countUnit": "days",
                      "countNumber": self.untagged_days}),
        ]  # fmt: skip
        if self.keep_tagged is not None:
            rules.append(
                _rule(2, {"tagStatus": "tagged", "tagPatternList": ["*"], "countType": "imageCountMoreThan",
                          "countNumber": self.keep_tagged})
            )  # fmt: skip
        return json.dumps({"rules": rules}, separators=(",", ":"))


class Repository(Construct):
    """An ECR repository with immutable tags, a customer managed key, image scanning and only TLS."""

    resource: ecr.CfnRepository
    """The CloudFormation resource of the repository."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        encryption_key: kms.IKey | None = None,
        name: str | None = None,
        pull: Sequence[iam.IRole | str] = (),
        push: Sequence[iam.IRole | str] = (),
        organization_id: str | None = None,
        mutable_tags: Sequence[str] = (),
        lifecycle: Lifecycle | None = None,
    ) -> None:
        """Create a repository. CloudFormation keeps it when the stack is deleted, and never empties it.

        Args:
            scope: the parent construct.
            id: construct ID.
            encryption_key: KMS key that encrypts the images. It cannot be changed later. Default: a new key.
            name: repository name. Default: a generated name, so that a replacement can be created first.
            pull: roles of other accounts, or their ARNs, that may pull. Roles of this account only need permissions of
                their own. Default: none.
            push: roles of other accounts, or their ARNs, that may push. Default: none.
            organization_id: ID of an organization, ``o-...``, whose principals may all pull. Default: none, only
                `pull`.
            mutable_tags: filters of tags that may be overwritten, for example ``latest`` or ``dev-*``. Default: none.
            lifecycle: rules for the removal of images. Default: ``Lifecycle()``, untagged ones after 14 days.

        Raises:
            ConfigurationError: a name, a principal, the organization's ID or a tag filter is invalid. The error lists
                all mistakes.
        """
        pullers, pushers = _arns(pull), _arns(push)
        problems = problems_in(scope, f"Repository '{id}'")
        if name is not None and not is_text_token(name):
            problems.require(
                isinstance(name, str) and 2 <= len(name) <= _LONGEST_NAME and NAME.fullmatch(name),
                f"name needs 2 to {_LONGEST_NAME} lower-case letters and digits with ._-/ between, got {name!r}",
            )
        region = region_of(scope) if pullers or pushers else ""
        for argument, given, arns in (("pull", pull, pullers), ("push", push, pushers)):
            problems.require(
                isinstance(given, list | tuple),
                f"{argument} needs a list of roles or their ARNs, got "
                f"{'the string ' if isinstance(given, str) else ''}{given!r}",
            )
            for arn in arns:
                problems.extend(arn_problems(argument, arn, region=region))
        problems.extend(key_argument_problems("encryption_key", encryption_key, use="images"))
        problems.extend(organization_problems(organization_id))
        problems.require(
            lifecycle is None or isinstance(lifecycle, Lifecycle), f"lifecycle needs a Lifecycle, got {lifecycle!r}"
        )
        problems.extend(exclusion_problems(mutable_tags))
        problems.raise_any()
        super().__init__(scope, id)
        _owner.tag(self, scope)
        if encryption_key is None:
            from hardened_eks.keys import Keys

            encryption_key = Keys(self, "Keys").images
        self.resource = create(
            ecr.CfnRepository,
            self,
            "Resource",
            repository_name=name,
            empty_on_delete=False,
            image_tag_mutability="IMMUTABLE_WITH_EXCLUSION" if mutable_tags else "IMMUTABLE",
            image_tag_mutability_exclusion_filters=_filters(mutable_tags),
            encryption_configuration={"encryptionType": "KMS", "kmsKey": key_arn_of(encryption_key)},
            image_scanning_configuration={"scanOnPush": True},
            lifecycle_policy={"lifecyclePolicyText": (lifecycle or Lifecycle()).rendered()},
            repository_policy_text=repository_policy(pullers, pushers, organization_id),
        )
        self.resource.apply_removal_policy(cdk.RemovalPolicy.RETAIN)

    @property
    def repository(self) -> ecr.IRepository:
        """The repository as the CDK's interface, for ``grant_pull`` and container images."""
        existing = self.node.try_find_child("View")
        if existing is None:
            view = ecr.Repository.from_repository_attributes(
                self, "View", repository_arn=self.resource.attr_arn, repository_name=self.resource.ref
            )
            existing = view_of(self.resource, view)
        return existing  # type: ignore[return-value]


def organization_problems(organization_id: object) -> Iterator[str]:
    """Yield why an organization's ID is invalid."""
    if organization_id is None or is_text_token(organization_id):
        return
    if not isinstance(organization_id, str) or not _ORGANIZATION.fullmatch(organization_id):
        yield f"organization_id needs an ID such as o-a1b2c3d4e5, got {organization_id!r}"


def exclusion_problems(mutable_tags: Sequence[str]) -> Iterator[str]:
    """Yield the mistakes in the filters of tags that may be overwritten."""
    if not isinstance(mutable_tags, list | tuple) or len(mutable_tags) > _MOST_EXCLUSIONS:
        yield f"mutable_tags needs a list of at most {_MOST_EXCLUSIONS} filters, got {mutable_tags!r}"
        return
    for tag in mutable_tags:
        if is_text_token(tag):
            continue
        if not isinstance(tag, str) or not _EXCLUSION.fullmatch(tag) or tag.count("*") > 2:
            yield f"mutable_tags needs filters such as latest or dev-* (at most two '*'), got {tag!r}"
        elif not tag.strip("*"):
            yield f"mutable_tags has the filter {tag!r}, which makes every tag mutable: name the tags"


def _filters(mutable_tags: Sequence[str]) -> list[dict[str, str]] | None:
    return [
        {"imageTagMutabilityExclusionFilterType": "WILDCARD", "imageTagMutabilityExclusionFilterValue": tag}
        for tag in mutable_tags
    ] or None


def _rule(priority: int, selection: dict[str, Any]) -> dict[str, Any]:
    return {"rulePriority": priority, "selection": selection, "action": {"type": "expire"}}


def _arns(principals: Sequence[iam.IRole | str]) -> list[str]:
    return [arn_of(principal) for principal in principals] if isinstance(principals, list | tuple) else []


def repository_policy(
    pull: Sequence[str] = (), push: Sequence[str] = (), organization_id: str | None = None
) -> dict[str, Any]:
    """Return the policy of a repository. Other principals need permissions of this account, and all need TLS."""
    statements: list[dict[str, Any]] = [
        {
            "Sid": "TlsOnly",
            "Effect": "Deny",
            "Principal": {"AWS": "*"},
            "Action": "ecr:*",
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
    ]
    if pull:
        statements.append({"Sid": "Pull", "Effect": "Allow", "Principal": {"AWS": list(pull)}, "Action": list(_PULL)})
    if push:
        statements.append({"Sid": "Push", "Effect": "Allow", "Principal": {"AWS": list(push)}, "Action": list(_PUSH)})
    if organization_id is not None:
        statements.append(
            {
                "Sid": "PullInOrganization",
                "Effect": "Allow",
                "Principal": {"AWS": "*"},
                "Action": list(_PULL),
                "Condition": {"StringEquals": {"aws:PrincipalOrgID": organization_id}},
            }
        )
    return {"Version": "2012-10-17", "Statement": statements}
