"""A CloudFormation hook that evaluates EKS templates before they are deployed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import aws_cdk as cdk
from constructs import Construct

from hardened_eks import _aws, _owner
from hardened_eks._kinds import problems_in
from hardened_eks._traces import leave_out_useless
from hardened_eks.alerts._combined import as_channel
from hardened_eks.hook._alarms import add_alarms
from hardened_eks.hook._arguments import TARGETS, argument_problems
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
    """A CloudFormation hook: the catalog evaluates what the account deploys, before CloudFormation creates anything.

    It sees stacks and change sets of every tool that deploys through CloudFormation, and resources that Cloud Control
    creates. Controls evaluate what they see enough of: of a template those that need no other template, of a resource
    those that need no other resource; the rest is told and does not count. Where nothing belongs to a cluster the
    answer is "no EKS here". What cannot be evaluated fails, and an alarm tells; `failure_mode` decides what a failure
    does. Begin with ``WARN``.

    It does not see Terraform's classic AWS provider, the console of Amazon EKS, or calls of its API
    (docs/how-to/hook.md states what closes that).
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
        """Create the hook, the function behind it, and alarms.

        Args:
            scope: the parent construct: a stack of the account and Region to watch. The hook never evaluates this
                stack.
            id: construct ID.
            alerts: is told when something could not be evaluated, when the function failed, and when it was throttled:
                a channel, or a topic of yours.
            failure_mode: ``FAIL`` to stop what fails; ``WARN`` to warn and go on.
            judge: ``all`` to evaluate resources that belong to no cluster too; ``eks`` for what belongs to one.
            fail_on: the least severity that fails; what is below is told.
            targets: what is evaluated. Default: stacks, change sets, resources of stacks (with their values, which a
                template may leave to parameters), and resources that Cloud Control creates.
            excluded_stacks: names of stacks that are not evaluated, with ``*`` and ``?``, at most 49. Default: none but
                the hook's own. For Cloud Control there are no stacks to exclude.
            waivers_parameter: name of a parameter of Systems Manager that holds a waiver file, for the whole account;
                it need not exist. Not one under a customer key. Default: none.
            template_waivers: whether waivers in the metadata of a template count, which `waive` writes too. Resources
                and Cloud Control show no metadata.
            namespace: the first part of the names of the hooks, for a second one in the same account and Region.
            keys: encrypt the log and the variables. Default: keys of its own are created.
            log_retention_days: how long the function's log is kept.
            signed_code: code that AWS Signer has signed. Default: that of this release, from the bootstrap bucket.
            code_bucket_prefix: the code is in the bucket ``<prefix>-<Region>``, as ``hardened-eks hook package`` wrote
                and named it: for stack sets, whose accounts need no bootstrap bucket. Default: the bootstrap bucket.

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
        """The function; its `resource` is what CloudFormation creates."""
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
        """The CloudFormation resources: one hook for what belongs to stacks, one for Cloud Control."""
        for hook in self.resources:  # the last to be created and the first to go: it calls what is there
            hook.node.add_dependency(alarms)

    @staticmethod
    def write_code(path: str | Path) -> str:
        """Write the archive of the function's code, for a signing job of AWS Signer; return the SHA-256 of its files.

        Args:
            path: the file.
        """
        Path(path).write_bytes(CODE.archive())
        return CODE.digest()

    def _hooks(self, namespace: str, targets: Sequence[str], excluded: Sequence[str]) -> list[cdk.CfnLambdaHook]:
        """Create the hooks. Cloud Control has one of its own: beside it CloudFormation ignores filters by stack.

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
        made = cdk.CfnLambdaHook(
            self,
            id,
            alias=alias,
            hook_status="ENABLED",
            failure_mode=self._failure_mode,
            target_operations=list(targets),
            stack_filters=stack_filters,
            lambda_function=self.function.resource.attr_arn,
            execution_role=self._caller.attr_arn,
        )
        made.add_property_override("TargetFilters.Actions", ["CREATE", "UPDATE"])  # the L1 has the other form alone
        return made
