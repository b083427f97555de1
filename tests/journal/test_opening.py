"""From a path to a file that adds up."""

import contextlib
import sqlite3

import pytest

from mjasync.core.machine import Rejected
from mjasync.errors import JournalCorrupt, JournalError
from mjasync.journal import codec
from mjasync.journal.opening import open_file
from mjasync.journal.schema import CURRENT
from mjasync.journal.seal import Seal, digest_of
from tests.journal import corruption
from tests.journal.cases import NEW_YEAR, REFUSED, lived, rows, spoil, truth


@pytest.fixture
def path(tmp_path):
    lived(tmp_path / "j.db")
    return tmp_path / "j.db"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE jobs SET phase = 'done' WHERE id = 'running'",
        "DELETE FROM slots",
        "UPDATE slots SET account = 'other'",
        "DELETE FROM slots; DELETE FROM jobs",
        "UPDATE seals SET total = 1 WHERE name = 'jobs'",
        "UPDATE jobs SET user_key = 'theirs' WHERE id = 'held'",
    ],
)
def test_what_is_made_from_the_events_is_made_anew(tmp_path, path, statement, caplog):
    whole = tmp_path / "whole.db"
    clock = lived(whole)
    expected = truth(whole, clock)

    spoil(path, *statement.split(";"))

    assert expected == truth(path, clock)
    assert 1 == caplog.text.count("is made anew")
    assert expected == truth(path, clock)
    assert 1 == caplog.text.count("is made anew"), "once is enough"
    for table in ("jobs", "slots", "seals"):
        assert rows(whole, f"SELECT * FROM {table}") == rows(path, f"SELECT * FROM {table}")


def forged(path, kind, data):
    """A row that fits its seal and is none of ours."""
    values = (999, "forged", kind, NEW_YEAR)
    digest = digest_of(values, data)
    with contextlib.closing(sqlite3.connect(path)) as db:
        count, total = db.execute("SELECT \"count\", total FROM seals WHERE name = 'events'").fetchone()
        seal = Seal(count, total).plus(digest)
        db.execute("INSERT INTO events VALUES(?, ?, ?, ?, ?, ?)", (*values, data, digest))
        db.execute("UPDATE seals SET \"count\" = ?, total = ? WHERE name = 'events'", (seal.count, seal.total))
        db.execute("UPDATE seals SET total = 1 WHERE name = 'jobs'")
        db.commit()


@pytest.mark.fault("D05")
@pytest.mark.parametrize(("kind", "data"), [("Unheard", "{}"), ("Asked", "{}"), codec.dump(Rejected(REFUSED))])
def test_an_event_that_nobody_wrote(path, kind, data):
    forged(path, kind, data)
    before = path.read_bytes()
    with pytest.raises(JournalCorrupt):
        open_file(path, CURRENT)
    assert before == path.read_bytes()


@pytest.mark.fault("D05")
@pytest.mark.parametrize(
    "statement",
    [
        "DROP INDEX jobs_key",
        "CREATE TABLE more(x)",
        "CREATE TRIGGER t AFTER INSERT ON events BEGIN DELETE FROM jobs; END",
        "UPDATE meta SET value = '2'",
        "PRAGMA user_version = 0",
    ],
)
def test_tables_that_are_not_ours(path, statement):
    spoil(path, statement)
    with pytest.raises(JournalCorrupt):
        open_file(path, CURRENT)


@pytest.mark.fault("D10")
def test_a_later_version_is_refused_and_left_alone(path):
    spoil(path, "PRAGMA user_version = 2")
    before = path.read_bytes()
    with pytest.raises(JournalError, match="later version") as caught:
        open_file(path, CURRENT)
    assert "upgrade mjasync" in caught.value.hint
    assert before == path.read_bytes()


@pytest.mark.long
@pytest.mark.fault("D05")
def test_damaged_journals_are_refused_or_tell_exactly_the_truth(tmp_path):
    found = corruption.run(500, 1, tmp_path)

    assert {"refused", "the truth"} == set(found), found
    assert 500 == found.total()
    assert found["refused"] > 200
