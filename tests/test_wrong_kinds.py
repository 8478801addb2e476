"""No argument of a public constructor takes bytes, an object or nested lists: one error names it, and nothing is made.

Each call below is valid. For each of its arguments, the tests repeat it with values that are valid nowhere.
"""

import enum
import inspect
import itertools
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_route53 as route53
from aws_cdk.lambda_layer_kubectl_v35 import KubectlV35Layer
from constructs import Construct

import hardened_eks as hardened
from hardened_eks import addons, alerts, response
from hardened_eks.baseline import Namespace, Settings
from hardened_eks.errors import ConfigurationError
from tests.test_public_names import names

TODAY = date(2026, 11, 21)
ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/dev"
USER = f"arn:aws:iam::{ACCOUNT}:user/on-call"
SECRET = f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:payments/database-AbCdEf"
KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
UUID = "01234567-89ab-cdef-0123-456789abcdef"
CHARTS = f"oci://{ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/charts"
IMAGE = {"id": "ami-0123456789abcdef0", "kubernetes": "1.36", "built": date(2026, 11, 20), "evidence": "build 1"}
TRUST = {"permission_set": "BreakGlass", "user_ids": [UUID], "mfa_reason": "always on", "until": "2027-05-01"}
ARCHIVE = {"name": "archive", "region": "eu-west-1", "key_arn": KEY, "object_lock": True}
SUPPRESSION = {"name": "agent", "types": ["a"], "image_prefixes": ["b"], "reason": "ours"}
WRONG: dict[str, Any] = {"bytes": b"abc", "object": object(), "nested": [[]], "mapping": {1: object()}}
SHOWN = {"bytes": ["b'abc'"], "object": ["an object"], "nested": ["[[]]", "[]"], "mapping": ["{1: ", "1"]}
"""Kind -> how a message shows the value, or a part of it."""
OTHERS = {"today", "more"}
"""Arguments that other tests cover."""
ABROAD = {"GlobalEvents", "Guardrails", "OrganizationDefaults", "OrganizationHook"}
"""Constructs for a stack of the management account in us-east-1."""
PROTOCOLS = {"AlertChannel", "ClusterLike", "ComputeLike", "alerts.AlertChannel"}
NOT_CHECKED = {
    "AutoModeNodes",  # only `Cluster` creates it
    "ConfigurationError",
    "alerts.Sender",  # for authors of channels
    "alerts.Target",
    "alerts.Email",  # positional, tests/alerts/test_bad_channels.py
    "alerts.Sms",
    "alerts.several",
}


class World:
    """Objects for the arguments, created once."""

    def __init__(self) -> None:
        app = cdk.App()
        self.stack = self.of(app, "Payments", "eu-west-1", ACCOUNT)
        self.management = self.of(app, "Management", "us-east-1", "111122223333")
        self.cluster = hardened.Cluster(self.stack, "Cluster", version="1.36", name="payments", today=TODAY)
        self.topic = alerts.Topic(self.stack, "Alerts")
        self.layer = KubectlV35Layer(self.stack, "Layer")
        self.kubectl = self.cluster.add_kubectl(layer=self.layer, namespaces=["web"])
        self.handler = hardened.TerminationHandler(self.stack, "Drainer", cluster=self.cluster)
        self.pod = hardened.PodRole(self.stack, "Pod", cluster=self.cluster, namespace="a", service_account="b")
        self.recorder = hardened.ConfigRecorder(self.stack, "Recorder")
        self.logs = hardened.AccessLogs(self.stack, "Logs")
        self.fargate = hardened.FargateProfile(
            self.stack, "Fargate", cluster=self.cluster, selectors=[hardened.FargateSelector(namespace="x")]
        )
        self.silent = hardened.Cluster.from_cluster_attributes(self.stack, "Silent", name="silent")
        self.charts = hardened.TrustedCharts(self.stack, "Charts", repositories=[CHARTS])
        self.zone = route53.HostedZone.from_hosted_zone_attributes(
            self.stack, "Zone", hosted_zone_id="Z0123456789ABC", zone_name="shop.example.com"
        )

    @staticmethod
    def of(app: cdk.App, name: str, region: str, account: str) -> cdk.Stack:
        return cdk.Stack(app, name, env=cdk.Environment(account=account, region=region))


@pytest.fixture(scope="module")
def world() -> World:
    return World()


Made = Callable[[Construct, dict[str, Any]], Any]


