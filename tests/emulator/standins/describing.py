"""A stand-in for what an audit asks and ministack does not answer. What it says is what CloudFormation made.

EC2: DescribeVpcEndpoints with policies, groups and private DNS; DescribeFlowLogs with role, format and interval;
DescribeLaunchTemplateVersions with the volumes' keys; block public access, encryption controls, snapshots. ECR: the
registry's settings and templates. Route 53 Resolver, GuardDuty, Security Hub, Access Analyzer: what resources of a stack
say, else none. CloudWatch Logs: deletion protection. SNS: delivery logging. EKS: capabilities, none.

Of changes there are PutRegistryScanningConfiguration, DisassociateKmsKey and UpdateNodegroupVersion, at once and for the
launch template alone. Not here: other filters than the VPC's.
"""

from __future__ import annotations

import json
import re
from typing import Any

from tests.emulator.resources import generic
from tests.emulator.standins import xml

Params = dict[str, Any]
Answer = tuple[int, Any, Any]
_ACCOUNT, _REGION = "123456789012", "us-east-1"
_EMPTY_EC2 = {
    "DescribeClientVpnEndpoints": "ClientVpnEndpoints",
    "DescribeVpcEndpointServiceConfigurations": "ServiceConfigurations",
    "DescribeVpnConnections": "VpnConnections",
    "DescribeVpnGateways": "VpnGateways",
    "DescribeInstanceConnectEndpoints": "InstanceConnectEndpoints",
    "DescribeTransitGatewayVpcAttachments": "TransitGatewayVpcAttachments",
    "DescribeVpcBlockPublicAccessExclusions": "VpcBlockPublicAccessExclusions",
}
_SNS_PREFIXES = {
    "lambda": "Lambda",
    "sqs": "SQS",
    "http/s": "HTTP",
    "firehose": "Firehose",
    "application": "Application",
}


def install() -> None:
    """Put the stand-in into ministack."""
    _ec2()
    _ecr()
    _logs()
    _eks()
    _sns()
    _others()


def made(type_: str) -> list[tuple[str, Params]]:
    """Return (physical id, properties) of the resources of a type that nobody emulates."""
    return [(id, props) for (kind, id), props in generic.STORE.items() if kind == type_]


def _ec2() -> None:
    from ministack.services import autoscaling, ec2

    autoscaling._ACTION_MAP["DescribeNotificationConfigurations"] = _notices

    def answering(operation: str, answer: Any) -> Any:
        return lambda p: ec2._xml(200, f"{operation}Response", xml.body("ec2", operation, answer(p)))

    for operation, key in _EMPTY_EC2.items():
        ec2._ACTION_MAP[operation] = answering(operation, lambda _p, key=key: {key: []})
    for operation, answer in {
        "DescribeVpcEndpoints": _endpoints,
        "DescribeFlowLogs": _flow_logs,
        "DescribeVpcBlockPublicAccessOptions": _block,
        "DescribeVpcEncryptionControls": _encryption,
        "GetSnapshotBlockPublicAccessState": _snapshots,
    }.items():
        ec2._ACTION_MAP[operation] = answering(operation, answer)


def _tags(id: str) -> list[Params]:
    from ministack.services import ec2

    return list(ec2._tags.get(id, ()))


def _notices(p: Params) -> Answer:
    from ministack.services import autoscaling

    return autoscaling._xml(  # type: ignore[no-any-return]
        200, "DescribeNotificationConfigurationsResponse",
        "<DescribeNotificationConfigurationsResult><NotificationConfigurations/></DescribeNotificationConfigurationsResult>",
    )  # fmt: skip


def _vpc_filter(p: Params) -> set[str]:
    from ministack.services import ec2

    return set(ec2._parse_filters(p).get("vpc-id", ()))


