from hardened_eks.baseline.policies.privilege_escalation import POLICY
from hardened_eks.controls.kubernetes import no_privilege_escalation
from tests.baseline.objects import container, good
from tests.controls.cases import Bad, Case, at, change, drop, hide
from tests.controls.kubernetes.base import (
    DEBUGGER,
    DEPLOYMENT,
    GOOD,
    MAIN,
    PREPARE,
    cron_job,
    everywhere,
    pod,
    thing,
    workload,
)

CASE = Case(
    no_privilege_escalation,
    GOOD,
    bad={
        **at(
            MAIN,
            {
                "container": change(DEPLOYMENT, f"{MAIN}.securityContext.privileged", True),
            },
        ),
        "init container": Bad(change(DEPLOYMENT, f"{PREPARE}.securityContext.privileged", True), PREPARE),
        "ephemeral container": Bad(change(DEPLOYMENT, f"{DEBUGGER}.securityContext.privileged", True), DEBUGGER),
        **at(
            MAIN,
            {
                "may gain": change(DEPLOYMENT, f"{MAIN}.securityContext.allowPrivilegeEscalation", True),
            },
        ),
        "init container may gain": Bad(
            change(DEPLOYMENT, f"{PREPARE}.securityContext.allowPrivilegeEscalation", True), PREPARE
        ),
        "ephemeral container may gain": Bad(
            change(DEPLOYMENT, f"{DEBUGGER}.securityContext.allowPrivilegeEscalation", True), DEBUGGER
        ),
        "SYS_ADMIN": Bad(change(DEPLOYMENT, f"{MAIN}.securityContext.capabilities.add", ["SYS_ADMIN"]), MAIN),
        "hidden": Bad(hide(DEPLOYMENT, f"{MAIN}.securityContext.privileged"), MAIN),
        "left out": Bad(drop(DEPLOYMENT, f"{MAIN}.securityContext.allowPrivilegeEscalation"), MAIN),
        "pod": Bad(pod(containers=[container(securityContext={})]), "spec.containers.0"),
        "cron job": Bad(
            cron_job(containers=[container(securityContext={})]), "spec.jobTemplate.spec.template.spec.containers.0"
        ),
        "stray template": Bad(
            thing(
                "apps/v1",
                "Deployment",
                template={"spec": good()},
                spec={
                    "jobTemplate": {"spec": {"template": {"spec": good()}}},
                    "template": {"spec": {**good(), "containers": [container(securityContext={})]}},
                },
            ),
            "spec.template.spec.containers.0",
        ),
    },
    edge={
        **everywhere(POLICY, workload(containers=[container(securityContext={})])),
    },
)
