"""Every public name is documented, down to its fields and methods; every name that a page speaks of exists."""

import inspect
import re
import runpy
from pathlib import Path

import pytest

import mjasync as mj
from mjasync.blocking import SyncPool
from mjasync.flow.requests import ImagineOptions
from mjasync.measures import ALL
from mjasync.otel import ATTRIBUTES

ROOT = Path(__file__).parents[2]
#: The table of faults also names what is still to come.
PAGES = [ROOT / "README.md", *(page for page in sorted((ROOT / "docs").glob("*.md")) if page.stem != "faults")]
PARTS = runpy.run_path(str(ROOT / "docs" / "entries.py"))["parts"]
NAMES = [name for name in mj.__all__ if name != "__version__"]
CLASSES = [name for name in NAMES if inspect.isclass(getattr(mj, name))]
#: What pages call a value of each class.
CALLED = {"pool": mj.Pool, "job": mj.Job, "result": mj.Result, "outcome": mj.Outcome, "error": mj.MJError, "mj": mj}
#: Of single error classes, and of Python's own.
OF_ERRORS = {
    "status",
    "code",
    "reason",
    "request_id",
    "word",
    "available",
    "ticket",
    "outcome",
    "parent",
    "ok",
    "failed",
}
#: Metrics and attributes of spans begin with `mj.` too; of each the first two words.
OF_TELEMETRY = {".".join(each.split(".")[:2]) for each in (*ATTRIBUTES, *(metric.name for metric in ALL))}
OF_ERRORS |= {"type"}  # OpenTelemetry's `error.type`
OF_ERRORS |= {"result", "what", "why", "hint", "job", "charged", "retryable"}


@pytest.mark.parametrize("name", NAMES)
def test_every_public_name_says_what_it_is(name):
    text = inspect.getdoc(getattr(mj, name)) or ""

    assert re.match(r"\S.{15,}", text), "a docstring of a sentence at least"


@pytest.mark.parametrize("name", [name for name in CLASSES if not issubclass(getattr(mj, name), BaseException)])
def test_every_part_of_a_public_class_is_documented(name):
    cls = getattr(mj, name)
    whole = inspect.getdoc(cls)

    assert [] == [part.name for part in PARTS(cls) if not part.text and f"`{part.name}`" not in whole]


def test_the_reference_has_every_name():
    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")

    assert [] == [name for name in NAMES if f"\n### {name}\n" not in page]
    assert [] == [name for name in ImagineOptions.__annotations__ if f"| `{name}` |" not in page]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_name_that_a_page_speaks_of_exists(page):
    spoken = re.findall(r"`[^`\n]*`", page.read_text(encoding="utf-8"))
    found = {
        match
        for text in spoken
        for match in re.findall(r"(?<![\w.])(mj|pool|job|result|outcome|error)\.([a-z_A-Z]\w*)", text)
    }

    assert set() == {f"{owner}.{name}" for owner, name in found if not known(owner, name)}


def known(owner, name):
    if owner == "error":
        return name in OF_ERRORS or name.startswith("__")
    if owner == "mj":
        return hasattr(mj, name) or f"mj.{name}" in OF_TELEMETRY
    # Without `await` the words are the same but for one: a pool is closed by `close`.
    known_without_await = owner == "pool" and hasattr(SyncPool, name)
    return known_without_await or name in {part.name for part in PARTS(CALLED[owner])} or hasattr(CALLED[owner], name)
