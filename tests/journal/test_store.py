"""One group, one transaction."""

import sqlite3

import pytest

from mjasync.journal import Entry
from mjasync.journal.reading import read
from mjasync.journal.store import transaction
from tests.journal.cases import LIVES, NEW_YEAR, Clock, asked, done, lived, opened, picture_job, rows, sent


def test_seals_fit_after_every_group(tmp_path):
    clock = lived(tmp_path / "j.db")
    with opened(tmp_path / "j.db", clock) as (journal, _):
        store = journal._open.store
        for job in ("x", "y"):
            events = (picture_job(), *sent(job), done())
            store.commit([(Entry(job, event, 1.0), NEW_YEAR + 99) for event in events])
            found = read(store._db)
            assert found.jobs_fit
            assert (found.state.seals, found.state.seq) == (store.state.seals, store.state.seq)
            assert (found.state.lines, found.state.prices) == (store.state.lines, store.state.prices)


def test_a_group_that_fails_leaves_nothing(tmp_path):
    clock = Clock()
    with opened(tmp_path / "j.db", clock) as (journal, _):
        store = journal._open.store
        store._db.execute("CREATE TEMP TRIGGER no BEFORE INSERT ON jobs BEGIN SELECT raise(ABORT, 'no'); END")
        with pytest.raises(sqlite3.IntegrityError):
            store.commit([(Entry("a", asked(), 1.0), NEW_YEAR)])
        assert ({}, 0, [(0,)]) == (
            store.state.live,
            store.state.seq,
            rows(tmp_path / "j.db", "SELECT count(*) FROM events"),
        )
        store._db.execute("DROP TRIGGER no")
        store.commit([(Entry("a", asked(), 1.0), NEW_YEAR)])
        assert ["a"] == list(store.state.live)


def test_a_key_passes_from_one_job_to_the_next_in_one_group(tmp_path):
    with opened(tmp_path / "j.db") as (journal, _):
        entries = [("a", event) for event in LIVES["refused"]] + [("b", asked(key="free again"))]
        journal._open.store.commit([(Entry(job, event, 1.0), NEW_YEAR) for job, event in entries])
    assert [("b",)] == rows(tmp_path / "j.db", "SELECT id FROM jobs WHERE user_key = 'free again'")


def test_two_jobs_never_have_one_key(tmp_path):
    with opened(tmp_path / "j.db") as (journal, _), pytest.raises(sqlite3.IntegrityError, match="user_key"):
        journal._open.store.commit([(Entry(job, asked(key="k"), 1.0), NEW_YEAR) for job in "ab"])


def test_a_picture_that_another_job_waits_for_stays(tmp_path):
    with opened(tmp_path / "j.db") as (journal, _):
        store = journal._open.store
        store.commit([(Entry(job, picture_job(), 1.0), NEW_YEAR) for job in "ab"])
        for job, left in (("a", 1), ("b", 0)):
            store.commit([(Entry(job, event, 1.0), NEW_YEAR) for event in (*sent(job), done())])
            assert left == len(list((tmp_path / "j.db.pictures").iterdir()))


def test_a_transaction_that_sqlite_has_rolled_back_by_itself():
    db = sqlite3.connect(":memory:", isolation_level=None)
    with pytest.raises(ZeroDivisionError), transaction(db):
        db.execute("ROLLBACK")
        raise ZeroDivisionError
    assert not db.in_transaction
    db.close()
