"""The evaluations for AWS Config: one for each cluster, and one for each object in it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

TYPE: Final = "AWS::EKS::Cluster"
"""AWS Config accepts evaluations only of types that it knows, so objects are reported as parts of their cluster:
https://github.com/awslabs/aws-config-rdk/issues/290"""
_BATCH: Final = 100
_LONGEST_ID: Final = 768
_LONGEST_TEXT: Final = 256


class Compliance(StrEnum):
    """The value that AWS Config uses."""

    GOOD = "COMPLIANT"
    BAD = "NON_COMPLIANT"
    NOT_JUDGED = "NOT_APPLICABLE"
    """It could not be read, is exempt, or no longer exists. AWS Config deletes its previous evaluation."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One verdict."""

    id: str
    """The cluster's name, or ``cluster/namespace/Kind/name`` of an object."""
    compliance: Compliance
    text: str
    """The reason, for people."""

    def as_data(self, when: Any) -> dict[str, Any]:
        """Return the evaluation in the format of PutEvaluations.

        Args:
            when: the time of the notification. AWS Config ignores evaluations that are older than its own.
        """
        data = {
            "ComplianceResourceType": TYPE,
            "ComplianceResourceId": self.id,
            "ComplianceType": self.compliance.value,
        }
        return {**data, "Annotation": _cut(self.text), "OrderingTimestamp": when} if self.text else {
            **data, "OrderingTimestamp": when
        }  # fmt: skip


class Config(Protocol):
    """The part of boto3's client of AWS Config that is used here."""

    def put_evaluations(self, **arguments: Any) -> Mapping[str, Any]:
        """Send at most 100 evaluations."""

    def get_compliance_details_by_config_rule(self, **arguments: Any) -> Mapping[str, Any]:
        """Return a page of the evaluations in AWS Config."""


class RefusedError(Exception):
    """AWS Config refused an evaluation."""


def object_id(cluster: str, namespace: str, kind: str, name: str) -> str:
    """Return the ID of an object in a cluster. An ID that is too long is cut and ends with a hash of the whole."""
    whole = f"{cluster}/{namespace}/{kind}/{name}"
    if len(whole) <= _LONGEST_ID:
        return whole
    end = hashlib.sha256(whole.encode()).hexdigest()[:16]
    return f"{whole[: _LONGEST_ID - 17]}#{end}"


def known(config: Config, rule: str) -> dict[str, str]:
    """Return the evaluations of a rule in AWS Config: COMPLIANT or NON_COMPLIANT by ID."""
    found: dict[str, str] = {}
    arguments: dict[str, Any] = {
        "ConfigRuleName": rule, "ComplianceTypes": [Compliance.GOOD.value, Compliance.BAD.value], "Limit": _BATCH,
    }  # fmt: skip
    while True:
        page = config.get_compliance_details_by_config_rule(**arguments)
        for one in page.get("EvaluationResults", ()):
            qualifier = one["EvaluationResultIdentifier"]["EvaluationResultQualifier"]
            found[qualifier["ResourceId"]] = one["ComplianceType"]
        token = page.get("NextToken")
        if not token:
            return found
        arguments["NextToken"] = token


def send(config: Config, token: str, evaluations: Iterable[Evaluation], when: Any) -> int:
    """Send evaluations, 100 in each call, and return their number.

    Raises:
        RefusedError: AWS Config refused some of them.
    """
    count = 0
    for batch in _batches(evaluations):
        data = [one.as_data(when) for one in batch]
        answer = config.put_evaluations(Evaluations=data, ResultToken=token)
        if failed := answer.get("FailedEvaluations"):
            raise RefusedError(f"AWS Config refused {len(failed)} evaluations, the first: {failed[0]}")
        count += len(data)
    return count


def _batches(evaluations: Iterable[Evaluation]) -> Iterator[list[Evaluation]]:
    batch: list[Evaluation] = []
    for one in evaluations:
        batch.append(one)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else f"{text[: _LONGEST_TEXT - 1]}…"
