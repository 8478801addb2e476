from hardened_eks.controls.messaging import chat_guardrail
from tests.controls.cases import Bad, Case, change, drop, hide, template, without

SLACK, TEAMS, POLICY = (
    "AWS::Chatbot::SlackChannelConfiguration",
    "AWS::Chatbot::MicrosoftTeamsChannelConfiguration",
    "AWS::IAM::ManagedPolicy",
)


def says(*statements):
    return change(POLICY, "PolicyDocument", {"Statement": list(statements)})


def allow(*actions, **more):
    return {"Effect": "Allow", "Action": list(actions), "Resource": "*", **more}


CASE = Case(
    chat_guardrail,
    template(
        {
            "Slack": (SLACK, {"GuardrailPolicies": [{"Ref": "Guardrail"}]}),
            "Guardrail": (
                POLICY,
                {"PolicyDocument": {"Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}},
            ),
        }
    ),
    bad={
        "none": Bad(drop(SLACK, "GuardrailPolicies"), "GuardrailPolicies"),
        "an empty list": Bad(change(SLACK, "GuardrailPolicies", []), "GuardrailPolicies"),
        "hidden": Bad(hide(SLACK, "GuardrailPolicies"), "GuardrailPolicies"),
        "of AWS, which writes": Bad(
            change(SLACK, "GuardrailPolicies", ["arn:aws:iam::aws:policy/AdministratorAccess"]), "GuardrailPolicies.0"
        ),
        "a second one, which writes": Bad(
            change(SLACK, "GuardrailPolicies", [{"Ref": "Guardrail"}, "arn:aws:iam::aws:policy/PowerUserAccess"]),
            "GuardrailPolicies.1",
        ),
        "of one's own, which writes": Bad(
            says(allow("eks:DescribeCluster", "eks:DeleteCluster")), "GuardrailPolicies.0"
        ),
        "everything": Bad(says(allow("*")), "GuardrailPolicies.0"),
        "a service": Bad(says(allow("eks:*")), "GuardrailPolicies.0"),
        "everything but": Bad(says({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}), "GuardrailPolicies.0"),
        "denied to some": Bad(
            says(
                allow("eks:*"),
                {
                    "Effect": "Deny",
                    "Action": "*",
                    "Resource": "*",
                    "Condition": {"Bool": {"aws:ViaAWSService": "true"}},
                },
            ),
            "GuardrailPolicies.0",
        ),
        "Teams": Bad(template({"Teams": (TEAMS, {})}), "GuardrailPolicies"),
    },
    edge={
        "read only": change(SLACK, "GuardrailPolicies", ["arn:aws:iam::aws:policy/ReadOnlyAccess"]),
        "of one's own, which reads": says(allow("eks:Describe*", "cloudwatch:GetMetricData", "logs:FilterLogEvents")),
        "allowed, and all denied": says(allow("*"), {"Effect": "Deny", "Action": "*", "Resource": "*"}),
        "elsewhere": without("Guardrail"),
        "Teams": template({"Teams": (TEAMS, {"GuardrailPolicies": ["arn:aws:iam::aws:policy/AWSDenyAll"]})}),
    },
)
