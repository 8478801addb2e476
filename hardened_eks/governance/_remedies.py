"""Remediations that a person may start from a finding: automations of Systems Manager, and their role.

Only findings that can be fixed without further knowledge are included: a public endpoint, missing logs, a key that is
not rotated, an account that does not encrypt volumes. Other findings need a decision, or a change of the template.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any, Final

from hardened_eks._records import dataclass
from hardened_eks.conformance import Remedy
from hardened_eks.data.log_types import CONTROL_PLANE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_OF: Final = "^(arn:aws[a-z-]*:{}:[a-z0-9-]+:[0-9]{{12}}:{}/)?"
_CLUSTER: Final = {
    "Cluster": {"type": "String", "allowedPattern": _OF.format("eks", "cluster") + "[0-9A-Za-z][A-Za-z0-9_-]{0,99}$"}
}
_KEY: Final = {"KeyId": {"type": "String", "allowedPattern": _OF.format("kms", "key") + "[a-z0-9-]{36}$"}}
_WAIT_SECONDS: Final = 3600
_APPROVAL_SECONDS: Final = 24 * 3600
# By default, Systems Manager waits a week, and a pack with a running remediation can be neither changed nor deleted.
# https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-approve.html


@dataclass(frozen=True, slots=True, kw_only=True)
class Automation:
    """One remediation: the rule, the document and the permissions of its role."""

    remedy: Remedy
    what: str
    """Description for people."""
    service: str
    """Service of the call that makes the change, with the name of the SDK for Python."""
    api: str
    inputs: Mapping[str, Any]
    """Parameters of the call."""
    statements: tuple[Mapping[str, Any], ...]
    """Permissions of the role. ``Resource`` is the part of an ARN after the account, or ``*``."""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    """Parameters of the document, in addition to the role."""
    update: bool = False
    """Whether it is an update of a cluster, which takes minutes and may fail."""

    def document(self, approvers: Sequence[str]) -> dict[str, Any]:
        """Return the document.

        Args:
            approvers: ARNs of principals that must approve the change. Empty: no approval is required.
        """
        steps: list[dict[str, Any]] = []
        if approvers:
            asked = f"{self.what}: {{{{ {self.remedy.parameter} }}}}" if self.remedy.parameter else self.what
            inputs = {"Message": asked, "MinRequiredApprovals": 1, "Approvers": list(approvers)}
            approve = {"name": "Approve", "action": "aws:approve", "timeoutSeconds": _APPROVAL_SECONDS}
            steps.append({**approve, "onFailure": "Abort", "inputs": inputs})
        change: dict[str, Any] = {
            "name": "Change",
            "action": "aws:executeAwsApi",
            "inputs": {"Service": self.service, "Api": self.api, **self.inputs},
        }
        if self.update:
            change["outputs"] = [{"Name": "UpdateId", "Selector": "$.update.id", "Type": "String"}]
        steps += [_NAME, change, _WAIT] if self.update else [change]
        return {
            "schemaVersion": "0.3",
            "description": f"{self.what}. A person starts it from a finding of AWS Config.",
            "assumeRole": "{{ AutomationAssumeRole }}",
            "parameters": {"AutomationAssumeRole": {"type": "AWS::IAM::Role::Arn"}, **self.parameters},
            "mainSteps": steps,
        }


SCRIPT: Final = """def name(events, context):
    return {"Name": events["Cluster"].rpartition("/")[2]}
"""
_NAME: Final[dict[str, Any]] = {
    # A finding contains the name of the cluster or its ARN, and EKS accepts only the name.
    "name": "Cluster",
    "action": "aws:executeScript",
    "inputs": {
        "Runtime": "python3.11",
        "Handler": "name",
        "InputPayload": {"Cluster": "{{ Cluster }}"},
        "Script": SCRIPT,
    },
    "outputs": [{"Name": "Name", "Selector": "$.Payload.Name", "Type": "String"}],
}
_WAIT: Final[dict[str, Any]] = {
    "name": "Wait",
    "action": "aws:waitForAwsResourceProperty",
    "timeoutSeconds": _WAIT_SECONDS,
    "isEnd": True,
    "inputs": {
        "Service": "eks",
        "Api": "DescribeUpdate",
        "name": "{{ Cluster.Name }}",
        "updateId": "{{ Change.UpdateId }}",
        "PropertySelector": "$.update.status",
        "DesiredValues": ["Successful"],
    },
}
_WATCH: Final = {"Action": "eks:DescribeUpdate", "Resource": "eks:cluster/*"}


def _update(condition: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"Action": "eks:UpdateClusterConfig", "Resource": "eks:cluster/*", "Condition": {"Bool": condition}}


AUTOMATIONS: Final[Mapping[str, Automation]] = {
    "close-endpoint": Automation(
        remedy=Remedy(
            name="CloseEndpoint",
            identifier="EKS_ENDPOINT_NO_PUBLIC_ACCESS",
            type="AWS::EKS::Cluster",
            parameter="Cluster",
        ),
        what="Close the public endpoint of a cluster, and open the private one",
        service="eks",
        api="UpdateClusterConfig",
        inputs={
            "name": "{{ Cluster.Name }}",
            "resourcesVpcConfig": {"endpointPublicAccess": False, "endpointPrivateAccess": True},
        },
        statements=(_update({"eks:endpointPublicAccess": "false", "eks:endpointPrivateAccess": "true"}), _WATCH),
        parameters=_CLUSTER,
        update=True,
    ),
    "log-control-plane": Automation(
        remedy=Remedy(
            name="LogControlPlane",
            identifier="EKS_CLUSTER_LOGGING_ENABLED",
            type="AWS::EKS::Cluster",
            parameter="Cluster",
        ),
        what="Switch all log types of a cluster's control plane on",
        service="eks",
        api="UpdateClusterConfig",
        inputs={
            "name": "{{ Cluster.Name }}",
            "logging": {"clusterLogging": [{"types": list(CONTROL_PLANE), "enabled": True}]},
        },
        statements=(_update({f"eks:loggingType/{one}": "true" for one in CONTROL_PLANE}), _WATCH),
        parameters=_CLUSTER,
        update=True,
    ),
    "rotate-key": Automation(
        remedy=Remedy(
            name="RotateKey",
            identifier="CMK_BACKING_KEY_ROTATION_ENABLED",
            type="AWS::KMS::Key",
            parameter="KeyId",
        ),
        what="Rotate a key every year",
        service="kms",
        api="EnableKeyRotation",
        inputs={"KeyId": "{{ KeyId }}"},
        statements=({"Action": "kms:EnableKeyRotation", "Resource": "kms:key/*"},),
        parameters=_KEY,
    ),
    "encrypt-volumes": Automation(
        remedy=Remedy(name="EncryptVolumes", identifier="EC2_EBS_ENCRYPTION_BY_DEFAULT"),
        what="Encrypt new volumes of the account in this Region",
        service="ec2",
        api="EnableEbsEncryptionByDefault",
        inputs={},
        statements=({"Action": "ec2:EnableEbsEncryptionByDefault", "Resource": "*"},),
    ),
}
"""The entries by the name that users pass."""