def _endpoints(p: Params) -> Params:
    from ministack.services import ec2

    vpcs, ids = _vpc_filter(p), ec2._parse_member_list(p, "VpcEndpointId")
    found = []
    for one in ec2._vpc_endpoints.values():
        if (vpcs and one["VpcId"] not in vpcs) or (ids and one["VpcEndpointId"] not in ids):
            continue
        policy = one.get("PolicyDocument") or {"Statement": [
            {"Action": "*", "Effect": "Allow", "Principal": "*", "Resource": "*"}]}  # fmt: skip
        found.append({
            **{k: one[k] for k in ("VpcEndpointId", "VpcEndpointType", "VpcId", "ServiceName", "State", "RouteTableIds", "SubnetIds")},
            "Groups": [{"GroupId": g} for g in one.get("SecurityGroupIds", ())],
            "PrivateDnsEnabled": str(one.get("PrivateDnsEnabled")).lower() == "true",
            "PolicyDocument": policy if isinstance(policy, str) else json.dumps(policy),
            "OwnerId": _ACCOUNT, "Tags": _tags(one["VpcEndpointId"]),
        })  # fmt: skip
    return {"VpcEndpoints": found}


def _flow_logs(p: Params) -> Params:
    from ministack.services import ec2

    wanted = ec2._parse_filters(p).get("resource-id", ())
    kept = ("FlowLogId", "ResourceId", "TrafficType", "LogDestinationType", "LogDestination", "FlowLogStatus", "LogGroupName",
            "DeliverLogsPermissionArn", "LogFormat", "MaxAggregationInterval")  # fmt: skip
    return {"FlowLogs": [
        {**{key: one[key] for key in kept if one.get(key)}, "Tags": _tags(one["FlowLogId"])}
        for one in ec2._flow_logs.values() if not wanted or one["ResourceId"] in wanted
    ]}  # fmt: skip


def _block(p: Params) -> Params:
    modes = [props["InternetGatewayBlockMode"] for _, props in made("AWS::EC2::VPCBlockPublicAccessOptions")]
    return {"VpcBlockPublicAccessOptions": {
        "AwsAccountId": _ACCOUNT, "AwsRegion": _REGION, "InternetGatewayBlockMode": modes[-1] if modes else "off"}}  # fmt: skip


def _encryption(p: Params) -> Params:
    vpcs = _vpc_filter(p)
    return {"VpcEncryptionControls": [
        {"VpcEncryptionControlId": id, "VpcId": props["VpcId"], "Mode": props["Mode"]}
        for id, props in made("AWS::EC2::VPCEncryptionControl") if not vpcs or props["VpcId"] in vpcs
    ]}  # fmt: skip


def _snapshots(p: Params) -> Params:
    states = [props["State"] for _, props in made("AWS::EC2::SnapshotBlockPublicAccess")]
    return {"State": states[-1] if states else "unblocked"}


def _lower(value: Any) -> Any:
    """Return properties as the JSON services answer them: ``ScanType`` becomes ``scanType``."""
    if isinstance(value, dict):
        return {f"{key[0].lower()}{key[1:]}": _lower(item) for key, item in value.items()}
    return [_lower(item) for item in value] if isinstance(value, list) else value


def _ecr() -> None:
    from ministack.core.responses import error_response_json, json_response
    from ministack.services import ecr

    theirs = ecr.handle_request

    async def handle_request(method: str, path: str, headers: Any, body: Any, query: Any) -> Any:
        operation = str(headers.get("x-amz-target", "")).rpartition(".")[2]
        settings = made("AWS::ECR::RegistryScanningConfiguration")
        if operation == "PutRegistryScanningConfiguration":
            given = json.loads(body)
            generic.STORE["AWS::ECR::RegistryScanningConfiguration", "given"] = {
                "ScanType": given.get("scanType", "BASIC"),
                "Rules": [_upper(rule) for rule in given.get("rules", ())],
            }
            return json_response({"registryScanningConfiguration": given})
        if operation == "GetRegistryScanningConfiguration":
            last = _lower(settings[-1][1]) if settings else {"scanType": "BASIC", "rules": []}
            return json_response({"registryId": _ACCOUNT, "scanningConfiguration": last})
        if operation == "DescribeRepositoryCreationTemplates":
            told = [_template(props) for _, props in made("AWS::ECR::RepositoryCreationTemplate")]
            return json_response({"registryId": _ACCOUNT, "repositoryCreationTemplates": told})
        if operation == "DescribePullThroughCacheRules":
            told = [_lower(props) for _, props in made("AWS::ECR::PullThroughCacheRule")]
            return json_response({"pullThroughCacheRules": told})
        if operation == "GetRegistryPolicy":
            policies = made("AWS::ECR::RegistryPolicy")
            if not policies:
                return error_response_json("RegistryPolicyNotFoundException", "there is none", 400)
            return json_response({"registryId": _ACCOUNT, "policyText": json.dumps(policies[-1][1]["PolicyText"])})
        return await theirs(method, path, headers, body, query)

    ecr.handle_request = handle_request


