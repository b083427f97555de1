"""A new journal, and an older one made new: whole or not at all, wherever a process is killed."""

import subprocess
import sys

import pytest
from attrs import evolve

from mjasync.errors import JournalCorrupt
from mjasync.journal.creation import create
from mjasync.journal.opening import open_file
from mjasync.journal.schema import CURRENT
from tests.journal.cases import lived, rows, truth

#: A later version, as it might be: one more column, and a table.
COLUMN = "ALTER TABLE jobs ADD COLUMN colour TEXT"
TABLE = "CREATE TABLE colours(name TEXT)"


def with_column(sql):
    return sql.replace("twin INTEGER NOT NULL\n)", "twin INTEGER NOT NULL\n, colour TEXT)")


def steps(db):
    db.execute(COLUMN)
    db.execute(TABLE)
    db.execute("INSERT INTO colours VALUES('red')")


NEXT = evolve(
    CURRENT,
    version=2,
    tables=(*map(with_column, CURRENT.tables), TABLE),
    steps={1: steps},
)


def test_a_new_journal_is_private_and_whole(tmp_path):
    create(tmp_path / "j.db", CURRENT)
    assert 0o600 == (tmp_path / "j.db").stat().st_mode & 0o777
    assert [tmp_path / "j.db"] == list(tmp_path.iterdir())
    open_file(tmp_path / "j.db", CURRENT)[0].close()


def test_what_a_killed_process_left_is_in_nobodys_way(tmp_path):
    for ending in (".new", ".new-journal", ".copy", ".copy-journal", ".rehearsal"):
        (tmp_path / f"j.db{ending}").write_bytes(b"half of it")
    create(tmp_path / "j.db", CURRENT)
    open_file(tmp_path / "j.db", CURRENT)[0].close()


@pytest.mark.fault("D10")
def test_an_older_journal_is_copied_and_brought_up(tmp_path, caplog):
    path = tmp_path / "j.db"
    clock = lived(path)
    before = rows(path, "SELECT * FROM events")
    db, state, histories = open_file(path, NEXT)
    assert ("red",) == db.execute("SELECT name FROM colours").fetchone()
    assert (2,) == db.execute("PRAGMA user_version").fetchone()
    assert state.live.keys() <= histories.keys()
    db.close()
    assert before == rows(path, "SELECT * FROM events")
    assert "is of version 2 now" in caplog.text
    open_file(path, NEXT)[0].close()
    (tmp_path / "j.db.v1").rename(tmp_path / "old.db")
    assert "held" in truth(tmp_path / "old.db", clock)[0].records, "the copy is a journal of the older version"


@pytest.mark.fault("D10")
def test_a_step_that_fails_changes_nothing(tmp_path):
    def fail(db):
        steps(db)
        db.execute("INSERT INTO nowhere VALUES(1)")

    path = tmp_path / "j.db"
    clock = lived(path)
    expected = truth(path, clock)
    with pytest.raises(JournalCorrupt):
        open_file(path, evolve(NEXT, steps={1: fail}))
    with pytest.raises(JournalCorrupt, match="none that there ever was"):
        open_file(path, evolve(NEXT, steps={}))
    assert expected == truth(path, clock)


STORY = """
import os, signal, sys
from pathlib import Path
from mjasync.journal import creation, opening, schema
from tests.journal.test_creation import NEXT

path, body = Path(sys.argv[1]), Path(sys.argv[2]).read_bytes()


def migrate(moves):
    def count(*ignored):
        nonlocal moves
        moves -= 1
        if moves == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def counted(real):
        def call(*arguments):
            count()
            return real(*arguments)
        return call

    def connect(address):
        db = schema.connect(address)
        db.set_trace_callback(count)
        return db

    for name in ("fsync", "replace", "unlink", "open"):
        setattr(os, name, counted(getattr(os, name)))
    creation.connect = opening.connect = connect
    opening.open_file(path, NEXT)[0].close()


moves, killed = 0, True
while killed:
    moves += 1
    for left in path.parent.glob(path.name + "*"):
        left.unlink()
    path.write_bytes(body)
    path.chmod(0o600)
    pid = os.fork()
    if pid == 0:
        migrate(moves)
        os._exit(0)
    status = os.waitpid(pid, 0)[1]
    killed = os.WIFSIGNALED(status)
    assert killed or status == 0
    db, state, _ = opening.open_file(path, NEXT)
    assert db.execute("SELECT name FROM colours").fetchone() == ("red",)
    assert db.execute("PRAGMA user_version").fetchone() == (2,)
    assert "held" in state.live
    db.close()
print(moves)
"""


@pytest.mark.fault("D10")
def test_it_is_kill_safe_at_every_step(tmp_path):
    lived(tmp_path / "whole.db")
    command = [sys.executable, "-c", STORY, str(tmp_path / "j.db"), str(tmp_path / "whole.db")]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=100)

    assert 0 == ended.returncode, ended.stderr
    assert int(ended.stdout) > 40, "statements, and moves of files"
