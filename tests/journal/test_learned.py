"""What was learned, beside the journal: whole or not at all, and never a reason to fail."""

import json
import logging
import os
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
    learned.write(path, {**TOLD, "more": 2})

    assert {**TOLD, "more": 2} == learned.read(path)
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
def test_what_is_no_table_is_a_warning(tmp_path, caplog, told):
    path = tmp_path / "odd"
    path.write_text(json.dumps(told))

    assert {} == learned.read(path)
    assert [logging.WARNING] == [record.levelno for record in caplog.records]


FOREIGN = [b"", b"{", b"[]", b"null", b'{"version": 2, "classes": [1]}', b'{"version": 1, "classes": "x"}', b'{"a": 1}']


@pytest.mark.parametrize("body", FOREIGN)
def test_what_nobody_can_read_is_kept_aside_before_it_is_replaced(tmp_path, body):
    path, old = tmp_path / "jobs.db.learned", tmp_path / "jobs.db.learned.old"
    path.write_bytes(body)
    learned.write(path, {"version": 1, "classes": []})
    assert (body, False) == (path.read_bytes(), old.exists()), "nothing was learned that could take its place"
    for _ in range(2):
        learned.write(path, TOLD)
        assert (TOLD, body) == (learned.read(path), old.read_bytes())


@pytest.mark.parametrize("before", [b"{}", json.dumps(TOLD).encode()])
def test_what_can_be_read_is_replaced_and_nothing_is_kept_of_it(tmp_path, before):
    path = tmp_path / "jobs.db.learned"
    path.write_bytes(before)
    learned.write(path, TOLD)

    assert ["jobs.db.learned"] == [path.name for path in tmp_path.iterdir()]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names")
def test_a_pipe_in_its_place_holds_nobody_up(tmp_path, caplog):
    path = tmp_path / "jobs.db.learned"
    os.mkfifo(path)

    assert {} == learned.read(path)
    assert [logging.WARNING] == [record.levelno for record in caplog.records]
    learned.write(path, TOLD)
    assert TOLD == learned.read(path)
    assert stat.S_ISFIFO((tmp_path / "jobs.db.learned.old").stat().st_mode)


def test_a_folder_in_its_place_is_kept_aside_too(tmp_path):
    path = tmp_path / "jobs.db.learned"
    path.mkdir()

    assert {} == learned.read(path)
    learned.write(path, TOLD)
    assert TOLD == learned.read(path)


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
