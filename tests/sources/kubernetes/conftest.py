from pathlib import Path

import pytest

from tests.sources.kubernetes.server import Certificates, make_certificates


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    directory: Path = tmp_path_factory.mktemp("certificates")
    return make_certificates(directory, "IP:127.0.0.1", "DNS:localhost")
