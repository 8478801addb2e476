from hardened_eks.controls.messaging import topic_policy_not_public
from tests.controls.cases import Bad, Case, at, hide
from tests.controls.messaging.base import NARROW, OPEN, TOPICS, TP, policy

CASE = Case(
    topic_policy_not_public,
    TOPICS,
    bad={
        **at("PolicyDocument.Statement.0", {k: policy(TP, *v) for k, v in OPEN.items()}),
        "hidden": Bad(hide(TP, "PolicyDocument"), "PolicyDocument"),
    },
    edge={k: policy(TP, *v) for k, v in NARROW.items()},
)
