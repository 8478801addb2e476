from hardened_eks.baseline.policies.trusted_registry import POLICY
from hardened_eks.controls.kubernetes import images_trusted
from tests.baseline.objects import container
from tests.controls.cases import Bad, Case, at, change, drop, hide
from tests.controls.kubernetes.base import (
    DEBUGGER,
    DEPLOYMENT,
    GOOD,
    MAIN,
    POD,
    PREPARE,
    everywhere,
    judged_by,
    workload,
)

OUTSIDE = change(DEPLOYMENT, f"{MAIN}.image", "docker.io/library/nginx:1.27.1")(GOOD)


def with_copy(body, other):
    """The objects of a template beside the policy of another."""
    copies = {f"{name}OfTeam": item for name, item in other["Resources"].items() if name == "Policy"}
    return {"Resources": {**body["Resources"], **copies}}


CASE = Case(
    images_trusted,
    GOOD,
    bad={
        **at(
            MAIN,
            {
                "container": change(DEPLOYMENT, f"{MAIN}.image", "docker.io/library/nginx:1.27.1"),
            },
        ),
        "init container": Bad(change(DEPLOYMENT, f"{PREPARE}.image", "docker.io/library/nginx:1.27.1"), PREPARE),
        "ephemeral container": Bad(change(DEPLOYMENT, f"{DEBUGGER}.image", "docker.io/library/nginx:1.27.1"), DEBUGGER),
        "hidden": Bad(hide(DEPLOYMENT, f"{MAIN}.image"), MAIN),
        "look-alike": Bad(
            change(DEPLOYMENT, f"{MAIN}.image", "111122223333.dkr.ecr.eu-west-1.amazonaws.com.evil.example/a:1.0"), MAIN
        ),
        "not of the team": Bad(
            judged_by(POLICY, GOOD, registries=["444455556666.dkr.ecr.eu-west-1.amazonaws.com"]),
            MAIN,
            f"{POD}.containers.1",
            PREPARE,
            f"{POD}.initContainers.1",
            DEBUGGER,
        ),
        "image volume": Bad(
            change(DEPLOYMENT, f"{POD}.volumes", [{"name": "m", "image": {"reference": "docker.io/library/m:1.0"}}]),
            POD,
        ),
        "a list of the team beside that of the platform team": Bad(
            with_copy(
                judged_by(POLICY, OUTSIDE, registries=["111122223333.dkr.ecr.eu-west-1.amazonaws.com"]),
                judged_by(POLICY, OUTSIDE, registries=["111122223333.dkr.ecr.eu-west-1.amazonaws.com", "docker.io"]),
            ),
            MAIN,
        ),
        "a policy of the team beside that of the platform team": Bad(
            with_copy(
                judged_by(POLICY, OUTSIDE, registries=["docker.io"], privileged_namespaces=["payments"]),
                judged_by(POLICY, OUTSIDE, registries=["111122223333.dkr.ecr.eu-west-1.amazonaws.com"]),
            ),
            MAIN,
        ),
        "no registry": Bad(drop(DEPLOYMENT, f"{MAIN}.image"), MAIN),
    },
    edge={
        "the same policy twice": with_copy(
            judged_by(POLICY, GOOD, registries=["111122223333.dkr.ecr.eu-west-1.amazonaws.com"]),
            judged_by(POLICY, GOOD, registries=["111122223333.dkr.ecr.eu-west-1.amazonaws.com"]),
        ),
        "own registry": judged_by(POLICY, GOOD, registries=["111122223333.dkr.ecr.eu-west-1.amazonaws.com"]),
        "dual-stack endpoint": change(DEPLOYMENT, f"{MAIN}.image", "111122223333.dkr-ecr.eu-west-1.on.aws/a:1.0"),
        "registry known at deployment": change(
            DEPLOYMENT, f"{MAIN}.image", "${AWS::AccountId}.dkr.ecr.eu-west-1.amazonaws.com/a:1.0"
        ),
        "image volume of another private registry": change(
            DEPLOYMENT,
            f"{POD}.volumes",
            [{"name": "m", "image": {"reference": "444455556666.dkr.ecr.eu-west-1.amazonaws.com/m:1.0"}}],
        ),
        **everywhere(POLICY, workload(containers=[container(image="nginx:1.0")])),
    },
)
