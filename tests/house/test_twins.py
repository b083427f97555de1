"""The twins have all that the async classes have, and nobody needs to guess what is left out."""

import pytest

import mjasync as mj
from mjasync import blocking

#: What the twin says in another way, or not at all, and why.
OTHERWISE = {
    "Pool": {
        "from_env",  # mj.sync() without a pool
        "aclose",  # close()
        "events",  # give on_event= to the pool
        "hooks",  # for async services
        "lifespan",
        "cleanup_ctx",
    },
    "Job": {
        "wait",  # result()
        "ended",  # exception()
        "add_done_callback",  # would be called in the loop's thread, where nothing may wait
        "remove_done_callback",
        "publish",  # the pool's own
        "close",
        "unread",
        "error_for_child",
        "now",
    },
    "Batch": {"chains"},
    "Result": set(),
    "Outcome": set(),
    "Drain": set(),
    "Recovery": set(),
}


def public(cls):
    """Names of methods, properties and attrs fields."""
    fields = {field.name for field in getattr(cls, "__attrs_attrs__", ())}
    instance = {"jobs"} if cls.__name__ in ("Batch", "SyncBatch") else set()
    return {name for name in {*dir(cls), *fields, *instance} if not name.startswith("_")}


@pytest.mark.parametrize("name", OTHERWISE)
def test_every_name_has_its_twin(name):
    twin = getattr(blocking, f"Sync{name}")
    missing = public(getattr(mj, name)) - public(twin) - OTHERWISE[name]

    assert set() == missing, (
        f"write for each a line as its neighbours' into mjasync/blocking, or why not into OTHERWISE: {missing}"
    )


@pytest.mark.parametrize("name", OTHERWISE)
def test_no_twin_has_names_of_its_own(name):
    own = {"Pool": {"close"}, "Batch": {"result"}}.get(name, set()) | {"read"}

    assert set() == public(getattr(blocking, f"Sync{name}")) - public(getattr(mj, name)) - own
