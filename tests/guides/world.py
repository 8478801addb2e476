"""What the readers of the guides have before they type: an account on the emulator, and files in a folder."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.emulator.conftest import Account
from tests.guides.lines import ROOT
from tools.walk.blocks import of_markdown

REGION = "eu-west-1"
ACCOUNT = "123456789012"
DIGEST = "sha256:" + "ab" * 32
_TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
            "Action": ["sts:AssumeRole", "sts:SetSourceIdentity"],
        }
    ],
}


def synthesize(folder: Path) -> Path:
    """Synthesize the app of the guides; return its assembly."""
    command = [sys.executable, "-m", "tests.guides.app", str(folder)]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    if done.returncode:  # such as a version of Kubernetes that is no longer in standard support
        sys.exit(f"the app of the guides cannot be synthesized:\n{done.stderr[-1000:]}")
    return folder


def account(url: str, assembly: Path) -> dict[str, str]:
    """Fill the account; return the variables and the words that stand for what is in it."""
    made = Account(url, REGION)
    stacks = {
        name: json.loads((assembly / f"{name}.template.json").read_text(encoding="utf-8"))
        for name in ("Payments", "HardenedEks-Cluster")
    }
    stacks["Payments"]["Outputs"] = {"AutoModeManifests": {"Value": _CLASS}}
    for name, template in stacks.items():
        made.deploy(name, template)
    for name in ("HardenedEks-Detection", "HardenedEks-Registry", "HardenedEks-Foundation", "prod"):
        log = {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": f"/{name}/log"}}
        made.deploy(name, {"Resources": {"Log": log}})
    eks, ec2 = made.client("eks"), made.client("ec2")
    vpc = eks.describe_cluster(name="payments")["cluster"]["resourcesVpcConfig"]
    network = {"subnetIds": vpc["subnetIds"]}
    eks.create_cluster(name="prod", roleArn=f"arn:aws:iam::{ACCOUNT}:role/eks", resourcesVpcConfig=network)
    eks.create_access_entry(clusterName="prod", principalArn=f"arn:aws:iam::{ACCOUNT}:role/break-glass")
    group = eks.list_nodegroups(clusterName="hardened")["nodegroups"][0]
    instance = ec2.run_instances(ImageId="ami-0123456789abcdef0", MinCount=1, MaxCount=1, InstanceType="m7g.large")
    return {
        **_made(made),
        "GROUP": group,
        "ASG": "eks-general",
        "INSTANCE": instance["Instances"][0]["InstanceId"],
        "ADMIN_HOST_ID": instance["Instances"][0]["InstanceId"],
        "VPC_ID": vpc["vpcId"],
        "BREAK_GLASS_ROLE_ARN": f"arn:aws:iam::{ACCOUNT}:role/break-glass",
    }


def _made(made: Account) -> dict[str, str]:
    """Create what no stack of ours creates."""
    key = made.client("kms").create_key()["KeyMetadata"]
    queue = made.client("sqs").create_queue(QueueName="payments")["QueueUrl"]
    made.client("iam").create_role(RoleName="break-glass", AssumeRolePolicyDocument=json.dumps(_TRUST))
    made.client("ecr").create_repository(repositoryName="payments/web")
    manifest = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "layers": []}
    made.client("ecr").put_image(repositoryName="payments/web", imageManifest=json.dumps(manifest), imageTag="1.0.0")
    made.client("s3").create_bucket(
        Bucket="evidence-123456789012", CreateBucketConfiguration={"LocationConstraint": REGION}
    )
    made.client("signer").put_signing_profile(profileName="payments", platformId="AWSLambda-SHA384-ECDSA")
    made.client("backup").create_backup_vault(BackupVaultName="vault")
    made.client("cloudwatch").put_metric_alarm(
        AlarmName="payments-alarm", Namespace="n", MetricName="m", Period=60, EvaluationPeriods=1, Threshold=1,
        ComparisonOperator="GreaterThanThreshold", Statistic="Sum",
    )  # fmt: skip
    place = "/hardened-eks/payments/karpenter"
    parameters = {f"{place}/values": "{}", f"{place}/node-class": _CLASS, f"{place}/node-pools": _CLASS}
    for name, value in parameters.items():
        made.client("ssm").put_parameter(Name=name, Value=value, Type="String")
    organizations = made.client("organizations")
    root = organizations.list_roots()["Roots"][0]["Id"]
    policy = organizations.create_policy(
        Name="theirs", Description="", Type="SERVICE_CONTROL_POLICY",
        Content=json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}),
    )["Policy"]["PolicySummary"]["Id"]  # fmt: skip
    organizations.attach_policy(PolicyId=policy, TargetId=ACCOUNT)
    definition = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}
    machine = made.client("stepfunctions").create_state_machine(
        name="quarantine", definition=json.dumps(definition), roleArn=f"arn:aws:iam::{ACCOUNT}:role/break-glass"
    )
    activity = made.client("stepfunctions").create_activity(name="approve")
    waiting = {"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": activity["activityArn"], "End": True}}}
    asks = made.client("stepfunctions").create_state_machine(
        name="asks", definition=json.dumps(waiting), roleArn=f"arn:aws:iam::{ACCOUNT}:role/break-glass"
    )
    made.client("stepfunctions").start_execution(stateMachineArn=asks["stateMachineArn"])
    return {
        "KEY_ARN": key["Arn"], "KEY_ID": key["KeyId"], "LOGS_KEY_ARN": key["Arn"], "VOLUMES_KEY_ARN": key["Arn"],
        "QUEUE": queue, "ALARM": "payments-alarm", "ROOT_ID": root, "POLICY_ID": policy, "VAULT": "vault", "BUCKET": "evidence-123456789012",
        "QUARANTINE_NODE": machine["stateMachineArn"], "ACTIVITY": activity["activityArn"],
    }  # fmt: skip


WORDS: dict[str, dict[str, str]] = {
    "account-defaults": {
        "KEY_ARN": "KEY_ARN", "ROOT_ID": "ROOT_ID", "ACCOUNT": ACCOUNT, "NAME": "Sam", "TITLE": "CISO",
        "MAIL": "security@example.com", "PHONE": "+491511234567",
    },
    "back-up-a-cluster": {"VAULT": "VAULT"},
    "config-rules-in-clusters": {"PROFILE": "payments", "TOKEN": "a-token"},
    "delete-a-cluster": {
        "THE-ID-PRINTED": "$(aws eks list-updates --name hardened --query 'updateIds[-1]' --output text)"
    },
    "evidence": {"BUCKET": "BUCKET", "GROUP": "/aws/eks/payments/cluster", "ID": "an-id"},
    "fix-a-failed-deploy": {"GROUP": "GROUP", "ASG": "ASG", "i-...": "INSTANCE", "LOGICAL-ID": "Cluster"},
    "guardrails": {"ROLE_ARN": f"arn:aws:iam::{ACCOUNT}:role/break-glass", "r-abcd": "ROOT_ID", "p-12345678": "POLICY_ID",
        "444455556666": ACCOUNT},
    "record-the-account": {"ID": "01234567-89ab-cdef-0123-456789abcdef"},
    "respond": {"NODE": "ip-10-0-0-1"},
    "upgrade-kubernetes": {"<name>": "payments"},
}  # fmt: skip
"""By page: words that the reader replaces. A value that names something of the account stands for it."""
VARIABLES = {
    "ACCOUNT": ACCOUNT, "AWS_REGION": REGION, "TAG": "1.0.0", "REPOSITORY": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/node",
    "REGISTRY": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com", "SESSION_DOCUMENT": "payments-session", "TOKEN": "a-token",
    "SIGNING_PROFILE_ARN": f"arn:aws:signer:{REGION}:{ACCOUNT}:/signing-profiles/payments",
    "PATTERN": '{ $.verb = "get" }', "LINE": '{"verb": "get"}', "digest": DIGEST,
}  # fmt: skip
"""Variables that the pages name in their text and do not set in a command."""
LAST = {"fix-a-failed-deploy": re.compile(r"update-termination-protection|delete-stack|stack-delete|cdk deploy")}
"""By page: what is typed after the rest. The parts of this page are about different failures, and one deletes the stack."""
SETTINGS = {"delete-a-cluster": {"GUIDES_STACKS": "HardenedEks-Cluster"}}
"""By page: more variables. This page is about an app with one cluster."""
GUIDES_APP = Path(__file__).with_name("app.py")
APPS = {
    "roll-out-with-stacksets": ROOT / "docs/examples/stack_set.py",
    **dict.fromkeys(("break-glass", "delete-a-cluster", "fast-synth", "fix-a-failed-deploy"), GUIDES_APP),
}
"""By page: the reader's app."""

