"""Fluent Bit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hardened_eks import _aws
from hardened_eks._kinds import LOG_GROUP, kind_problems
from hardened_eks.addons._arguments import addon_problems
from hardened_eks.addons._controller import AddonController

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_cdk import aws_logs as logs

    from hardened_eks._cluster_like import ClusterLike


class FluentBit(AddonController):
    """Fluent Bit as an EKS add-on, which writes the output of containers to the log group that you name.

    It may not create log groups: such a group would have no key of yours and keep its events forever. The add-on's
    configuration defines the input and the output: `output` is the section for the log group. The add-on
    ``amazon-cloudwatch-observability`` needs no configuration and also sends metrics.
    """

    output: str
    """The ``[OUTPUT]`` section that writes to the log group, for the add-on's configuration. The Region and the name
    may be tokens."""

    def __init__(
        self,
        cluster: ClusterLike,
        *,
        log_group: logs.ILogGroup,
        configuration: Mapping[str, Any] | None = None,
        id: str = "FluentBit",
        version: str | None = None,
    ) -> None:
        """Create the role, its policy and the add-on.

        Args:
            cluster: the cluster in which the controller runs.
            log_group: the log group for the output; give it a key and a retention.
            configuration: settings of the add-on, as ``aws eks describe-addon-configuration --addon-name fluent-bit``
                lists it. Default: EKS's own, which does not write to CloudWatch Logs.
            id: construct ID. Default: ``FluentBit``.
            version: version of the add-on. Default: EKS's default for the cluster's version when the add-on is created.

        Raises:
            ConfigurationError: an argument is invalid; or the cluster already has the add-on, or has no Pod Identity
                agent. The error lists all mistakes.
        """
        problems = list(kind_problems(LOG_GROUP, log_group=log_group))
        if log_group is None:
            problems.append(f"log_group needs {LOG_GROUP.text}, got None")
        self._prepare(
            "fluent-bit",
            cluster,
            None,
            id,
            namespace=None,
            service_accounts=["fluent-bit"],
            problems=[
                *problems,
                *addon_problems("fluent-bit", version, configuration),
            ],
        )
        self._allow(["fluent-bit"], [], {"log_group": log_group.log_group_arn})
        self.output = (
            "[OUTPUT]\n    Name cloudwatch_logs\n    Match *\n"
            f"    region {_aws.region()}\n    log_group_name {log_group.log_group_name}\n"
            "    log_stream_prefix ${HOST_NAME}-\n    auto_create_group false\n"
        )
        self._install(version, configuration)
