"""The tables, which later versions have to read."""

import contextlib
import sqlite3

from mjasync.journal.projection import COLUMNS
from mjasync.journal.schema import APPLICATION_ID, CURRENT, SEALED, connect
from tests.journal.cases import lived, rows


def test_every_column_of_a_job_is_in_its_table(tmp_path):
    lived(tmp_path / "j.db")
    names = [row[1] for row in rows(tmp_path / "j.db", "PRAGMA table_info(jobs)")]
    assert [*COLUMNS, "digest", "twin"] == names


def test_a_new_file(tmp_path):
    with contextlib.closing(connect(f"{(tmp_path / 'j.db').as_uri()}?mode=rwc")) as db:
        CURRENT.create(db)
        assert CURRENT.fits(db)
        assert [(name, 0, 0) for name in sorted(SEALED)] == db.execute("SELECT * FROM seals ORDER BY name").fetchall()
        assert (APPLICATION_ID,) == db.execute("PRAGMA application_id").fetchone()
        db.execute("DROP INDEX jobs_window")
        assert not CURRENT.fits(db)
    assert b"mjas" == APPLICATION_ID.to_bytes(4)


def test_every_question_of_ours_uses_an_index(tmp_path):
    lived(tmp_path / "j.db")
    questions = (
        "SELECT kind FROM events WHERE job = 'x' ORDER BY seq",
        "SELECT id FROM jobs WHERE user_key = 'x'",
        "SELECT id FROM jobs WHERE account = 'a' AND remote_id = 'x'",
        "SELECT id FROM jobs WHERE account = 'a' AND window_id = 'x'",
        "SELECT id FROM jobs WHERE id >= 'a' AND id < 'b' ORDER BY id",
    )
    for question in questions:
        plans = [row[3] for row in rows(tmp_path / "j.db", f"EXPLAIN QUERY PLAN {question}")]
        assert all(("SEARCH" in plan and "INDEX" in plan) or "PRIMARY KEY" in plan for plan in plans), plans


def test_nothing_is_opened_that_cannot_be(tmp_path):
    with contextlib.suppress(sqlite3.OperationalError):
        connect(f"{(tmp_path / 'no' / 'j.db').as_uri()}?mode=rw")
