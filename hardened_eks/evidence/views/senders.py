"""Whether topics, queues and their keys admit an AWS service that sends to them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hardened_eks._patterns import like, regex
from hardened_eks._records import dataclass
from hardened_eks.evidence import conditions, policies
from hardened_eks.evidence.views.iam import bare
from hardened_eks.evidence.views.keys import KEY, key_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hardened_eks.evidence import Assembly, Resource
    from hardened_eks.evidence.policies import Statement

TOPIC: Final = "AWS::SNS::Topic"
QUEUE: Final = "AWS::SQS::Queue"
EVENTS: Final = "events.amazonaws.com"
ALARMS: Final = "cloudwatch.amazonaws.com"
LATER: Final = "is not known before deployment"
UNSEEN: Final = "is not seen"
"""The end of a fault that may not be one."""

_POLICIES: Final = {
    TOPIC: {"AWS::SNS::TopicPolicy": "Topics", "AWS::SNS::TopicInlinePolicy": "TopicArn"},
    QUEUE: {"AWS::SQS::QueuePolicy": "Queues", "AWS::SQS::QueueInlinePolicy": "Queue"},
}
_REFERENCE: Final = regex(r"\$\{([\w:]+)")
_ACTIONS: Final = {TOPIC: "sns:Publish", QUEUE: "sqs:SendMessage"}
_NAMES: Final = {TOPIC: "topic", QUEUE: "queue"}
# A service needs both to write to an encrypted topic or queue: https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
_KEY_USE: Final = ("kms:Decrypt", "kms:GenerateDataKey")
_CARRIED: Final = ("aws:currenttime", "aws:epochtime", "aws:requestedregion", "aws:sourceip", "aws:tokenissuetime",
                   "aws:useragent")  # fmt: skip
"""Condition keys of every call whose values are not known in advance."""


@dataclass(frozen=True, slots=True)
class Sender:
    """A service, and the rule or alarm for which it sends."""

    service: str
    source: Resource
    assembly: Assembly

    def faults(self, receiver: Resource) -> Iterator[str]:
        """Yield why a topic or queue does not accept messages of the sender; nothing if it does."""
        what, action = f"{_NAMES[receiver.type]} {receiver.logical_id}", _ACTIONS[receiver.type]
        found = [
            policy
            for type_, path in _POLICIES[receiver.type].items()
            for policy in self.assembly.pointing(path, receiver, type_)
        ]
        # A topic without a policy accepts messages from alarms of its own account, but not from event rules.
        if found or self.service != ALARMS or receiver.type != TOPIC:
            admitted = [self._verdict(policy, receiver, action) for policy in found]
            traced = receiver.type != TOPIC
            hidden = any(self._hidden(policy, "PolicyDocument", [action], traced=traced) for policy in found)
            if hidden and True not in admitted:
                yield f"whether the policy of the {what} admits {self.service} {LATER}"
            elif False in admitted:
                yield f"a statement of its policy denies {self.service} the {what}"
            elif True not in admitted:
                yield f"the policy of the {what} does not admit {self.service} for {self.source.logical_id}"
        yield from self._key_faults(receiver, what)

    def _hidden(self, policy: Resource, document: str, actions: Sequence[str], *, traced: bool) -> bool:
        """Return whether a statement that may admit the sender is known only at deployment."""
        return any(
            statement.unknown
            or (
                statement.allows
                and any(self._covers(statement, action) for action in actions)
                and any(
                    _later(value, policy)
                    for keys in statement.conditions.values()
                    for name, values in keys.items()
                    if self._told(name, policy, traced=traced)
                    for value in values
                )
            )
            for statement in policies.of(policy, document)
        )

    def _verdict(self, policy: Resource, receiver: Resource, action: str) -> bool | None:
        """Return whether a policy allows (True) or denies (False) the action, or None if it does neither."""
        verdict: bool | None = None
        for statement in policies.of(policy, "PolicyDocument"):
            about = not statement.not_resources and any(
                self._is(resource, receiver, policy) for resource in statement.resources
            )
            if statement.unknown or not (about and self._covers(statement, action)):
                continue
            if self._holds(statement, policy, traced=receiver.type != TOPIC):
                if not statement.allows:
                    return False
                verdict = True
        return verdict

    def _key_faults(self, receiver: Resource, what: str) -> Iterator[str]:
        written = receiver.get("KmsMasterKeyId")
        if written is None or written == "":
            return
        if "alias/aws/" in str(written):
            yield f"the {what} is encrypted with {written}, which {self.service} cannot use"
            return
        key = key_of(written, receiver, self.assembly)
        if key is None:
            yield f"the key of the {what} {UNSEEN}"
            return
        allowed = set()
        for statement in policies.of(key, "KeyPolicy"):
            if statement.unknown:
                continue
            used = {action for action in _KEY_USE if self._covers(statement, action)}
            if used and self._holds(statement, key, traced=False):
                if not statement.allows:
                    yield f"the policy of the key {key.logical_id} denies {self.service} its use"
                    return
                allowed |= used
        missing = [action for action in _KEY_USE if action not in allowed]
        if missing and self._hidden(key, "KeyPolicy", _KEY_USE, traced=False):
            yield f"whether the key {key.logical_id} of the {what} admits {self.service} {LATER}"
        elif missing:
            yield f"the key {key.logical_id} of the {what} does not admit {self.service} for {' and '.join(missing)}"

    def _covers(self, statement: Statement, action: str) -> bool:
        return statement.does(action) and any(
            (kind == "Service" and name == self.service) or name == "*" for kind, name in statement.principals
        )

    def _holds(self, statement: Statement, policy: Resource, *, traced: bool) -> bool:
        """Return whether the conditions of a statement hold for the sender; an unknown one holds in a Deny.

        A Deny also holds if it would with the source, because AWS does not document that EventBridge never sends it.
        """

        def met(*, traced: bool) -> bool | None:
            return conditions.met(
                statement.conditions,
                lambda name: None if name in _CARRIED else self._told(name, policy, traced=traced),
                lambda name, value: self._equals(name, value, policy),
            )

        found = met(traced=traced)
        if statement.allows:
            return bool(found)
        return found is not False or met(traced=True) is not False

    def _told(self, name: str, policy: Resource, *, traced: bool) -> bool:
        """Return whether the service sends a condition key.

        EventBridge sends its source to SQS, but neither to KMS nor to SNS: "You can't use Condition blocks in Amazon
        SNS topic policies for EventBridge"
        (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sns-permissions).

        Args:
            name: the key, in lowercase.
            policy: the policy with the condition.
            traced: whether EventBridge sends its source to what has the policy.
        """
        if name == "aws:sourceowner":
            return self.service == ALARMS and policy.type != KEY
        return name in self._context and (traced or self.service != EVENTS or not name.startswith("aws:source"))

    @property
    def _context(self) -> Mapping[str, str]:
        return {
            "aws:sourcearn": "",
            "aws:sourceaccount": self.source.template.account,
            "aws:sourceowner": self.source.template.account,
            "aws:sourceorgid": "",
            "aws:securetransport": "true",
            "aws:principalisawsservice": "true",
            "aws:principalservicename": self.service,
        }

    def _equals(self, name: str, value: str, policy: Resource) -> bool:
        if name == "aws:sourceorgid":
            return True  # the organization of the account, which no template tells
        if name == "aws:sourcearn":
            return self._is(value, self.source, policy)
        if name in {"aws:sourceaccount", "aws:sourceowner"}:
            return value in {"*", "${AWS::AccountId}", self._context[name]} and bool(value)
        return value.lower() == self._context[name]

    def _is(self, text: str, resource: Resource, policy: Resource) -> bool:
        """Return whether a string in a policy is, or resolves to, the ARN of a resource."""
        if text == "*":
            return True
        reference = re.fullmatch(r"\$\{(\w+)(?:\.\w+)?\}", text)
        if reference is not None:
            if policy.template is resource.template and reference[1] in policy.template.resources:
                return reference[1] == resource.logical_id
            return resource in self.assembly.mentions(policy, _DOCUMENT.get(policy.type, "PolicyDocument"))
        return self.assembly.target(text, near=policy) is resource or _pattern(text, resource)


def _later(value: str, policy: Resource) -> bool:
    """Return whether a string gets a value at deployment that does not come from a resource of the template."""
    names = _REFERENCE.findall(value)
    return any(name not in policy.template.resources and not name.startswith("AWS::") for name in names)


_DOCUMENT: Final = {KEY: "KeyPolicy"}
_REGION: Final = "<region>"
_ACCOUNT: Final = "<account>"
_OWN: Final = {"${AWS::Partition}": "aws", "${AWS::Region}": _REGION, "${AWS::AccountId}": _ACCOUNT}
"""Replacements without colons for pseudo parameters of the stack."""
_ARNS: Final = {
    "AWS::Events::Rule": ("events", "rule/", "Name"),
    "AWS::CloudWatch::Alarm": ("cloudwatch", "alarm:", "AlarmName"),
    "AWS::CloudWatch::CompositeAlarm": ("cloudwatch", "alarm:", "AlarmName"),
    TOPIC: ("sns", "", "TopicName"),
    QUEUE: ("sqs", "", "QueueName"),
}


def _pattern(text: str, resource: Resource) -> bool:
    """Return whether an ARN, possibly with wildcards, matches a resource as far as its name is fixed."""
    for token, own in _OWN.items():
        text = text.replace(token, own)
    parts = text.split(":", 5)
    if len(parts) != 6 or resource.type not in _ARNS:
        return False
    service, prefix, name_of = _ARNS[resource.type]
    name = resource.get(name_of)
    whole = f"{prefix}{name}" if isinstance(name, str) else f"{prefix}{_ANY}"
    if f"${{{resource.logical_id}}}" in parts[5]:
        parts[5] = whole
    template = resource.template
    return (
        _like(service, parts[2])
        and _like(template.region or _REGION, parts[3])
        and _like(template.account or _ACCOUNT, parts[4])
        and _like(whole, bare(parts[5]) if "${" in parts[5] else parts[5])
    )


_ANY: Final = "\N{REPLACEMENT CHARACTER}"
"""A placeholder for a generated name, which only a wildcard matches."""


def _like(value: str, pattern: str) -> bool:
    if pattern in {_REGION, _ACCOUNT}:
        return True  # its own
    return like(value, pattern)
