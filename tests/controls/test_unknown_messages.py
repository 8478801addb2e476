"""Where a property is behind a parameter, no control claims to know it, and the parameter is named."""

import pytest

from hardened_eks.controls.model import Family
from tests.controls.cases import apply, findings, hide
from tests.controls.test_catalogue import CASES as ALL

_HONEST = ("not known", "known only at deployment", "as far as is known before deployment", "not shown to be")


HIDDEN = "HiddenByMutation"
FACTS = {
    ("KY-01", "spec hidden too"): "EnableKeyRotation is written, and false",
    ("ND-03", "endpoint hidden"): "HttpTokens is written, and optional",
}
"""What is a fault whatever the hidden value is."""
CASES = {case.control.id: case for case in ALL}
BAD = [
    (id, name)
    for id, case in CASES.items()
    if case.control.family is Family.HARDENING
    for name, mutation in case.bad.items()
    if HIDDEN in str(apply(mutation, case.good)) and (id, name) not in FACTS
]


def test_there_is_much_to_judge() -> None:
    assert len({id for id, _ in BAD}) > 90


@pytest.mark.parametrize(("id", "name"), BAD)
def test_no_message_claims_what_is_not_known(id: str, name: str) -> None:
    case = CASES[id]
    usual = set(findings(case.control, case.good))
    found = [
        m for m in findings(case.control, apply(case.bad[name], case.good), previous=case.previous) if m not in usual
    ]
    assert found
    for message in found:
        assert any(words in message for words in _HONEST), message


FROZEN = {
    "CP-01": (
        "AWS::EKS::Cluster", "ResourcesVpcConfig.EndpointPublicAccess",
        "ResourcesVpcConfig.EndpointPublicAccess: ResourcesVpcConfig.EndpointPublicAccess is not known before deployment; "
        "at worst, the public endpoint is on (EndpointPublicAccess is ${HiddenByMutation}); HiddenByMutation is a "
        "parameter: set it with --parameters HiddenByMutation=VALUE",
    ),
    "CP-08": (
        "AWS::EKS::Cluster", "Version",
        "Version: the version is ${HiddenByMutation}, known only at deployment; HiddenByMutation is a parameter: set it "
        "with --parameters HiddenByMutation=VALUE",
    ),
    "CP-05": (
        "AWS::EKS::Cluster", "Logging.ClusterLogging.EnabledTypes.1.Type",
        "Logging.ClusterLogging.EnabledTypes: as far as is known before deployment, the audit log is not exported; "
        "HiddenByMutation is a parameter: set it with --parameters HiddenByMutation=VALUE",
    ),
}  # fmt: skip


@pytest.mark.parametrize("id", FROZEN)
def test_the_words(id: str) -> None:
    type_, path, message = FROZEN[id]
    assert findings(CASES[id].control, hide(type_, path)(CASES[id].good)) == [message]
