"""A cluster's objects, a recorded API that serves them, and what stands for AWS Config and EKS."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any

from botocore.session import get_session
from botocore.validate import validate_parameters

from hardened_eks.config_rules.handler import Surroundings
from tests.sources.kubernetes.server import Answers, Asked, RecordedApi, Said, paged, status

REGISTRY = "111122223333.dkr.ecr.eu-west-1.amazonaws.com"
GOOD = {
    "securityContext": {"allowPrivilegeEscalation": False},
    "image": f"{REGISTRY}/web@sha256:{'a' * 64}",
    "name": "web",
}
WHEN = datetime(2026, 11, 29, 3, tzinfo=UTC)
SERVICE = get_session().get_service_model("config")


def pod(name: str, namespace: str = "payments", *containers: dict[str, Any], **fields: Any) -> dict[str, Any]:
    metadata = {"name": name, "namespace": namespace, **fields.pop("metadata", {})}
    found = {"metadata": metadata, "spec": {"containers": list(containers or (GOOD,))}, "status": {"phase": "Running"}}
    found["spec"].update(fields.pop("spec", {}))
    return {**found, **fields}


def owned(kind: str, name: str, hash_: str = "") -> dict[str, Any]:
    labels = {"pod-template-hash": hash_} if hash_ else {}
    return {"ownerReferences": [{"kind": kind, "name": name, "controller": True}], "labels": labels}


def space(name: str) -> dict[str, Any]:
    return {"metadata": {"name": name}}


def policy(namespace: str, **spec: Any) -> dict[str, Any]:
    return {
        "metadata": {"name": "deny", "namespace": namespace},
        "spec": {"podSelector": {}, "policyTypes": ["Ingress", "Egress"], **spec},
    }


def cluster(
    *, pods: list[Any] | None = None, spaces: list[Any] | None = None, policies: list[Any] | None = None
) -> Answers:
    lists = {
        "/api/v1/pods": paged(pods or []),
        "/api/v1/namespaces": paged(spaces or []),
        "/apis/networking.k8s.io/v1/networkpolicies": paged(policies or []),
    }

    def answer(asked: Asked) -> Said:
        return lists[asked.path](asked) if asked.path in lists else status(404, "page not found")

    return answer


def described(api: RecordedApi, **facts: Any) -> dict[str, Any]:
    data = base64.b64encode(api.authority.encode()).decode()
    return {"status": "ACTIVE", "endpoint": api.url, "certificateAuthority": {"data": data}, **facts}


class FakeEks:
    def __init__(self, **clusters: Any) -> None:
        self.clusters = clusters

    def describe_cluster(self, *, name: str) -> dict[str, Any]:
        return {"cluster": self.clusters[name]}


class FakeConfig:
    """Keeps what it is told as AWS Config does, and refuses what its model and limits refuse."""

    def __init__(self, **kept: str) -> None:
        self.kept: dict[str, tuple[str, str]] = {id_: (compliance, "") for id_, compliance in kept.items()}
        self.calls: list[list[dict[str, Any]]] = []
        self.tokens: set[str] = set()

    def put_evaluations(self, **arguments: Any) -> dict[str, Any]:
        self._check("PutEvaluations", arguments)
        evaluations = arguments["Evaluations"]
        assert 0 < len(evaluations) <= 100
        assert len({one["ComplianceResourceId"] for one in evaluations}) == len(evaluations)
        self.calls.append(evaluations)
        self.tokens.add(arguments["ResultToken"])
        for one in evaluations:
            assert one["ComplianceResourceType"] == "AWS::EKS::Cluster"
            assert one["OrderingTimestamp"] == WHEN
            assert len(one["ComplianceResourceId"]) <= 768
            assert len(one["Annotation"]) <= 256
            self.kept.pop(one["ComplianceResourceId"], None)
            if one["ComplianceType"] != "NOT_APPLICABLE":
                self.kept[one["ComplianceResourceId"]] = (one["ComplianceType"], one["Annotation"])
        return {"FailedEvaluations": []}

    def get_compliance_details_by_config_rule(self, **arguments: Any) -> dict[str, Any]:
        self._check("GetComplianceDetailsByConfigRule", arguments)
        assert arguments["Limit"] <= 100
        start = int(arguments.get("NextToken", "0"))
        page = list(self.kept.items())[start : start + arguments["Limit"]]
        results = [
            {
                "ComplianceType": compliance,
                "EvaluationResultIdentifier": {"EvaluationResultQualifier": {"ResourceId": id_}},
            }
            for id_, (compliance, _) in page
        ]
        more = {"NextToken": str(start + len(page))} if start + len(page) < len(self.kept) else {}
        return {"EvaluationResults": results, **more}

    @property
    def said(self) -> dict[str, str]:
        """What it was told in all calls, by id."""
        return {one["ComplianceResourceId"]: one["ComplianceType"] for call in self.calls for one in call}

    @property
    def texts(self) -> dict[str, str]:
        return {one["ComplianceResourceId"]: one["Annotation"] for call in self.calls for one in call}

    def _check(self, operation: str, arguments: dict[str, Any]) -> None:
        validate_parameters(arguments, SERVICE.operation_model(operation).input_shape)


def event(check: str, *, registries: str = REGISTRY, exempt: str = "kube-system", rule: str = "") -> dict[str, Any]:
    parameters = {"check": check, "exempt_namespaces": exempt, "trusted_registries": registries}
    notice = {"messageType": "ScheduledNotification", "notificationCreationTime": "2026-11-29T03:00:00.000Z"}
    return {
        "configRuleName": rule or f"rule-of-{check}",
        "invokingEvent": json.dumps(notice),
        "ruleParameters": json.dumps(parameters),
        "resultToken": "token",
        "eventLeftScope": False,
        "accountId": "123456789012",
    }


def around(config: FakeConfig, eks: FakeEks, *names: str, left: float = 600.0) -> tuple[Surroundings, list[Any]]:
    lines: list[Any] = []
    made = Surroundings(
        config=config,
        eks=eks,
        token=lambda name: lambda: f"token-of-{name}",
        clusters=names or tuple(eks.clusters),
        left=lambda: left,
        log=lambda line: lines.append(json.loads(line)),
    )
    return made, lines
