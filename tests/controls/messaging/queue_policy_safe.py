from hardened_eks.controls.messaging import queue_policy_safe
from tests.controls.cases import Bad, Case, ITSELF, at, change, hide, without
from tests.controls.messaging.base import (
    EVENTS,
    FROM_A_RULE,
    NARROW,
    OPEN,
    QP,
    QUEUES,
    ROOT,
    TLS_QUEUE,
    allow,
    known,
    policy,
    strangers,
)

CASE = Case(
    queue_policy_safe,
    QUEUES,
    bad={
        **at(
            ITSELF,
            {
                "no policy": without("Policy"),
                "no TLS": policy(QP, allow(EVENTS, "sqs:SendMessage", **FROM_A_RULE)),
                "TLS for sending only": policy(QP, {**TLS_QUEUE, "Action": "sqs:SendMessage"}),
            },
        ),
        "hidden": Bad(hide(QP, "PolicyDocument"), ITSELF, "PolicyDocument"),
        "one queue forgotten": Bad(change(QP, "Queues", [{"Ref": "Queue"}]), ITSELF),
        **at("PolicyDocument.Statement.1", {k: policy(QP, TLS_QUEUE, *v) for k, v in OPEN.items()}),
        **{
            name: Bad(policy(QP, TLS_QUEUE, *v), f"PolicyDocument.Statement.{len(v)}")
            for name, v in strangers("sqs:SendMessage").items()
        },
        **at(
            "PolicyDocument.Statement.1",
            {
                "rules of anybody": policy(QP, TLS_QUEUE, allow(EVENTS, "sqs:SendMessage")),
                "every action of a service": policy(QP, TLS_QUEUE, allow(EVENTS, "sqs:*", **FROM_A_RULE)),
                "every action at all": policy(QP, TLS_QUEUE, allow({"AWS": {"Fn::GetAtt": ["Role", "Arn"]}}, "*")),
                "every action, to a role by its ARN": policy(
                    QP, TLS_QUEUE, allow({"AWS": "arn:aws:iam::111122223333:role/team/x"}, "sqs:*")
                ),
                "every action, to a user": policy(
                    QP, TLS_QUEUE, allow({"AWS": "arn:aws:iam::111122223333:user/x"}, "sqs:*")
                ),
                "every action in another case": policy(QP, TLS_QUEUE, allow(EVENTS, "SQS:*", **FROM_A_RULE)),
            },
        ),
    },
    edge={
        **{k: policy(QP, TLS_QUEUE, *v) for k, v in {**NARROW, **known("sqs:SendMessage")}.items()},
        "one rule": policy(QP, TLS_QUEUE, allow(EVENTS, "sqs:SendMessage", **FROM_A_RULE)),
        "the owner, as SQS writes it": policy(QP, TLS_QUEUE, allow({"AWS": ROOT}, "SQS:*")),
    },
)
