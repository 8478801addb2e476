from hardened_eks.controls.messaging import topic_policy_not_public
from tests.controls.cases import Bad, Case, at, hide
from tests.controls.messaging.base import EVENTS, NARROW, OPEN, TOPICS, TP, allow, known, policy, strangers

CASE = Case(
    topic_policy_not_public,
    TOPICS,
    bad={
        **at("PolicyDocument.Statement.0", {k: policy(TP, *v) for k, v in OPEN.items()}),
        **{
            name: Bad(policy(TP, *v), f"PolicyDocument.Statement.{len(v) - 1}")
            for name, v in strangers("sns:Publish").items()
        },
        "hidden": Bad(hide(TP, "PolicyDocument"), "PolicyDocument"),
    },
    edge={
        **{k: policy(TP, *v) for k, v in {**NARROW, **known("sns:Publish")}.items()},
        "rules, which send no source to a topic": policy(TP, allow(EVENTS)),
    },
)
