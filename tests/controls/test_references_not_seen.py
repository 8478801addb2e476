"""A control that follows a reference never counts a resource as examined where the reference leads out of what it sees.

Mechanically, over every case: a reference of a template that must be caught is led elsewhere. The finding may then stay,
or become another, or the control says that it does not see the resource: it never passes. In templates that pass, the
same holds for each reference of the resource itself that the control follows. `ANSWERED` lists the exceptions.
"""

import copy
from collections.abc import Iterator, Mapping
from typing import Any, Final

import pytest

from hardened_eks.evidence import Assembly, Template, Unknown, graph
from hardened_eks.judging.evaluation import Outcome, evaluate
from tests.controls.cases import Body, Case, apply
from tests.controls.test_catalogue import CASES

_IMPORT: Final = {"Fn::ImportValue": "elsewhere"}
_PARTITION: Final = "arn:aws:iam::111122223333"
_WRITTEN: Final = {
    "AWS::EC2::LaunchTemplate": "lt-0abcdef0123456789",
    "AWS::EC2::SecurityGroup": "sg-0abcdef0123456789",
    "AWS::EC2::Subnet": "subnet-0abcdef0123456789",
    "AWS::EC2::VPC": "vpc-0abcdef0123456789",
    "AWS::EKS::Cluster": "elsewhere",
    "AWS::IAM::InstanceProfile": "elsewhere",
    "AWS::IAM::ManagedPolicy": f"{_PARTITION}:policy/elsewhere",
    "AWS::IAM::Role": f"{_PARTITION}:role/elsewhere",
    "AWS::KMS::Key": "arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-0000-0000-000000000001",
    "AWS::S3::Bucket": "elsewhere",
    "AWS::SNS::Topic": "arn:aws:sns:eu-west-1:111122223333:elsewhere",
    "AWS::SQS::Queue": "arn:aws:sqs:eu-west-1:111122223333:elsewhere",
}
"""What a person writes who knows the resource by its id, name or ARN alone, by the type of the resource."""

_COMPARES = "it compares what the assembly writes; what leads elsewhere is nothing of the assembly"
_A_KEY = "AWS takes nothing but a key there, and every key is a customer's; the service's own has an alias"
_ENTRY = "CP-21 reports every principal whose kind is not written; an exported role is judged with its own stack"
_PREFIX_LIST = "SG-05 and SG-06 report prefix lists that are not in the assembly"
_OWN_WORDS = "it judges what the resource itself says, whatever that is attached to"
_NO_NODES = "without a tag and without a launch template that is seen, nothing says that these are nodes"
_EARLIER = "what is in another stack, or has an ARN already, is made before"