def constructs(w: World) -> dict[str, dict[str, Any]]:
    """Name of a construct -> valid arguments."""
    of = {"cluster": w.cluster}
    pod = {**of, "namespace": "n", "service_account": "s"}
    nodes = {**of, "instance_types": ["m7g.large"]}
    return {
        "AccessEntry": {**of, "principal": ROLE, "policy": hardened.AccessPolicy.VIEW},
        "AccessLogs": {},
        "AccountDefaults": {},
        "Addon": {**of, "name": "aws-efs-csi-driver"},
        "AdminHost": of,
        "AggregationAuthorization": {"account": "111122223333", "region": "eu-west-1"},
        "ArgoCdCapability": {
            **of,
            "identity_center": "arn:aws:sso:::instance/ssoins-1234567890abcdef",
            "vpc_endpoints": ["vpce-0123456789abcdef0"],
            "namespaces": ["payments"],
            "admins": ["b4d8e428-f011-70a1-5c3e-9f1de2e4b0aa"],
        },
        "AuditAssessment": {
            "account_active": True,
            "owner": ROLE,
            "reports_bucket_name": "audit",
            "framework_id": UUID,
        },
        "BackupVault": {},
        "Backups": {"clusters": [w.cluster], "alerts": w.topic},
        "BreakGlassRole": {**of, "trusted": [USER]},
        "Cluster": {"version": "1.36"},
        "ClusterRules": {
            "clusters": [w.cluster],
            "registries": [f"{ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com"],
            "alerts": w.topic,
        },
        "ConfigAggregator": {"organization": True},
        "ConfigRecorder": {},
        "ConformancePacks": {"recorder": w.recorder},
        "CreatorRole": {"stack_prefix": "Team"},
        "Detection": {**of, "alerts": w.topic},
        "EvidenceBucket": {"custody": hardened.LogCustody()},
        "FargateProfile": {**of, "selectors": [hardened.FargateSelector(namespace="x")]},
        "GlobalEvents": {"region": "eu-west-1", "alerts": w.topic},
        "Guardrails": {"target_ids": ["444455556666"], "organization_id": "o-exampleorg1"},
        "Hook": {"alerts": w.topic},
        "IdentityProvider": {**of, "issuer": "https://login.bank.example/realms/staff", "client_id": "kubernetes"},
        "ImportedCluster": {"name": "other"},
        "Karpenter": {**of, "bottlerocket_version": "1.64.0"},
        "Keys": {},
        "Kubectl": {**of, "layer": w.layer},
        "ManagedDetectors": {},
        "Network": {},
        "NodeGroup": nodes,
        "OrganizationConformancePacks": {},
        "OrganizationDefaults": {"target_ids": ["444455556666"]},
        "OrganizationHook": {
            "organizational_units": ["ou-ab12-abcdefgh"],
            "regions": ["eu-west-1"],
            "code_bucket_prefix": "acme",
            "alerts": lambda scope: alerts.Topic(scope, "Alerts"),
        },
        "PermissionsBoundary": {},
        "PodRole": pod,
        "Registry": {},
        "Repository": {},
        "Response": {**of, "alerts": w.topic, "actions": [response.CloseEndpoint()]},
        "SelfManagedNodeGroup": {**nodes, "handler": w.handler},
        "ServiceAccountRole": pod,
        "TerminationHandler": {**of, "namespace": "drain", "service_account": "other"},
        "Trail": {},
        "TrailBucket": {},
        "TrustedCharts": {"repositories": [CHARTS]},
        "VeleroStore": of,
        "Workloads": {**of, "baseline": Settings(namespaces=[Namespace(name="payments")]), "layer": w.layer},
        "alerts.Topic": {},
    }


