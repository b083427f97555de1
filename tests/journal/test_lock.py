"""One process for each journal."""

import fcntl
import json
import os
import platform
import subprocess
import sys

import pytest

from mjasync.errors import JournalBusy, JournalError
from mjasync.journal.lock import Lock
from tests.journal.cases import NEW_YEAR, close, lived, open_at

HOLDER = """
import sys
from pathlib import Path
from mjasync.journal.lock import Lock
lock = Lock(Path(sys.argv[1]))
lock.take(wall=1_767_225_600.0)
print("held", flush=True)
sys.stdin.read()
"""


@pytest.mark.fault("K15")
def test_another_process_is_named_and_its_death_frees_the_journal(tmp_path):
    lived(tmp_path / "j.db")
    command = [sys.executable, "-c", HOLDER, str(tmp_path / "j.db.lock")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert b"held\n" == holder.stdout.readline()
        with pytest.raises(JournalBusy) as caught:
            open_at(tmp_path / "j.db")
        assert f"process {holder.pid} on " in caught.value.why
        assert "since 2026-01-01T00:00:00+00:00" in caught.value.why
        holder.kill()
    journal, kept = open_at(tmp_path / "j.db")
    assert kept.records
    close(journal)


@pytest.mark.fault("D11")
@pytest.mark.parametrize("text", ["", "garbage", "[]", '{"pid": 1, "host": "x", "since": "long ago"}', "\x00" * 2000])
def test_what_stands_in_the_file_stops_nobody(tmp_path, text):
    (tmp_path / "j.lock").write_text(text)
    lock = Lock(tmp_path / "j.lock")
    lock.take(wall=NEW_YEAR)
    assert os.getpid() == json.loads((tmp_path / "j.lock").read_text())["pid"]
    assert lock.intact
    lock.release()
    lock.release()
    assert not lock.intact
    assert (tmp_path / "j.lock").exists(), "deleting it could take away another's"


@pytest.mark.fault("K15")
def test_the_same_process_twice(tmp_path):
    first, second = Lock(tmp_path / "j.lock"), Lock(tmp_path / "j.lock")
    first.take(wall=NEW_YEAR)
    with pytest.raises(JournalBusy, match=rf"this very process \({os.getpid()}\)") as caught:
        second.take(wall=NEW_YEAR)
    assert "leave that pool first" in caught.value.hint
    (tmp_path / "j.lock").write_text("?")
    with pytest.raises(JournalBusy, match=r"process \? on \?"):
        second.take(wall=NEW_YEAR)
    first.release()
    second.take(wall=NEW_YEAR)
    second.release()


def test_a_file_that_was_deleted_excludes_nobody(tmp_path):
    lock = Lock(tmp_path / "j.lock")
    lock.take(wall=NEW_YEAR)
    (tmp_path / "j.lock").unlink()
    assert not lock.intact
    lock.release()


def test_a_file_deleted_between_opening_and_locking_it_is_taken_anew(tmp_path, monkeypatch):
    path, opens = tmp_path / "j.lock", []
    real = os.open

    def once(*arguments):
        descriptor = real(*arguments)
        if not opens:
            path.unlink()
        opens.append(descriptor)
        return descriptor

    monkeypatch.setattr(os, "open", once)
    lock = Lock(path)
    lock.take(wall=NEW_YEAR)
    assert (2, True) == (len(opens), lock.intact)
    lock.release()


def test_a_link_is_not_followed(tmp_path):
    (tmp_path / "j.lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(JournalError, match="cannot be opened"):
        Lock(tmp_path / "j.lock").take(wall=NEW_YEAR)
    assert not (tmp_path / "elsewhere").exists()


def test_one_in_this_process_who_is_gone_lets_go(tmp_path):
    gone, given_up = [], []
    path = tmp_path / "j.lock"
    first = Lock(path, gone=lambda: bool(gone), give_up=lambda: (given_up.append(1), first.release()))
    first.take(wall=NEW_YEAR)
    second = Lock(path)
    with pytest.raises(JournalBusy):
        second.take(wall=NEW_YEAR)
    gone.append(True)
    second.take(wall=NEW_YEAR)
    assert ([1], False, True) == (given_up, first.intact, second.intact)
    first.release()
    assert second.intact
    second.release()


def test_one_who_is_gone_and_cannot_let_go_keeps_it(tmp_path):
    first, second = Lock(tmp_path / "j.lock", gone=lambda: True), Lock(tmp_path / "j.lock")
    first.take(wall=NEW_YEAR)
    with pytest.raises(JournalBusy, match="this very process"):
        second.take(wall=NEW_YEAR)
    first.release()


def test_what_another_process_held_before_a_fork_is_not_ours_to_give_up(tmp_path):
    first, second = Lock(tmp_path / "j.lock", gone=lambda: True), Lock(tmp_path / "j.lock")
    first.give_up = first.release
    first.take(wall=NEW_YEAR)
    first.pid += 1
    with pytest.raises(JournalBusy):
        second.take(wall=NEW_YEAR)
    first.release()


def test_it_knows_whether_somebody_held_it_before(tmp_path):
    lock = Lock(tmp_path / "j.lock")
    for known in (False, False, True):
        lock.take(wall=NEW_YEAR)
        assert known is lock.known
        if not known and not (tmp_path / "came of it").exists():
            lock.unsign()
            (tmp_path / "came of it").touch()
        lock.release()
    lock.unsign()


def test_a_look_makes_nothing_and_keeps_nothing(tmp_path):
    path = tmp_path / "jobs.db.lock"
    Lock(path).check()
    assert [] == list(tmp_path.iterdir())
    for text in ("", "{}", "no json", json.dumps({"pid": 2**80, "host": platform.node(), "since": "?"})):
        path.write_text(text)
        Lock(path).check()
        assert text == path.read_text()
    held = Lock(path)
    held.take(wall=0.0)
    with pytest.raises(JournalBusy, match="this very process"):
        Lock(path).check()
    held.release()
    Lock(path).check()
    Lock(path).check()
    gone = Lock(path, gone=lambda: True)
    gone.take(wall=0.0)
    Lock(path).check()
    gone.release()


@pytest.mark.parametrize(
    ("signed", "busy"), [({}, True), ({"pid": 1}, True), ({"host": "x"}, True), ({"pid": 2**80}, False)]
)
def test_a_look_sees_who_is_not_of_this_process(tmp_path, signed, busy):
    path = tmp_path / "jobs.db.lock"
    path.write_text(json.dumps({"pid": os.getpid(), "host": platform.node(), "since": "then"} | signed))
    with path.open("r+") as stranger:
        fcntl.flock(stranger, fcntl.LOCK_EX)
        if busy:
            with pytest.raises(JournalBusy, match="has held it since then"):
                Lock(path).check()
        else:
            Lock(path).check()
