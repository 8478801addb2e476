"""Auto Scaling groups as self-managed nodes: their images and roles, event rules and termination hooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hardened_eks._patterns import regex
from hardened_eks._records import dataclass
from hardened_eks.evidence import Unknown, policies
from hardened_eks.evidence.unknown import branches
from hardened_eks.evidence.views.event_patterns import mismatch, pattern_of
from hardened_eks.evidence.views.iam import attached_statements
from hardened_eks.evidence.views.launch import AUTO_SCALING, TEMPLATE, entries, prefix_of
from hardened_eks.evidence.views.launch_source import launch_settings
from hardened_eks.evidence.views.user_data import whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hardened_eks.evidence import Assembly, Resource

CLUSTER_TAG: Final = "kubernetes.io/cluster/"
PROFILE: Final = "AWS::IAM::InstanceProfile"
ROLE: Final = "AWS::IAM::Role"
_CLUSTER: Final = "AWS::EKS::Cluster"
_RULE: Final = "AWS::Events::Rule"
_HOOK: Final = "AWS::AutoScaling::LifecycleHook"
_TERMINATING: Final = "autoscaling:EC2_INSTANCE_TERMINATING"
_WAITS: Final = "EC2 Instance-terminate Lifecycle Action"
_COMPLETE: Final = "autoscaling:CompleteLifecycleAction"
_RUNNERS: Final = {"pods.eks.amazonaws.com", "lambda.amazonaws.com", "states.amazonaws.com", "ssm.amazonaws.com"}
_THIS: Final = "<this group>"
_BOTTLEROCKET: Final = regex(
    r"/aws/service/bottlerocket/aws-k8s-(\d+\.\d+)[a-z-]*/(arm64|x86_64)/", hints=("/bottlerocket/",)
)
_WINDOWS: Final = regex(
    r"/aws/service/ami-windows-latest/Windows_Server-[\w-]*-EKS_Optimized-(\d+\.\d+)", hints=("/ami-windows-latest/",)
)
_OPTIMIZED: Final = regex(
    r"/aws/service/eks/optimized-ami/(\d+\.\d+)/((?:amazon-linux|windows)[^/]*)(?:/(arm64|x86_64))?/",
    hints=("/eks/optimized-ami/",),
)
_PROFILE: Final = "LaunchTemplateData.IamInstanceProfile"
_JOIN: Final = ("/etc/eks/bootstrap.sh", "Start-EKSBootstrap.ps1", "node.eks.aws/", "settings.kubernetes")
"""Strings in the user data of nodes that join a cluster: AL2, Windows, AL2023, Bottlerocket."""


def cluster_name(group: Resource) -> str | None:
    """Return the cluster name in the tags of a group or an instance, or None."""
    keys = (str(tag.get("Key")) for _, tag in entries(group, "Tags") if isinstance(tag, dict))
    return next((key.rsplit("/", 1)[1] for key in keys if key.startswith(CLUSTER_TAG)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeImage:
    """An image that AWS builds for nodes, identified by the name of its Systems Manager parameter."""

    name: str
    """``bottlerocket``, ``amazon-linux-2023``, ``amazon-linux-2-arm64`` ..."""
    version: str
    """The Kubernetes version, for example ``1.36``."""
    architecture: str
    """``arm64`` or ``x86_64``."""

    @property
    def current(self) -> bool:
        """Whether AWS still builds the image, and it is a Linux image."""
        return self.name in {"bottlerocket", "amazon-linux-2023"}


def node_image(template: Resource) -> NodeImage | None:
    """Return the image of a launch template, or None if it is not built for nodes or known only by its ID."""
    return next(iter(node_images(template)), None)


def node_images(template: Resource) -> list[NodeImage]:
    """Return each image for nodes that launch settings may use, in all branches of their conditions."""
    found = []
    for image in branches(template.get(f"{prefix_of(template)}ImageId")):
        text = _parameter(image)
        if match := _BOTTLEROCKET.search(text):
            found.append(NodeImage(name="bottlerocket", version=match[1], architecture=match[2]))
        elif match := _WINDOWS.search(text):
            found.append(NodeImage(name="windows", version=match[1], architecture="x86_64"))
        elif match := _OPTIMIZED.search(text):
            architecture = match[3] or ("arm64" if match[2].endswith("arm64") else "x86_64")
            found.append(NodeImage(name=match[2], version=match[1], architecture=architecture))
    return found


def _parameter(image: Any) -> str:
    """Return an image as a string; for an image from Systems Manager, the name of the parameter."""
    written = image.expression if isinstance(image, Unknown) else None
    if isinstance(written, dict) and isinstance(written.get("Ref"), str):
        declared = image.template.section("Parameters").get(written["Ref"])
        if isinstance(declared, dict) and str(declared.get("Type")).startswith("AWS::SSM::Parameter::Value"):
            return str(declared.get("Default"))
    return str(image)


def profile_paths(settings: Resource) -> tuple[str, ...]:
    """Return the properties that may name the instance profile in a launch template or launch configuration."""
    return (f"{_PROFILE}.Arn", f"{_PROFILE}.Name") if settings.type == TEMPLATE else ("IamInstanceProfile",)


def role_of(template: Resource, assembly: Assembly) -> Resource | None:
    """Return the instance role of a launch template or launch configuration, if it is in the assembly."""
    for path in profile_paths(template):
        profile = assembly.target(template.get(path), PROFILE, near=template)
        if profile is not None:
            return next(iter(assembly.targets(profile.items("Roles"), ROLE, near=profile)), None)
    return None


def self_managed_roles(assembly: Assembly) -> frozenset[Resource]:
    """Return the roles of all self-managed nodes of an assembly that their launch templates show."""
    return assembly.once("auto_scaling.roles", lambda: frozenset(_roles(assembly)))


def _roles(assembly: Assembly) -> Iterator[Resource]:
    for group in assembly.of(AUTO_SCALING):
        template = launch_settings(group, assembly) if is_nodes(group, assembly) else None
        role = None if template is None else role_of(template, assembly)
        if role is not None:
            yield role


def is_nodes(group: Resource, assembly: Assembly) -> bool:
    """Return whether a group is known to contain cluster nodes: by its tags, or by the image or user data of nodes."""
    if cluster_name(group) is not None:
        return True
    settings = launch_settings(group, assembly)
    return settings is not None and (node_image(settings) is not None or _joins(settings))


def _joins(settings: Resource) -> bool:
    return any(word in text for text in whole(settings.get(f"{prefix_of(settings)}UserData")) for word in _JOIN)


def cluster_of(group: Resource, assembly: Assembly) -> Resource | None:
    """Return the cluster of the nodes in a group: the one in its tags, or the only cluster of the assembly."""
    clusters, name = assembly.of(_CLUSTER), cluster_name(group)
    for cluster in clusters:
        if name is not None and (cluster.text("Name") == name or f"${{{cluster.logical_id}}}" == name):
            return cluster
    return clusters[0] if name is None and len(clusters) == 1 else None


def listeners(group: Resource, detail_type: str, assembly: Assembly, **detail: Any) -> list[Resource]:
    """Return the EventBridge rules that forward an event of a group.

    Args:
        group: the Auto Scaling group.
        detail_type: the detail type of the event, for example ``EC2 Instance Launch Successful``.
        assembly: the assembly.
        **detail: additional fields of its detail.
    """
    known = {str(value): value for value in detail.values()}
    event = {
        "source": "aws.autoscaling",
        "detail-type": detail_type,
        "detail": {"AutoScalingGroupName": _THIS, **{name: str(value) for name, value in detail.items()}},
    }
    found = []
    for rule in assembly.of(_RULE):
        pattern = pattern_of(rule.get("EventPattern"))
        if pattern is None or rule.get("State") == "DISABLED" or not rule.items("Targets"):
            continue

        def same(value: Any, rule: Resource = rule) -> Any:
            if assembly.target(value, AUTO_SCALING, near=rule) is group:
                return _THIS
            if isinstance(value, str) and value == group.get("AutoScalingGroupName"):
                return _THIS
            return str(value) if str(value) in known else value

        if not mismatch(pattern, event, same):
            found.append(rule)
    return found


def drained(group: Resource, assembly: Assembly) -> bool:
    """Return whether a hook delays termination, and something in the assembly receives and may complete it."""
    return completable(assembly) and any(
        assembly.target(hook.get("NotificationTargetARN"), near=group) is not None
        or listeners(
            group,
            _WAITS,
            assembly,
            LifecycleHookName=hook.get("LifecycleHookName"),
            LifecycleTransition=_TERMINATING,
        )
        for hook in _hooks(group, assembly)
        if hook.get("LifecycleTransition") == _TERMINATING
    )


def completable(assembly: Assembly) -> bool:
    """Return whether a role of the assembly that a program can assume may complete lifecycle hooks."""
    return assembly.once("auto_scaling.completable", lambda: any(_completes(r, assembly) for r in assembly.of(ROLE)))


def _hooks(group: Resource, assembly: Assembly) -> Iterator[Any]:
    yield from (hook for _, hook in entries(group, "LifecycleHookSpecificationList") if isinstance(hook, dict))
    yield from assembly.pointing("AutoScalingGroupName", group, _HOOK)


def _completes(role: Resource, assembly: Assembly) -> bool:
    program = any(
        statement.allows and (value in _RUNNERS or (kind == "Federated" and "oidc" in value.lower()))
        for statement in policies.statements(role.get("AssumeRolePolicyDocument"))
        for kind, value in statement.principals
    )
    return program and any(
        statement.allows and not statement.unknown and statement.does(_COMPLETE)
        for _, _, statement in attached_statements(role, assembly)
    )