ANSWERED: Final[Mapping[tuple[str, str, str], str]] = {
    ("CP-07", "AWS::EKS::Cluster", "EncryptionConfig.Provider.KeyArn"): _A_KEY,
    ("CP-13", "AWS::EKS::Addon", "ClusterName"): _OWN_WORDS,
    ("CP-16", "AWS::EKS::AccessEntry", "PrincipalArn"): _ENTRY,
    ("CP-18", "AWS::EKS::AccessEntry", "PrincipalArn"): _ENTRY,
    ("ND-06", "AWS::EC2::LaunchTemplate", "LaunchTemplateData.BlockDeviceMappings.Ebs.KmsKeyId"): _A_KEY,
    ("ND-13", "AWS::AutoScaling::AutoScalingGroup",
     "MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification.LaunchTemplateId"): _NO_NODES,
    ("ND-13", "AWS::AutoScaling::AutoScalingGroup", "LaunchConfigurationName"): _NO_NODES,
    ("NW-28", "AWS::Route53Resolver::FirewallRuleGroupAssociation", "VpcId"): "rules that block nothing harm no VPC",
    ("NW-04", "AWS::EC2::Route", "GatewayId"): "an id says what it is, a parameter counts as an internet gateway",
    ("NW-06", "AWS::EC2::VPCEndpoint", "SubnetIds"): "EC2 takes no two subnets of one zone for an endpoint (DP-54)",
    ("NW-18", "AWS::EC2::NetworkAclEntry", "NetworkAclId"): _COMPARES,
    ("SG-01", "AWS::EC2::SecurityGroup", "SecurityGroupIngress.SourcePrefixListId"): _PREFIX_LIST,
    ("SG-02", "AWS::EC2::SecurityGroup", "SecurityGroupIngress.SourcePrefixListId"): _PREFIX_LIST,
    ("SG-03", "AWS::EC2::SecurityGroup", "SecurityGroupIngress.SourcePrefixListId"): _PREFIX_LIST,
    ("SG-04", "AWS::EC2::SecurityGroup", "SecurityGroupIngress.SourcePrefixListId"): _PREFIX_LIST,
    ("SG-05", "AWS::EC2::SecurityGroupIngress", "GroupId"): _OWN_WORDS,
    ("SG-05", "AWS::EC2::SecurityGroupIngress", "SourceSecurityGroupId"): _OWN_WORDS,
    ("IA-18", "AWS::IAM::Role", "ManagedPolicyArns"): "it judges statements where they are written",
    ("IA-20", "AWS::IAM::Group", "ManagedPolicyArns"): "it asks who has the boundaries of the assembly",
    ("IA-20", "AWS::IAM::Role", "ManagedPolicyArns"): "it asks who has the boundaries of the assembly",
    ("IA-20", "AWS::IAM::User", "ManagedPolicyArns"): "it asks who has the boundaries of the assembly",
    ("IM-03", "AWS::ECR::Repository", "EncryptionConfiguration.KmsKey"): _A_KEY,
    ("MQ-11", "AWS::SQS::QueuePolicy", "Queues"): _OWN_WORDS,
    ("ST-10", "AWS::S3::Bucket", "ReplicationConfiguration.Rules.Destination.Bucket"):
        "a bucket that another stack makes is not in the same stack",
    ("DP-02", "AWS::EKS::Nodegroup", "LaunchTemplate.Id"):
        "a group that names its AMI type and instance types has a launch template with neither",
    ("DP-06", "AWS::EKS::Cluster", "EncryptionConfig.Provider.KeyArn"): _OWN_WORDS,
    ("DP-06", "AWS::EKS::Cluster", "RoleArn"): _OWN_WORDS,
    ("DP-14", "AWS::EKS::Cluster", "ResourcesVpcConfig.SubnetIds"): "the others are in two zones already",
    ("DP-17", "AWS::EKS::Nodegroup", "ClusterName"): "nodes without a version that is known have none to compare",
    ("DP-18", "AWS::EC2::SecurityGroupEgress", "GroupId"): _COMPARES,
    ("DP-18", "AWS::EC2::SecurityGroupIngress", "GroupId"): _COMPARES,
    ("DP-21", "AWS::EC2::FlowLog", "DeliverLogsPermissionArn"): _EARLIER,
    ("DP-21", "AWS::KinesisFirehose::DeliveryStream", "S3DestinationConfiguration.RoleARN"): _EARLIER,
    ("DP-21", "AWS::Logs::SubscriptionFilter", "RoleArn"): _EARLIER,
    ("DP-38", "AWS::IAM::ManagedPolicy", "Roles"): _OWN_WORDS,
    ("DP-47", "AWS::EKS::Addon", "ClusterName"): "an add-on without associations asks for no agent",
    ("DP-48", "AWS::EKS::PodIdentityAssociation", "RoleArn"): "where tags are sent, the role may ask for them or not",
    ("DP-56", "AWS::EC2::VPCEndpoint", "RouteTableIds"): _COMPARES,
    ("DP-56", "AWS::EC2::VPCEndpoint", "VpcId"): _COMPARES,
    ("DP-58", "AWS::EC2::NetworkAclEntry", "NetworkAclId"): _COMPARES,
    ("DP-59", "AWS::EKS::AccessEntry", "ClusterName"): _COMPARES,
    ("DP-59", "AWS::EKS::AccessEntry", "PrincipalArn"): _COMPARES,
    ("DP-68", "AWS::EC2::Subnet", "VpcId"): "EKS accepts subnets of one VPC, which the others tell",
    ("DP-80", "AWS::AutoScaling::AutoScalingGroup",
     "MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification.LaunchTemplateId"): _NO_NODES,
    ("DP-81", "AWS::AutoScaling::AutoScalingGroup",
     "MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification.LaunchTemplateId"): _NO_NODES,
    ("DP-90", "AWS::EKS::Nodegroup", "Subnets"): "where nothing keeps a group in one zone, its zones do not matter",
}  # fmt: skip
"""(control, type, property) whose value the control's question does not need -> why."""

Path = tuple[str | int, ...]


