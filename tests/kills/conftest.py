"""Nests for all tests of this folder: each has to import everything once."""

import pytest

from tests.kills.telling import Nest


@pytest.fixture(scope="session")
def nests():
    made = [Nest() for _ in range(3)]
    yield made
    for nest in made:
        nest.close()