def _upper(value: Any) -> Any:
    if isinstance(value, dict):
        return {f"{key[0].upper()}{key[1:]}": _upper(item) for key, item in value.items()}
    return [_upper(item) for item in value] if isinstance(value, list) else value


def _template(props: Params) -> Params:
    kept = {
        key: value for key, value in props.items() if key not in {"RepositoryPolicy", "LifecyclePolicy", "ResourceTags"}
    }
    texts = {key: props[key] if isinstance(props[key], str) else json.dumps(props[key])
             for key in ("RepositoryPolicy", "LifecyclePolicy") if key in props}  # fmt: skip
    return _lower({**kept, **texts}) | ({"resourceTags": props["ResourceTags"]} if "ResourceTags" in props else {})


def _logs() -> None:
    from ministack.core.responses import error_response_json, json_response
    from ministack.services import cloudwatch_logs as logs

    describe, handle = logs._describe_log_groups, logs.handle_request

    def described(data: Params) -> Answer:
        status, headers, body = describe(data)
        answer = json.loads(body)
        for one in answer.get("logGroups", ()):
            one["deletionProtectionEnabled"] = bool(
                logs._log_groups[one["logGroupName"]].get("deletionProtectionEnabled")
            )
        return status, headers, json.dumps(answer).encode()

    async def handle_request(method: str, path: str, headers: Any, body: Any, query: Any) -> Any:
        operation = str(headers.get("x-amz-target", "")).rpartition(".")[2]
        if operation == "GetTransformer":
            return error_response_json("ResourceNotFoundException", "there is no transformer", 400)
        if operation == "DisassociateKmsKey":
            logs._log_groups[json.loads(body)["logGroupName"]].pop("kmsKeyId", None)
            return json_response({})
        return await handle(method, path, headers, body, query)

    logs._describe_log_groups, logs.handle_request = described, handle_request


def _eks() -> None:
    from ministack.services import eks

    theirs = eks._handle_request_sync

    def handle(method: str, path: str, headers: Any, body: Any, query: Any) -> Answer:
        if method == "GET" and re.fullmatch(r"/clusters/[\w-]+/capabilities", path):
            return eks._json_resp(200, {"capabilities": []})  # type: ignore[no-any-return]
        found = re.fullmatch(r"/clusters/([\w-]+)/node-groups/([\w-]+)/update-version", path)
        if method == "POST" and found:
            given = json.loads(body)["launchTemplate"]
            eks._nodegroups[f"{found[1]}/{found[2]}"]["launchTemplate"] = given
            return eks._json_resp(200, {"update": {"id": "1", "status": "InProgress", "type": "VersionUpdate"}})  # type: ignore[no-any-return]
        return theirs(method, path, headers, body, query)  # type: ignore[no-any-return]

    eks._handle_request_sync = handle


def _sns() -> None:
    """Keep what CloudFormation says of the logging of deliveries."""
    from ministack.services import sns
    from ministack.services.cloudformation import provisioners

    handler = provisioners._RESOURCE_HANDLERS["AWS::SNS::Topic"]

    def keeping(theirs: Any, of: int) -> Any:
        def keep(*given: Any, **more: Any) -> Any:
            result = theirs(*given, **more)
            topic = sns._topics[result[0] if isinstance(result, tuple) else result]
            for entry in given[of].get("DeliveryStatusLogging", ()):
                prefix = _SNS_PREFIXES[entry["Protocol"]]
                for name in ("SuccessFeedbackRoleArn", "FailureFeedbackRoleArn", "SuccessFeedbackSampleRate"):
                    if name in entry:
                        topic["attributes"][f"{prefix}{name}"] = str(entry[name])
            return result

        return keep

    handler["create"] = keeping(handler["create"], 1)
    handler["update"] = keeping(handler["update"], 2)


