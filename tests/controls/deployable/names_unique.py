from hardened_eks.controls.deployable import names_unique
from tests.controls.cases import ITSELF, Bad, Case, change, template
from tests.controls.deployable.base import ADDON, ENTRY, NG

ROLE, RULE = "AWS::IAM::Role", "AWS::Events::Rule"
LOG, VAULT, POD = "AWS::Logs::LogGroup", "AWS::Backup::BackupVault", "AWS::EKS::PodIdentityAssociation"
FARGATE = "AWS::EKS::FargateProfile"
SLACK = "AWS::Chatbot::SlackChannelConfiguration"
OF = {"ClusterName": {"Ref": "Cluster"}}
OWN = {"Fn::Sub": "${AWS::StackName}-nodes"}


def roles(*names):
    return template({f"R{n}": (ROLE, {"RoleName": name}) for n, name in enumerate(names)})


def both_of(type_, one, other):
    return template({"One": (type_, {**OF, **one}), "Other": (type_, {**OF, **other})})


def under_conditions(*conditions, role=False):
    """Return resources of one name, each under a condition or none."""
    made = {"Type": ROLE, "Properties": {"RoleName": "nodes"}}
    if not role:
        made = {"Type": ADDON, "Properties": {**OF, "AddonName": "vpc-cni"}}
    given = [{"Condition": one} if one else {} for one in conditions]
    told = {"Own": {"Fn::Equals": [{"Ref": "AWS::Partition"}, "aws"]}}
    return template({f"R{n}": {**made, **condition} for n, condition in enumerate(given)}, Conditions=told)


def either(name):
    made = {"Type": ROLE, "Properties": {"RoleName": name}}
    return template({"New": {**made, "Condition": "New"}, "Old": {**made, "Condition": "Old"}})


DEPLOYED = template(
    {
        "View": (ENTRY, {**OF, "PrincipalArn": "arn:aws:iam::123456789012:role/auditors"}),
        "Driver": (ADDON, {**OF, "AddonName": "aws-efs-csi-driver"}),
        "Nodes": (NG, {**OF, "NodegroupName": "general"}),
        "Pod": (POD, {**OF, "Namespace": "billing", "ServiceAccount": "reader"}),
        "Log": (LOG, {"LogGroupName": "/aws/eks/prod/cluster"}),
        "Vault": (VAULT, {"BackupVaultName": "nightly"}),
        "Alerts": (RULE, {"Name": "digest", "EventBusName": "team"}),
        "Queue": ("AWS::SQS::Queue", {"QueueName": "jobs"}),
    }
)


def renamed(name, **more):
    """Return the deployed template with another logical ID for a resource."""
    resources = dict(DEPLOYED["Resources"])
    old = resources.pop(name)
    return template({**resources, "New": {**old, "Properties": {**old["Properties"], **more}}})


CASE = Case(
    names_unique,
    roles("nodes", "pods"),
    bad={
        "twice": Bad(change(ROLE, "RoleName", "nodes"), "RoleName"),
        "of the stack": Bad(change(ROLE, "RoleName", OWN), "RoleName"),
        "rules of one bus": Bad(
            template({n: (RULE, {"Name": "alerts", "EventBusName": "team"}) for n in ("A", "B")}), "Name"
        ),
        "a channel of a chat twice": Bad(
            template({n: (SLACK, {"SlackChannelId": "C0123ABCD", "ConfigurationName": n}) for n in ("Slack", "B")}),
            "SlackChannelId",
        ),
        "a grant of another kind": Bad(renamed("View", AccessPolicies=[]), ITSELF),
        "an add-on with another ID": Bad(renamed("Driver"), ITSELF),
        "nodes with another ID": Bad(renamed("Nodes", InstanceTypes=["m8g.large"]), ITSELF),
        "a pod's role with another ID": Bad(renamed("Pod"), ITSELF),
        "a log with another ID": Bad(renamed("Log"), ITSELF),
        "a vault with another ID": Bad(renamed("Vault"), ITSELF),
        "a rule with another ID": Bad(renamed("Alerts"), ITSELF),
        "an add-on twice": Bad(both_of(ADDON, {"AddonName": "vpc-cni"}, {"AddonName": "vpc-cni"}), "AddonName"),
        "an add-on twice beside one under a condition": Bad(under_conditions("Own", None, None), "AddonName"),
        "an add-on twice under one condition": Bad(under_conditions("Own", "Own"), "AddonName"),
        "a role twice under one condition": Bad(under_conditions("Own", "Own", role=True), "RoleName"),
        "a node group twice": Bad(both_of(NG, {"NodegroupName": "a"}, {"NodegroupName": "a"}), "NodegroupName"),
        "a Fargate profile twice": Bad(
            both_of(FARGATE, {"FargateProfileName": "a"}, {"FargateProfileName": "a"}), "FargateProfileName"
        ),
        "vaults": Bad(
            template({n: (VAULT, {"BackupVaultName": "nightly"}) for n in ("Vault", "B")}), "BackupVaultName"
        ),
    },
    edge={
        "an add-on of two clusters": both_of(
            ADDON, {"AddonName": "vpc-cni"}, {"AddonName": "vpc-cni", "ClusterName": "test"}
        ),
        "one add-on or the other": {
            "Resources": {
                name: {"Type": ADDON, "Condition": name, "Properties": {**OF, "AddonName": "vpc-cni"}}
                for name in ("New", "Old")
            }
        },
        "node groups with generated names": both_of(NG, {}, {}),
        "left out": template({"A": (ROLE, {}), "B": (ROLE, {})}),
        "rules of two buses": template(
            {"A": (RULE, {"Name": "alerts"}), "B": (RULE, {"Name": "alerts", "EventBusName": "team"})}
        ),
        "one or the other": either("nodes"),
        "chosen": change(ROLE, "RoleName", {"Fn::If": ["New", "a", {"Ref": "AWS::NoValue"}]}),
        "of other kinds": template(
            {"A": ("AWS::SNS::Topic", {"TopicName": "alerts"}), "B": ("AWS::SQS::Queue", {"QueueName": "alerts"})}
        ),
        "channels of a chat": template({n: (SLACK, {"SlackChannelId": f"C0123ABC{n}"}) for n in ("A", "B")}),
        "another ID and another name": renamed("Nodes", NodegroupName="general-2"),
        "another ID, and a generated name": renamed("Nodes", NodegroupName={"Ref": "AWS::NoValue"}),
        "another ID in another cluster": renamed("View", ClusterName="test"),
        "another ID on another bus": renamed("Alerts", EventBusName="other"),
        "nothing changes": DEPLOYED,
        "removed": template({"View": DEPLOYED["Resources"]["View"]}),
    },
    previous=DEPLOYED,
)
