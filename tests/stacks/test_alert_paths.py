"""Every rule and alarm of the reference stacks reaches somebody: nothing on the way may refuse what it sends."""

import pytest

from hardened_eks.evidence import Assembly, Template
from tests.alerts.alert_paths import faults
from tests.stacks.conftest import Synthesized

pytestmark = pytest.mark.xdist_group("stacks")


def test_every_alert_can_be_delivered(synthesized: Synthesized) -> None:
    paths, found = faults(Assembly([Template(name, body) for name, body in synthesized.templates.items()]))
    assert found == []
    assert paths >= 2, "the break-glass rule alone has a topic and a queue"


def test_keys_that_admit_nobody_stop_all(isolated: Synthesized) -> None:
    """The control and this test read the same view: it has to see what AWS would refuse."""
    broken = {
        name: {
            **body,
            "Resources": {
                logical_id: one
                if one["Type"] != "AWS::KMS::Key"
                else {**one, "Properties": {**one["Properties"], "KeyPolicy": {"Statement": []}}}
                for logical_id, one in body["Resources"].items()
            },
        }
        for name, body in isolated.templates.items()
    }
    paths, found = faults(Assembly([Template(name, body) for name, body in broken.items()]))
    # Two rules write into a log group and one starts a state machine: neither needs a key of ours to take an event.
    assert len(found) == paths - 3
