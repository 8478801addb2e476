"""What the function behind the Config rules may do in a cluster."""

from hardened_eks.baseline.rendering import manifests, place
from hardened_eks.baseline.settings import Settings
from hardened_eks.data.cluster_rules import GROUP


def of_rbac(settings: Settings) -> list[dict]:
    return [item for item in manifests(settings) if item["kind"].startswith("ClusterRole")]


def test_it_lists_what_the_rules_judge_and_no_secrets() -> None:
    role, binding = of_rbac(Settings(config_rules=True))
    allowed = {(group, resource, verb) for rule in role["rules"] for group in rule["apiGroups"]
               for resource in rule["resources"] for verb in rule["verbs"]}  # fmt: skip
    assert allowed == {
        ("", "namespaces", "list"), ("", "pods", "list"), ("networking.k8s.io", "networkpolicies", "list"),
    }  # fmt: skip
    assert binding["roleRef"] == {
        "apiGroup": "rbac.authorization.k8s.io",
        "kind": "ClusterRole",
        "name": role["metadata"]["name"],
    }
    assert binding["subjects"] == [{"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": GROUP}]
    assert {place(item) for item in (role, binding)} == {"cluster-roles/hardened-eks-config-rules.yaml"}


def test_nobody_gets_it_unasked() -> None:
    assert of_rbac(Settings()) == []


def test_the_group_is_one_that_an_access_entry_may_have() -> None:
    assert not GROUP.startswith(("system:", "eks:", "aws:", "amazon:", "iam:"))