_CLASS = json.dumps(
    {
        "apiVersion": "storage.k8s.io/v1",
        "kind": "StorageClass",
        "metadata": {"name": "encrypted"},
        "provisioner": "ebs.csi.eks.amazonaws.com",
    }
)
_POD = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: one, namespace: payments}\ndata: {a: b}\n"
_BUDGET = "apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata: {name: api, namespace: shop}\n"


def folder(place: Path, page: str, assembly: Path) -> None:
    """Write the files that a reader has of each page; several pages read the same ones."""
    place.mkdir()
    if page in APPS:
        shutil.copy(APPS[page], place / "app.py")
        shutil.copy(ROOT / "docs/examples/cdk.json", place / "cdk.json")
    if page != "roll-out-with-stacksets":
        shutil.copytree(assembly, place / "cdk.out")
    template = (assembly / "Payments.template.json").read_text(encoding="utf-8")
    settings = (ROOT / "docs/examples/baseline.yaml").read_text(encoding="utf-8")
    texts: dict[str, Any] = {
        **dict.fromkeys(("template.yaml", "network.yaml", "cluster.json", "new.json", "templates/a.yaml"), template),
        **dict.fromkeys(("settings.yaml", "baseline.yaml"), settings),
        **dict.fromkeys(("deploy/one.yaml", "overlays/prod/one.yaml", "chart/templates/one.yaml"), _POD),
        "manifests/one.yaml": _BUDGET if page == "upgrade-kubernetes" else _POD,
        "overlays/prod/kustomization.yaml": "resources: [one.yaml]\n",
        "chart/Chart.yaml": "apiVersion: v2\nname: chart\nversion: 1.0.0\n",
        "hardened-eks-waivers.yaml": "waivers: []\n",
        "waivers.yaml": "waivers: []\n",
        "pagerduty.json": "{}",
        "payments.json": json.dumps({"cluster": "payments", "account": ACCOUNT, "region": REGION}),
        "pattern.json": json.dumps({"source": ["aws.eks"]}),
        "event.json": json.dumps(
            {"source": "aws.eks", "id": "1", "detail-type": "a", "account": ACCOUNT, "time": "2026-11-29T08:00:00Z",
             "region": REGION, "resources": [], "detail": {}}
        ),
        "query": "fields @timestamp",
        "source.json": json.dumps({"s3": {"bucketName": "code", "key": "rules.zip", "version": "1"}}),
        "destination.json": json.dumps({"s3": {"bucketName": "code", "prefix": "signed/"}}),
        "hardened-eks.pyz": "from hardened_eks.cli import main\nmain()\n",
    }  # fmt: skip
    page_itself = ROOT / "docs/how-to" / f"{page}.md"
    blocks = of_markdown(page_itself.read_text(encoding="utf-8")) if page_itself.exists() else []
    texts |= {block.file: block.text for block in blocks if block.file}
    for name, text in texts.items():
        if not (place / name).exists():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_text(text, encoding="utf-8")
    examples = ROOT / "docs/examples"
    shutil.copy(examples / "cause_and_severity.py", place)
    controls, _, _ = (examples / "own_control.py").read_text(encoding="utf-8").partition("\napp = ")
    (place / "acme_controls.py").write_text(controls, encoding="utf-8")
