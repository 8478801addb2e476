"""Effects of a template that no file shows: macros, modules, foreign types and external templates."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from hardened_eks._patterns import regex
from hardened_eks.evidence import objects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hardened_eks.evidence import Resource, Template

_APPLIED: Final = "AWS::LanguageExtensions"
_TRANSFORM: Final = "Fn::Transform"
_CDK: Final = "Custom::AWSCDK-EKS-"
_BY_CDK: Final = {
    "KubernetesResource": "the Kubernetes manifest is not evaluated: its content is not known",
    "KubernetesPatch": "the patch of a Kubernetes object is not evaluated",
    "HelmChart": "the objects that the Helm chart installs are not evaluated",
}
_TEMPLATES: Final = {
    "AWS::Serverless::Application": "the application that it includes is not among the files",
    "AWS::ServiceCatalog::CloudFormationProvisionedProduct": "the product that it provisions is not among the files",
}
"""The types that deploy a whole template, like a nested stack."""
_BY_TYPE: Final = {**_TEMPLATES, "AWS::CloudFormation::Macro": "the output of the macro is not evaluated"}
_ADDS_NODES: Final = {
    "AWS::Batch::ComputeEnvironment": "EksConfiguration",
    "AWS::SageMaker::Cluster": "Orchestrator.Eks",
}
"""The types that may add nodes to a cluster -> the property that names the cluster."""
_EKS_TYPES: Final = frozenset(
    f"AWS::EKS::{name}"
    for name in (
        "AccessEntry", "Addon", "Capability", "CertificateAuthority", "Cluster", "FargateProfile",
        "IdentityProviderConfig", "Nodegroup", "PodIdentityAssociation",
    )
)  # fmt: skip
_CONTROLLERS: Final = (
    "eksctl.io", "eks.services.k8s.aws", "eks.aws.crossplane.io", "eks.aws.upbound.io", "eks.aws.m.upbound.io",
)  # fmt: skip
"""The API groups of eksctl, ACK and Crossplane, whose objects create EKS resources."""
_CLUSTER_API: Final = regex(
    r"(?:controlplane|infrastructure)\.cluster\.x-k8s\.io::AWS(?:Managed(?:ControlPlane|Cluster|MachinePool)|FargateProfile)"
    r"(?:Template)?",
    hints=("cluster.x-k8s.io",),
)
_INSTALLERS: Final = frozenset({
    "argoproj.io::Application", "argoproj.io::ApplicationSet", "helm.cattle.io::HelmChart",
    "helm.toolkit.fluxcd.io::HelmRelease", "kustomize.toolkit.fluxcd.io::Kustomization",
})  # fmt: skip
"""The groups and kinds of Argo CD, Flux and the Helm controller that install other objects."""
_EKS: Final = regex(r"(?i)(?<![a-z0-9])eks(?![a-z0-9])|Eks(?=[A-Z])|EKS(?=[A-Z][a-z])", hints=("eks",))
_KUBERNETES: Final = regex(
    r"(?i:kubernetes|kubectl|k8s)|(?:Kube|Helm)(?![a-z])|(?<![A-Za-z])(?:kube|helm)(?![a-z])",
    hints=("kube", "k8s", "helm"),
)
"""Words in the names of third-party and custom types that create objects in a cluster."""
_MAX_DEPTH: Final = 300


def notes_of(template: Template, *, has_transforms: bool = True) -> Iterator[str]:
    """Yield a sentence for each unseen part of a template.

    Args:
        template: the template.
        has_transforms: whether to search for ``Fn::Transform``. Default: true; false if the text does not contain the
            word.
    """
    transforms = template.body.get("Transform")
    for name in transforms if isinstance(transforms, list) else [transforms]:
        if name is not None and name != _APPLIED:
            yield f"{template.path}: the transform {_shown(name)} is not applied, so its additions are not evaluated"
    for resource in template.resources.values():
        why = _made_elsewhere(resource)
        if why:
            yield f"{resource.id} ({resource.written_type}): {why}"
    if has_transforms:
        for path, call in _transforms(template.body):
            name = call.get("Name") if isinstance(call, dict) else call
            location = call.get("Parameters") if isinstance(call, dict) else None
            where = location.get("Location") if isinstance(location, dict) else None
            of = f" of {where}" if isinstance(where, str) else ""
            yield (
                f"{template.name}/{'/'.join(path)}: the transform {_shown(name)}{of} is not applied, "
                "so its additions are not evaluated"
            )


def hides_eks(template: Template) -> bool:
    """Return whether a resource of the template creates, or may create, whole clusters that are not seen."""
    types = {resource.written_type for resource in template.resources.values()}
    return any(type_ in _TEMPLATES or _others(type_) for type_ in types)


def _others(type_: str) -> str:
    if type_.endswith("::MODULE"):
        return "the content of the module is not among the files"
    if type_.startswith("AWS::EKS::") and type_ not in _EKS_TYPES:
        meant = next((f"; did you mean {one}?" for one in sorted(_EKS_TYPES) if one.lower() == type_.lower()), "")
        return f"this release knows no such type, so the resource is not evaluated{meant}"
    if type_.startswith(objects.PREFIX) and _creates_eks(type_.removeprefix(objects.PREFIX)):
        return "the EKS resources that it creates are not evaluated; check the account with `hardened-eks audit`"
    if not type_.startswith(("AWS::", _CDK, objects.PREFIX)) and _EKS.search(type_):
        return "the type is not an AWS type, so the EKS resources it creates are not evaluated"
    return ""


def _creates_eks(type_: str) -> bool:
    """Return whether a Kubernetes object of this group and kind tells a controller to create EKS resources."""
    return type_.partition("::")[0] in _CONTROLLERS or _CLUSTER_API.fullmatch(type_) is not None


def _made_elsewhere(resource: Resource) -> str:
    """Return why the EKS resources that a resource creates are not evaluated; empty if there are none."""
    type_ = resource.written_type
    if type_ == objects.MANIFEST:
        return _BY_CDK["KubernetesResource"] if resource.logical_id in resource.template.unread else ""
    if type_.startswith(_CDK):
        return _BY_CDK.get(type_.removeprefix(_CDK), "")
    if type_.removeprefix(objects.PREFIX) in _INSTALLERS:
        return "the objects that it installs are not evaluated; check the output of `helm template`, or its manifests"
    if type_.startswith(objects.PREFIX) and type_ not in objects.POD_SPECS and _has_pods(resource.properties):
        return "no control knows the kind, so the containers in it are not evaluated"
    if _adds_nodes(resource):
        return "the nodes that it adds to a cluster are not evaluated"
    return _others(type_) or _BY_TYPE.get(type_, "") or _in_cluster(type_)


def _adds_nodes(resource: Resource) -> bool:
    path = _ADDS_NODES.get(resource.written_type)
    return path is not None and resource.get(path) is not None


def _in_cluster(type_: str) -> str:
    """Return why the Kubernetes objects of a third-party or custom type are not seen; empty if it creates none."""
    known = type_.startswith(("AWS::", objects.PREFIX)) or type_.endswith("::Get")
    return "" if known or not _KUBERNETES.search(type_) else "the Kubernetes objects that it creates are not evaluated"


def _has_pods(value: Any, depth: int = 0) -> bool:
    """Return whether an object contains a list of containers with images."""
    if depth > _MAX_DEPTH or not isinstance(value, dict | list):
        return False
    if isinstance(value, list):
        return any(_has_pods(one, depth + 1) for one in value)
    containers = value.get("containers")
    if isinstance(containers, list) and any(isinstance(one, dict) and "image" in one for one in containers):
        return True
    return any(_has_pods(one, depth + 1) for one in value.values())


def _transforms(body: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield the paths of ``Fn::Transform`` in a template, and the macros they call."""
    waiting: list[tuple[tuple[str, ...], Any]] = [((), body)]
    while waiting:
        path, value = waiting.pop()
        if len(path) > _MAX_DEPTH:
            continue
        if isinstance(value, dict):
            if _TRANSFORM in value:
                yield path, value[_TRANSFORM]
            waiting += [((*path, str(key)), item) for key, item in reversed(value.items()) if key != _TRANSFORM]
        elif isinstance(value, list):
            waiting += [((*path, str(index)), item) for index, item in enumerate(value)]


def _shown(name: Any) -> str:
    return name if isinstance(name, str) else json.dumps(name, default=str)[:80]
