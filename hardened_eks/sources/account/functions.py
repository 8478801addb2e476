"""Lambda, Step Functions and Secrets Manager: functions, state machines and secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hardened_eks.sources.account.found import Found, Wanted
from hardened_eks.sources.account.shape import document, pascal, pick, plain, tag_map, with_tags

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hardened_eks.sources.account.asking import Asker


def functions(asker: Asker, vpc_id: str) -> Iterator[Wanted]:
    """Yield the functions in a VPC, which are then read."""
    for entry in asker.shared("lambda:ListFunctions", "Functions"):
        if entry.get("VpcConfig", {}).get("VpcId") == vpc_id:
            yield Wanted("function", entry["FunctionArn"])


def function(asker: Asker, arn: str) -> Iterator[Found]:
    """Yield a function, its permissions, and the destinations of its failures."""
    name = arn.split(":")[6]
    entry = asker.ask("lambda:GetFunctionConfiguration", FunctionName=name)
    if not entry:
        return
    properties = pick(
        entry,
        "FunctionName",
        "Runtime",
        "Role",
        "Handler",
        "KmsKeyArn",
        "DeadLetterConfig",
        "Environment",
        "Architectures",
        "MemorySize",
        "Timeout",
        "PackageType",
    )
    properties["Arn"] = entry["FunctionArn"]
    network = pick(entry.get("VpcConfig", {}), "SubnetIds", "SecurityGroupIds")
    properties |= {"VpcConfig": network} if network else {}
    properties |= {"TracingConfig": plain(entry["TracingConfig"])} if entry.get("TracingConfig") else {}
    limit = asker.value("lambda:GetFunctionConcurrency", "ReservedConcurrentExecutions", FunctionName=name)
    properties |= {"ReservedConcurrentExecutions": limit} if limit is not None else {}
    layers = [one["Arn"] for one in entry.get("Layers", ())]
    properties |= {"Layers": layers} if layers else {}
    tags = asker.value("lambda:ListTags", "Tags", {}, Resource=entry["FunctionArn"])
    yield Found("AWS::Lambda::Function", name, with_tags(properties, tags), entry["FunctionArn"], tag_map(tags))
    yield from _around(asker, name)


def _around(asker: Asker, name: str) -> Iterator[Found]:
    policy = document(asker.value("lambda:GetPolicy", "Policy", FunctionName=name))
    for statement in policy.get("Statement", ()) if isinstance(policy, dict) else ():
        principal = statement.get("Principal")
        principal = next(iter(principal.values()), "*") if isinstance(principal, dict) else principal
        condition = statement.get("Condition", {})
        source = next((value.get("AWS:SourceArn") for value in condition.values() if "AWS:SourceArn" in value), None)
        equal = condition.get("StringEquals", {})
        owner = equal.get("AWS:SourceAccount")
        named = (("PrincipalOrgID", "aws:PrincipalOrgID"), ("EventSourceToken", "lambda:EventSourceToken"))
        properties = {
            "FunctionName": name,
            "Action": statement.get("Action"),
            "Principal": principal,
            **({"SourceArn": source} if source else {}),
            **({"SourceAccount": owner} if owner else {}),
            **{own: equal[key] for own, key in named if isinstance(equal.get(key), str)},
        }
        yield Found("AWS::Lambda::Permission", f"{name}|{statement.get('Sid')}", properties)
    told = asker.ask("lambda:GetFunctionUrlConfig", FunctionName=name)
    if told:
        yield Found("AWS::Lambda::Url", told.get("FunctionUrl", name),
                    {"TargetFunctionArn": name, **pick(told, "AuthType", "Cors", "InvokeMode")})  # fmt: skip
    told = asker.ask("lambda:GetFunctionEventInvokeConfig", FunctionName=name)
    if told:
        properties = {
            "FunctionName": name,
            "Qualifier": "$LATEST",
            **pick(told, "MaximumRetryAttempts", "MaximumEventAgeInSeconds", "DestinationConfig"),
        }
        yield Found("AWS::Lambda::EventInvokeConfig", f"{name}|invoke", properties)


def state_machine(asker: Asker, arn: str) -> Iterator[Found]:
    """Yield a state machine."""
    entry = asker.ask("stepfunctions:DescribeStateMachine", stateMachineArn=arn)
    if not entry:
        return
    told: dict[str, Any] = pick(
        entry, "roleArn", "loggingConfiguration", "tracingConfiguration", "encryptionConfiguration"
    )
    properties = {
        **pascal(told),
        "Arn": arn,
        "StateMachineName": entry["name"],
        "StateMachineType": entry.get("type", "STANDARD"),
        "DefinitionString": entry.get("definition", ""),
    }
    tags = asker.value("stepfunctions:ListTagsForResource", "tags", (), resourceArn=arn)
    yield Found("AWS::StepFunctions::StateMachine", arn, with_tags(properties, tags), arn, tag_map(tags))


def secret(asker: Asker, arn: str) -> Iterator[Found]:
    """Yield a secret without its value, and its policy."""
    entry = asker.ask("secretsmanager:DescribeSecret", SecretId=arn)
    if not entry:
        return
    properties = {"Id": entry["ARN"], **pick(entry, "Name", "Description", "KmsKeyId")}
    yield Found("AWS::SecretsManager::Secret", entry["ARN"], with_tags(properties, entry.get("Tags")), entry["ARN"],
                tag_map(entry.get("Tags")))  # fmt: skip
    if entry.get("RotationEnabled"):
        schedule = {"SecretId": entry["ARN"], "RotationRules": plain(entry.get("RotationRules", {})),
                    **pick(entry, "RotationLambdaARN")}  # fmt: skip
        yield Found("AWS::SecretsManager::RotationSchedule", f"{entry['ARN']}/rotation", schedule)
    policy = asker.value("secretsmanager:GetResourcePolicy", "ResourcePolicy", SecretId=arn)
    if policy:
        yield Found("AWS::SecretsManager::ResourcePolicy", f"{entry['ARN']}/policy",
                    {"SecretId": entry["ARN"], "ResourcePolicy": document(policy)})  # fmt: skip
