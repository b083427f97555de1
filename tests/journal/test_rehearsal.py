"""A transaction that was cut short is undone on a copy first."""

import shutil
import signal
import subprocess
import sys

import pytest

from mjasync.errors import JournalCorrupt
from mjasync.journal import rehearsal
from mjasync.journal.archive import Archive
from tests.journal.cases import lived, truth

#: A change of many pages, killed when it is half on the disk.
STORY = """
import os, signal, sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("PRAGMA cache_size = 2")
db.execute("BEGIN IMMEDIATE")
db.execute("UPDATE events SET wall = wall + 1")
db.execute("DELETE FROM jobs WHERE id NOT IN (SELECT job FROM slots)")
db.execute("UPDATE events SET data = zeroblob(9000)")
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def cut(tmp_path):
    """A journal whose last change was cut short, the clock, and the truth before it."""
    path = tmp_path / "j.db"
    clock = lived(path)
    expected = truth(path, clock)
    whole = path.read_bytes()
    ended = subprocess.run([sys.executable, "-c", STORY, str(path)], check=False)
    assert -signal.SIGKILL == ended.returncode
    assert whole != path.read_bytes()
    assert (tmp_path / "j.db-journal").stat().st_size > 0
    return path, clock, expected


@pytest.mark.fault("D04")
def test_it_is_undone(cut, caplog):
    path, clock, expected = cut

    assert expected == truth(path, clock)
    assert "in the middle of a transaction" in caplog.text
    assert not list(path.parent.glob("*rehearsal*"))


@pytest.mark.fault("D06")
def test_without_its_log_it_is_refused(cut):
    path, clock, _ = cut
    path.with_name("j.db-journal").unlink()
    with pytest.raises(JournalCorrupt):
        truth(path, clock)


@pytest.mark.fault("D06")
def test_with_the_log_of_another_it_is_refused_and_nothing_was_changed(cut, tmp_path):
    path, _, _ = cut
    other = tmp_path / "other.db"
    clock = lived(other, lives={})
    shutil.copyfile(path.with_name("j.db-journal"), tmp_path / "other.db-journal")
    before = other.read_bytes()
    with pytest.raises(JournalCorrupt):
        truth(other, clock)
    assert before == other.read_bytes()


def test_a_full_disk_does_not_keep_it_closed(cut, monkeypatch, caplog):
    def full(*arguments):
        raise OSError(28, "No space left on device")

    path, clock, expected = cut
    monkeypatch.setattr(rehearsal.shutil, "copyfile", full)
    assert expected == truth(path, clock)
    assert "without a rehearsal" in caplog.text


def test_the_archive_reads_it_and_leaves_the_undoing_to_a_writer(cut):
    path, _, expected = cut
    before = path.read_bytes()
    with Archive.open(path) as archive:
        assert len(expected[1]) == len(archive.jobs())
        assert 4 == len(archive.story("done"))
    assert before == path.read_bytes()