def references(node: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Yield the place of each Ref and Fn::GetAtt, and the logical id that it names."""
    if isinstance(node, dict):
        if len(node) == 1 and (named := node.get("Ref") or node.get("Fn::GetAtt")):
            yield path, (named if isinstance(named, str) else str(named[0])).split(".")[0]
            return
        for key, value in node.items():
            yield from references(value, (*path, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from references(value, (*path, index))


def own_references(body: Body, name: str) -> list[tuple[Path, str]]:
    """Return the references of a resource to others of its template."""
    resource = body["Resources"].get(name)
    properties = resource.get("Properties", {}) if isinstance(resource, dict) else {}
    return [(path, to) for path, to in references(properties) if to in body["Resources"]]


def reached(body: Body, name: str) -> set[str]:
    """Return a resource and what its references lead to, at any distance."""
    found, waiting = {name}, [name]
    while waiting:
        for _, to in own_references(body, waiting.pop()):
            if to not in found:
                found.add(to)
                waiting.append(to)
    return found


def replaced(body: Body, name: str, path: Path, value: Any) -> Body:
    changed = copy.deepcopy(body)
    node = changed["Resources"][name]["Properties"]
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = value
    return changed


def written(path: Path) -> str:
    """Return the property at a path, without indexes and functions."""
    return ".".join(step for step in path if isinstance(step, str) and not step.startswith("Fn::"))


def judge(case: Case, body: Body) -> Outcome:
    earlier = Assembly([Template("T0", case.previous)]) if case.previous else None
    return evaluate(Assembly([Template("T0", body)], previous=earlier), [case.control])


def said(outcome: Outcome) -> set[str]:
    return {finding.subject.name for finding in (*outcome.findings, *outcome.unseen)}


Found = dict[tuple[str, str, str], str]


def passes(case: Case, value_of: Any) -> Found:
    """Return what passes after a reference is led elsewhere, of the templates that must be caught."""
    found: Found = {}
    for row, bad in case.bad.items():
        body = apply(bad, case.good)
        if "Resources" not in body:
            continue
        caught = said(judge(case, body)) & body["Resources"].keys()
        before = judge(case, body).examined[case.control]
        around = {subject: reached(body, subject) for subject in caught}
        for name in sorted(set().union(*around.values())):
            for path, to in own_references(body, name):
                outcome = judge(case, replaced(body, name, path, value_of(body["Resources"][to])))
                silent = {s for s in caught - said(outcome) if name in around[s]}
                if silent and outcome.examined[case.control] >= before:
                    found[case.control.id, body["Resources"][name]["Type"], written(path)] = row
    return found


def imported(_: Any) -> Any:
    return _IMPORT


def by_id(resource: Any) -> Any:
    return _WRITTEN.get(resource["Type"], _IMPORT)


def followed() -> Found:
    """Return what passes though its control follows a reference that leads elsewhere, of the templates that pass."""
    asked: list[object] = []
    target = graph.Graph.target

    def watched(self: Any, value: Any, *args: Any) -> Any:
        found = target(self, value, *args)
        if found is None and isinstance(value, Unknown) and value.expression == _IMPORT:
            asked.append(value)
        return found

    found: Found = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(graph.Graph, "target", watched)
        for case in CASES:
            for row, mutation in {"good": case.good, **case.edge}.items():
                body = apply(mutation, case.good)
                for name, resource in body.get("Resources", {}).items():
                    if not isinstance(resource, dict) or resource.get("Type") not in case.control.types:
                        continue
                    for path, _ in own_references(body, name):
                        asked.clear()
                        outcome = judge(case, replaced(body, name, path, _IMPORT))
                        if asked and name not in said(outcome):
                            found[case.control.id, resource["Type"], written(path)] = row
    return found


@pytest.fixture(scope="module")
def unanswered() -> Found:
    found = followed()
    for value_of in (imported, by_id):
        for case in CASES:
            found |= passes(case, value_of)
    return found


def test_no_control_passes_what_a_reference_does_not_show(unanswered: Found) -> None:
    new = {key: row for key, row in unanswered.items() if key not in ANSWERED}
    assert new == {}, f"{new}: yield from _unseen.not_seen(...), or add why the answer does not need the value"


def test_each_exception_is_one(unanswered: Found) -> None:
    assert [key for key in ANSWERED if key not in unanswered] == [], "take it out of ANSWERED"


def test_a_cluster_in_new_subnets_of_a_vpc_that_is_not_seen() -> None:
    """Each subnet alone is answered by the others; without any, nothing says that the cluster stays in its VPC."""
    (case,) = (one for one in CASES if one.control.id == "DP-68")
    body = apply(case.bad["subnets of another VPC"].mutation, case.good)
    for name in ("T0", "T1"):
        body = replaced(body, name, ("VpcId",), _IMPORT)
    outcome = judge(case, body)
    assert [(one.subject.name, one.problem.message) for one in outcome.unseen] == [
        ("Cluster", "the VPC of its subnets is not among the templates")
    ]
    assert not outcome.findings
