"""checkov's Kubernetes rules over what we render, and over workloads that our policies admit."""

import json
import os
import subprocess
from collections import defaultdict

import pytest

from benchmarks import peers
from hardened_eks.baseline import Namespace, Settings, manifests
from hardened_eks.baseline.emit import to_yaml
from tests.baseline.objects import WORKLOADS, good, workload
from tests.baseline.test_rendering import FULL

EXCEPTIONS = {
    "CKV_K8S_8": "whether an application can say that it lives is its own matter; no security depends on it",
    "CKV_K8S_9": "the same of readiness",
    "CKV_K8S_11": "a CPU limit throttles; the policy `resources` asks for a request, and the quota bounds the namespace",
    "CKV_K8S_15": "the policy `image-pinned` refuses tags that move, so there is nothing to pull again",
    "CKV_K8S_38": "a pod of a service account of its own may hold its token; `automount-token` refuses the default one's",
    "CKV_K8S_43": "a numbered tag is enough where the registry is private and its tags are immutable",
}
"""Rules that workloads which our policies admit may break, and why. What we render breaks none."""
NOT_READ = {"PodTemplate", "ReplicationController", "ReplicaSet"}
"""Kinds in which checkov finds no pod, or not the seccomp profile of one."""


@pytest.fixture(scope="module")
def checkov():
    try:
        return peers.ready("checkov") / "bin" / "checkov"
    except subprocess.CalledProcessError as error:
        pytest.skip(f"checkov cannot be installed here: {error}")


def failed(checkov, folder, objects) -> tuple[dict[str, set[str]], int]:
    """Return rule -> what breaks it, and how many checks passed."""
    (folder / "objects.yaml").write_text(to_yaml(objects))
    command = [str(checkov), "--framework", "kubernetes", "-d", ".", "-o", "json", "--compact", "--skip-download"]
    env = {k: v for k, v in os.environ.items() if not k.startswith(("CKV_", "BC_", "COV_"))}
    run = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    report = json.loads(run.stdout)
    found = defaultdict(set)
    for check in report["results"]["failed_checks"]:
        found[check["check_id"]].add(check["resource"])
    assert report["summary"]["parsing_errors"] == 0
    return found, report["summary"]["passed"]


def test_what_we_render_breaks_no_rule(checkov, tmp_path) -> None:
    found, passed = failed(checkov, tmp_path, manifests(FULL))
    assert found == {}
    assert passed > 500


def test_workloads_that_our_policies_admit_break_these_rules_only(checkov, tmp_path) -> None:
    pod = {key: value for key, value in good().items() if key != "ephemeralContainers"}
    kinds = [kind for kind in WORKLOADS if kind not in NOT_READ]
    around = manifests(Settings(namespaces=[Namespace(name="payments")]))
    found, passed = failed(checkov, tmp_path, [*around, *(workload(kind, pod) for kind in kinds)])
    assert set(found) == set(EXCEPTIONS)
    assert passed > 100
