"""No test locks an account outside of its temporary folder."""

import pytest


@pytest.fixture(autouse=True, scope="session")
def locks(tmp_path_factory):
    """Where all pools of a run, and the processes that it starts, lock their accounts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MJASYNC_LOCKS", str(tmp_path_factory.mktemp("locks")))
        yield
