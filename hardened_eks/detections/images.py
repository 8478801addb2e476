"""Detections on the registry and images."""

from hardened_eks.detections.clauses import WHO, on_call, untrusted
from hardened_eks.detections.model import Detection, EventPattern, Severity

_WEAKER = [
    "PutRegistryScanningConfiguration", "BatchUpdateRepositoryScanningConfiguration", "SetRepositoryPolicy",
    "PutRegistryPolicy", "DeleteRepositoryPolicy", "DeleteRegistryPolicy", "DeleteRepository", "DeleteLifecyclePolicy",
    "PutLifecyclePolicy", "DeleteSigningConfiguration", "PutSigningConfiguration", "PutReplicationConfiguration",
    "CreatePullThroughCacheRule", "UpdatePullThroughCacheRule", "CreateRepositoryCreationTemplate",
    "UpdateRepositoryCreationTemplate", "PutAccountSetting",
]  # fmt: skip
_COUNTED = {"$or": [{"finding-severity-counts": {"<finding_counts>": [{"numeric": [">=", "<finding_counts>"]}]}}]}
_SCAN = {"source": ["aws.ecr"], "detail-type": ["ECR Image Scan"]}

IMAGES = (
    Detection(
        id="ecr-weakened",
        title="The protection of a repository or of the registry was weakened",
        severity=Severity.HIGH,
        default=True,
        why=(
            "With mutable tags, without scans or from another upstream registry, a trusted image name can deliver a "
            "malicious image. Replication can copy images to another account."
        ),
        first=(
            WHO,
            "Deploy the template of the registry again to restore immutability, scanning and policies.",
            (
                "List the images that were pushed since then: `aws ecr describe-images --repository-name NAME --query "
                "'sort_by(imageDetails,&imagePushedAt)[-10:]'`; compare their digests with those that the pipeline "
                "built."
            ),
        ),
        expressions=(
            on_call(
                "ecr",
                by=untrusted(),
                either=[
                    {"eventName": _WEAKER},
                    {
                        "eventName": ["PutImageTagMutability"],
                        "requestParameters": {"imageTagMutability": [{"prefix": "MUTABLE"}, {"suffix": "_EXCLUSION"}]},
                    },
                    {
                        "eventName": ["PutImageScanningConfiguration"],
                        "requestParameters": {"imageScanningConfiguration": {"scanOnPush": [False]}},
                    },
                ],
            ),
        ),
        false_positives="Repositories of the account that no template manages.",
        technique="T1525",
        anchors=("elastic",),
        requirements=("ecr.tags.immutable", "ecr.scan.on_push", "ecr.policy.least_privilege"),
    ),
    Detection(
        id="ecr-policy-public",
        title="A repository or registry policy allows access by everyone",
        severity=Severity.CRITICAL,
        default=False,
        why="Anyone with an AWS account can pull or push images.",
        first=(
            (
                "Read the policy: `aws ecr get-repository-policy --repository-name NAME`; if a statement allows "
                "Principal *, remove the policy: `aws ecr delete-repository-policy --repository-name NAME`, and "
                "deploy the template again."
            ),
            WHO,
            "Treat the images as published: rotate any secret in them.",
        ),
        expressions=(
            on_call(
                "ecr",
                "SetRepositoryPolicy",
                "PutRegistryPolicy",
                by=untrusted(),
                requestParameters={"policyText": [{"wildcard": '*"Principal"*"\\*"*'}]},
            ),
        ),
        false_positives='Deny statements for everyone; Action or Resource "*" after a narrow principal.',
        technique="T1525",
        anchors=("elastic",),
        requirements=("ecr.policy.no_public",),
        blind="EventBridge receives the policy as a string: conditions that restrict Principal * are not evaluated.",
    ),
    Detection(
        id="ecr-image-deleted",
        title="An image was deleted",
        severity=Severity.MEDIUM,
        default=False,
        why="A missing image stops new pods at the next scale-out or node change.",
        first=(
            "Check whether it is in use: `kubectl get pods -A -o jsonpath='{..image}'`.",
            (
                "Push it again from the pipeline, with the same digest. CloudTrail (BatchDeleteImage) shows who "
                "deleted it."
            ),
        ),
        expressions=(
            EventPattern(
                pattern={
                    "source": ["aws.ecr"],
                    "detail-type": ["ECR Image Action"],
                    "detail": {"action-type": ["DELETE"], "result": ["SUCCESS"]},
                }
            ),
        ),
        false_positives="Lifecycle policies.",
        technique="T1485",
        requirements=("ecr.lifecycle",),
        blind="Images that are archived (UpdateImageStorageClass), which cannot be pulled either.",
    ),
    Detection(
        id="ecr-scan",
        title="A scan found more vulnerabilities in an image than are accepted",
        severity=Severity.HIGH,
        default=True,
        why="The image would run with a known vulnerability.",
        first=(
            "See which: `aws ecr describe-image-scan-findings --repository-name NAME --image-id imageDigest=DIGEST`.",
            (
                "Is the image running, and can the vulnerability be exploited? If so, rebuild it today on a patched "
                "base image."
            ),
        ),
        expressions=(
            EventPattern(
                pattern={
                    **_SCAN,
                    "detail": {"scan-status": ["COMPLETE"], **_COUNTED},
                }
            ),
        ),
        false_positives="Images that are not in use.",
        technique="T1195.002",
        anchors=("splunk",),
        requirements=("ecr.scan.findings_threshold", "ecr.scan.on_push"),
        blind="Basic scanning only; with enhanced scanning, inspector-scan and inspector-image report them.",
    ),
    Detection(
        id="ecr-scan-failed",
        title="An image could not be scanned",
        severity=Severity.MEDIUM,
        default=False,
        why="An image that was not scanned may have any vulnerability.",
        first=(
            (
                "Read the reason: `aws ecr describe-image-scan-findings --repository-name NAME --image-id "
                "imageDigest=DIGEST`."
            ),
            "Move the image to a supported base image, or scan it in the pipeline.",
        ),
        expressions=(EventPattern(pattern={**_SCAN, "detail": {"scan-status": [{"anything-but": "COMPLETE"}]}}),),
        false_positives="Base images that the scanner does not support.",
        technique="",
        requirements=("ecr.scan.on_push",),
    ),
    Detection(
        id="inspector-image",
        title="Inspector found a critical or high vulnerability in an image",
        severity=Severity.HIGH,
        default=True,
        digest=True,
        why="The image would run with a known vulnerability.",
        first=(
            (
                "Read the digest by image. Start with running images that have exploitAvailable YES: `kubectl get pods "
                "-A -o jsonpath='{..imageID}'`."
            ),
            (
                "With fixAvailable YES, rebuild on a patched base image. Otherwise, decide with the owner whether it "
                "may run."
            ),
        ),
        expressions=(
            EventPattern(
                pattern={
                    "source": ["aws.inspector2"],
                    "detail-type": ["Inspector2 Finding"],
                    "detail": {
                        "severity": ["<finding_levels>"],
                        "status": ["ACTIVE"],
                        "resources": {"type": ["AWS_ECR_CONTAINER_IMAGE"]},
                    },
                }
            ),
        ),
        false_positives=(
            "One event per finding, and many for the first scan of an image; they are therefore in a digest."
        ),
        technique="T1195.002",
        requirements=("ecr.scan.enhanced", "ecr.scan.findings_threshold"),
    ),
    Detection(
        id="inspector-scan",
        title="Inspector found more vulnerabilities in a new image than are accepted",
        severity=Severity.HIGH,
        default=True,
        why="The image was just pushed: stopping it now is easier than replacing it later.",
        first=(
            (
                "See which: `aws ecr describe-image-scan-findings --repository-name NAME --image-id "
                "imageDigest=DIGEST`; the event has the digest, and the repository as an ARN."
            ),
            (
                "Stop its rollout, and rebuild it on a patched base image. If it is already running, follow the steps "
                "of inspector-image."
            ),
        ),
        expressions=(
            EventPattern(
                pattern={
                    "source": ["aws.inspector2"],
                    "detail-type": ["Inspector2 Scan"],
                    "detail": {"scan-status": ["INITIAL_SCAN_COMPLETE"], **_COUNTED},
                }
            ),
        ),
        false_positives="Images that are not meant to run.",
        technique="T1195.002",
        requirements=("ecr.scan.enhanced", "ecr.scan.findings_threshold"),
        blind="Only the first scan of an image is reported; later findings are in the digest of inspector-image.",
    ),
)
