from collections.abc import Iterator

from hardened_eks.controls.functions._functions import FUNCTION
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="FN-06",
    title="Functions have tracing, a memory size and a timeout",
    requirement="lambda.tracing",
    types=(FUNCTION,),
    needs="resource",
    severity=Severity.LOW,
    why=(
        "Without a trace, nobody sees which call failed. The defaults of 3 seconds and 128 MB are too small under load."
    ),
    fix="Set TracingConfig.Mode to Active, and MemorySize and Timeout to measured values.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html",
    blind="Whether the role may write traces.",
    enforced_by="Network",
)
def function_traced(function: Resource, assembly: Assembly) -> Iterator[Problem]:
    mode = function.get("TracingConfig.Mode", "PassThrough")  # if absent, it is traced only if the caller traces
    if mode != "Active":
        yield Problem(f"it is not traced (Mode is {mode})", "TracingConfig.Mode")
    for name, default in (("MemorySize", "128 MB"), ("Timeout", "3 seconds")):
        if function.get(name) is None:
            yield Problem(f"{name} is not set, so the default of {default} applies", name)
