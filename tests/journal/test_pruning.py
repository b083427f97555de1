"""What has been over for long goes."""

import sqlite3

import pytest

from mjasync.core.machine import Sending, Silence
from mjasync.journal import sqlite
from mjasync.journal.reading import read
from tests.journal.cases import DAY, LOST, asked, done, lived, opened, picture_job, rows, sent, step, truth

OVER = (*sent("r"), done())
LIVES = {
    "alone": (asked(), *sent("r0"), done()),
    "head": (asked(), *sent("r1"), done()),
    "tail": (step("head"), *sent("r2"), done()),
    "branch": (asked(), *sent("r3"), done()),
    "leaf": (step("branch"),),
    "lost": (asked(), Sending("ttapi"), Silence(LOST, 500.0)),
    "pictured": (picture_job(),),
}


@pytest.mark.fault("D12")
def test_only_whole_chains_that_have_been_over_for_long_go_and_the_ledger_stays(tmp_path):
    clock = lived(tmp_path / "j.db", lives=LIVES)
    before, _ = truth(tmp_path / "j.db", clock)
    clock.move(30 * DAY - 60)
    assert before.lines == truth(tmp_path / "j.db", clock)[0].lines
    assert [(7,)] == rows(tmp_path / "j.db", "SELECT count(*) FROM jobs")
    clock.move(60)
    with opened(tmp_path / "j.db", clock) as (journal, kept):
        found = read(journal._open.store._db)
        assert found.jobs_fit
        assert (before.lines, before.prices) == (kept.lines, kept.prices)
        assert () == journal.find(job="alone")
    assert {"branch", "leaf", "lost", "pictured"} == {job for (job,) in rows(tmp_path / "j.db", "SELECT id FROM jobs")}
    assert {"branch", "leaf", "lost", "pictured"} == {
        job for (job,) in rows(tmp_path / "j.db", "SELECT DISTINCT job FROM events")
    }
    assert set(before.records) - {"head", "tail"} == set(truth(tmp_path / "j.db", clock)[0].records)


def test_it_may_be_kept_for_ever(tmp_path):
    clock = lived(tmp_path / "j.db", lives={"a": (asked(), *OVER)})
    clock.move(9999 * DAY)
    with opened(tmp_path / "j.db", clock, keep_days=None) as (journal, _):
        assert journal.find(job="a")
    with opened(tmp_path / "j.db", clock) as (journal, _):
        assert () == journal.find(job="a")


@pytest.mark.fault("D12")
def test_the_file_shrinks(tmp_path):
    clock = lived(tmp_path / "j.db", lives={f"{n}": (asked("word " * 300), *sent(f"{n}"), done()) for n in range(400)})
    large = (tmp_path / "j.db").stat().st_size
    clock.move(31 * DAY)
    truth(tmp_path / "j.db", clock)
    assert (tmp_path / "j.db").stat().st_size < large / 4
    assert [("ok",)] == rows(tmp_path / "j.db", "PRAGMA integrity_check")


@pytest.mark.parametrize("code", [sqlite3.SQLITE_FULL, sqlite3.SQLITE_BUSY])
def test_a_journal_that_cannot_be_tidied_now_serves_as_well(tmp_path, monkeypatch, caplog, code):
    def refuse(*arguments, **options):
        exc = sqlite3.OperationalError("not now")
        exc.sqlite_errorcode = code
        raise exc

    clock = lived(tmp_path / "j.db")
    monkeypatch.setattr(sqlite, "prune", refuse)
    assert "held" in truth(tmp_path / "j.db", clock)[0].records
    assert "was not tidied" in caplog.text


def test_pictures_that_nobody_waits_for_go(tmp_path):
    clock = lived(tmp_path / "j.db", lives=LIVES)
    (tmp_path / "j.db.pictures" / "left behind").touch()
    truth(tmp_path / "j.db", clock)
    assert 1 == len(list((tmp_path / "j.db.pictures").iterdir()))
