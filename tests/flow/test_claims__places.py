"""Where locks on accounts lie, what they tell, and places where there can be none."""

import asyncio
import errno
import json
import logging
import os
import stat

import pytest

import mjasync as mj
from mjasync.errors import AccountBusy
from tests.flow.locking import OPENING, claims, held, ttapi


@pytest.mark.fault("K16")
def test_a_lock_is_its_users_and_holds_no_key(folder):
    one = held(ttapi())
    (file,) = folder.iterdir()
    assert f"ttapi-{ttapi().fingerprint}.lock" == file.name
    assert (0o700, 0o600) == (stat.S_IMODE(folder.stat().st_mode), stat.S_IMODE(file.stat().st_mode))
    note = json.loads(file.read_text())
    assert (os.getpid(), "2026-01-01T00:00:00+00:00", False) == (note["pid"], note["since"], note["shared"])
    assert "a-key" not in file.read_text()
    one.release()


def spoilt(folder, way):
    """A place where no lock can be, or none that can be trusted."""
    folder.parent.mkdir(exist_ok=True)
    match way:
        case "a file":
            folder.write_text("")
        case "a link":
            (folder.parent / "elsewhere").mkdir(mode=0o700)
            folder.symlink_to(folder.parent / "elsewhere")
        case "open to all":
            folder.mkdir()
            folder.chmod(0o777)
        case "a link in it":
            folder.mkdir(mode=0o700)
            (folder.parent / "precious").write_text("mine")
            (folder / f"ttapi-{ttapi().fingerprint}.lock").symlink_to(folder.parent / "precious")
        case "a folder in it":
            (folder / f"ttapi-{ttapi().fingerprint}.lock").mkdir(parents=True)
            folder.chmod(0o700)


@pytest.mark.fault("K16")
@pytest.mark.parametrize("way", ["a file", "a link", "open to all", "a link in it", "a folder in it"])
def test_where_no_lock_can_be_trusted_a_warning_says_so_and_the_pool_opens(folder, way, caplog):
    spoilt(folder, way)

    async def story():
        async with mj.Pool(ttapi()):
            pass

    with caplog.at_level(logging.WARNING, "mjasync.pool"):
        asyncio.run(story())
    (text,) = [record.getMessage() for record in caplog.records]
    assert text.startswith("account ttapi is not locked, so another process that uses its key would not be noticed: ")
    assert "MJASYNC_LOCKS can name a folder" in text
    if way == "a link in it":
        assert "mine" == (folder.parent / "precious").read_text()


@pytest.mark.fault("K16")
@pytest.mark.parametrize("number", [errno.ENOLCK, errno.EOPNOTSUPP, errno.EROFS])
def test_a_file_system_without_locks_is_a_warning(folder, number, caplog, monkeypatch):
    def refuse(descriptor, how):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("fcntl.flock", refuse)
    held(ttapi()).release()
    assert os.strerror(number) in caplog.text


def test_a_home_that_cannot_be_written_is_passed_over(tmp_path, monkeypatch, caplog):
    monkeypatch.delenv("MJASYNC_LOCKS")
    (tmp_path / "home").write_text("no folder")
    (tmp_path / "tmp").mkdir()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    one = held(ttapi())
    assert [f"mjasync-{os.getuid()}"] == [each.name for each in (tmp_path / "tmp").iterdir()]
    assert "" == caplog.text
    with pytest.raises(AccountBusy):
        claims(ttapi()).take(OPENING)
    one.release()


@pytest.mark.parametrize("text", ["", "garbage", "[]", "\x00" * 2000])
def test_what_stands_in_the_file_stops_nobody_and_is_not_repeated(folder, text):
    one = held(ttapi())
    (file,) = folder.iterdir()
    file.write_text(text)
    with pytest.raises(AccountBusy, match="this very process"):
        claims(ttapi()).take(OPENING)
    one.release()