def _others() -> None:
    """Answer for services that ministack does not have at all."""
    from ministack import app
    from ministack.core.responses import error_response_json, json_response

    reset = app._reset_all_state

    def forgetting() -> None:
        reset()
        generic.STORE.clear()

    app._reset_all_state = forgetting
    detect = app.detect_service
    name = "standin-describing"

    def operation_of(method: str, path: str, headers: Any) -> str:
        target = str(headers.get("x-amz-target", ""))
        if target.startswith(("Route53Resolver.", "NetworkFirewall_20201112.", "CloudApiService.")):
            return target
        scope = re.search(r"Credential=[^/]+/[^/]+/[^/]+/([^/]+)/", str(headers.get("authorization", "")))
        return f"{scope[1] if scope else ''} {method} {path}"

    def detected(method: str, path: str, headers: Any, query: Any) -> Any:
        operation = operation_of(method, path, headers)
        return (
            name
            if any(re.fullmatch(pattern, operation) for pattern in _ANSWERS)
            else detect(method, path, headers, query)
        )

    async def handle(method: str, path: str, headers: Any, body: Any, query: Any) -> Any:
        operation = operation_of(method, path, headers)
        answer = next(answer for pattern, answer in _ANSWERS.items() if re.fullmatch(pattern, operation))
        given = json.loads(body) if body else {}
        told = answer(given, path)
        if isinstance(told, tuple):
            return error_response_json(told[0], told[1], 401 if told[0] == "InvalidAccessException" else 400)
        return json_response(told)

    app.detect_service = detected
    app.SERVICE_HANDLERS[name] = handle


def _resolver(type_: str, key: str, vpc: str) -> Any:
    def answer(given: Params, path: str) -> Params:
        wanted = given.get("VpcId") or next((f["Values"][0] for f in given.get("Filters", ())), None)
        return {key: [{"Id": id, **props} for id, props in made(f"AWS::Route53Resolver::{type_}")
                      if wanted in (None, props.get(vpc))]}  # fmt: skip

    return answer


def _one(type_: str, asked: str, key: str) -> Any:
    def answer(given: Params, path: str) -> Params | tuple[str, str]:
        props = dict(made(f"AWS::Route53Resolver::{type_}")).get(given[asked])
        if props is None:
            return "ResourceNotFoundException", f"there is no {given[asked]}"
        return {
            key: {
                "Id": given[asked],
                **{name: value for name, value in props.items() if name in {"Name", "DestinationArn"}},
            }
        }

    return answer


def _rules(given: Params, path: str) -> Params:
    props = dict(made("AWS::Route53Resolver::FirewallRuleGroup")).get(given["FirewallRuleGroupId"], {})
    return {"FirewallRules": props.get("FirewallRules", [])}


def _domains(given: Params, path: str) -> Params:
    props = dict(made("AWS::Route53Resolver::FirewallDomainList")).get(given["FirewallDomainListId"], {})
    return {"Domains": props.get("Domains", [])}


def _detector(given: Params, path: str) -> Params | tuple[str, str]:
    found = dict(made("AWS::GuardDuty::Detector"))
    id = path.rpartition("/")[2]
    if id not in found:
        return "BadRequestException", "there is no such detector: NotFound"
    props = found[id]
    return {
        "status": "ENABLED" if str(props.get("Enable")).lower() == "true" else "DISABLED",
        "serviceRole": "", "createdAt": "2026-01-01", "features": _lower(props.get("Features", [])),
        "tags": {tag["Key"]: tag["Value"] for tag in props.get("Tags", ())},
    }  # fmt: skip


