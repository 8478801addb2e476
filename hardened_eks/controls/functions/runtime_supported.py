from collections.abc import Iterator

from hardened_eks.controls.functions._functions import FUNCTION
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.data.lambda_runtimes import supported
from hardened_eks.evidence import Assembly, Resource


@control(
    id="FN-02",
    title="Functions use a runtime that AWS still patches",
    requirement="lambda.runtime_supported",
    types=(FUNCTION,),
    needs="resource",
    severity=Severity.MEDIUM,
    why="A deprecated runtime gets no security fixes. Later, functions that use it can be neither updated nor created.",
    fix=(
        "Use the newest runtime of the language, for example python3.14 or nodejs24.x. If the CDK chose the runtime, "
        "upgrade aws-cdk-lib."
    ),
    source="https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html",
    blind=(
        "Container images, which contain their own runtime. Any supported runtime passes; cdk-nag L1 requires the "
        "latest one."
    ),
    enforced_by="Network",
)
def runtime_supported(function: Resource, assembly: Assembly) -> Iterator[Problem]:
    if function.get("PackageType", "Zip") == "Image" or function.get("Code.ImageUri") is not None:
        return
    runtime = function.get("Runtime", "not set")
    if not isinstance(runtime, str) or not supported(runtime, assembly.today):
        yield Problem(f"the runtime is not known to receive patches ({runtime})", "Runtime")
