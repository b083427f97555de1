"""A folder for one test's locks."""

import pytest


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Where this test's locks are."""
    monkeypatch.setenv("MJASYNC_LOCKS", str(tmp_path / "locks"))
    return tmp_path / "locks"
