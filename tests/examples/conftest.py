import pytest

from tests.examples.blueprints import NAMES, Blueprint, run


@pytest.fixture(scope="session", params=NAMES)
def blueprint(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Blueprint:
    name: str = request.param
    return run(name, tmp_path_factory.mktemp(name))
