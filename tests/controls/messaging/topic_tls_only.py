from hardened_eks.controls.messaging import topic_tls_only
from tests.controls.cases import Case, ITSELF, at, change, hide, without
from tests.controls.messaging.base import TLS, TOPICS, TP, allow, policy

CASE = Case(
    topic_tls_only,
    TOPICS,
    bad=at(
        ITSELF,
        {
            "no policy": without("Policy"),
            "no such statement": policy(TP, allow({"Service": "x.amazonaws.com"})),
            "an allow instead": policy(TP, {**TLS, "Effect": "Allow"}),
            "all but what comes without": policy(
                TP, {**TLS, "Condition": {"StringNotEquals": {"aws:SecureTransport": "false"}}}
            ),
            "where nothing is told": policy(TP, {**TLS, "Condition": {"Null": {"aws:SecureTransport": "false"}}}),
            "true instead": policy(TP, {**TLS, "Condition": {"Bool": {"aws:SecureTransport": "true"}}}),
            "for one principal only": policy(TP, {**TLS, "Principal": {"AWS": "123456789012"}}),
            "another action": policy(TP, {**TLS, "Action": "sns:Subscribe"}),
            "narrowed": policy(
                TP, {**TLS, "Condition": {**TLS["Condition"], "StringEquals": {"aws:PrincipalTag/a": "b"}}}
            ),
            "another topic's": change(TP, "Topics", ["arn:x"]),
            "hidden": hide(TP, "PolicyDocument"),
        },
    ),
    edge={
        "a boolean": policy(TP, {**TLS, "Condition": {"Bool": {"aws:SecureTransport": False}}}),
        "all actions, services spared": policy(
            TP,
            {
                **TLS,
                "Action": "sns:*",
                "Condition": {"Bool": {"aws:SecureTransport": "false", "aws:PrincipalIsAWSService": "false"}},
            },
        ),
    },
)
