"""The front door opens on what the package says it has."""

import mjasync


def test_the_version_is_one():
    assert mjasync.__version__.count(".") == 2
