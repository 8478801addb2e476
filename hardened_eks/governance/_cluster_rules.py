"""Config rules on clusters and their workloads."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from aws_cdk import aws_config as config
from aws_cdk import aws_eks as eks
from constructs import Construct

from hardened_eks import _owner
from hardened_eks._kinds import problems_in
from hardened_eks._l1 import create
from hardened_eks._traces import leave_out_useless
from hardened_eks.alerts._combined import as_channel
from hardened_eks.data.cluster_rules import (
    CHECK,
    EXEMPT,
    EXEMPT_NAMESPACES,
    GROUP,
    REGISTRIES,
    RULES,
    ClusterRule,
)
from hardened_eks.governance._rules_alarms import add_alarms
from hardened_eks.governance._rules_arguments import argument_problems
from hardened_eks.governance._rules_code import CODE
from hardened_eks.governance._rules_function import RulesFunction

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aws_cdk import aws_sns as sns

    from hardened_eks._cluster_like import ClusterLike
    from hardened_eks._signed_code import SignedCode
    from hardened_eks.alerts import AlertChannel
    from hardened_eks.governance._recorder import ConfigRecorder


class ClusterRules(Construct):
    """Config rules on clusters and their workloads, evaluated once a day with the controls of the catalog.

    ``eks-netPolCheck-rule`` (KB-36), ``eks-privEscalation-rule`` (KB-03) and ``eks-trustedRegCheck-rule`` (KB-01) read
    the Kubernetes API; ``eks-authModeCheck-rule`` (CP-11), ``eks-deletionProtection-rule`` (CP-10) and
    ``eks-supportType-rule`` (CP-08) read cluster details from EKS that AWS Config does not record. One function in the
    clusters' network serves all rules. Its access entry has no access policy, only the Kubernetes group
    ``hardened-eks:config-rules``: apply the ClusterRole that ``hardened-eks manifests`` renders with
    ``config_rules: true``. Otherwise AWS Config has no verdict, and the alarm notifies the channel
    (docs/how-to/config-rules-in-clusters.md).

    AWS Config must record in the account and Region.
    """

    rules: Mapping[str, config.CfnConfigRule]
    """The Config rules by their ID in `hardened_eks.data.cluster_rules`."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        clusters: Sequence[ClusterLike],
        registries: Sequence[str],
        alerts: AlertChannel | sns.ITopic,
        exempt_namespaces: Sequence[str] = EXEMPT_NAMESPACES,
        name_suffix: str = "",
        recorder: ConfigRecorder | None = None,
        log_retention_days: int = 365,
        reserved_concurrency: int | None = 2,
        signed_code: SignedCode | None = None,
    ) -> None:
        """Create the rules, their function, its access to the clusters, and alarms.

        Args:
            scope: the parent construct: a stack of the clusters' account and Region.
            id: construct ID.
            clusters: the clusters to evaluate, all in one network, in which the function runs. The keys of the first
                cluster encrypt the function's variables, log and queue.
            registries: registries from which images may come, with or without a path, compared up to a "/".
            alerts: channel, or your own topic, that is notified when a cluster cannot be read, the function fails, a
                call is lost, or AWS Config does not call the function. With ``alerts.nobody(reason=...)``, the alarms
                notify nobody.
            exempt_namespaces: namespaces that are not evaluated; a list replaces the default. Default: those of
                Kubernetes, EKS and GuardDuty.
            name_suffix: suffix of the names of the rules, for clusters of another network in the same account and
                Region, which need a second `ClusterRules`. Default: none.
            recorder: the recorder of this app, for which the rules wait. Default: none, the account already has one.
            log_retention_days: days for which the function's log is kept; a value that CloudWatch Logs supports, such
                as 90 or 400. Default: 365.
            reserved_concurrency: maximum of concurrent calls, 1 to 100; further calls wait. None for accounts with the
                quota of 10 that new accounts have, which allow no reservation. Default: 2.
            signed_code: code that AWS Signer has signed. Default: the code of this release, from the bootstrap bucket.

        Raises:
            ConfigurationError: an argument is invalid. The error lists all mistakes.
        """
        problems = problems_in(scope, f"ClusterRules '{id}'")
        problems.extend(
            argument_problems(
                scope,
                clusters=clusters,
                registries=registries,
                alerts=alerts,
                exempt_namespaces=exempt_namespaces,
                name_suffix=name_suffix,
                recorder=recorder,
                log_retention_days=log_retention_days,
                reserved_concurrency=reserved_concurrency,
                signed_code=signed_code,
            )
        )
        problems.raise_any()
        super().__init__(scope, id)
        _owner.tag(self, scope)
        leave_out_useless(self, scope)
        self.function = RulesFunction(
            self,
            "Function",
            clusters=clusters,
            log_retention_days=log_retention_days,
            concurrency=reserved_concurrency,
            signed_code=signed_code,
        )
        """The Lambda function; its `resource` is the CloudFormation resource."""
        self.entries = self._entries(clusters)
        """The access entries, one for each cluster."""
        permission = self.function.admit()
        values = {REGISTRIES: ",".join(registries), EXEMPT: ",".join(exempt_namespaces)}
        self.rules = {one.id: self._rule(one, name_suffix, values) for one in RULES}
        awaited = [permission, *self.entries, *self.function.ways, *([] if recorder is None else [recorder])]
        for rule in self.rules.values():
            rule.node.add_dependency(*awaited)  # AWS Config calls the function as soon as a rule exists
        add_alarms(
            Construct(self, "Alarms"),
            function_name=self.function.resource.ref,
            log_group_name=self.function.log.ref,
            failed_calls=self.function.failed_calls,
            channel=as_channel(alerts),
        )

    @staticmethod
    def write_code(path: str | Path) -> str:
        """Write the archive of the function's code, for a signing job of AWS Signer.

        Args:
            path: path of the file.

        Returns:
            The SHA-256 of the archive.
        """
        Path(path).write_bytes(CODE.archive())
        return CODE.digest()

    def _entries(self, clusters: Sequence[ClusterLike]) -> list[eks.CfnAccessEntry]:
        scope = Construct(self, "Access")
        return [
            create(
                eks.CfnAccessEntry,
                scope,
                f"Entry{number}",
                cluster_name=cluster.ref,
                principal_arn=self.function.role.attr_arn,
                type="STANDARD",
                kubernetes_groups=[GROUP],
            )
            for number, cluster in enumerate(clusters, start=1)
        ]

    def _rule(self, one: ClusterRule, suffix: str, values: Mapping[str, str]) -> config.CfnConfigRule:
        return create(
            config.CfnConfigRule,
            self,
            "".join(part.capitalize() for part in one.id.split("-")),
            config_rule_name=f"{one.name}-{suffix}" if suffix else one.name,
            description=f"{one.control}: {one.description}",
            input_parameters={CHECK: one.id, **{key: values[key] for key in one.parameters if values[key]}},
            source=config.CfnConfigRule.SourceProperty(
                owner="CUSTOM_LAMBDA",
                source_identifier=self.function.resource.attr_arn,
                source_details=[
                    config.CfnConfigRule.SourceDetailProperty(
                        event_source="aws.config",
                        message_type="ScheduledNotification",
                        maximum_execution_frequency="TwentyFour_Hours",
                    )
                ],
            ),
        )