def _hub(given: Params, path: str) -> Params | tuple[str, str]:
    found = made("AWS::SecurityHub::Hub")
    if not found:
        return "InvalidAccessException", "the account is not subscribed to AWS Security Hub"
    return {"HubArn": f"arn:aws:securityhub:{_REGION}:{_ACCOUNT}:hub/default", "AutoEnableControls": True}


def _standards(given: Params, path: str) -> Params:
    found = [(id, props["StandardsArn"]) for id, props in made("AWS::SecurityHub::Standard")]
    if any(props.get("EnableDefaultStandards", True) is not False for _, props in made("AWS::SecurityHub::Hub")):
        found.append((
            f"arn:aws:securityhub:{_REGION}:{_ACCOUNT}:subscription/aws-foundational-security-best-practices/v/1.0.0",
            f"arn:aws:securityhub:{_REGION}::standards/aws-foundational-security-best-practices/v/1.0.0",
        ))  # fmt: skip
    return {"StandardsSubscriptions": [
        {"StandardsSubscriptionArn": id, "StandardsArn": arn, "StandardsStatus": "READY", "StandardsInput": {}}
        for id, arn in found
    ]}  # fmt: skip


def _analyzers(given: Params, path: str) -> Params:
    return {"analyzers": [
        {"arn": f"arn:aws:access-analyzer:{_REGION}:{_ACCOUNT}:analyzer/{id}", "name": id, "type": props["Type"],
         "status": "ACTIVE", "createdAt": "2026-01-01T00:00:00Z"}
        for id, props in made("AWS::AccessAnalyzer::Analyzer")
    ]}  # fmt: skip


_ANSWERS = {
    r"Route53Resolver\.ListFirewallRuleGroupAssociations":
        _resolver("FirewallRuleGroupAssociation", "FirewallRuleGroupAssociations", "VpcId"),
    r"Route53Resolver\.ListResolverQueryLogConfigAssociations":
        _resolver("ResolverQueryLoggingConfigAssociation", "ResolverQueryLogConfigAssociations", "ResourceId"),
    r"Route53Resolver\.GetFirewallRuleGroup": _one("FirewallRuleGroup", "FirewallRuleGroupId", "FirewallRuleGroup"),
    r"Route53Resolver\.GetFirewallDomainList": _one("FirewallDomainList", "FirewallDomainListId", "FirewallDomainList"),
    r"Route53Resolver\.GetResolverQueryLogConfig":
        _one("ResolverQueryLoggingConfig", "ResolverQueryLogConfigId", "ResolverQueryLogConfig"),
    r"Route53Resolver\.ListFirewallRules": _rules,
    r"Route53Resolver\.ListFirewallDomains": _domains,
    r"Route53Resolver\.ListResolverRuleAssociations": lambda given, path: {"ResolverRuleAssociations": []},
    r"route53profiles GET /profileassociations": lambda given, path: {"ProfileAssociations": [
        {"Id": id, **props} for id, props in made("AWS::Route53Profiles::ProfileAssociation")]},
    r"route53profiles GET /profiles": lambda given, path: {"ProfileSummaries": [
        {"Id": id, "ShareStatus": "NOT_SHARED", **props} for id, props in made("AWS::Route53Profiles::Profile")]},
    r"route53profiles GET /profileresourceassociations/profileid/[\w-]+": lambda given, path: {
        "ProfileResourceAssociations": [
            {"Id": id, **props} for id, props in made("AWS::Route53Profiles::ProfileResourceAssociation")
            if props.get("ProfileId") == path.rpartition("/")[2]]},
    r"NetworkFirewall_20201112\.ListFirewalls": lambda given, path: {"Firewalls": []},
    r"guardduty GET /detector": lambda given, path: {"detectorIds": [id for id, _ in made("AWS::GuardDuty::Detector")]},
    r"guardduty GET /detector/[\w-]+": _detector,
    r"securityhub GET /accounts": _hub,
    r"securityhub POST /standards/get": _standards,
    r"ecr-public POST /": lambda given, path: {"repositories": []},
    r"CloudApiService\.ListResources": lambda given, path: {"ResourceDescriptions": []},
    r"access-analyzer GET /analyzer": _analyzers,
}  # fmt: skip
"""Operation -> answer."""