def values(w: World) -> dict[str, dict[str, Any]]:
    """Name of a class or function whose arguments are checked at once -> valid arguments."""
    return {
        "AddonOptions": {},
        "ArchiveBucket": ARCHIVE,
        "AutoMode": {},
        "AutoModePool": {},
        "BackupCopy": {"vault_arn": f"arn:aws:backup:us-east-1:{ACCOUNT}:backup-vault:second"},
        "BottlerocketSettings": {},
        "CapacityReservation": {"id": "cr-0123456789abcdef0"},
        "Checks": {},
        "Dns": {},
        "FargateSelector": {"namespace": "x"},
        "IdentityCenterTrust": TRUST,
        "KarpenterPool": {},
        "KubeApiServer": {},
        "KubeletSettings": {},
        "Lifecycle": {},
        "LogCustody": {},
        "NodeImage": IMAGE,
        "NodeVolume": {"device": "/dev/xvdc", "size_gib": 200},
        "PullThroughCache": {"prefix": "quay", "upstream": "quay.io"},
        "RestoreTesting": {"role_reason": "the role is needed"},
        "Scaling": {},
        "ScheduledScaling": {"name": "night", "at": "20:00", "scaling": hardened.Scaling(min=1)},
        "SignedCode": {
            "bucket_name": "signed-code", "key": "a.zip", "version": "1",
            "config_arn": f"arn:aws:lambda:eu-west-1:{ACCOUNT}:code-signing-config:csc-0f6c334abcdea4d8b",
        },
        "SigningRule": {"profile_arn": f"arn:aws:signer:eu-west-1:{ACCOUNT}:/signing-profiles/mine"},
        "VaultLock": {},
        "WarmPool": {},
        "alerts.EventBus": {"arn": f"arn:aws:events:eu-west-1:{ACCOUNT}:event-bus/security"},
        "alerts.Https": {"url": "https://hooks.example.com/x", "secret": SECRET},
        "alerts.PagerDuty": {"secret": SECRET},
        "alerts.Route": {"critical": [w.topic]},
        "alerts.ServiceNow": {"instance": "acme", "secret": SECRET},
        "alerts.Slack": {"workspace_id": "T0123ABCD", "channel_id": "C0123ABCD"},
        "alerts.Teams": {"tenant_id": UUID, "team_id": UUID, "channel_id": "19:abc@thread.tacv2"},
        "alerts.Zendesk": {"subdomain": "acme", "secret": SECRET},
        "alerts.nobody": {"reason": "a test"},
        "waive": {"scope": w.stack, "control": "KB-01", "reason": "until the upgrade", "until": "2027-01-01"},
    }  # fmt: skip


def checked_later(w: World) -> dict[str, tuple[Made, dict[str, Any]]]:
    """Name of a class whose arguments the construct checks that gets it -> that construct, valid arguments."""
    approval = response.Approval(approvers=[ROLE])

    def entry(scope: Construct, given: dict[str, Any]) -> Any:
        policy = hardened.AccessPolicy(**given)
        return hardened.AccessEntry(scope, "X", cluster=w.cluster, principal=ROLE, policy=policy)

    def tainted(scope: Construct, given: dict[str, Any]) -> Any:
        taints = [hardened.Taint(**given)]
        return hardened.NodeGroup(scope, "X", cluster=w.cluster, instance_types=["m7g.large"], taints=taints)

    def suppressed(scope: Construct, given: dict[str, Any]) -> Any:
        return hardened.ManagedDetectors(scope, "X", suppress=[hardened.Suppression(**given)])

    def responding(action: Callable[..., Any]) -> Made:
        return lambda scope, given: hardened.Response(
            scope, "X", cluster=w.cluster, alerts=w.topic, actions=[action(**given)], approval=approval
        )

    def approved(scope: Construct, given: dict[str, Any]) -> Any:
        return hardened.Response(
            scope, "X", cluster=w.cluster, alerts=w.topic, actions=[response.QuarantineNode()],
            approval=response.Approval(**given),
        )  # fmt: skip

    return {
        "AccessPolicy": (entry, {"name": "AmazonEKSViewPolicy"}),
        "Taint": (tainted, {"key": "team"}),
        "Suppression": (suppressed, SUPPRESSION),
        "response.Approval": (approved, {"approvers": [ROLE]}),
        "response.CloseEndpoint": (responding(response.CloseEndpoint), {}),
        "response.QuarantineImage": (responding(response.QuarantineImage), {"repositories": ["a"]}),
        "response.QuarantineNode": (responding(response.QuarantineNode), {}),
        "response.RestoreLogging": (responding(response.RestoreLogging), {}),
        "response.RevokeSessions": (responding(response.RevokeSessions), {"roles": [w.pod.role]}),
    }


