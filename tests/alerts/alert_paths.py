"""Every way from a rule or an alarm of some templates to a topic or a queue, and what stops an alert on it."""

from collections.abc import Iterator

from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.senders import ALARMS, EVENTS, QUEUE, TOPIC, Sender

SENDERS = {
    "AWS::Events::Rule": EVENTS, "AWS::CloudWatch::Alarm": ALARMS, "AWS::CloudWatch::CompositeAlarm": ALARMS,
}  # fmt: skip


def faults(assembly: Assembly) -> tuple[int, list[str]]:
    """Return how many ways there are, and what stops an alert; what cannot be seen counts, too."""
    number, found = 0, []
    for kind, service in SENDERS.items():
        for sender in assembly.of(kind):
            for place, arn in receivers(sender):
                number += 1
                receiver = assembly.target(arn, near=sender)
                if receiver is not None and receiver.type in (TOPIC, QUEUE):
                    why = list(Sender(service, sender, assembly).faults(receiver))
                else:
                    why = [] if receiver is not None or "role" in place else [f"{arn} is not seen"]
                found += [f"{sender.logical_id} {place}: {one}" for one in why]
    return number, found


def receivers(sender: Resource) -> Iterator[tuple[str, object]]:
    for place, target in sender.each("Targets"):
        role = " role" if "RoleArn" in target else ""  # it is admitted by IAM, not by a policy of the target
        yield f"{place}{role}", target["Arn"]
        yield f"{place}.DeadLetterConfig", target.get("DeadLetterConfig", {}).get("Arn")
    for name in ("AlarmActions", "OKActions", "InsufficientDataActions"):
        yield from sender.each(name)
