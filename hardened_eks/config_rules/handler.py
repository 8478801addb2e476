"""The handler that AWS Config calls once a day for each rule."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Protocol

from hardened_eks.config_rules import evaluations
from hardened_eks.config_rules.evaluations import Compliance, Evaluation
from hardened_eks.config_rules.judging import Question
from hardened_eks.data.cluster_rules import CHECK, CLUSTERS, EXEMPT, REGISTRIES
from hardened_eks.sources.kubernetes import Api, ApiError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from hardened_eks.config_rules.evaluations import Config

_SPARE: Final = 30.0
"""Seconds of the function's time that are reserved for the report to AWS Config."""
_READABLE: Final = frozenset({"ACTIVE", "UPDATING"})


class Eks(Protocol):
    """The part of boto3's client of EKS that is used here."""

    def describe_cluster(self, **arguments: Any) -> Mapping[str, Any]:
        """Describe a cluster."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """The clients and settings of the function."""

    config: Config
    eks: Eks
    token: Callable[[str], Callable[[], str]]
    """Function that returns the source of tokens for a cluster."""
    clusters: tuple[str, ...]
    left: Callable[[], float]
    """Function that returns the seconds that the function has left."""
    log: Callable[[str], object] = print


def handler(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """Evaluate the clusters with the rule that AWS Config names, and report to it. AWS Lambda calls this.

    Raises:
        Exception: the event does not come from AWS Config, or AWS Config refuses an evaluation. The alarm on errors
            reports it.
    """
    import boto3
    from botocore.config import Config as Settings

    from hardened_eks.sources.kubernetes.token import EksToken

    region = os.environ["AWS_REGION"]
    settings = Settings(retries={"mode": "standard", "max_attempts": 5}, connect_timeout=5, read_timeout=20)
    return run(
        event,
        Surroundings(
            config=boto3.client("config", config=settings),
            eks=boto3.client("eks", config=settings),
            token=partial(EksToken, region=region),
            clusters=_list(os.environ[CLUSTERS]),
            left=lambda: context.get_remaining_time_in_millis() / 1000,
        ),
    )


def run(event: Mapping[str, Any], around: Surroundings) -> dict[str, Any]:
    """Evaluate the clusters with the rule that an event names, and return the numbers of evaluations.

    Raises:
        KeyError: the event does not come from AWS Config.
        RefusedError: AWS Config refused an evaluation.
    """
    rule = event["configRuleName"]
    when = datetime.fromisoformat(json.loads(event["invokingEvent"])["notificationCreationTime"])
    parameters = json.loads(event.get("ruleParameters") or "{}")
    question = Question.of(
        parameters[CHECK],
        registries=_list(parameters.get(REGISTRIES, "")),
        exempt=_list(parameters.get(EXEMPT, "")),
    )
    before = evaluations.known(around.config, rule)
    sent, unread = 0, []
    for cluster in around.clusters:
        try:
            told = _ask(question, cluster, around)
        except ApiError as error:
            unread.append(cluster)
            around.log(json.dumps({"event": "unreadable", "rule": rule, "cluster": cluster, "reason": str(error)}))
            told = [Evaluation(cluster, Compliance.NOT_JUDGED, f"not read: {error}")]
            told += _withdrawn(cluster, before)
        else:
            told += _vanished(cluster, before, {one.id for one in told})
        sent += evaluations.send(around.config, event["resultToken"], told, when)
    gone = [id_ for id_ in before if id_.partition("/")[0] not in around.clusters]
    left_out = (Evaluation(id_, Compliance.NOT_JUDGED, "the cluster is no longer evaluated") for id_ in gone)
    sent += evaluations.send(around.config, event["resultToken"], left_out, when)
    done = {"event": "judged", "rule": rule, "evaluations": sent, "clusters": len(around.clusters), "unread": unread}
    around.log(json.dumps(done))
    return done


def _ask(question: Question, cluster: str, around: Surroundings) -> list[Evaluation]:
    try:
        described = around.eks.describe_cluster(name=cluster)["cluster"]
    except Exception as error:
        raise ApiError(f"DescribeCluster: {error}") from error
    status = described.get("status")
    if status not in _READABLE:
        raise ApiError(f"the cluster is {status}")
    opened: list[Api] = []

    def api() -> Api:
        left = lambda: around.left() - _SPARE  # noqa: E731
        opened.append(Api.of_cluster(described, token=around.token(cluster), left=left))
        return opened[0]

    try:
        return question.ask(cluster, described, api)
    finally:
        for one in opened:
            one.close()


def _vanished(cluster: str, before: Mapping[str, str], now: set[str]) -> Iterator[Evaluation]:
    """Yield evaluations that withdraw the verdicts on deleted objects."""
    for id_ in before:
        if id_.startswith(f"{cluster}/") and id_ not in now:
            yield Evaluation(id_, Compliance.NOT_JUDGED, "no longer there")


def _withdrawn(cluster: str, before: Mapping[str, str]) -> Iterator[Evaluation]:
    """Yield evaluations that withdraw unconfirmed good verdicts. Bad ones stay, because no fix is confirmed."""
    for id_, compliance in before.items():
        if id_.startswith(f"{cluster}/") and compliance == Compliance.GOOD:
            yield Evaluation(id_, Compliance.NOT_JUDGED, "not read")


def _list(text: str) -> tuple[str, ...]:
    return tuple(part for part in map(str.strip, text.split(",")) if part)
