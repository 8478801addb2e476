"""The quarantine of an image: nobody can pull it, and it is kept as evidence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from hardened_eks import _aws
from hardened_eks._tokens import is_text_token
from hardened_eks.detections import read
from hardened_eks.errors import ConfigurationError
from hardened_eks.response._action import Action
from hardened_eks.response._states import DECIDE, DONE, Steps, assigning, call, choice, expression

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hardened_eks.response._action import Surroundings
    from hardened_eks.response._states import States

# https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html
_NAME = re.compile(r"(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*")
_INSPECTOR = "$event.detail.resources[0].details.awsEcrContainerImage"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantineImage(Action):
    """An action that archives an image in its repository: pulls fail, tags and digest stay, and it can be restored.

    Input: ``repository``, which must be one of `repositories`, and ``digest`` (``sha256:...``); or a finding of ECR or
    Inspector. Archiving is the only way: no policy can deny the pull of one image, tags of immutable repositories
    cannot be moved, and deletion would destroy evidence
    (https://docs.aws.amazon.com/AmazonECR/latest/userguide/archive-image.html). Amazon ECR charges at least 90 days.
    Nodes with the image in their cache can still start it, and running pods continue.
    """

    name: ClassVar[str] = "quarantine-image"
    """Name of the action, as in `Response.state_machine_arns`."""
    answers: ClassVar[tuple[str, ...]] = ("ecr-scan", "inspector-scan", "inspector-image")
    """Detections that can start the action."""

    repositories: Sequence[str]
    """Names of the repositories of this account and Region whose images it may archive, at least one."""
    triggers: tuple[str, ...] = ()
    """Detections that start the action, of those in `answers`. Default: none; people start it."""
    finding_severities: Sequence[str] = ("CRITICAL", "HIGH")
    """Severities of findings with which a trigger starts the action, optionally with a minimum number of findings in a
    scan: ``["CRITICAL", "HIGH=10"]``. Default: ``CRITICAL`` and ``HIGH``."""

    def problems(self, region: str) -> Iterator[str]:
        """Yield the mistakes in the settings. `Response` calls this.

        Args:
            region: Region of the stack, or a deploy-time value.

        Returns:
            One message for each mistake.
        """
        yield from Action.problems(self, region)
        if not isinstance(self.repositories, list | tuple) or not self.repositories:
            yield f"QuarantineImage.repositories needs a list of at least one name, got {self.repositories!r}"
            return
        if not isinstance(self.finding_severities, list | tuple):
            yield f"QuarantineImage.finding_severities needs a list, got {self.finding_severities!r}"
        else:
            try:
                read({"finding_severities": list(self.finding_severities)})
            except ConfigurationError as error:
                yield from (f"QuarantineImage.{problem}" for problem in error.problems)
        for name in self.repositories:
            if not is_text_token(name) and not (isinstance(name, str) and _NAME.fullmatch(name)):
                yield f"QuarantineImage.repositories needs names such as payments/api, got {name!r}"

    def steps(self, around: Surroundings) -> Steps:
        """Return the steps of the action. `Response` calls this.

        Args:
            around: the environment of the action.
        """
        arns = [_aws.arn("ecr", f"repository/{name}") for name in self.repositories]
        listed = ", ".join(f"'{name}'" for name in self.repositories)
        return Steps(
            title="Quarantine an image",
            inputs={
                "repository": "$exists($states.input.repository) ? $string($states.input.repository) : "
                # Inspector gives the ARN.
                "$exists($event.detail.`repository-name`) ? "
                "$substringAfter($event.detail.`repository-name`, ':repository/') : "
                f"$exists({_INSPECTOR}.repositoryName) ? {_INSPECTOR}.repositoryName : 'none'",
                "digest": "$exists($states.input.digest) ? $string($states.input.digest) : "
                "$exists($event.detail.`image-digest`) ? $event.detail.`image-digest` : "
                f"$exists({_INSPECTOR}.imageHash) ? {_INSPECTOR}.imageHash : 'none'",
            },
            look=_look(around, listed),
            change=_change(around),
            reads=[{"Action": "ecr:DescribeImages", "Resource": arns}],
            writes=[{"Action": "ecr:UpdateImageStorageClass", "Resource": arns}],
        )


def _look(around: Surroundings, listed: str) -> States:
    archived = "$status = 'ARCHIVED'"
    return {
        "MayIt": choice(
            "NotThisImage", FindImage=f"$repository in [{listed}] and $contains($digest, /^sha256:[0-9a-f]{{64}}$/)"
        ),
        "NotThisImage": assigning(
            DECIDE,
            needed=expression("false"),
            plan=expression(
                "$repository & ' is not one of the repositories of this response, or ' & $digest & ' is not a digest.'"
            ),
        ),
        "FindImage": call(
            "ecr",
            "describeImages",
            {
                "RepositoryName": expression("$repository"),
                "ImageIds": [{"ImageDigest": expression("$digest")}],
            },
            "Plan",
            assign={
                "tags": expression("$join([$states.result.ImageDetails[0].ImageTags], ', ')"),
                "status": expression(
                    "$exists($states.result.ImageDetails[0].ImageStatus) ? "
                    "$states.result.ImageDetails[0].ImageStatus : 'ACTIVE'"
                ),
            },
            partition=around.partition,
        ),
        "Plan": assigning(
            DECIDE,
            needed=expression(f"$not({archived})"),
            plan=expression(
                f"{archived} ? 'The image ' & $repository & '@' & $digest & ' is archived.' : 'archive the image ' & "
                "$repository & '@' & $digest & ' (tags: ' & $tags & '), so that nobody can pull it.'"
            ),
        ),
    }


def _change(around: Surroundings) -> States:
    undo = (
        "aws ecr update-image-storage-class --target-storage-class STANDARD --repository-name ' & $repository & "
        "' --image-id imageDigest=' & $digest & '"
    )
    return {
        "Archive": call(
            "ecr",
            "updateImageStorageClass",
            {
                "RepositoryName": expression("$repository"),
                "ImageId": {"ImageDigest": expression("$digest")},
                "TargetStorageClass": "ARCHIVE",
            },
            "SayDone",
            partition=around.partition,
        ),
        "SayDone": assigning(
            DONE,
            done=expression(
                "'The image ' & $repository & '@' & $digest & ' (tags: ' & $tags & ') cannot be pulled any more. Pods "
                "that run it go on, and nodes that have it in their cache can start it: kubectl get pods -A -o wide, "
                f"then roll the workload to a clean image. To undo: {undo}.'"
            ),
        ),
    }
