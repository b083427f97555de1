"""What a run would stand on."""

import os
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest
from attrs import evolve

from mjasync.cli import ground
from mjasync.cli.findings import Level
from mjasync.journal.survey import Survey
from mjasync.settings import Settings, load
from mjasync.testing import run
from tests.flow.locking import held, ttapi

KEY = "a-key-of-mine-1234567890"


class Usage(NamedTuple):
    free: int


def levels(found):
    return [each.level for each in found]


def test_settings_and_accounts_with_their_sources(alone):
    (alone / "mjasync.toml").write_text('journal = "jobs.db"\n')
    settings = load({"MJASYNC_TTAPI_KEY": KEY, "MJASYNC_MODE": "relax"})
    first, account = ground.settings_found(settings)
    assert (
        "mode=relax (MJASYNC_MODE), journal=jobs.db (mjasync.toml), out=out (default); ./mjasync.toml is there"
        == first.what
    )
    assert (
        "ttapi: key ***7890 (MJASYNC_TTAPI_KEY), https://api.ttapi.io (default), at most 10 jobs at once"
        == account.what
    )
    assert settings.accounts[0].fingerprint == account.facts["fingerprint"]
    assert KEY not in str(account)


def test_a_misspelled_variable_is_told_with_the_closest_one():
    (found,) = ground.misspelled({"MJASYNC_TTAPI_KYE": KEY, "MJASYNC_MODE": "fast", "PATH": "x"})
    assert (Level.WARN, "did you mean MJASYNC_TTAPI_KEY?") == (found.level, found.do)
    assert KEY not in str(found)
    (other,) = ground.misspelled({"MJASYNC_QQQQQQQQQQQQQQQQQQQQQ": "x"})
    assert "unset MJASYNC_QQQQQQQQQQQQQQQQQQQQQ" == other.do


@pytest.mark.parametrize(("cut_off", "level"), [(False, Level.OK), (True, Level.WARN)])
def test_a_proxy_is_named_and_its_address_is_not(cut_off, level):
    environ = {"https_proxy": "http://user:password@proxy.example", "HTTP_PROXY": "", "PATH": "x"}
    (found,) = ground.proxies(environ, cut_off=cut_off)
    assert (level, "https_proxy set, and not used: mjasync connects directly.") == (found.level, found.what)
    assert "proxy.example" not in str(found)
    assert [] == list(ground.proxies({"HTTP_PROXY": ""}, cut_off=True))


def test_locks(tmp_path, monkeypatch):
    monkeypatch.setenv("MJASYNC_LOCKS", str(tmp_path / "locks"))
    (free,) = ground.locks({"ttapi": ttapi()})
    assert (Level.OK, False) == (free.level, free.facts["busy"])
    whole = held(ttapi())
    (busy,) = ground.locks({"ttapi": ttapi()})
    whole.release()
    assert (Level.WARN, "Account 'ttapi' is in use by another pool on this computer.") == (busy.level, busy.what)
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("MJASYNC_LOCKS", str(tmp_path / "file" / "locks"))
    (none,) = ground.locks({"ttapi": ttapi()})
    assert (Level.WARN, "No account can be locked.") == (none.level, none.what)
    assert [] == list(ground.locks({}))


def test_no_journal_and_one_that_is_not_there_yet(alone):
    (none,) = ground.journal(Settings())
    (new,) = ground.journal(Settings(journal="jobs.db"))
    assert [Level.OK, Level.OK] == levels([none, new])
    assert "do not survive" in none.what
    assert "the first run makes it" in new.what
    assert not (alone / "jobs.db").exists()


def test_a_journal_with_a_past(past):
    settings = past.place().settings
    whole, left, unknown = ground.journal(settings)
    assert [Level.OK, Level.WARN, Level.WARN] == levels([whole, left, unknown])
    assert {"jobs": 6, "open": 2, "unknown": 1, "in_use": False}.items() <= whole.facts.items()
    assert f"mjasync resume --journal {past.journal}" == left.do
    assert (
        f"mjasync jobs --unknown --journal {past.journal}, then mjasync reconcile ID --journal {past.journal}"
        == unknown.do
    )


def test_a_journal_that_somebody_has_open(life):
    found = []

    async def story():
        async with life.pool():
            found.extend(ground.journal(life.place().settings))

    run(story())
    assert [Level.OK, Level.WARN] == levels(found)
    assert "The journal is in use" in found[1].what


def test_a_journal_that_is_none(alone):
    (alone / "jobs.db").write_bytes(b"something else")
    (found,) = ground.journal(Settings(journal="jobs.db"))
    assert (Level.BAD, 3) == (found.level, found.code)
    assert "nothing was overwritten" in found.do


def test_a_journal_that_is_damaged_inside(life):
    async def story():
        async with life.pool() as pool:
            await pool.imagine("a cat")

    run(story())
    with Path(life.journal).open("r+b") as file:
        file.seek(100)
        file.write(b"\xff" * 40_000)
    (found,) = ground.journal(life.place().settings)
    assert Level.BAD is found.level


@pytest.mark.parametrize(("version", "level", "do"), [(2, Level.BAD, "use that mjasync"), (0, Level.WARN, "nothing: ")])
def test_a_journal_of_another_version(version, level, do):
    found = ground._other_version(Survey(path="/j.db", there=True, version=version), {})
    assert level is found.level
    assert found.do.startswith(do)


@pytest.mark.parametrize(("free", "level"), [(5e9, Level.OK), (5e8, Level.WARN), (5e7, Level.BAD)])
def test_room_on_the_disk(alone, monkeypatch, free, level):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(int(free)))
    found = ground.disk(Settings(out="pictures/of/mine"))
    assert level is found.level
    assert bool(found.why) is bool(found.do) is (level is not Level.OK)
    assert not (alone / "pictures").exists()


def test_a_folder_that_cannot_be_one(alone, monkeypatch):
    (alone / "file").write_text("")
    assert Level.BAD is ground.disk(Settings(out="file")).level
    monkeypatch.setattr(os, "access", lambda *_: False)
    found = ground.disk(evolve(Settings(), out="out"))
    assert (Level.BAD, True) == (found.level, "--out" in found.do)
