"""The settings of Fargate's log router."""

import yaml

from hardened_eks.baseline.emit import to_yaml
from hardened_eks.baseline.fargate_logging import LONGEST, NAMESPACE, logging_objects


def test_the_router_writes_to_a_group_that_exists() -> None:
    namespace, settings = logging_objects(log_group="/aws/eks/prod/fargate", region="eu-west-1")
    assert namespace["metadata"]["name"] == settings["metadata"]["namespace"] == NAMESPACE
    assert namespace["metadata"]["labels"]["aws-observability"] == "enabled"
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    output = settings["data"]["output.conf"]
    for line in ("region eu-west-1", "log_group_name /aws/eks/prod/fargate", "auto_create_group false"):
        assert f"    {line}\n" in output
    assert "log_retention_days" not in output, "the router may not change how long logs are kept"


def test_the_settings_are_what_fargate_takes() -> None:
    _, settings = logging_objects(log_group="g" * 512, region="ap-southeast-1")
    assert set(settings["data"]) <= {"flb_log_cw", "filters.conf", "output.conf", "parsers.conf"}
    assert sum(len(text) for text in settings["data"].values()) < LONGEST
    for name in ("filters.conf", "output.conf"):
        assert settings["data"][name].count("[") == 1, "Fargate takes sections of one kind in each"


def test_the_objects_can_be_written_out() -> None:
    text = to_yaml(logging_objects(log_group="/g", region="eu-west-1"))
    assert [one["kind"] for one in yaml.safe_load_all(text)] == ["Namespace", "ConfigMap"]
