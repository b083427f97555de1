"""For all tests: how fast the machine is, is no verdict; the collector of garbage looks at one file's garbage only; and no
test locks an account outside of its temporary folder; and what a pool leaves to chance is the same in every run.

Python's dev mode turns on the debug mode of asyncio, which warns of every callback that took more than 0.1 s. What
runs real loops in processes of its own says so there: `loop.slow_callback_duration`.

That mode keeps ten frames for each callback as well, which takes as long as the tests themselves: here it keeps one.
"""

import asyncio.constants
import gc
import logging
import signal
from collections import Counter
from itertools import count
from random import Random

import pytest


def _is_news(record: logging.LogRecord) -> bool:
    return not record.msg.startswith("Executing %s took")


def _freeze() -> None:
    """Ten thousand collected tests are no garbage: a full collection took a second, in the middle of any test."""
    gc.collect()
    gc.freeze()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--few", type=int, metavar="N", help="only the first N cases of each test")
    parser.addoption("--dice", type=int, metavar="N", default=0, help="another run of luck for every pool")


def pytest_configure() -> None:
    logging.getLogger("asyncio").addFilter(_is_news)
    asyncio.constants.DEBUG_STACK_DEPTH = 1  # it has no other switch
    # A shell starts what runs behind it with Ctrl-C ignored; several tests press it, and what they start inherits this.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    gc.disable()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    few, seen = config.getoption("--few"), Counter[str]()
    if few is None:
        return
    chosen, left = [], []
    for item in items:
        name = item.nodeid.partition("[")[0]
        seen[name] += 1
        (chosen if seen[name] <= few else left).append(item)
    items[:] = chosen
    config.hook.pytest_deselected(items=left)


def pytest_collection_finish() -> None:
    _freeze()
    gc.enable()


def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    if nextitem is not None and nextitem.path != item.path:
        _freeze()


@pytest.fixture(autouse=True, scope="session")
def locks(tmp_path_factory):
    """Where all pools of a run, and the processes that it starts, lock their accounts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MJASYNC_LOCKS", str(tmp_path_factory.mktemp("locks")))
        yield


@pytest.fixture(autouse=True)
def dice(request, monkeypatch):
    """Pools that were given no generator: a test that holds once holds again, and `--dice N` looks for one that does not."""
    pools = count()
    seed = f"{request.config.getoption('--dice')}/{request.node.nodeid}"
    monkeypatch.setattr("mjasync.flow.pool.SystemRandom", lambda: Random(f"{seed}/{next(pools)}"))
