"""What importing brings along: the front door alone brings nothing, its names only what they need."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import mjasync
from tests.house.test_import_law import LAW, allowed

ROOT = Path(__file__).parents[2]
#: What nobody has to wait for who only makes pictures.
HEAVY = {
    "PIL",
    "rich",
    "mjasync.cli",
    "mjasync.sim",
    "mjasync.testing",
    "unittest",
    "logging.config",
    "xml",
    "argparse",
    "opentelemetry",
    "prometheus_client",
    "mjasync.measures",
}


def loaded(code: str, first: str = "") -> set[str]:
    """Names of the modules that the code loads in a fresh process, after those that `first` loads."""
    program = (
        f"import json, sys\n{first}\nold = set(sys.modules)\n{code}\nprint(json.dumps(sorted(set(sys.modules) - old)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    return set(json.loads(done.stdout))


def test_the_front_door_alone_brings_nothing():
    assert {"mjasync"} == loaded("import mjasync", first="import importlib, typing")


@pytest.mark.parametrize(
    ("name", "rooms", "never"),
    [
        ("ConfigError", {"mjasync.errors"}, {"aiohttp", "attrs", "asyncio"}),
        ("Prompt", {"mjasync.core.prompt"}, {"aiohttp", "asyncio", "cattrs", "sqlite3", "mjasync.flow"}),
        ("TTAPI", {"mjasync.accounts"}, {"aiohttp", "cattrs", "sqlite3", "mjasync.flow", "mjasync.dialects"}),
        ("Pool", {"mjasync.flow.pool"}, HEAVY),
    ],
)
def test_a_name_brings_what_it_needs(name, rooms, never):
    modules = loaded(f"import mjasync\nmjasync.{name}")

    assert rooms <= modules
    assert set() == never & modules


def test_all_names_together_bring_nothing_heavy():
    assert set() == HEAVY & loaded("from mjasync import *")


@pytest.mark.parametrize("room", sorted(mjasync._ROOMS))
def test_the_front_door_follows_the_law_of_imports(room):
    assert allowed(room.removeprefix("mjasync."), LAW[""])


def test_each_public_name_has_one_room():
    named = [name for names in mjasync._ROOMS.values() for name in names]

    assert sorted([*named, "__version__"]) == sorted(mjasync.__all__)
