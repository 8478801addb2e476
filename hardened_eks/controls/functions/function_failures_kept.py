from collections.abc import Iterator

from hardened_eks.controls.functions._functions import FUNCTION, serves_deployment
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="FN-04",
    title="Functions have a dead-letter target and a concurrency limit",
    requirement="lambda.dlq_concurrency",
    types=(FUNCTION,),
    needs="assembly",
    severity=Severity.LOW,
    why=(
        "A failed asynchronous call is dropped after two retries. An endless loop without a concurrency limit uses up "
        "the concurrency of the whole account."
    ),
    fix="Set DeadLetterConfig (or an EventInvokeConfig with OnFailure) and ReservedConcurrentExecutions.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html",
    blind=(
        "Functions that are only called synchronously need no dead-letter target, but a template does not show how a "
        "function is called. A function that only CloudFormation calls reports its failure to CloudFormation and runs "
        "one instance at a time; new accounts, whose quota is 10, would reject a reservation."
    ),
    enforced_by="Network",
)
def function_failures_kept(function: Resource, assembly: Assembly) -> Iterator[Problem]:
    if serves_deployment(function, assembly):
        return
    if function.get("ReservedConcurrentExecutions") is None:
        yield Problem("its concurrency is not limited", "ReservedConcurrentExecutions")
    if function.get("DeadLetterConfig.TargetArn", "") != "":
        return
    handlers = assembly.referring(function, "AWS::Lambda::EventInvokeConfig")
    if not any(handler.get("DestinationConfig.OnFailure.Destination") is not None for handler in handlers):
        yield Problem("failed asynchronous calls are dropped", "DeadLetterConfig")
