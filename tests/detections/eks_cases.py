"""Calls of the EKS API."""

from typing import Any

from tests.detections.cases import BUS, Table, calls
from tests.detections.events import (
    CLUSTER,
    DIRECT,
    EKS_SERVICE,
    FOREIGN,
    GUARDDUTY_SERVICE,
    NODEGROUP_SERVICE,
    PERSON,
    ROOT,
    STRANGERS,
    TRUSTED,
    USER,
    USER_STACK,
    Event,
    call,
    denied,
    made_by,
)

ALL = ["api", "audit", "authenticator", "controllerManager", "scheduler"]
PRINCIPAL = "arn%3Aaws%3Aiam%3A%3A444455556666%3Arole%2Fdeveloper"
POLICY = "arn:aws:eks::aws:cluster-access-policy/"


def eks(name: str, by: Event = PERSON, /, cluster: str = CLUSTER, **parameters: Any) -> Event:
    return call("eks", name, {"name": cluster, **parameters}, by=by)


def update(by: Event = PERSON, /, **parameters: Any) -> Event:
    return eks("UpdateClusterConfig", by, clientRequestToken="3f1c", **parameters)


def vpc(by: Event = PERSON, /, **settings: Any) -> Event:
    return update(by, resourcesVpcConfig={"endpointPrivateAccess": True, **settings})


def create(by: Event = PERSON, /, **vpc_config: Any) -> Event:
    return eks(
        "CreateCluster",
        by,
        version="1.36",
        roleArn="arn:aws:iam::444455556666:role/ledger-cluster",
        resourcesVpcConfig={"subnetIds": ["subnet-0a", "subnet-0b"], **vpc_config},
        accessConfig={"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": False},
    )


def logging(*setups: Event, by: Event = PERSON) -> Event:
    return update(by, logging={"clusterLogging": list(setups)})


def grant(policy: str, by: Event = PERSON) -> Event:
    return eks(
        "AssociateAccessPolicy",
        by,
        principalArn=PRINCIPAL,
        policyArn=policy,
        accessScope={"type": "cluster", "namespaces": []},
    )


def entry(name: str, by: Event = PERSON, groups: list[str] | None = None) -> Event:
    return eks(name, by, principalArn=PRINCIPAL, kubernetesGroups=groups or [], type="STANDARD")


READ = call("eks", "DescribeCluster", {"name": CLUSTER}, readOnly=True)
TAG = call(
    "eks",
    "TagResource",
    {"resourceArn": f"arn:aws:eks:eu-central-1:444455556666:cluster/{CLUSTER}", "tags": {"owner": "payments"}},
)
ADDON = eks("DeleteAddon", addonName="coredns", preserve=False)
OBJECT = {"name": CLUSTER, "kind": "Deployment", "namespace": "shop", "objectName": "cart"}
DENIED = denied(eks("DeleteCluster"))
DENIED["detail"]["requestParameters"] = None
UNAUTHORIZED = [
    call("eks", "CreateAddon", None, errorCode=code, errorMessage="no")
    for code in ("AccessDeniedException", "UnauthorizedException", "Client.UnauthorizedOperation")
]
THROTTLED = call("eks", "CreateAddon", None, errorCode="ThrottlingException", errorMessage="slow down")
MUTE = call("eks", "DescribeNodegroup", {"name": CLUSTER}, readOnly=True, errorCode="AccessDenied")


def group(name: str, by: Event = PERSON, /, **parameters: Any) -> Event:
    return eks(name, by, nodegroupName="general", **parameters)


