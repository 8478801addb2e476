from hardened_eks.controls.messaging import queue_policy_safe
from tests.controls.cases import ITSELF, Bad, Case, at, change, hide
from tests.controls.messaging.base import NARROW, OPEN, QP, QUEUES, TLS_QUEUE, allow, policy, without

CASE = Case(
    queue_policy_safe,
    QUEUES,
    bad={
        **at(
            ITSELF,
            {
                "no policy": without("Policy"),
                "no TLS": policy(QP, allow({"Service": "events.amazonaws.com"}, "sqs:SendMessage")),
                "TLS for sending only": policy(QP, {**TLS_QUEUE, "Action": "sqs:SendMessage"}),
            },
        ),
        "hidden": Bad(hide(QP, "PolicyDocument"), ITSELF, "PolicyDocument"),
        "one queue forgotten": Bad(change(QP, "Queues", [{"Ref": "Queue"}]), ITSELF),
        **at("PolicyDocument.Statement.1", {k: policy(QP, TLS_QUEUE, *v) for k, v in OPEN.items()}),
    },
    edge={k: policy(QP, TLS_QUEUE, *v) for k, v in NARROW.items()},
)
