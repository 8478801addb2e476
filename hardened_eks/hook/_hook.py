"""A CloudFormation hook that evaluates EKS templates before they are deployed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import aws_cdk as cdk
from constructs import Construct

from hardened_eks import _aws, _owner
from hardened_eks._asked import region_of
from hardened_eks._kinds import problems_in
from hardened_eks._l1 import create
from hardened_eks._traces import leave_out_useless
from hardened_eks.alerts._combined import as_channel
from hardened_eks.hook._alarms import add_alarms
from hardened_eks.hook._arguments import TARGETS, argument_problems, region_problems
from hardened_eks.hook._code import CODE
from hardened_eks.hook._function import HookFunction
from hardened_eks.keys import Keys

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_sns as sns

    from hardened_eks._signed_code import SignedCode
    from hardened_eks.alerts import AlertChannel

Target = Literal["STACK", "CHANGE_SET", "RESOURCE", "CLOUD_CONTROL"]
_CLOUD_CONTROL: Final = "CLOUD_CONTROL"


class Hook(Construct):
    """A CloudFormation hook: the catalog evaluates deployments of the account before CloudFormation creates anything.

    It receives stacks and change sets of every tool that deploys through CloudFormation, and resources that Cloud
    Control creates. Only controls with sufficient input count: for a template, those that need no other template; for a
    resource, those that need no other resource. Results of other controls are only reported. If nothing belongs to a
    cluster, the answer is "no EKS here". A template that cannot be evaluated fails, and an alarm notifies the channel.
    `failure_mode` defines the effect of a failure. Begin with ``WARN``.

    It does not receive changes by Terraform's classic AWS provider, the console of Amazon EKS, or calls of its API
    (docs/how-to/hook.md names the measures for these).
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        alerts: AlertChannel | sns.ITopic,
        failure_mode: Literal["WARN", "FAIL"] = "WARN",
        judge: Literal["eks", "all"] = "eks",
        fail_on: Literal["critical", "high", "medium", "low"] = "low",
        targets: Sequence[Target] = TARGETS,
        excluded_stacks: Sequence[str] = (),
        waivers_parameter: str | None = None,
        template_waivers: bool = True,
        namespace: str = "HardenedEks",
        keys: Keys | None = None,
        log_retention_days: int = 365,
        signed_code: SignedCode | None = None,
        code_bucket_prefix: str | None = None,
    ) -> None:
        """Create the hook, its function, and alarms.

        Args:
            scope: the parent construct, in a stack of the account and Region of the hook. The hook never evaluates this
                stack.
            id: construct ID.
            alerts: channel, or your own topic, that is notified when a template cannot be evaluated, the function
                fails, or it is throttled.
            failure_mode: ``FAIL`` to stop deployments that fail, ``WARN`` to only warn. Default: ``WARN``.
            judge: ``all`` to also evaluate resources that belong to no cluster. Default: ``eks``, only those that
                belong to a cluster.
            fail_on: the lowest severity that fails: ``critical``, ``high``, ``medium`` or ``low``; findings below it
                are only reported. Default: ``low``.
            targets: operations to evaluate. Default: stacks, change sets, resources of stacks (with their values, which
                a template may leave to parameters), and resources that Cloud Control creates.
            excluded_stacks: names of stacks that are not evaluated, with ``*`` and ``?`` as wildcards, at most 49. They
                do not apply to Cloud Control, which has no stacks. Default: only the hook's own stack.
            waivers_parameter: name of a Systems Manager parameter with a waiver file for the account. It does not need
                to exist, and must not be encrypted with a customer managed key. Default: none.
            template_waivers: whether waivers in the metadata of a template count, which `waive` also writes. Resources
                and Cloud Control have no metadata. Default: yes.
            namespace: first part of the hooks' names, different for a second hook in the same account and Region.
                Default: ``HardenedEks``.
            keys: keys that encrypt the log and the variables. Default: new keys.
            log_retention_days: days for which the function's log is kept; a value that CloudWatch Logs supports, such
                as 90 or 400. Default: 365.
            signed_code: code that AWS Signer has signed. Default: the code of this release, from the bootstrap bucket.
            code_bucket_prefix: prefix of the bucket ``<prefix>-<Region>`` with the code, which ``hardened-eks hook
                package`` wrote. It is for stack sets, whose accounts need no bootstrap bucket. Default: none, the
                bootstrap bucket.

        Raises:
            ConfigurationError: an argument is invalid. The error lists all mistakes.
        """
        problems = problems_in(scope, f"Hook '{id}'")
        problems.extend(
            argument_problems(
                alerts=alerts,
                failure_mode=failure_mode,
                judge=judge,
                fail_on=fail_on,
                targets=targets,
                excluded_stacks=excluded_stacks,
                waivers_parameter=waivers_parameter,
                template_waivers=template_waivers,
                namespace=namespace,
                keys=keys,
                log_retention_days=log_retention_days,
                signed_code=signed_code,
                code_bucket_prefix=code_bucket_prefix,
            )
        )
        problems.extend(region_problems(region_of(scope)))
        problems.raise_any()
        super().__init__(scope, id)
        _owner.tag(self, scope)
        leave_out_useless(self, scope)
        self.keys = keys or Keys(self, "Keys")
        """The keys of the log and the variables."""
        self.function = HookFunction(
            self,
            "Function",
            judge=judge,
            fail_on=fail_on,
            waivers_parameter=waivers_parameter,
            template_waivers=template_waivers,
            keys=self.keys,
            log_retention_days=log_retention_days,
            signed_code=signed_code,
            code_bucket=None if code_bucket_prefix is None else f"{code_bucket_prefix}-{_aws.region()}",
        )
        """The function. Its `resource` is the CloudFormation resource."""
        alarms = Construct(self, "Alarms")
        add_alarms(
            alarms,
            function_name=self.function.resource.ref,
            log_group_name=self.function.log.ref,
            channel=as_channel(alerts),
        )
        self._caller = self.function.caller()
        self._failure_mode = failure_mode
        self.resources: tuple[cdk.CfnLambdaHook, ...] = tuple(self._hooks(namespace, targets, excluded_stacks))
        """The CloudFormation resources: one hook for stacks, and one for Cloud Control."""
        for hook in self.resources:  # created last and deleted first, because it calls the function
            hook.node.add_dependency(alarms)

    @staticmethod
    def write_code(path: str | Path) -> str:
        """Write the archive of the function's code, for a signing job of AWS Signer.

        Args:
            path: path of the file.

        Returns:
            The SHA-256 of the files in the archive.
        """
        Path(path).write_bytes(CODE.archive())
        return CODE.digest()

    def _hooks(self, namespace: str, targets: Sequence[str], excluded: Sequence[str]) -> list[cdk.CfnLambdaHook]:
        """Create the hooks. Cloud Control has its own, because CloudFormation ignores stack filters in a shared one.

        https://docs.aws.amazon.com/cloudformation-cli/latest/hooks-userguide/hooks-stack-level-filtering.html
        """
        of_stacks = [one for one in targets if one != _CLOUD_CONTROL]
        made = []
        if of_stacks:
            names = {"exclude": [_owner.stack_name(), *excluded]}
            filters: dict[str, object] = {"filteringCriteria": "ALL", "stackNames": names}
            made.append(self._hook("Stacks", f"{namespace}::Stacks::Hook", of_stacks, stack_filters=filters))
        if _CLOUD_CONTROL in targets:
            made.append(self._hook("CloudControl", f"{namespace}::CloudControl::Hook", [_CLOUD_CONTROL]))
        return made

    def _hook(
        self, id: str, alias: str, targets: Sequence[str], *, stack_filters: dict[str, object] | None = None
    ) -> cdk.CfnLambdaHook:
        made = create(
            cdk.CfnLambdaHook,
            self,
            id,
            alias=alias,
            hook_status="ENABLED",
            failure_mode=self._failure_mode,
            target_operations=list(targets),
            stack_filters=stack_filters,
            lambda_function=self.function.arn,
            execution_role=self._caller,
        )
        made.add_property_override("TargetFilters.Actions", ["CREATE", "UPDATE"])  # the L1 has only the other form
        return made
