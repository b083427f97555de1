"""Every row is believed only if it adds up."""

import contextlib

import pytest

from mjasync.journal.codec import Unreadable
from mjasync.journal.reading import history_of, read
from mjasync.journal.schema import connect
from tests.journal.cases import LIVES, lived, spoil


@pytest.fixture
def path(tmp_path):
    lived(tmp_path / "j.db")
    return tmp_path / "j.db"


@contextlib.contextmanager
def reader(path):
    with contextlib.closing(connect(f"{path.as_uri()}?mode=ro")) as db:
        yield db


def test_a_whole_file(path):
    with reader(path) as db:
        found = read(db)
        assert (True, sum(map(len, LIVES.values()))) == (found.jobs_fit, found.state.seq)
        assert [job for job in LIVES if job != "refused"] == list(found.wanted)
        assert ["Asked", "Sending", "Accepted", "Saw"] == [type(event).__name__ for event, _ in history_of(db, "done")]


@pytest.mark.fault("D05")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET wall = wall + 1 WHERE seq = 3",
        "UPDATE events SET job = 'lost' WHERE seq = 3",
        "UPDATE events SET data = cast(data AS BLOB) WHERE seq = 1",
        "UPDATE events SET data = 5 WHERE seq = 1",
        "UPDATE events SET digest = digest + 1 WHERE seq = 3",
        "UPDATE events SET seq = 999 WHERE seq = 3",
        "DELETE FROM events WHERE job = 'step'",
        "INSERT INTO events SELECT 999, 'x', kind, wall, data, digest FROM events WHERE seq = 1",
        "UPDATE ledger SET spent = spent - 1",
        "DELETE FROM ledger",
        "UPDATE ledger SET account = x'00'",
        "UPDATE prices SET price = price - 1",
        "DELETE FROM prices",
        "UPDATE seals SET \"count\" = 1 WHERE name = 'events'",
        "UPDATE seals SET total = 1 WHERE name = 'ledger'",
        "DELETE FROM seals WHERE name = 'jobs'",
    ],
)
def test_what_was_changed_is_noticed(path, statement):
    spoil(path, statement)
    with reader(path) as db, pytest.raises(Unreadable):
        read(db)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE jobs SET phase = 'done' WHERE id = 'running'",
        "UPDATE jobs SET digest = 'x' WHERE id = 'running'",
        "UPDATE jobs SET prompt = x'00' WHERE id = 'running'",
        "DELETE FROM jobs WHERE id = 'held'",
        "UPDATE seals SET total = 1 WHERE name = 'jobs'",
    ],
)
def test_rows_of_jobs_do_not_fit_but_can_be_made_anew(path, statement):
    spoil(path, statement)
    with reader(path) as db:
        assert read(db).jobs_fit is False