EKS: Table = {
    ("eks-changed", BUS): calls(
        [*(made_by(TAG, by) for by in STRANGERS), made_by(TAG, TRUSTED), made_by(ADDON, EKS_SERVICE), call("eks", "FutureCall", {"name": CLUSTER}),
         call("eks", "createKubernetesObject", OBJECT)],
        [READ], trust=False),
    ("eks-changed-by-hand", BUS): calls(
        [TAG, ADDON, entry("CreateAccessEntry", FOREIGN)],
        [READ, made_by(ADDON, GUARDDUTY_SERVICE), made_by(ADDON, EKS_SERVICE), made_by(ADDON, NODEGROUP_SERVICE)]),
    ("eks-changed-by-root", BUS): calls(
        [made_by(TAG, ROOT), made_by(ADDON, ROOT), made_by(TAG, {**ROOT, "invokedBy": "cloudformation.amazonaws.com"})],
        [TAG, made_by(TAG, USER), made_by(READ, ROOT), made_by(TAG, TRUSTED)], trust=False),
    ("eks-changed-by-iam-user", BUS): calls(
        [made_by(TAG, USER), made_by(ADDON, USER), made_by(TAG, USER_STACK)],
        [TAG, made_by(TAG, ROOT), made_by(READ, USER), made_by(TAG, FOREIGN)], trust=False),
    ("eks-change-denied", BUS): calls(
        [DENIED, *UNAUTHORIZED], [THROTTLED, TAG, MUTE], denials=True),
    ("eks-object-written-by-service", BUS): calls(
        [call("eks", name, OBJECT, by=by) for name, by in (
            ("createKubernetesObject", PERSON), ("updateKubernetesObject", FOREIGN), ("DeleteKubernetesObject", USER))],
        [ADDON, call("eks", "describeKubernetesObject", OBJECT, readOnly=True)]),
    ("eks-endpoint-public", BUS): calls(
        [vpc(endpointPublicAccess=True), create(endpointPublicAccess=True),
         create(FOREIGN, endpointPrivateAccess=True)],
        [vpc(endpointPublicAccess=False), vpc(publicAccessCidrs=["198.51.100.0/24"]),
         create(endpointPublicAccess=False, endpointPrivateAccess=True), logging({"types": ALL, "enabled": True}),
         eks("RegisterCluster", resourcesVpcConfig={"endpointPublicAccess": True})]),
    ("eks-endpoint-anywhere", BUS): calls(
        [vpc(publicAccessCidrs=["0.0.0.0/0"]), vpc(FOREIGN, publicAccessCidrs=["198.51.100.0/24", "::/0"]),
         vpc(endpointPublicAccess=True, publicAccessCidrs=["0.0.0.0/0"]),
         create(endpointPublicAccess=True, publicAccessCidrs=["0.0.0.0/0"])],
        [vpc(publicAccessCidrs=["198.51.100.0/24"]), vpc(endpointPublicAccess=False, publicAccessCidrs=["0.0.0.0/0"]),
         eks("RegisterCluster", resourcesVpcConfig={"publicAccessCidrs": ["0.0.0.0/0"]})]),
    ("eks-logging-disabled", BUS): calls(
        [logging({"types": [kind], "enabled": False}) for kind in ALL]
        + [logging({"types": ALL, "enabled": False}, by=FOREIGN),
           logging({"types": ["api"], "enabled": True}, {"types": ["audit"], "enabled": False})],
        [logging({"types": ALL, "enabled": True}, {"types": [], "enabled": False}), logging({"types": ALL, "enabled": True}),
         logging({"types": ALL, "enabled": True}, {"enabled": False}),
         eks("CreateCluster", logging={"clusterLogging": [{"types": ["audit"], "enabled": False}]})]),
    ("eks-cluster-deleted", BUS): calls(
        [eks("DeleteCluster"), eks("DeregisterCluster")],
        [eks("DeleteNodegroup", nodegroupName="general"), READ]),
    ("eks-deletion-protection-off", BUS): calls(
        [update(deletionProtection=False), update(USER, deletionProtection=False)],
        [update(deletionProtection=True), vpc(endpointPublicAccess=False),
         eks("CreateCluster", deletionProtection=False)]),
    ("eks-cluster-created", BUS): calls(
        [create(endpointPublicAccess=False), eks("RegisterCluster", FOREIGN, connectorConfig={"provider": "OTHER"})],
        [eks("CreateNodegroup", nodegroupName="general"), READ]),
    ("eks-version-changed", BUS): calls(
        [eks("UpdateClusterVersion", version="1.37"), eks("CancelUpdate", FOREIGN, updateId="u-1")],
        [eks("UpdateNodegroupVersion", nodegroupName="general"), READ]),
    ("eks-capability-or-ca-changed", BUS): calls(
        [eks(name, capabilityName="argocd") for name in ("CreateCapability", "UpdateCapability", "DeleteCapability")]
        + [eks(name, FOREIGN, certificateAuthorityId="ca-1") for name in (
            "CreateCertificateAuthority", "ActivateCertificateAuthority", "DeleteCertificateAuthority")],
        [call("eks", "DescribeCapability", {"name": CLUSTER}, readOnly=True), ADDON]),
    ("eks-admin-granted", BUS): calls(
        [grant(POLICY + "AmazonEKSClusterAdminPolicy"), grant(POLICY + "AmazonEKSAdminPolicy"),
         grant("arn%3Aaws%3Aeks%3A%3Aaws%3Acluster-access-policy%2FAmazonEKSClusterAdminPolicy"),
         grant("arn%3Aaws%3Aeks%3A%3Aaws%3Acluster-access-policy%2FAmazonEKSAdminPolicy")],
        [grant(POLICY + "AmazonEKSViewPolicy"), grant(POLICY + "AmazonEKSEditPolicy"),
         eks("DisassociateAccessPolicy", principalArn=PRINCIPAL, policyArn=POLICY + "AmazonEKSClusterAdminPolicy")]),
    ("eks-masters-entry", BUS): calls(
        [entry("CreateAccessEntry", PERSON, ["viewers", "system:masters"]),
         entry("UpdateAccessEntry", FOREIGN, ["eks:kube-proxy-windows"])],
        [entry("CreateAccessEntry", PERSON, ["viewers"]), entry("UpdateAccessEntry", PERSON, ["team:eks:admins"]),
         entry("DeleteAccessEntry", PERSON, ["system:masters"])]),
    ("eks-access-entry-changed", BUS): calls(
        [entry("CreateAccessEntry"), entry("UpdateAccessEntry"), entry("DeleteAccessEntry", FOREIGN),
         grant(POLICY + "AmazonEKSViewPolicy"), eks("DisassociateAccessPolicy", principalArn=PRINCIPAL)],
        [made_by(entry("CreateAccessEntry"), EKS_SERVICE), made_by(entry("CreateAccessEntry"), NODEGROUP_SERVICE),
         eks("CreateNodegroup", nodegroupName="general"), READ]),
    ("eks-auth-mode-changed", BUS): calls(
        [update(accessConfig={"authenticationMode": "API_AND_CONFIG_MAP"}),
         update(FOREIGN, accessConfig={"authenticationMode": "API"})],
        [vpc(endpointPublicAccess=False), create(endpointPublicAccess=False)]),
    ("eks-idp-changed", BUS): calls(
        [eks("AssociateIdentityProviderConfig", oidc={"issuerUrl": "https://login.example.com"}),
         eks("DisassociateIdentityProviderConfig", FOREIGN, identityProviderConfig={"type": "oidc", "name": "corp"})],
        [call("eks", "DescribeIdentityProviderConfig", {"name": CLUSTER}, readOnly=True), ADDON]),
    ("eks-pod-identity-changed", BUS): calls(
        [eks(name, by, namespace="shop", serviceAccount="cart") for name, by in (
            ("CreatePodIdentityAssociation", PERSON), ("UpdatePodIdentityAssociation", FOREIGN),
            ("DeletePodIdentityAssociation", USER))],
        [eks("CreatePodIdentityAssociation", EKS_SERVICE, namespace="kube-system"),
         eks("CreatePodIdentityAssociation", NODEGROUP_SERVICE, namespace="kube-system"), ADDON]),
    ("eks-addon-removed", BUS): calls(
        [eks("DeleteAddon", by, addonName=name) for name, by in (
            ("aws-guardduty-agent", PERSON), ("vpc-cni", FOREIGN), ("eks-pod-identity-agent", USER),
            ("amazon-cloudwatch-observability", DIRECT), ("kube-proxy", ROOT), ("coredns", PERSON))],
        [eks("DeleteAddon", addonName="aws-efs-csi-driver"), eks("CreateAddon", addonName="vpc-cni")]),
    ("eks-addon-changed", BUS): calls(
        [eks("CreateAddon", addonName="vpc-cni"), eks("UpdateAddon", TRUSTED, addonName="vpc-cni")],
        [ADDON, READ], trust=False),
    ("eks-nodegroup-changed", BUS): calls(
        [group("CreateNodegroup"), group("UpdateNodegroupConfig", TRUSTED), group("UpdateNodegroupVersion"),
         group("DeleteNodegroup", FOREIGN)],
        [ADDON, READ], trust=False),
    ("eks-nodegroup-ssh", BUS): calls(
        [group("CreateNodegroup", remoteAccess={"ec2SshKey": "team-key"}),
         group("CreateNodegroup", FOREIGN, remoteAccess={"ec2SshKey": "team-key", "sourceSecurityGroups": ["sg-1"]})],
        [group("CreateNodegroup"), group("UpdateNodegroupConfig", remoteAccess={"ec2SshKey": "team-key"})]),
}  # fmt: skip
