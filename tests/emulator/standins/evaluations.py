"""A stand-in for evaluations: PutEvaluations, GetComplianceDetailsByConfigRule, and where a cluster's Kubernetes API is.

Refused as by AWS Config: an unknown result token, more than 100 evaluations, a type that it does not know, texts that
are too long. The result token of a rule is its name here. NOT_APPLICABLE takes away what was there.

DescribeCluster names the endpoint and the authority that the parameter ``/emulator/kubernetes/<cluster>`` of Systems
Manager holds: a test puts there those of a server of its own.
"""

from __future__ import annotations

import json
from typing import Any

_KEPT = "_evaluations"
_PARAMETER = "/emulator/kubernetes/{}"


def install() -> None:
    """Put the stand-in into ministack's AWS Config and EKS. Evaluations are kept with their rule, for resets."""
    from ministack.core.responses import error_response_json, json_response
    from ministack.services import config, eks, ssm

    theirs, describe = config.handle_request, eks._describe_cluster
    actions = {"PutEvaluations": _put, "GetComplianceDetailsByConfigRule": _details}

    async def handle_request(method: str, path: str, headers: Any, body: Any, query: Any) -> Any:
        action = str(headers.get("x-amz-target", "")).rpartition(".")[2]
        if action not in actions:
            return await theirs(method, path, headers, body, query)
        try:
            return json_response(actions[action](json.loads(body)))
        except RefusedError as error:
            return error_response_json(error.code, str(error), 400)

    def describe_cluster(name: str) -> Any:
        parameter = ssm._parameters.get(_PARAMETER.format(name))
        if parameter is not None and name in eks._clusters:
            told = json.loads(parameter["Value"])
            eks._clusters[name]["endpoint"] = told["endpoint"]
            eks._clusters[name]["certificateAuthority"] = {"data": told["authority"]}
        return describe(name)

    config.handle_request = handle_request
    eks._describe_cluster = describe_cluster


class RefusedError(ValueError):
    """AWS Config refuses a request."""

    def __init__(self, code: str, message: str) -> None:
        """Keep what the error answer needs."""
        super().__init__(message)
        self.code = code


def _rule(name: str, code: str) -> dict[str, Any]:
    from ministack.services import config

    if name not in config._config_rules:
        raise RefusedError(code, f"{name!r} is of no rule")
    found: dict[str, Any] = config._config_rules[name]
    return found


def _put(data: dict[str, Any]) -> dict[str, Any]:
    kept = _rule(data["ResultToken"], "InvalidResultTokenException").setdefault(_KEPT, {})
    if len(data["Evaluations"]) > 100:
        raise RefusedError("ValidationException", "Member must have length less than or equal to 100")
    for one in data["Evaluations"]:
        if one["ComplianceResourceType"] != "AWS::EKS::Cluster":
            raise RefusedError(
                "InvalidParameterValueException",
                f"The resource type {one['ComplianceResourceType']} is invalid. Only the following values are permitted",
            )
        if not 1 <= len(one["ComplianceResourceId"]) <= 768 or not 1 <= len(one.get("Annotation", "x")) <= 256:
            raise RefusedError("ValidationException", "Member must have length less than or equal to 768, 256")
        kept.pop(one["ComplianceResourceId"], None)
        if one["ComplianceType"] != "NOT_APPLICABLE":
            kept[one["ComplianceResourceId"]] = one
    return {"FailedEvaluations": []}


def _details(data: dict[str, Any]) -> dict[str, Any]:
    kept = _rule(data["ConfigRuleName"], "NoSuchConfigRuleException").get(_KEPT, {})
    start, limit = int(data.get("NextToken", "0")), data.get("Limit", 10)
    page = list(kept.values())[start : start + limit]
    results = [
        {
            "ComplianceType": one["ComplianceType"],
            "Annotation": one.get("Annotation", ""),
            "EvaluationResultIdentifier": {
                "EvaluationResultQualifier": {
                    "ConfigRuleName": data["ConfigRuleName"],
                    "ResourceType": one["ComplianceResourceType"],
                    "ResourceId": one["ComplianceResourceId"],
                }
            },
        }
        for one in page
    ]
    more = {"NextToken": str(start + limit)} if start + limit < len(kept) else {}
    return {"EvaluationResults": results, **more}
