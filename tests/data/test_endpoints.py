import json
from pathlib import Path

import cfnlint
import pytest

from hardened_eks.data import endpoints
from hardened_eks.evidence.resource import Resource, Template
from hardened_eks.evidence.views.vpc import ENDPOINT, service_of
from hardened_eks.network._endpoints import _ACTIONS, _construct_id

ACTIONS = json.loads((Path(cfnlint.__file__).parent / "data/AdditionalSpecs/Policies.json").read_text("utf-8"))


def test_actions_begin_with_what_iam_knows() -> None:
    """A wrong prefix in an endpoint's policy refuses every call through it."""
    unknown = {s: endpoints.iam_prefix(s) for s in endpoints.INTERFACE if endpoints.iam_prefix(s) not in ACTIONS}
    assert set(unknown.values()) == {"*"}
    assert len(unknown) < 10


def test_listed_actions_exist() -> None:
    for actions in _ACTIONS.values():
        for action in actions:
            prefix, name = action.split(":")
            known = [known.lower() for known in ACTIONS[prefix]["Actions"]]
            assert any(
                one.startswith(name.rstrip("*").lower()) if name.endswith("*") else one == name.lower() for one in known
            ), action


@pytest.mark.parametrize(
    ("service", "region", "expected"),
    [
        ("ecr.api", "eu-west-1", "com.amazonaws.eu-west-1.ecr.api"),
        ("ecr.api", "cn-north-1", "cn.com.amazonaws.cn-north-1.ecr.api"),
        ("logs", "cn-north-1", "com.amazonaws.cn-north-1.logs"),
        ("studio", "eu-west-1", "aws.sagemaker.eu-west-1.studio"),
        ("iam", "eu-west-1", "com.amazonaws.iam"),
    ],
)
def test_service_names(service: str, region: str, expected: str) -> None:
    assert endpoints.service_name(service, region) == expected


def read(name: str) -> str | None:
    """The short name of the service that the controls see behind the name of an endpoint service."""
    properties = {"ServiceName": name}
    return service_of(Resource(Template("one", {}), "Endpoint", ENDPOINT, {"Properties": properties}))


def test_the_controls_read_the_names_of_every_region() -> None:
    """Otherwise the checks miss the endpoints that `Network` creates, as they did in the isolated Regions."""
    for region in ("eu-west-1", *endpoints.REGIONS_WITH_OTHER_NAMES):
        for service in (*endpoints.PRIVATE_CLUSTER, "ebs", "sqs", "execute-api", "s3"):
            assert read(endpoints.service_name(service, region)) == service, (service, region)
    for name in ("com.amazonaws.vpce.eu-west-1.vpce-svc-0123", "com.example.cloud.eu-west-1.ecr.api", "ecr.api"):
        assert read(name) is None


def test_every_service_has_a_construct_id_of_its_own() -> None:
    assert len({_construct_id(s) for s in endpoints.INTERFACE}) == len(set(endpoints.INTERFACE))


def test_fips_forms_of_known_services_exist() -> None:
    assert all(map(endpoints.exists, ("ecr.api", "ecr.api-fips", "ecr-fips.api", "eks-fips", "guardduty-data-fips")))
    assert not any(map(endpoints.exists, ("ecr", "ecr-fips", "eksauth", "nothing-fips", "")))


def test_only_near_names_are_misspellings() -> None:
    assert "eks-auth" in endpoints.misspelt("eksauth")
    assert "secretsmanager" in endpoints.misspelt("secretmanager-fips")
    assert endpoints.misspelt("ecr")[:2] == ["ecr.api", "ecr.dkr"]
    assert endpoints.misspelt("newest-service") == []
    assert endpoints.misspelt("xyzab") == [], "short names are near to many: one letter counts"
