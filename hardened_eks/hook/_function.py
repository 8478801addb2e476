"""The hook's function: outside any VPC, with a role that writes its log and reads one parameter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aws_cdk import aws_logs as logs
from constructs import Construct

from hardened_eks import _aws, _owner
from hardened_eks._asked import key_arn_of
from hardened_eks._functions import function_of
from hardened_eks._l1 import create
from hardened_eks._nag import acknowledge
from hardened_eks._roles import document, role
from hardened_eks.hook._code import CODE
from hardened_eks.hook.variables import FAIL_ON, JUDGE, OWN_STACK, SUFFIX, TEMPLATE_WAIVERS, WAIVERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hardened_eks._signed_code import SignedCode
    from hardened_eks.keys import Keys

SECONDS: Final = 30
"""Seconds for which CloudFormation waits for a response."""
_MEMORY: Final = 1024
"""Memory in MiB. The function needs a tenth of it, but Lambda assigns CPU in proportion to memory."""
_OUTSIDE: Final = (
    "it reads templates from Amazon S3 by presigned URLs, can access only its log and one parameter, and must "
    "work in accounts without a VPC (docs/adr/0014)"
)
_NO_QUEUE: Final = "CloudFormation calls it synchronously and treats a failed call as a failed hook: nothing is dropped"
_NO_RESERVATION: Final = (
    "a limit would fail concurrent deployments; CloudFormation calls it as often as stacks are deployed"
)


class HookFunction(Construct):
    """The function and its resources."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        judge: str,
        fail_on: str,
        waivers_parameter: str | None,
        template_waivers: bool,
        keys: Keys,
        log_retention_days: int,
        signed_code: SignedCode | None,
        code_bucket: str | None,
    ) -> None:
        super().__init__(scope, id)
        self.log = create(
            logs.CfnLogGroup, self, "Log", kms_key_id=key_arn_of(keys.logs), retention_in_days=log_retention_days
        )  # a group that Lambda creates would be unencrypted and never expire
        self.role = self._role(keys, waivers_parameter)
        variables = {
            JUDGE: judge,
            FAIL_ON: fail_on,
            TEMPLATE_WAIVERS: "yes" if template_waivers else "no",
            OWN_STACK: _owner.stack_name(),
            SUFFIX: _aws.url_suffix(),
            **({WAIVERS: waivers_parameter} if waivers_parameter else {}),
        }
        self.resource = function_of(
            self,
            CODE,
            description="Evaluates EKS templates for CloudFormation before they are deployed",
            signed=signed_code,
            bucket=code_bucket,
            role=self.role,
            log=self.log,
            keys=keys,
            seconds=SECONDS,
            memory=_MEMORY,
            variables=variables,
        )
        self.arn = str(self.resource.attr_arn)
        acknowledge(self.resource, dict(_accepted()))

    def caller(self) -> str:
        """Create the role with which CloudFormation can only call the function, and return its ARN."""
        # The trust policy that AWS documents has no condition:
        # https://docs.aws.amazon.com/cloudformation-cli/latest/hooks-userguide/lambda-hooks-prepare-to-create-hook.html
        made = role(
            self,
            "Caller",
            description="Calls the function that evaluates EKS templates",
            trust=document(
                {"Principal": {"Service": "hooks.cloudformation.amazonaws.com"}, "Action": "sts:AssumeRole"}
            ),
            aws_policies={},
            statements=[{"Action": "lambda:InvokeFunction", "Resource": self.arn}],
        )
        return str(made.attr_arn)

    def _role(self, keys: Keys, parameter: str | None) -> Any:
        statements: list[dict[str, Any]] = [
            {"Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": self.log.attr_arn},
            {"Action": "kms:Decrypt", "Resource": key_arn_of(keys.functions)},
            {"Action": ["xray:PutTelemetryRecords", "xray:PutTraceSegments"], "Resource": "*"},
        ]
        if parameter is not None:
            named = _aws.arn("ssm", f"parameter/{parameter.removeprefix('/')}")
            statements.append({"Action": "ssm:GetParameter", "Resource": named})
        return role(
            self,
            "Role",
            description="Judges EKS templates",
            trust=document({"Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}),
            aws_policies={},
            statements=statements,
            wildcard="X-Ray's actions take no resource ARN",
        )


def _accepted() -> Iterator[tuple[str, str]]:
    for pack in ("NIST.800.53.R5", "HIPAA.Security"):
        yield f"{pack}::{pack}-LambdaConcurrency", _NO_RESERVATION
        yield f"{pack}::{pack}-LambdaDLQ", _NO_QUEUE
    for pack in ("NIST.800.53.R5", "HIPAA.Security", "PCI.DSS.321"):
        yield f"{pack}::{pack}-LambdaInsideVPC", _OUTSIDE
