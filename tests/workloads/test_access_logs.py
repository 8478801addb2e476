"""The bucket of the access logs of load balancers: who writes in every Region, who reads, who deletes."""

from typing import Any

import aws_cdk as cdk
import cdk_nag
import pytest
from aws_cdk import region_info

import hardened_eks as hardened
from hardened_eks.baseline import Settings, manifests
from hardened_eks.data.aws_accounts import LOG_DELIVERY_OF_REGION
from hardened_eks.data.regions import PARTITIONS
from hardened_eks.errors import ConfigurationError
from hardened_eks.workloads._access_logs import _deliveries
from tests.governance.built import ACCOUNT, AUDITOR, REGION, of, rendered
from tests.iam import Policies, Request, evaluate

ADMIN = f"arn:aws:iam::{ACCOUNT}:role/admin"
EVERYTHING = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
FILE = f"/load-balancers/AWSLogs/{ACCOUNT}/elasticloadbalancing/eu-west-1/2026/11/29/a.log.gz"
ALB, NLB = "logdelivery.elasticloadbalancing.amazonaws.com", "delivery.logs.amazonaws.com"
CLASSIC = "arn:aws:iam::156460612806:root"
BALANCER = {"aws:SourceArn": f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:loadbalancer/app/a/1"}
LOGS = {
    "aws:SourceArn": f"arn:aws:logs:{REGION}:{ACCOUNT}:delivery-source:1", "aws:SourceAccount": ACCOUNT,
    "s3:x-amz-acl": "bucket-owner-full-control",
}  # fmt: skip
FOREIGN = "999988887777"


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Synthesizing raises on any finding of ours or of the packs."""
    app = cdk.App(outdir=str(tmp_path_factory.mktemp("access-logs")))
    scope = cdk.Stack(app, "Logs", env=cdk.Environment(account=ACCOUNT, region=REGION))
    cdk.Tags.of(scope).add("application", "payments")
    hardened.AccessLogs(scope, "AccessLogs", readers=[AUDITOR])
    cdk.Validations.of(app).add_plugins(
        hardened.Checks(), cdk_nag.AwsSolutionsChecks(), cdk_nag.NIST80053R5Checks(), cdk_nag.HIPAASecurityChecks(),
        cdk_nag.PCIDSS321Checks(),
    )  # fmt: skip
    template: dict[str, Any] = app.synth().get_stack_by_name("Logs").template
    return template


def decide(document: Any, bucket: str, principal: str, action: str, path: str, context: dict[str, str]) -> bool:
    service = principal.endswith("amazonaws.com")
    known = {"aws:SecureTransport": "true", "aws:PrincipalIsAWSService": str(service).lower()}
    request = Request(
        action=action, resource=f"arn:aws:s3:::{bucket}{path}", principal=principal,
        context={**known, **({} if service else {"aws:PrincipalArn": principal}), **context},
    )  # fmt: skip
    mine = principal.startswith(f"arn:aws:iam::{ACCOUNT}")
    policies = Policies(
        identity=() if service else (EVERYTHING,), resource=document, resource_account=ACCOUNT,
        resource_decides=not mine,
    )  # fmt: skip
    return bool(evaluate(request, policies))


@pytest.fixture(scope="module")
def document(found: dict[str, Any]) -> tuple[Any, str]:
    own = next(
        rendered(r["Properties"])
        for i, r in found["Resources"].items()
        if r["Type"] == "AWS::S3::BucketPolicy" and "LoadBalancers" in str(r["Properties"]["Bucket"])
    )
    return own["PolicyDocument"], own["Bucket"]


WHO = [
    ("an application load balancer", ALB, "s3:PutObject", FILE, BALANCER, True),
    ("a network load balancer", NLB, "s3:PutObject", FILE, LOGS, True),
    ("a network load balancer looks", NLB, "s3:GetBucketAcl", "", LOGS, True),
    ("a classic load balancer", CLASSIC, "s3:PutObject", FILE, {}, True),
    ("a foreign load balancer", ALB, "s3:PutObject", FILE,
     {"aws:SourceArn": f"arn:aws:elasticloadbalancing:{REGION}:{FOREIGN}:loadbalancer/app/a/1"}, False),
    ("a load balancer that does not say which", ALB, "s3:PutObject", FILE, {}, False),
    ("elsewhere in the bucket", ALB, "s3:PutObject", f"/AWSLogs/{ACCOUNT}/x", BALANCER, False),
    ("for another account", ALB, "s3:PutObject", f"/load-balancers/AWSLogs/{FOREIGN}/x", BALANCER, False),
    ("foreign logs", NLB, "s3:PutObject", FILE, {**LOGS, "aws:SourceAccount": FOREIGN}, False),
    ("a service that reads", ALB, "s3:GetObject", FILE, BALANCER, False),
    ("a reader", AUDITOR, "s3:GetObject", FILE, {}, True),
    ("an administrator reads", ADMIN, "s3:GetObject", FILE, {}, False),
    ("an administrator reads an old version", ADMIN, "s3:GetObjectVersion", FILE, {}, False),
    ("a reader deletes", AUDITOR, "s3:DeleteObject", FILE, {}, False),
    ("an administrator deletes", ADMIN, "s3:DeleteObjectVersion", FILE, {}, False),
    ("a reader over plain HTTP", AUDITOR, "s3:GetObject", FILE, {"aws:SecureTransport": "false"}, False),
    ("a foreign role", f"arn:aws:iam::{FOREIGN}:role/x", "s3:GetObject", FILE, {}, False),
]  # fmt: skip


@pytest.mark.parametrize(("what", "principal", "action", "path", "context", "expected"), WHO, ids=[w[0] for w in WHO])
def test_who_may_do_what(
    document: tuple[Any, str], what: str, principal: str, action: str, path: str, context: dict[str, str],
    expected: bool,
) -> None:  # fmt: skip
    assert decide(*document, principal, action, path, context) is expected


def test_every_region_has_a_principal_and_some_an_account_too() -> None:
    """The CDK has the same table."""
    assert len(PARTITIONS) > 30
    for region in PARTITIONS:
        statements = {s["Sid"]: s for s in _deliveries("arn:aws:s3:::b", region)}
        assert statements["ApplicationLoadBalancers"]["Principal"] == {"Service": ALB}
        assert statements["NetworkLoadBalancers"]["Principal"] == {"Service": NLB}
        account = region_info.RegionInfo.get(region).elbv2_account
        assert LOG_DELIVERY_OF_REGION.get(region) == account, region
        classic = str(statements.get("ClassicLoadBalancers", {}).get("Principal"))
        assert (f"::{account}:root" in classic) == (account is not None), region
    assert 30 <= len(LOG_DELIVERY_OF_REGION) < len(PARTITIONS)


def test_a_region_that_is_not_known_has_the_principals() -> None:
    sids = {s["Sid"] for s in _deliveries("arn:aws:s3:::b", cdk.Aws.REGION)}
    assert sids == {"ApplicationLoadBalancers", "NetworkLoadBalancersLook", "NetworkLoadBalancers"}


def test_the_bucket_is_kept_private_versioned_and_logged(found: dict[str, Any]) -> None:
    bucket = of(found, "AWS::S3::Bucket", "LoadBalancers")
    properties = bucket["Properties"]
    assert bucket["DeletionPolicy"] == "Retain"
    (encrypted,) = properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert encrypted["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}, "no KMS key, or no log arrives"
    assert properties["VersioningConfiguration"] == {"Status": "Enabled"}
    assert set(properties["PublicAccessBlockConfiguration"].values()) == {True}
    assert properties["LoggingConfiguration"]["LogFilePrefix"] == "LoadBalancers/"
    assert any(rule.get("ExpirationInDays") == 400 for rule in properties["LifecycleConfiguration"]["Rules"])


def test_settings_and_services_name_it() -> None:
    scope = cdk.Stack(cdk.App(), "Logs")
    logs = hardened.AccessLogs(scope, "AccessLogs", retention_days=30)
    settings = Settings(access_logs=logs.bucket_name)
    resolved = scope.resolve([o for o in manifests(settings) if o["kind"] == "IngressClassParams"])
    name = scope.resolve(logs.bucket_name)
    assert {"key": "access_logs.s3.bucket", "value": name} in resolved[0]["spec"]["loadBalancerAttributes"]
    notes = logs.service_annotations(certificate_arn="arn:aws:acm:eu-west-1:111122223333:certificate/1", ports=[443])
    assert "access_logs.s3.enabled=true" in notes["service.beta.kubernetes.io/aws-load-balancer-attributes"]


def test_every_mistake_is_named() -> None:
    scope = cdk.Stack(cdk.App(), "Logs")
    with pytest.raises(ConfigurationError) as caught:
        hardened.AccessLogs(scope, "AccessLogs", readers=["*"], retention_days=0)
    for word in ("readers needs roles or their ARNs", "retention_days needs 1 to 36500"):
        assert word in str(caught.value)
