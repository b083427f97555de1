"""What is public is documented, and what is documented is public."""

import re
from pathlib import Path

import mjasync
import mjasync.sim
import mjasync.testing

DOCS = Path(__file__).parents[2] / "docs"
API = DOCS / "api.md"


def documented():
    return set(re.findall(r"^\| \[`(\w+)`\]\(#", API.read_text(encoding="utf-8"), flags=re.MULTILINE))


def test_the_documented_names_are_the_public_names():
    assert documented() == set(mjasync.__all__) - {"__version__"}


def test_every_public_name_is_there_and_has_a_docstring():
    for module in (mjasync, mjasync.testing, mjasync.sim):
        for name in module.__all__:
            thing = getattr(module, name)
            assert name == "__version__" or thing.__doc__, f"{module.__name__}.{name} says nothing"


def test_nothing_is_public_by_accident():
    names = {name for name in vars(mjasync) if not name.startswith("_")}
    submodules = {
        "accounts",
        "blocking",
        "core",
        "dialects",
        "errors",
        "events",
        "flow",
        "images",
        "journal",
        "notebook",
        "logs",
        "measures",
        "otel",
        "prometheus",
        "settings",
        "webhook",
        "sheet",
        "sim",
        "testing",
        "transport",
        "vocabulary",
        "cli",
    }

    assert names - submodules == set(mjasync.__all__) - {"__version__"}


def test_names_are_sorted():
    assert sorted(set(mjasync.__all__), key=str) == sorted(mjasync.__all__, key=str)
    assert len(set(mjasync.__all__)) == len(mjasync.__all__)
