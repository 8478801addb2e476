"""What the cases of the kubernetes area are made of: objects as a manifest has them."""

import copy

from hardened_eks.baseline import Settings
from hardened_eks.baseline.policies.model import Policy
from hardened_eks.evidence.objects import type_of
from tests.baseline.objects import container, good
from tests.controls.cases import template

DEPLOYMENT = "Kubernetes::apps::Deployment"
POD = "spec.template.spec"
MAIN = f"{POD}.containers.0"
PREPARE = f"{POD}.initContainers.0"
DEBUGGER = f"{POD}.ephemeralContainers.0"


def thing(api, kind, name="it", namespace="payments", **body):
    """One object as a template of one resource."""
    metadata = {"name": name, **({"namespace": namespace} if namespace else {}), **body.pop("metadata", {})}
    item = {"apiVersion": api, "kind": kind, "metadata": metadata, **body}
    return template({"It": (type_of(item), item)})


def workload(**pod):
    """A Deployment of the good pod with some of its fields changed."""
    spec = {**copy.deepcopy(good()), **pod}
    spec["containers"] = [*spec["containers"], container("second")]
    return thing("apps/v1", "Deployment", spec={"template": {"spec": spec}})


def pod(**fields):
    return thing("v1", "Pod", spec={**copy.deepcopy(good()), **fields})


def cron_job(**fields):
    spec = {**copy.deepcopy(good()), **fields}
    return thing("batch/v1", "CronJob", spec={"jobTemplate": {"spec": {"template": {"spec": spec}}}})


GOOD = workload()


def in_namespace(body, namespace):
    """The objects of a template in another namespace."""
    changed = copy.deepcopy(body)
    for resource in changed["Resources"].values():
        resource["Properties"]["metadata"]["namespace"] = namespace
    return changed


def judged_by(policy: Policy, body, **settings):
    """The objects of a template beside the policy as a team renders it."""
    chosen = Settings(**settings)
    item = policy.render(chosen)
    return {"Resources": {**copy.deepcopy(body)["Resources"], "Policy": {"Type": type_of(item), "Properties": item}}}


def everywhere(policy, bad, **settings):
    """What every policy over pods lets pass: system namespaces, and privileged ones that the team lists."""
    return {
        "system namespace": in_namespace(bad, "kube-system"),
        "privileged namespace of the team": judged_by(
            policy, in_namespace(bad, "agents"), privileged_namespaces=["agents"], **settings
        ),
    }


NODE_CLASS = "Kubernetes::karpenter.k8s.aws::EC2NodeClass"
NODE_POOL = "Kubernetes::karpenter.sh::NodePool"
REQUIREMENTS = "spec.template.spec.requirements"


def volume(device, **ebs):
    settings = {"encrypted": True, "kmsKeyID": "arn:aws:kms:eu-west-1:123456789012:key/1", "volumeSize": "20Gi", **ebs}
    return {"deviceName": device, "ebs": {key: value for key, value in settings.items() if value is not None}}


def node_class(**spec):
    """An EC2NodeClass that passes, with some of its spec changed."""
    good = {
        "amiSelectorTerms": [{"alias": "bottlerocket@v1.60.1"}],
        "associatePublicIPAddress": False,
        "blockDeviceMappings": [volume("/dev/xvda"), volume("/dev/xvdb")],
        "instanceProfile": "payments-nodes",
        "metadataOptions": {"httpTokens": "required", "httpPutResponseHopLimit": 1},
    }
    found = {key: value for key, value in {**good, **spec}.items() if value is not None}
    return thing("karpenter.k8s.aws/v1", "EC2NodeClass", namespace=None, spec=found)


def needs(**values):
    """Requirements of a NodePool by the last part of their label: ``needs(instance_family=["m7g"])``."""
    return [
        {"key": f"karpenter.k8s.aws/{name.replace('_', '-')}", "operator": "In", "values": value}
        for name, value in values.items()
    ]


def node_pool(requirements, **spec):
    body = {"expireAfter": "336h", "requirements": requirements, **spec}
    return thing("karpenter.sh/v1", "NodePool", namespace=None, spec={"template": {"spec": body}})
