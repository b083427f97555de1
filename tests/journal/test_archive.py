"""Reading a journal that another process may have open."""

import sqlite3

import pytest

from mjasync.core.ledger import Line
from mjasync.core.machine import Sending, Silence
from mjasync.core.model import Phase
from mjasync.errors import ConfigError, JournalCorrupt, JournalError
from mjasync.journal.archive import Archive, ArchivedJob, ArchivedLedger
from tests.journal.cases import LOST, NEW_YEAR, Clock, asked, done, lived, opened, sent, spoil, step, write

LIVES = {
    "aa1": (asked("a dog", key="k"), *sent("r1"), done()),
    "aa2": (asked(), Sending("ttapi"), Silence(LOST, 500.0)),
    "ab": (step("aa1"), Sending("ttapi")),
    "b": (asked(), Sending("ttapi"), Silence(LOST, 500.0), *sent("r2")[1:], done(quota=None)),
    "c": (asked(), *sent("r3")),
}


@pytest.fixture
def path(tmp_path):
    lived(tmp_path / "j.db", lives=LIVES)
    return tmp_path / "j.db"


def test_jobs_newest_first(path):
    with Archive.open(path) as archive:
        jobs = archive.jobs()
        assert ["c", "b", "ab", "aa2", "aa1"] == [job.id for job in jobs]
        assert jobs[:2] == archive.jobs(limit=2)
        assert ["aa2"] == [job.id for job in archive.jobs(unknown=True)]
        assert ["b"] == [job.id for job in archive.jobs(late=True)]
        assert () == archive.jobs(late=True, unknown=True)
    expected = ArchivedJob(
        id="aa1",
        parent=None,
        account="f1",
        mode="fast",
        kind="imagine",
        phase=Phase.DONE,
        prompt="a dog",
        remote_id="r1",
        asked=NEW_YEAR,
        ended=NEW_YEAR + 3,
        quota=3.0,
        late=False,
        unknown=False,
        key="k",
        resubmit_of=None,
    )
    assert expected == jobs[-1]


def test_a_story_by_the_beginning_of_an_id(path):
    with Archive.open(str(path)) as archive:
        story = archive.story("aa2")
        assert [NEW_YEAR + second for second in (4, 5, 6)] == [wall for wall, _ in story]
        assert NEW_YEAR + 6 + 500 - 106 == story[-1][1].held_until
        assert Sending("f1") == story[1][1]
        assert story == archive.story("aa2")
        assert archive.story("b")
        assert () == archive.story("x") == archive.story("")
        with pytest.raises(ConfigError, match="More than one"):
            archive.story("aa")


def test_the_ledger(path):
    with Archive.open(path) as archive:
        line = Line(account="f1", day="2026-01-01", spent=3.0, done=2, unpriced=1)
        assert ArchivedLedger(lines=(line,), reserved=1, possible=2) == archive.ledger()


def test_it_needs_no_lock_and_takes_none(path):
    clock = Clock()
    with opened(path, clock) as (journal, _), Archive.open(path) as archive:
        write(journal, clock, "new", asked())
        assert "new" in [job.id for job in archive.jobs()]
    with Archive.open(path), opened(path, clock):
        pass


def test_it_cannot_write(path):
    with Archive.open(path) as archive, pytest.raises(sqlite3.OperationalError, match="readonly"):
        archive._db.execute("DELETE FROM jobs")


def test_what_is_no_journal(tmp_path, path):
    with pytest.raises(JournalError, match="There is no journal"):
        Archive.open(tmp_path / "none.db")
    (tmp_path / "empty.db").touch()
    with pytest.raises(JournalCorrupt):
        Archive.open(tmp_path / "empty.db")
    spoil(path, "PRAGMA user_version = 2")
    with pytest.raises(JournalError, match="later version"):
        Archive.open(path)
    spoil(path, "PRAGMA user_version = 0")
    with pytest.raises(JournalError, match="earlier version"):
        Archive.open(path)


def test_what_cannot_be_read_is_said(path):
    with Archive.open(path) as archive:
        spoil(path, "UPDATE events SET data = 'x' WHERE job = 'c'", "DROP TABLE ledger")
        with pytest.raises(JournalCorrupt):
            archive.story("c")
        with pytest.raises(JournalCorrupt):
            archive.ledger()


def test_a_folder_is_no_journal(tmp_path):
    with pytest.raises(JournalError):
        Archive.open(tmp_path)
