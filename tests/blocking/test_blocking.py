"""What the package without `await` hands out."""

import inspect

import pytest

import mjasync as mj
from mjasync import blocking


@pytest.mark.parametrize(("name", "verb"), [("Pool", "blend"), ("Job", "vary"), ("Result", "save"), ("Job", "cancel")])
def test_twins_have_their_words_and_arguments(name, verb):
    real, twin = getattr(getattr(mj, name), verb), getattr(getattr(blocking, f"Sync{name}"), verb)

    assert real.__doc__ == twin.__doc__
    assert inspect.signature(real) == inspect.signature(twin)
    assert verb == twin.__name__


def test_what_is_public():
    assert mj.sync is blocking.sync
    assert mj.run is blocking.run
    assert all(getattr(blocking, name).__doc__ for name in blocking.__all__)
