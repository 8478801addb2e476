"""No false alarms: real templates get exactly the findings they deserve, each with the reason why.

The peers' clusters stand in two stacks. aws_eks (v1) makes its cluster with a custom resource, so no control on
AWS::EKS::Cluster judges it; what surrounds it is judged.
"""

from pathlib import Path

import pytest

from hardened_eks.controls import CATALOGUE
from hardened_eks.judging.evaluation import evaluate
from hardened_eks.sources import load
from tests.controls.false_alarms import peers

HERE = Path(__file__).parent / "false_alarms"
UNTAGGED = "nobody's tag is on it: Name and kubernetes.io/ tags name no owner"
HIDDEN = "a parameter decides, so the template proves nothing"
NO_LOG = "nothing in the template records its traffic"
NO_QUERY_LOG = "nothing in the template records the names that it looks up"
NO_DNS_FIREWALL = "it is isolated, and every public name is resolved all the same"
UNPROTECTED = "deletion protection is off by default: one call deletes the log"
DEFAULT_GROUP = "CloudFormation leaves its default group as EC2 makes it: open among its members, and outwards"
TO_INTERNET = "it is the way in and out, to be accepted by whoever wants NAT gateways or public load balancers"
ALL_OUT = "without a rule EC2 adds one that lets everything out"
IMDS = "IMDSv1 is left on, or may be by a parameter"
HOPS = "two hops let every pod reach the node's credentials"
PLAIN_DISK = "it says nothing of encryption, so the account's default decides"
CNI_ON_NODES = "AmazonEKS_CNI_Policy on the nodes lets every pod rewire network interfaces"
OPEN_ENDPOINT = "the default policy carries data to any account with anybody's credentials"
OTHER_SIDE = "the account's principals may carry data into what anybody has opened to them: no word of the resources"
FRAMEWORK = "a function of the CDK's provider framework, which offers no property for it"
NO_LAUNCHER = "the key of the volumes has the CDK's default policy, which does not admit Auto Scaling"
GRANT = "a grant of the CDK is an AWS::IAM::Policy, which is inline: waive it by construct"

EKS_PROVIDER = "@aws-cdk--aws-eks.ClusterResourceProvider"
PROVIDER = f"{EKS_PROVIDER}/Provider"
KUBECTL = "@aws-cdk--aws-eks.KubectlProvider"
DEFAULT_SG = "Custom::VpcRestrictDefaultSGCustomResourceProvider"
FUNCTIONS = (
    f"{EKS_PROVIDER}/IsCompleteHandler", f"{EKS_PROVIDER}/OnEventHandler", f"{PROVIDER}/framework-isComplete",
    f"{PROVIDER}/framework-onEvent", f"{PROVIDER}/framework-onTimeout", f"{KUBECTL}/Handler",
    f"{KUBECTL}/Provider/framework-onEvent",
)  # fmt: skip

