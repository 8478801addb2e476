"""The in-cluster baseline: rendering it, and evaluating manifests with its policies."""

from pathlib import Path

from benchmarks.cases._case import BIN, FAIR, Case

NAMESPACES = 200
DEPLOYMENTS = 1000
_DEPLOYMENT = """\
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web-{number}, namespace: team-{team}}}
spec:
  selector: {{matchLabels: {{app: web-{number}}}}}
  template:
    metadata: {{labels: {{app: web-{number}}}}}
    spec:
      automountServiceAccountToken: false
      securityContext: {{runAsNonRoot: true, seccompProfile: {{type: RuntimeDefault}}}}
      containers:
      - name: web
        image: registry.example/web:1.{number}
        resources: {{requests: {{cpu: 100m, memory: 64Mi}}, limits: {{memory: 64Mi}}}}
        securityContext:
          allowPrivilegeEscalation: false
          readOnlyRootFilesystem: true
          capabilities: {{drop: [ALL]}}
"""


def manifests(folder: Path) -> tuple[Case, ...]:
    """Write the settings and the manifests into `folder` and return the cases that read them."""
    ours = str(BIN / "hardened-eks")
    settings, workloads, few = _namespaces(folder), _workloads(folder, DEPLOYMENTS), _workloads(folder, 1)
    return (
        Case("manifests-help", "hardened-eks manifests --help", (ours, "manifests", "--help"), FAIR),
        Case(
            "manifests-200",
            f"hardened-eks manifests, {NAMESPACES} namespaces",
            (ours, "manifests", str(settings), "-f", "json"),
            FAIR,
        ),
        Case("judged-1", "hardened-eks check, 1 Deployment", (ours, "check", str(few)), FAIR, (0, 1)),
        Case(
            f"judged-{DEPLOYMENTS}",
            f"hardened-eks check, {DEPLOYMENTS:,} Deployments",
            (ours, "check", str(workloads)),
            FAIR,
            (0, 1),
        ),
    )


def _namespaces(folder: Path) -> Path:
    file = folder / f"{NAMESPACES}-namespaces.yaml"
    allow = "  allow: [same-namespace, {to: {cidr: 10.0.0.0/16}, ports: [443]}]\n"
    spaces = "".join(f"- name: team-{number}\n  pod_identity: true\n{allow}" for number in range(NAMESPACES))
    file.write_text(f"registries: [registry.example]\nnamespaces:\n{spaces}")
    return file


def _workloads(folder: Path, number: int) -> Path:
    file = folder / f"{number}-deployments.yaml"
    file.write_text("".join(_DEPLOYMENT.format(number=one, team=one % NAMESPACES) for one in range(number)))
    return file
