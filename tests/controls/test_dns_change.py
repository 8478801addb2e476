"""The way of a network that exists to a DNS firewall: alerts first, then blocks."""

from hardened_eks.controls.network import dns_alerts_first
from tests.controls.cases import findings
from tests.controls.network.base import HOME
from tests.controls.network.dns_alerts_first import ALERTING
from tests.controls.network.dns_firewall import CLOSED


def test_each_step_passes() -> None:
    alerting = ALERTING(CLOSED)
    assert findings(dns_alerts_first, alerting, previous=HOME) == []
    assert findings(dns_alerts_first, CLOSED, previous=alerting) == []
    assert findings(dns_alerts_first, CLOSED, previous=CLOSED) == []


def test_both_steps_at_once_are_found_and_nothing_without_a_predecessor() -> None:
    assert len(findings(dns_alerts_first, CLOSED, previous=HOME)) == 1
    assert findings(dns_alerts_first, CLOSED) == []
