"""The site, built once."""

from pathlib import Path

import pytest

from tests.programs import leave_out
from tools import site


@pytest.fixture(scope="session")
def built() -> Path:
    try:
        return site.build()
    except site.UnavailableError as error:
        leave_out(str(error))
