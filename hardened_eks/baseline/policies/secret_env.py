from __future__ import annotations

from hardened_eks.baseline.policies._pods import BASE, CHANGES, PODS
from hardened_eks.baseline.policies.model import Policy, Validation

POLICY = Policy(
    id="secret-env",
    title="Secrets are mounted as files, not put into environment variables",
    why="Environment variables end up in crash dumps, logs and child processes, and do not follow a rotation.",
    matches=PODS,
    conditions=(CHANGES,),
    warns=True,
    variables=BASE,
    validations=(
        Validation(
            "variables.containers.all(c, !has(c.env) || c.env == null || c.env.all(e, !has(e.valueFrom)"
            " || e.valueFrom == null || !has(e.valueFrom.secretKeyRef) || e.valueFrom.secretKeyRef == null))",
            "an environment variable holds a secret: mount the secret as a file",
        ),
        Validation(
            "variables.containers.all(c, !has(c.envFrom) || c.envFrom == null"
            " || c.envFrom.all(e, !has(e.secretRef) || e.secretRef == null))",
            "environment variables come from a secret (envFrom): mount the secret as a file",
        ),
        Validation(
            "variables.containers.all(c, !has(c.env) || c.env == null || c.env.all(e, !has(e.value)"
            " || e.value == null"
            " || !e.value.matches('(^|[^A-Z0-9])(AKIA|ASIA)[A-Z0-9]{16}($|[^A-Z0-9])|-----BEGIN [A-Z ]*PRIVATE KEY')))",
            "an environment variable holds an AWS access key or a private key: use Pod Identity, or mount a secret",
        ),
    ),
)
