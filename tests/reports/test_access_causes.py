"""What two controls say of a policy that lets people into clusters has one cause."""

from datetime import date

from hardened_eks.controls.access import access_entry_makers, no_risky_actions
from hardened_eks.evidence import Assembly, Template
from hardened_eks.judging.evaluation import evaluate
from hardened_eks.reports import Report
from hardened_eks.reports.causes import by_cause
from tests.controls.cases import template

DAY = date(2026, 11, 29)


def test_a_policy_that_makes_access_entries_is_one_entry_of_two_controls() -> None:
    statement = {"Effect": "Allow", "Action": ["eks:CreateAccessEntry", "eks:AssociateAccessPolicy"], "Resource": "*"}
    policy = ("AWS::IAM::ManagedPolicy", {"PolicyDocument": {"Statement": [statement]}})
    body = template({"Deploy": policy, "Other": policy})
    outcome = evaluate(Assembly([Template("S", body)]), [access_entry_makers, no_risky_actions], today=DAY)
    groups = by_cause(Report(outcome=outcome, day=DAY, stacks=1).failing)
    assert [(group.ids, group.about, len(group.entries)) for group in groups] == [
        ("IA-04 IA-18", "S/Deploy", 3),
        ("IA-04 IA-18", "S/Other", 3),
    ]
    told = "IA-18: it lets its principal grant anybody access to the cluster (eks:CreateAccessEntry, eks:AssociateAccessPolicy)"
    assert all(told in group.messages for group in groups)
