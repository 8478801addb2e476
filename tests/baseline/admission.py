"""The policies that were rendered, asked as an API server asks them, with Google's CEL."""

from typing import ClassVar

from hardened_eks.baseline import Settings, manifests
from hardened_eks.baseline.admission import Request, Verdict, decide, matches, rule_matches
from tests.baseline.cel import evaluate

__all__ = ["Cluster", "Request", "Verdict", "decide", "matches", "rule_matches"]


class Cluster:
    """The objects that were rendered, as far as admission reads them."""

    record: ClassVar[list[tuple[str, Settings, Request, bool]] | None] = None
    """Every question and its answer, while somebody writes along."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        objects = manifests(settings)
        self.policies = {o["metadata"]["name"]: o for o in objects if o["kind"] == "ValidatingAdmissionPolicy"}
        bindings = [o for o in objects if o["kind"] == "ValidatingAdmissionPolicyBinding"]
        self.bindings = {o["spec"]["policyName"]: o for o in bindings}

    def judge(self, policy: str, request: Request) -> Verdict:
        verdict = decide(self.policies[f"hardened-eks-{policy}"], request, evaluate)
        if Cluster.record is not None:
            Cluster.record.append((policy, self.settings, request, verdict.denied))
        return verdict

    def say(self, policy: str, request: Request) -> tuple[str, ...]:
        """Return what a policy says to whom it refuses."""
        return decide(self.policies[f"hardened-eks-{policy}"], request, evaluate).messages
