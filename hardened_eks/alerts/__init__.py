"""Alert channels: destinations of alerts. A channel has one method, so a new one is a small class.

alerts = hardened.alerts.Topic(stack, "Alerts")
cluster.add_break_glass_role(trusted=[...], alerts=alerts)
"""

from typing import TYPE_CHECKING

from hardened_eks._lazy import importer

if TYPE_CHECKING:
    from hardened_eks.alerts._channel import AlertChannel, Sender, Target
    from hardened_eks.alerts._combined import nobody, several
    from hardened_eks.alerts._email import Email
    from hardened_eks.alerts._event_bus import EventBus
    from hardened_eks.alerts._https import Https
    from hardened_eks.alerts._pager_duty import PagerDuty
    from hardened_eks.alerts._route import Route
    from hardened_eks.alerts._service_now import ServiceNow
    from hardened_eks.alerts._slack import Slack
    from hardened_eks.alerts._sms import Sms
    from hardened_eks.alerts._teams import Teams
    from hardened_eks.alerts._topic import Topic
    from hardened_eks.alerts._zendesk import Zendesk

_HOMES = {
    "AlertChannel": "_channel",
    "Email": "_email",
    "EventBus": "_event_bus",
    "Https": "_https",
    "PagerDuty": "_pager_duty",
    "Route": "_route",
    "Sender": "_channel",
    "ServiceNow": "_service_now",
    "Slack": "_slack",
    "Sms": "_sms",
    "Target": "_channel",
    "Teams": "_teams",
    "Topic": "_topic",
    "Zendesk": "_zendesk",
    "nobody": "_combined",
    "several": "_combined",
}

__all__ = [
    "AlertChannel",
    "Email",
    "EventBus",
    "Https",
    "PagerDuty",
    "Route",
    "Sender",
    "ServiceNow",
    "Slack",
    "Sms",
    "Target",
    "Teams",
    "Topic",
    "Zendesk",
    "nobody",
    "several",
]

__getattr__ = importer(__name__, _HOMES)