def controllers(w: World) -> dict[str, tuple[Callable[..., Any], dict[str, Any]]]:
    """Name of a controller or a method -> the call, valid arguments."""
    of = {"cluster": w.cluster}
    certificate = f"arn:aws:acm:eu-west-1:{ACCOUNT}:certificate/{UUID}"
    return {
        "addons.AdotCollector": (addons.AdotCollector, {**of, "namespace": "a", "service_account": "b", "traces": True}),
        "addons.ArgoCd": (addons.ArgoCd, of),
        "addons.CertManager": (addons.CertManager, {**of, "zones": [w.zone]}),
        "addons.ClusterAutoscaler": (addons.ClusterAutoscaler, of),
        "addons.ExternalDns": (addons.ExternalDns, {**of, "zones": [w.zone]}),
        "addons.ExternalSecrets": (addons.ExternalSecrets, {**of, "parameters": []}),
        "addons.FluentBit": (addons.FluentBit, {**of, "log_group": w.cluster.log_group, "configuration": {}}),
        "addons.FsxCsiDriver": (addons.FsxCsiDriver, of),
        "addons.LoadBalancerController": (addons.LoadBalancerController, of),
        "AccessLogs.service_annotations": (w.logs.service_annotations, {"certificate_arn": certificate}),
        "FargateProfile.add_role": (
            lambda **given: w.fargate.add_role("Role", **given), {"namespace": "x", "service_account": "s"},
        ),
        "TrustedCharts.add_chart": (
            lambda **given: w.charts.add_chart("Chart", **given),
            {"cluster": w.cluster.as_cdk_cluster, "repository": f"{CHARTS}/web", "version": "1.0.0"},
        ),
    }  # fmt: skip


def public(name: str) -> Any:
    found: Any = hardened
    for part in name.split("."):
        found = getattr(found, part)
    return found


def arguments(function: Any) -> list[str]:
    of = function.__init__ if inspect.isclass(function) else function
    return [
        one.name
        for one in inspect.signature(of).parameters.values()
        if one.name not in {"self", "cls", "scope", "id", *OTHERS} and one.kind is not one.VAR_POSITIONAL
    ]


def calls(w: World) -> Iterator[tuple[str, Made, dict[str, Any]]]:
    """Yield each name with a call in a scope, and its valid arguments."""
    for name, given in constructs(w).items():
        yield name, lambda scope, more, class_=public(name): class_(scope, "X", **more), given  # type: ignore[misc]
    for name, given in values(w).items():
        yield name, lambda _scope, more, call=public(name): call(**more), given  # type: ignore[misc]
    yield from ((name, call, given) for name, (call, given) in checked_later(w).items())
    for name, (made, given) in controllers(w).items():
        yield name, lambda _scope, more, call=made: call(**more), given  # type: ignore[misc]


def faults(w: World, name: str, call: Made, given: dict[str, Any]) -> Iterator[str]:
    """Yield which wrong values of which arguments are not refused well."""
    home = w.management if name in ABROAD else w.stack
    scope = Construct(home, f"Scope{name}")
    for argument, (kind, value) in itertools.product(arguments(public(name)), WRONG.items()):
        where = f"{name}({argument}={kind})"
        try:
            call(scope, {**given, argument: value})
        except ConfigurationError as error:
            if not any(word in str(error) for word in (argument, *SHOWN[kind])):
                yield f"{where}: names neither the argument nor the value: {error}"
        except Exception as error:  # noqa: BLE001 - this is what the test looks for
            yield f"{where}: {type(error).__name__}: {error}"
        else:
            yield f"{where}: accepted"
    if scope.node.children:
        yield f"{name}: created {scope.node.children[0].node.path}"


def test_wrong_kinds_are_refused_before_anything_is_created(world: World) -> None:
    assert [one for name, call, given in calls(world) for one in faults(world, name, call, given)] == []


def test_every_public_constructor_and_function_is_tried(world: World) -> None:
    tried = {name for name, _, _ in calls(world)}
    called = {
        name
        for name, found in names()
        if not name.endswith("Options")
        and name not in PROTOCOLS | NOT_CHECKED
        and not (inspect.isclass(found) and issubclass(found, enum.Enum))
    }
    assert called - tried == set()


def token(world: World) -> Any:
    found = world.stack.node.try_find_child("Days") or cdk.CfnParameter(world.stack, "Days", type="Number")
    return found.value_as_number  # type: ignore[attr-defined]


