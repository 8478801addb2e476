"""Actions on the cluster's own settings: the endpoint and the control-plane logs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from hardened_eks.data.log_types import CONTROL_PLANE
from hardened_eks.response._action import Action
from hardened_eks.response._states import DECIDE, DONE, FAILED, Steps, assigning, call, caught, choice, expression

if TYPE_CHECKING:
    from hardened_eks.response._action import Surroundings
    from hardened_eks.response._states import States

# Another update is running: https://docs.aws.amazon.com/eks/latest/APIReference/API_UpdateClusterConfig.html
_BUSY = {"ErrorEquals": ["Eks.ResourceInUseException"], "IntervalSeconds": 60, "MaxAttempts": 20, "BackoffRate": 1}
# EKS refuses an update that changes nothing. The state after it checks whether that was the reason.
_NO_CHANGE = ("Eks.InvalidParameterException", "Eks.InvalidRequestException")


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseEndpoint(Action):
    """An action that closes the public endpoint of the Kubernetes API, and keeps the private one open.

    Its role may update the cluster only with ``endpointPublicAccess`` false.
    """

    name: ClassVar[str] = "close-endpoint"
    """Name of the action, as in `Response.state_machine_arns`."""
    answers: ClassVar[tuple[str, ...]] = ("eks-endpoint-public", "eks-endpoint-anywhere")
    """Detections that can start the action."""

    triggers: tuple[str, ...] = ("eks-endpoint-public",)
    """Detections that start the action: ``eks-endpoint-public``, ``eks-endpoint-anywhere``, or none if people start it.
    Default: ``eks-endpoint-public``."""

    def steps(self, around: Surroundings) -> Steps:
        """Return the steps of the action. `Response` calls this.

        Args:
            around: the environment of the action.
        """
        return _update(
            around,
            title=f"Close the public endpoint of EKS cluster {around.cluster}",
            wrong="$result.Cluster.ResourcesVpcConfig.EndpointPublicAccess = true",
            plan=f"'close the public endpoint of {around.cluster}; the private one stays open.'",
            fine=f"'The public endpoint of {around.cluster} is closed.'",
            change={"ResourcesVpcConfig": {"EndpointPublicAccess": False, "EndpointPrivateAccess": True}},
            condition={"Bool": {"eks:endpointPublicAccess": "false"}},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreLogging(Action):
    """An action that enables all five control-plane logs.

    Its role may update the cluster only with every log type enabled.
    """

    name: ClassVar[str] = "restore-logging"
    """Name of the action, as in `Response.state_machine_arns`."""
    answers: ClassVar[tuple[str, ...]] = ("eks-logging-disabled",)
    """Detections that can start the action."""

    triggers: tuple[str, ...] = ("eks-logging-disabled",)
    """Detections that start the action: ``eks-logging-disabled``, or none if people start it. Default:
    ``eks-logging-disabled``."""

    def steps(self, around: Surroundings) -> Steps:
        """Return the steps of the action. `Response` calls this.

        Args:
            around: the environment of the action.
        """
        on = "$distinct($result.Cluster.Logging.ClusterLogging[Enabled = true].Types)"
        return _update(
            around,
            title=f"Switch the control-plane logs of EKS cluster {around.cluster} on",
            wrong=f"$count({on}) < {len(CONTROL_PLANE)}",
            plan=f"'switch these control-plane logs of {around.cluster} on: {', '.join(CONTROL_PLANE)}.'",
            fine=f"'All control-plane logs of {around.cluster} are on.'",
            change={"Logging": {"ClusterLogging": [{"Types": list(CONTROL_PLANE), "Enabled": True}]}},
            condition={"Bool": {f"eks:loggingType/{kind}": "true" for kind in CONTROL_PLANE}},
        )


def _update(
    around: Surroundings,
    *,
    title: str,
    wrong: str,
    plan: str,
    fine: str,
    change: dict[str, Any],
    condition: dict[str, Any],
) -> Steps:
    """Return the steps of an update of the cluster's configuration.

    Args:
        around: the environment of the action.
        title: headline of the reports.
        wrong: condition on ``$result``, the description of the cluster, under which the update is needed.
        plan: expression for the planned change.
        fine: expression for the state after the update, or without one if the state already fits.
        change: arguments of ``UpdateClusterConfig`` in addition to the name.
        condition: condition under which the role may call it.
    """
    name = {"Name": around.cluster}

    def describe(next_: str, *names: str) -> dict[str, Any]:
        values = {
            "needed": f"($result := $states.result; {wrong})",
            "plan": f"($result := $states.result; {wrong} ? {plan} : {fine})",
        }
        return call(
            "eks",
            "describeCluster",
            name,
            next_,
            assign={key: expression(values[key]) for key in names},
            partition=around.partition,
        )

    look: States = {"DescribeCluster": describe(DECIDE, "needed", "plan")}
    changes: States = {
        "UpdateCluster": call(
            "eks",
            "updateClusterConfig",
            {**name, **change},
            "WaitForUpdate",
            assign={"update": expression("$states.result.Update.Id")},
            retry=[_BUSY],
            catch=[caught("DescribeClusterAgain", *_NO_CHANGE)],
            partition=around.partition,
        ),
        "WaitForUpdate": {"Type": "Wait", "Seconds": 20, "Next": "DescribeUpdate"},
        "DescribeUpdate": call(
            "eks",
            "describeUpdate",
            {**name, "UpdateId": expression("$update")},
            "IsItDone",
            assign={"status": expression("$states.result.Update.Status")},
            partition=around.partition,
        ),
        "IsItDone": choice("DescribeClusterAgain", WaitForUpdate="$status = 'InProgress'"),
        "DescribeClusterAgain": describe("IsItRight", "needed"),
        "IsItRight": choice("SayDone", SayFailed="$needed"),
        "SayFailed": assigning(
            FAILED,
            failure=expression("($failure = '' ? 'the update ended as ' & $status : $failure)"),
        ),
        "SayDone": assigning(DONE, done=expression(fine)),
    }
    return Steps(
        title=title,
        look=look,
        change=changes,
        reads=[{"Action": ["eks:DescribeCluster", "eks:DescribeUpdate"], "Resource": around.cluster_arn}],
        writes=[{"Action": "eks:UpdateClusterConfig", "Resource": around.cluster_arn, "Condition": condition}],
    )
