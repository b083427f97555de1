"""For all tests: how fast the machine is, is no verdict; the collector of garbage looks at one file's garbage only; and no
test locks an account outside of its temporary folder.

Python's dev mode turns on the debug mode of asyncio, which warns of every callback that took more than 0.1 s. What
runs real loops in processes of its own says so there: `loop.slow_callback_duration`.
"""

import gc
import logging
from collections import Counter

import pytest


def _is_news(record: logging.LogRecord) -> bool:
    return not record.msg.startswith("Executing %s took")


def _freeze() -> None:
    """Ten thousand collected tests are no garbage: a full collection took a second, in the middle of any test."""
    gc.collect()
    gc.freeze()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--few", type=int, metavar="N", help="only the first N cases of each test")


def pytest_configure() -> None:
    logging.getLogger("asyncio").addFilter(_is_news)
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
