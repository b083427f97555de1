"""No key, token or signed link is told by anything that people copy: logs, warnings, texts, tracebacks, files.

Over 300 scenarios of both providers. A key is in no repr either; a result's own repr does name its pictures, for that
is what it is for.
"""

import contextlib
import inspect
import io
import os

import pytest

from mjasync.dialects import _reading
from mjasync.flow.session import Session
from tests.security.canaries import KEY, SIGNATURE, TOKEN, heard, journal_bytes, on_disk, shown, with_locals
from tests.security.scenarios import play, scenarios

ALL = list(scenarios())
#: A server that repeats a key or a hook's address is masked at two places of other hands; the tests wait for both.
MASKED = "masked(" in inspect.getsource(Session) and "_ADDRESS" in inspect.getsource(_reading)
WAITING = pytest.mark.xfail(not MASKED, reason="Session._send and _reading.plain do not mask yet", strict=False)


def test_there_are_enough_of_them():
    assert 200 <= len({scenario.name for scenario in ALL})
    assert len(ALL) == len({scenario.name for scenario in ALL})


def marks(scenario):
    return [WAITING] if scenario.echo else []


@pytest.mark.parametrize("scenario", [pytest.param(each, id=each.name, marks=marks(each)) for each in ALL])
def test_nothing_tells(scenario, tmp_path):
    stderr = io.StringIO()
    with contextlib.redirect_stderr(stderr), contextlib.redirect_stdout(stderr):
        played = play(scenario, tmp_path)
    assert played.carried or scenario.fault == "refuse_connection", "the key was really used"

    words = [*played.logs, *played.warned, stderr.getvalue(), *map(str, played.errors)]
    assert [] == heard("\n".join(words), KEY, TOKEN, SIGNATURE)
    things = [*shown(played.pool, *played.jobs, *played.errors, *played.results, played.stats)]
    things += [*map(with_locals, played.errors), *map(repr, played.errors)]
    assert [] == heard("\n".join(things), KEY)
    for content in on_disk(tmp_path):
        assert [] == heard(content, KEY, TOKEN)


#: One verb is enough: the journal writes the same columns for each.
WRITTEN = [each for each in ALL if each.verb == "imagine"]


@pytest.mark.parametrize("scenario", [pytest.param(each, id=each.name, marks=marks(each)) for each in WRITTEN])
def test_no_journal_holds_a_key(scenario, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "fsync", lambda handle: None)
    (tmp_path / "pictures").mkdir()
    path = tmp_path / "jobs.db"
    played = play(scenario, tmp_path / "pictures", journal=str(path))

    contents = journal_bytes(path)
    assert b"a cat" in b"".join(contents), "it was really written"
    assert [[]] * len(contents) == [heard(content, KEY) for content in contents]
    assert [] == heard("\n".join(map(with_locals, played.errors)), KEY)