# Name in `calls` -> wrong arguments, and what the error says about them.
SAID: list[tuple[str, Callable[[World], dict[str, Any]], str]] = [
    ("ArgoCdCapability", lambda w: {"identity_center_region": "Frankfurt"},
     "identity_center_region needs a Region such as eu-west-1, got 'Frankfurt'"),
    ("ConformancePacks", lambda w: {"parameters": {"EKS_SECRET_ENCRYPTED": {}}},
     "parameters names 'EKS_SECRET_ENCRYPTED', which is not a managed rule in the conformance packs; did you mean "
     "EKS_SECRETS_ENCRYPTED"),
    ("ConformancePacks", lambda w: {"parameters": {"zz": {}}}, "use an identifier such as EKS_SECRETS_ENCRYPTED"),
    ("Detection", lambda w: {"watched_roles": [""]}, "watched_roles needs roles or names of roles, got ''"),
    ("Detection", lambda w: {"runbook_url": token(w)}, "runbook_url needs a URL that begins with https://, got a number"),
    ("GlobalEvents", lambda w: {"region": token(w)}, "region needs a Region such as eu-west-1, got a number"),
    ("GlobalEvents", lambda w: {"break_glass_role_arn": "break-glass"},
     "break_glass_role_arn needs the ARN of a role, arn:PARTITION:iam::ACCOUNT:role/NAME, got 'break-glass'"),
    ("GlobalEvents", lambda w: {"break_glass_role_arn": "arn:aws-cn:iam::111122223333:role/bg"},
     "break_glass_role_arn names 'arn:aws-cn:iam::111122223333:role/bg', but eu-west-1 is in the partition aws"),
    ("Guardrails", lambda w: {"oldest_version": 0}, "oldest_version needs one of 1."),
    ("ImportedCluster", lambda w: {"certificate_authority": "-----BEGIN CERTIFICATE-----"},
     "certificate_authority needs a string in base64, got '-----BEGIN"),
    ("ManagedDetectors", lambda w: {"detector": "creat"},
     "detector needs 'create', the ID of a detector such as '12abc34d567e8fa901bc2d34e56789f0', or None, got 'creat'"),
    ("NodeGroup", lambda w: {"image": hardened.NodeImage(**IMAGE), "service_cidr": "none"},
     "service_cidr needs the cluster's IPv4 block for services such as '172.20.0.0/16', got 'none'"),
    ("NodeGroup", lambda w: {"labels": {"team": ""}},
     "label 'team' needs a value, since EKS refuses empty ones in managed node groups, got ''"),
    ("NodeGroup", lambda w: {"tags": {f"t{i}": "" for i in range(51)}}, "tags needs at most 50, got 51"),
    ("NodeGroup", lambda w: {"tags": {"k" * 129: "", "team": "v" * 257}},
     "use 1 to 128 characters that do not begin with aws:; tag 'team' needs a value of at most 256 characters, got 257"),
    ("NodeImage", lambda w: {"id": None, "evidence": None}, "id needs ami-0123456789abcdef0, got None; evidence needs"),
    ("NodeVolume", lambda w: {"device": None}, "device needs /dev/xvdc to /dev/xvdz, got None"),
    ("OrganizationHook", lambda w: {"log_retention_days": token(w)},
     "can only have values that are known during synthesis, not those of another stack"),
    ("AccessLogs.service_annotations", lambda w: {"certificate_arn": "web", "ports": [0, "https,http"]},
     "certificate_arn needs the ARN of a certificate, arn:aws:acm:REGION:ACCOUNT:certificate/ID, got 'web'; ports needs "
     "numbers from 1 to 65535 or names such as 'https', got 0; ports needs"),
    ("TrustedCharts.add_chart", lambda w: {"cluster": w.cluster}, "cluster needs Cluster.as_cdk_cluster, got a Cluster"),
    ("TrustedCharts.add_chart", lambda w: {"cluster": w.silent.as_cdk_cluster},
     "cluster has no kubectl: call Cluster.add_kubectl before Cluster.as_cdk_cluster"),
    ("waive", lambda w: {"reason": " "}, "a waiver needs a reason that a reviewer would accept, got ' '"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "wrong", "said"), SAID)
def test_the_error_says_what_is_allowed(
    world: World, name: str, wrong: Callable[[World], dict[str, Any]], said: str
) -> None:
    call, given = next((call, given) for one, call, given in calls(world) if one == name)
    home = world.management if name in ABROAD else world.stack
    scope = Construct(home, f"Said{len(home.node.children)}")
    with pytest.raises(ConfigurationError) as caught:
        call(scope, {**given, **wrong(world)})
    assert said in str(caught.value)
    assert scope.node.children == []


def test_the_service_block_of_a_custom_image_can_be_known_at_deployment(world: World) -> None:
    block = cdk.CfnParameter(world.stack, "Services").value_as_string
    hardened.NodeGroup(
        world.stack, "Custom", cluster=world.cluster, instance_types=["m7g.large"], operating_system="al2023",
        image=hardened.NodeImage(**IMAGE), service_cidr=block,
    )  # fmt: skip
