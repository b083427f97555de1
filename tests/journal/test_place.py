"""Where a journal may live."""

import os
from pathlib import Path

import pytest

from mjasync.errors import JournalCorrupt, JournalError
from mjasync.journal import place
from mjasync.journal.place import (
    beside,
    check_disk,
    check_file,
    check_neighbours,
    file_system,
    folder_of,
    identity,
    synchronise,
)
from tests.journal.cases import lived, open_at, spoil

MOUNTS = r"""
sysfs /sys sysfs rw 0 0
/dev/vda / ext4 rw 0 0
server:/export /home nfs4 rw 0 0
tmpfs /home/me tmpfs rw 0 0
//nas/share /mnt/with\040blank cifs rw 0 0
s3 /mnt/s3 fuse.s3fs rw 0 0
/dev/sdb /mnt/ntfs fuseblk rw 0 0
over / overlay rw 0 0
garbage
"""


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/data/j.db", "overlay"),
        ("/home/you/j.db", "nfs4"),
        ("/home/me/j.db", "tmpfs"),
        ("/homes/j.db", "overlay"),
        ("/mnt/with blank/j.db", "cifs"),
        ("/mnt/s3/deep/down/j.db", "fuse.s3fs"),
    ],
)
def test_the_file_system_is_that_of_the_longest_mount_and_of_the_latest(path, expected):
    assert expected == file_system(Path(path), MOUNTS)
    assert "" == file_system(Path(path), "")


@pytest.mark.fault("D09")
@pytest.mark.parametrize(
    "kind", ["nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse", "fuse.sshfs", "virtiofs", "ceph", "lustre"]
)
def test_a_disk_behind_a_network_is_refused(kind):
    with pytest.raises(JournalError, match=rf"network file system \({kind}\)") as caught:
        check_disk(Path("/net/j.db"), mounts=f"x /net {kind} rw 0 0")
    assert "allow_network=True" in caught.value.hint


@pytest.mark.parametrize("kind", ["ext4", "xfs", "btrfs", "zfs", "overlay", "tmpfs", "apfs", "fuseblk"])
def test_a_disk_of_this_machine_is_not(kind):
    check_disk(Path("/here/j.db"), mounts=f"x /here {kind} rw 0 0")


@pytest.mark.fault("D09")
def test_whoever_knows_better_may_allow_it(tmp_path, monkeypatch):
    mounts = tmp_path / "mounts"
    mounts.write_text(f"x {tmp_path} nfs rw 0 0\n")
    monkeypatch.setattr(place, "_MOUNTS", mounts)

    with pytest.raises(JournalError, match="network"):
        open_at(tmp_path / "j.db")
    assert not (tmp_path / "j.db").exists()
    lived_journal, _ = open_at(tmp_path / "j.db", allow_network=True)
    lived_journal._open.store.close()
    lived_journal._open.search.close()
    lived_journal._open.lock.release()


def test_a_system_without_mounts_says_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(place, "_MOUNTS", tmp_path / "none")
    check_disk(tmp_path / "j.db")


@pytest.mark.fault("D08")
def test_only_the_last_folder_is_made_and_nobody_else_may_look_into_it(tmp_path):
    assert tmp_path / "new" == folder_of(tmp_path / "new" / "j.db")
    assert 0o700 == (tmp_path / "new").stat().st_mode & 0o777
    with pytest.raises(JournalError, match="There is no folder"):
        folder_of(tmp_path / "a" / "b" / "j.db")
    (tmp_path / "file").touch()
    with pytest.raises(JournalError, match="is not a folder"):
        folder_of(tmp_path / "file" / "j.db")


@pytest.mark.fault("D08")
@pytest.mark.parametrize(("mode", "refused"), [(0o777, True), (0o722, True), (0o1777, False), (0o755, False)])
def test_a_folder_that_everybody_may_write_is_refused(tmp_path, mode, refused):
    folder = tmp_path / "open"
    folder.mkdir()
    folder.chmod(mode)
    if refused:
        with pytest.raises(JournalError, match="written by everybody"):
            folder_of(folder / "j.db")
    else:
        assert folder == folder_of(folder / "j.db")


@pytest.mark.fault("D08")
def test_a_file_of_another_user_is_refused(tmp_path, monkeypatch):
    lived(tmp_path / "j.db")
    monkeypatch.setattr(os, "geteuid", lambda: (tmp_path / "j.db").stat().st_uid + 1)
    with pytest.raises(JournalError, match="belongs to another user"):
        check_file(tmp_path / "j.db")


@pytest.mark.fault("D08")
def test_a_folder_that_nothing_can_be_written_into(tmp_path, monkeypatch):
    def refuse(*arguments, **options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(JournalError, match="cannot be opened") as caught:
        open_at(tmp_path / "j.db")
    monkeypatch.undo()
    assert "may write" in caught.value.hint


def test_a_file_with_two_names_is_refused(tmp_path):
    lived(tmp_path / "j.db")
    os.link(tmp_path / "j.db", tmp_path / "other.db")
    with pytest.raises(JournalError, match="second name"):
        check_file(tmp_path / "j.db")


def test_what_is_no_file(tmp_path):
    with pytest.raises(JournalError, match="not an ordinary file"):
        check_file(tmp_path)


@pytest.mark.fault("D05")
@pytest.mark.parametrize(
    "body", [b"", b"x", b"SQLite format 3\0", b"SQLite format 3\0" + bytes(200), b"%PDF" + bytes(200)]
)
def test_what_is_not_ours_is_never_touched(tmp_path, body):
    (tmp_path / "j.db").write_bytes(body)
    with pytest.raises(JournalCorrupt) as caught:
        open_at(tmp_path / "j.db")
    assert body == (tmp_path / "j.db").read_bytes()
    assert "nothing was overwritten" in caught.value.hint


def test_a_journal_that_another_program_made_a_wal_of(tmp_path):
    lived(tmp_path / "j.db")
    spoil(tmp_path / "j.db", "PRAGMA journal_mode = WAL")
    with pytest.raises(JournalCorrupt, match="another program"):
        open_at(tmp_path / "j.db")


def test_the_head_tells_the_version(tmp_path):
    lived(tmp_path / "j.db")
    assert 1 == check_file(tmp_path / "j.db")


@pytest.mark.fault("D06")
def test_logs_that_belong_to_nothing(tmp_path):
    beside(tmp_path / "j.db", "-journal").write_bytes(b"half of it")
    with pytest.raises(JournalCorrupt, match="it is gone"):
        check_neighbours(tmp_path / "j.db")
    lived(tmp_path / "k.db")
    beside(tmp_path / "k.db", "-wal").write_bytes(b"of another")
    with pytest.raises(JournalCorrupt, match=r"k\.db-wal is not ours"):
        open_at(tmp_path / "k.db")


def test_a_file_is_known_by_more_than_its_name(tmp_path):
    (tmp_path / "a").touch()
    (tmp_path / "b").touch()
    assert identity(tmp_path / "a") == identity(tmp_path / "a")
    assert identity(tmp_path / "a") != identity(tmp_path / "b")
    assert None is identity(tmp_path / "c")
    synchronise(tmp_path)
