"""What was learned, beside the journal: whole or not at all, and never a reason to fail."""

import json
import logging
import stat

import pytest

from mjasync.journal import Opening, learned
from mjasync.journal.sqlite import SQLiteJournal

TOLD = {"version": 1, "classes": [{"kind": "imagine"}]}


def opening():
    return Opening(now=lambda: 0.0, wall=lambda: 1e9, accounts={})


def test_what_is_written_is_read(tmp_path):
    path = tmp_path / "jobs.db.learned"
    learned.write(path, TOLD)
    learned.write(path, {**TOLD, "version": 2})

    assert {**TOLD, "version": 2} == learned.read(path)
    assert 0o600 == stat.S_IMODE(path.stat().st_mode)
    assert ["jobs.db.learned"] == [path.name for path in tmp_path.iterdir()]


def test_nothing_was_learned_yet(tmp_path, caplog):
    assert {} == learned.read(tmp_path / "none")
    assert [] == caplog.records


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"a": 1} x'])
def test_what_cannot_be_read_is_a_warning(tmp_path, caplog, body):
    path = tmp_path / "broken"
    path.write_bytes(body)

    assert {} == learned.read(path)
    assert [logging.WARNING] == [record.levelno for record in caplog.records]


@pytest.mark.parametrize("told", [[], None, 3, "text"])
def test_what_is_no_table_is_nothing(tmp_path, told):
    path = tmp_path / "odd"
    path.write_text(json.dumps(told))

    assert {} == learned.read(path)


def test_a_folder_that_is_gone_is_a_warning(tmp_path, caplog):
    learned.write(tmp_path / "gone" / "jobs.db.learned", TOLD)

    assert ["what was learned cannot be kept"] == [record.getMessage()[:31] for record in caplog.records]


def test_a_part_that_a_killed_process_left_is_in_nobodys_way(tmp_path):
    (tmp_path / "jobs.db.learned.part").write_text("half")
    learned.write(tmp_path / "jobs.db.learned", TOLD)

    assert ["jobs.db.learned"] == [path.name for path in tmp_path.iterdir()]


def test_a_journal_keeps_it_beside_itself(tmp_path):
    journal = SQLiteJournal(tmp_path / "jobs.db", inline=True)
    journal.learn(TOLD)  # not open: nothing happens
    assert {} == journal.open(opening()).learned
    journal.learn(TOLD)
    journal._give_up()

    assert TOLD == SQLiteJournal(tmp_path / "jobs.db", inline=True).open(opening()).learned