DESERVED: dict[str, list[tuple[str, tuple[str, ...], str]]] = {
    "hardened_by_hand.yaml": [],
    "vpc_private_subnets.yaml": [
        ("CF-07", ("VPC", "PublicSubnet01", "PublicSubnet02", "PrivateSubnet01", "PrivateSubnet02"), UNTAGGED),
        ("NW-01", ("VPC",), NO_LOG),
        ("NW-02", ("VPC",), DEFAULT_GROUP),
        ("NW-03", ("PublicSubnet01", "PublicSubnet02"), "MapPublicIpOnLaunch is true"),
        ("NW-04", ("PublicRoute",), TO_INTERNET),
        ("SG-06", ("ControlPlaneSecurityGroup",), ALL_OUT),
    ],
    "vpc_fully_private.yaml": [
        ("CF-07", ("VPC", "PrivateSubnet01", "PrivateSubnet02", "PrivateSubnet03"), UNTAGGED),
        ("IM-09", ("ECRAPIEndpoint", "ECRDockerEndpoint"), "anybody inside may push images to any registry"),
        ("NW-01", ("VPC",), NO_LOG),
        ("NW-02", ("VPC",), DEFAULT_GROUP),
        ("NW-16", ("S3APIEndpoint", "ECRAPIEndpoint", "ECRDockerEndpoint", "EC2Endpoint", "CWLogsEndpoint",
                   "STSEndpoint"), OPEN_ENDPOINT),
        ("SG-06", ("EndpointSecurityGroup",), ALL_OUT),
        ("SG-07", ("EndpointSecurityGroup",), "its ingress rule has no description"),
    ],
    "nodegroup_self_managed.yaml": [
        ("CF-07", ("NodeInstanceRole",), UNTAGGED),
        ("ND-02", ("NodeGroup",), "an Auto Scaling group tagged as the cluster's: self-managed nodes"),
        ("ND-03", ("NodeLaunchTemplate",), IMDS),
        ("ND-04", ("NodeLaunchTemplate",), HOPS),
        ("ND-05", ("NodeLaunchTemplate",), PLAIN_DISK),
        ("ND-06", ("NodeLaunchTemplate",), PLAIN_DISK),
        ("ND-10", ("NodeLaunchTemplate",), "KeyName is a root login"),
        ("ND-11", ("NodeLaunchTemplate",), HIDDEN),
        ("ND-12", ("NodeLaunchTemplate",), HIDDEN),
        ("ND-13", ("NodeGroup",), "whoever creates the stack chooses the image"),
        ("ND-16", ("NodeInstanceRole",), "AmazonEKS_CNI_Policy: the role has a kubelet's policy, so it is that of nodes"),
        ("ND-17", ("NodeLaunchTemplate",), "Monitoring is not written"),
        ("ND-18", ("NodeGroup",), "it has one instance type"),
        ("ND-23", ("NodeLaunchTemplate",), "a bare script of AL2 for the image of AL2023, which does not read it"),
        ("ND-19", ("NodeGroup",), "nobody is told of scaling"),
        ("SG-05", ("NodeSecurityGroupFromControlPlaneIngress",), "64,511 ports where 10250 and webhooks' are needed"),
        ("SG-06", ("NodeSecurityGroup",), ALL_OUT),
    ],
    "cluster_on_ec2.yaml": [
        ("CF-02", ("ControlPlaneSecurityGroup", "LaunchTemplate", "ManagedNodeGroup"), "its name is fixed"),
        ("CF-03", ("ControlPlane",), UNTAGGED),
        ("CF-07", ("VPC", "PublicSubnet1", "PrivateSubnet1", "PrivateSubnet2", "EKSClusterRole", "NodeInstanceRole"),
         UNTAGGED),
        ("CP-01", ("ControlPlane",), "left out, the public endpoint is on"),
        ("CP-02", ("ControlPlane",), "left out, the private endpoint is off"),
        ("CP-03", ("ControlPlane",), "left out, every address is admitted"),
        ("CP-04", ("ControlPlane",), "no log is exported"),
        ("CP-05", ("ControlPlane",), "no log is exported"),
        ("CP-07", ("ControlPlane",), "no EncryptionConfig"),
        ("CP-08", ("ControlPlane",), HIDDEN),
        ("CP-09", ("ControlPlane",), HIDDEN),
        ("CP-10", ("ControlPlane",), "left out, deletion protection is off"),
        ("CP-11", ("ControlPlane",), "left out, the aws-auth ConfigMap gives access"),
        ("CP-12", ("ControlPlane",), "left out, whoever creates it is administrator"),
        ("CP-13", ("ControlPlane",), "no vpc-cni add-on, and its default enforces no network policy"),
        ("NW-22", ("VPC",), NO_QUERY_LOG),
        ("IA-08", ("EKSClusterRole",), "whichever partition it is, EKS is trusted without a source"),
        ("ND-03", ("LaunchTemplate",), IMDS),
        ("ND-04", ("LaunchTemplate",), HOPS),
        ("ND-05", ("LaunchTemplate",), PLAIN_DISK),
        ("ND-06", ("LaunchTemplate",), PLAIN_DISK),
        ("ND-11", ("ManagedNodeGroup",), HIDDEN),
        ("ND-12", ("ManagedNodeGroup",), HIDDEN),
        ("ND-13", ("ManagedNodeGroup",), "AL2 has had no updates since November 2025"),
        ("ND-16", ("NodeInstanceRole",), CNI_ON_NODES),
        ("ND-17", ("LaunchTemplate",), "Monitoring is not written"),
        ("NW-01", ("VPC",), NO_LOG),
        ("NW-02", ("VPC",), DEFAULT_GROUP),
        ("NW-04", ("RouteInternetGateway",), TO_INTERNET),
        ("NW-07", ("PublicSubnet1",), "the control plane's interfaces are in it, beside the NAT gateway"),
        *((f"NW-{n:02}", ("VPC",), "the nodes call it over the internet") for n in (8, 9, 10, 11, 15)),
        ("SG-06", ("ControlPlaneSecurityGroup",), ALL_OUT),
        ("SG-07", ("ControlPlaneSecurityGroupIngress",), "it has no description"),
    ],
    "AwsEks": [
        ("NW-16", ("Vpc/To s3", "Vpc/To sts"), OTHER_SIDE),
        ("IM-09", ("Vpc/To ecr.api", "Vpc/To ecr.dkr"), OTHER_SIDE),
        ("CF-03", ("Cluster/Resource/Resource/Default",), "the CDK passes a custom resource only tags that are given to it"),
        ("DP-19", ("Cluster/Resource/Resource/Default",), "EKS makes the log group, without a key and retention"),
        ("CF-07", (f"{DEFAULT_SG}/Role", f"{DEFAULT_SG}/Handler"), "the CDK's custom resource provider takes no tags"),
        ("DP-43", ("Template",), NO_LAUNCHER),
        ("DP-21", ("Vpc/all/FlowLog",), "the CDK attaches the policy beside the flow log, in no order"),
        ("FN-04", (f"{KUBECTL}/Handler", f"{KUBECTL}/Provider/framework-onEvent"),
         "no custom resource of the stack calls it, so nothing says that only CloudFormation does"),
        ("FN-05", FUNCTIONS, FRAMEWORK),
        ("FN-06", (*FUNCTIONS, f"{DEFAULT_SG}/Handler"), FRAMEWORK),
        ("FN-08", (f"{PROVIDER}/waiter-state-machine",), FRAMEWORK),
        ("IA-03", ("Cluster/Resource/CreationRole/DefaultPolicy",), "iam:GetRole on every role of the account"),
        ("IA-05", ("Cluster/KubectlHandlerRole",), "AmazonElasticContainerRegistryPublicReadOnly, which no service needs"),
        ("IA-06", (*(f"{PROVIDER}/framework-{n}/ServiceRole/DefaultPolicy" for n in ("isComplete", "onEvent", "onTimeout")),
                   f"{PROVIDER}/waiter-state-machine/Role/DefaultPolicy",
                   f"{KUBECTL}/Provider/framework-onEvent/ServiceRole/DefaultPolicy",
                   "Cluster/KubectlHandlerRole/DefaultPolicy", "Cluster/Resource/CreationRole/DefaultPolicy",
                   "TrafficRole/DefaultPolicy"), GRANT),
        ("IA-06", (f"{DEFAULT_SG}/Role",), "the CDK writes the policy into the role"),
        ("IA-08", (f"{PROVIDER}/waiter-state-machine/Role",), "Step Functions sends the source, and nothing asks for it"),
        ("LG-12", ("Traffic",), UNPROTECTED),
        ("NW-21", ("Vpc",), NO_DNS_FIREWALL),
        ("NW-22", ("Vpc",), NO_QUERY_LOG),
        ("SG-06", tuple(f"{name}/SecurityGroup" for name in FUNCTIONS[:5]), "it lets everything out"),
    ],
    "AwsEksV2": [
        ("NW-16", ("Vpc/To s3", "Vpc/To sts"), OTHER_SIDE),
        ("IM-09", ("Vpc/To ecr.api", "Vpc/To ecr.dkr"), OTHER_SIDE),
        ("CF-07", (f"{DEFAULT_SG}/Role", f"{DEFAULT_SG}/Handler"), "the CDK's custom resource provider takes no tags"),
        ("CP-10", ("Cluster",), "the L2 has no property for deletion protection"),
        ("DP-43", ("Template",), NO_LAUNCHER),
        ("DP-21", ("Vpc/all/FlowLog",), "the CDK attaches the policy beside the flow log, in no order"),
        ("FN-06", (f"{DEFAULT_SG}/Handler",), FRAMEWORK),
        ("IA-06", ("TrafficRole/DefaultPolicy",), GRANT),
        ("IA-06", (f"{DEFAULT_SG}/Role",), "the CDK writes the policy into the role"),
        ("LG-12", ("Logs", "Traffic"), UNPROTECTED),
        ("NW-21", ("Vpc",), NO_DNS_FIREWALL),
        ("NW-22", ("Vpc",), NO_QUERY_LOG),
    ],
}  # fmt: skip
"""Template -> (control, resources, why). Resources of the CDK go by their construct path, without the stack."""


@pytest.fixture(scope="module")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(peers.build(str(tmp_path_factory.mktemp("peers"))))


@pytest.mark.parametrize("name", DESERVED)
def test_a_real_template_gets_what_it_deserves(name: str, request: pytest.FixtureRequest) -> None:
    made = name.endswith(".yaml")
    path = HERE / name if made else request.getfixturevalue("assembly") / f"{name}.template.json"
    outcome = evaluate(load([path]).assembly, CATALOGUE)
    found = {(f.control.id, _place(f.resource.construct_path)) for f in outcome.findings}
    expected = {(control, place) for control, places, _ in DESERVED[name] for place in places}
    assert outcome.resources > 5
    assert found - expected == set(), "a false alarm, or a new control: deserved or not?"
    assert expected - found == set(), "no longer found"


def test_every_template_is_in_the_table() -> None:
    assert {path.name for path in HERE.glob("*.yaml")} == {name for name in DESERVED if name.endswith(".yaml")}


def _place(path: str) -> str:
    return (
        path.partition("/")[2].removesuffix("/Resource") if not path.startswith(str(HERE)) else path.rpartition("/")[2]
    )
