"""A journal from outside: whatever is found is told, and nothing is changed."""

import sqlite3

import pytest

from mjasync.errors import ConfigError, JournalBusy, JournalCorrupt, JournalError
from mjasync.journal.place import beside
from mjasync.journal.schema import CURRENT
from mjasync.journal.survey import survey
from tests.journal.cases import LIVES, Clock, lived, opened


@pytest.fixture
def path(tmp_path):
    lived(tmp_path / "j.db", lives=LIVES)
    return tmp_path / "j.db"


def contents(folder):
    return {each.name: each.read_bytes() for each in folder.iterdir()}


def test_one_that_is_there(path):
    before = contents(path.parent)
    found = survey(str(path))
    assert (str(path), True, CURRENT.version, None, None) == (
        found.path,
        found.there,
        found.version,
        found.holder,
        found.trouble,
    )
    assert sqlite3.sqlite_version in found.kept
    assert before == contents(path.parent)


def test_one_that_is_in_use(path):
    with opened(path, Clock()):
        found = survey(str(path))
        assert isinstance(found.holder, JournalBusy)
        assert found.there
    assert survey(str(path)).holder is None


def test_one_that_is_not_there_yet(tmp_path):
    found = survey(str(tmp_path / "new" / "j.db"))
    assert (False, 0, None) == (found.there, found.version, found.trouble)
    assert not (tmp_path / "new").exists()


def test_one_that_could_not_be_made(tmp_path):
    found = survey(str(tmp_path / "a" / "b" / "j.db"))
    assert isinstance(found.trouble, JournalError)
    assert "cannot be made" in found.trouble.what
    (tmp_path / "file").write_text("")
    assert "cannot be made" in survey(str(tmp_path / "file" / "j.db")).trouble.what


def test_what_is_no_journal(tmp_path):
    (tmp_path / "j.db").write_bytes(b"something else")
    found = survey(str(tmp_path / "j.db"))
    assert isinstance(found.trouble, JournalCorrupt)
    assert found.there
    assert isinstance(survey(" ").trouble, ConfigError)
    assert " " == survey(" ").path


def test_half_of_one(path):
    beside(path, "-journal").write_bytes(b"x")
    path.unlink()
    assert isinstance(survey(str(path)).trouble, JournalCorrupt)


def test_a_name_that_the_disk_does_not_take(path):
    loop = path.with_name("loop.db")
    loop.symlink_to(loop)
    assert isinstance(survey(str(loop)).trouble, JournalError)
    assert isinstance(survey(str(path.with_name("x" * 300))).trouble, JournalError)
