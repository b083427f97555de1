"""The second connection."""

import contextlib
import sqlite3

import pytest

from mjasync.core.model import Ticket
from mjasync.errors import JournalCorrupt, JournalError
from tests.journal.cases import Clock, asked, lived, opened, spoil, write


def test_it_finds_what_was_written_a_moment_ago(tmp_path):
    clock = Clock()
    with opened(tmp_path / "j.db", clock) as (journal, _):
        write(journal, clock, "a", asked(key="k\ud83d"))
        assert "a" == journal.find(key="k\ud83d")[0].id
        assert () == journal.find(job="\U0010ffff") == journal.find(ticket=Ticket("\ud83d", "\ud83d"))


def test_every_letter_of_an_id_counts(tmp_path):
    clock = lived(tmp_path / "j.db", lives={job: (asked(),) for job in ("a%", "ab", "a_", "A", "aä")})
    with opened(tmp_path / "j.db", clock) as (journal, _):
        for job in ("a%", "ab", "a_", "A", "aä"):
            assert [job] == [record.id for record in journal.find(job=job)]
        assert ["a%", "a_"] == [record.id for record in journal.find(job="a")], "two are enough"


def test_closed_it_says_so(tmp_path):
    with opened(tmp_path / "j.db") as (journal, _):
        search = journal._open.search
    search.close()
    with pytest.raises(JournalError, match="is closed"):
        search.find(job="a", key="", ticket=None)


def test_what_cannot_be_read(tmp_path):
    clock = lived(tmp_path / "j.db", lives={"a": (asked(),)})
    with opened(tmp_path / "j.db", clock) as (journal, _):
        spoil(tmp_path / "j.db", "UPDATE events SET data = '?'")
        with pytest.raises(JournalCorrupt):
            journal.find(job="a")


def test_the_history_of_one_job_on_this_processes_clock(tmp_path):
    clock = Clock()
    with opened(tmp_path / "j.db", clock) as (journal, _):
        write(journal, clock, "a", asked())
        write(journal, clock, "ab", asked())
        history = journal.history("a")
        assert () == journal.history("b")

    assert [type(asked())] == [type(event) for event, _ in history]
    assert [True] == [abs(at - clock.now) < 60 for _, at in history]


def test_a_history_that_cannot_be_read(tmp_path):
    clock = lived(tmp_path / "j.db", lives={"a": (asked(),)})
    with opened(tmp_path / "j.db", clock) as (journal, _):
        spoil(tmp_path / "j.db", "UPDATE events SET data = '?'")
        with pytest.raises(JournalCorrupt):
            journal.history("a")


def test_a_new_key_is_known_to_be_new_while_the_file_is_locked(tmp_path):
    """As it is while a slow disk writes: an event loop must not wait for that with every request."""
    clock = lived(tmp_path / "j.db", lives={"a": (asked(key="old"),)})
    with opened(tmp_path / "j.db", clock) as (journal, _):
        write(journal, clock, "b", asked(key="newer"))
        with contextlib.closing(sqlite3.connect(tmp_path / "j.db", isolation_level=None)) as disk:
            disk.execute("BEGIN EXCLUSIVE")
            assert [()] * 3 == [journal.find(key=key) for key in ("new", "ol", "old!")]
        assert ["a", "b"] == [journal.find(key=key)[0].id for key in ("old", "newer")]
