"""Files that are there whole, or not at all, and never in another one's place."""

import errno
import os
import stat
from pathlib import Path

import pytest

from mjasync.flow import files

A, B = b"a picture", b"another one"


def parts(folder):
    return [path.name for path in folder.iterdir() if path.name.endswith(files.SUFFIX)]


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def umask():
    """Set the process's umask for one test."""
    before = []

    def set_to(mask):
        before.append(os.umask(mask))

    yield set_to
    if before:
        os.umask(before[0])


def test_a_name_of_the_users_own_is_replaced(tmp_path):
    path = tmp_path / "cat.png"
    for body in (A, B, b""):
        files.replace(path, body)
        assert body == path.read_bytes()
    assert [path] == list(tmp_path.iterdir())


@pytest.mark.parametrize(("mask", "expected"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
@pytest.mark.skipif(os.name == "nt", reason="POSIX modes")
def test_the_part_is_private_and_the_file_as_the_umask_says(tmp_path, monkeypatch, umask, mask, expected):
    umask(mask)
    seen = []
    fsync = os.fsync

    def spying(handle):
        seen.extend(mode(tmp_path / name) for name in parts(tmp_path))
        fsync(handle)

    monkeypatch.setattr(os, "fsync", spying)
    files.replace(tmp_path / "a.png", A)
    files.create([tmp_path / "b.png"], A)

    assert {0o600} == set(seen[:1])
    assert [expected, expected] == [mode(tmp_path / "a.png"), mode(tmp_path / "b.png")]


@pytest.mark.parametrize("write", [files.replace, lambda path, body: files.create([path], body)])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
@pytest.mark.fault("D13")
def test_a_disk_that_refuses_leaves_what_was_there(tmp_path, monkeypatch, write, code):
    path = tmp_path / "cat.png"
    path.write_bytes(A)

    def refuse(handle):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OSError) as caught:
        write(path, B)

    assert code == caught.value.errno
    assert (A, [path]) == (path.read_bytes(), list(tmp_path.iterdir()))


def test_a_folder_in_the_way_leaves_nothing(tmp_path):
    (tmp_path / "there").mkdir()
    with pytest.raises(OSError):
        files.replace(tmp_path / "there", A)
    assert ["there"] == [path.name for path in tmp_path.iterdir()]


@pytest.mark.parametrize("where", ["inside", "outside", "nowhere"])
@pytest.mark.fault("D13")
def test_a_link_is_replaced_and_not_followed(tmp_path, where):
    folder, outside = tmp_path / "out", tmp_path / "outside.png"
    folder.mkdir()
    target = {"inside": folder / "real.png", "outside": outside, "nowhere": tmp_path / "no" / "x"}[where]
    if where != "nowhere":
        target.write_bytes(B)
    (folder / "cat.png").symlink_to(target)

    files.replace(folder / "cat.png", A)

    assert (A, False) == ((folder / "cat.png").read_bytes(), (folder / "cat.png").is_symlink())
    assert where == "nowhere" or B == target.read_bytes()


@pytest.mark.fault("D13")
def test_a_generated_name_goes_round_links_too(tmp_path):
    (tmp_path / "cat.png").symlink_to(tmp_path / "nowhere")
    (tmp_path / "real.png").write_bytes(A)
    (tmp_path / "cat-2.png").symlink_to(tmp_path / "real.png")

    assert tmp_path / "cat-3.png" == files.create(files.numbered(tmp_path, "cat", "png"), A)
    assert not (tmp_path / "nowhere").exists()


def test_a_generated_name_never_takes_anothers_place(tmp_path):
    (tmp_path / "cat.png").write_bytes(B)
    (tmp_path / "cat-2.png").mkdir()
    for _ in range(2):  # the second time it is there already
        assert tmp_path / "cat-3.png" == files.create(files.numbered(tmp_path, "cat", "png"), A)
    assert B == (tmp_path / "cat.png").read_bytes()
    assert 3 == len(list(tmp_path.iterdir()))


def test_names_come_to_an_end(tmp_path):
    (tmp_path / "cat.png").write_bytes(B)
    with pytest.raises(FileExistsError, match="taken"):
        files.create([tmp_path / "cat.png"], A)
    assert [tmp_path / "cat.png"] == list(tmp_path.iterdir())


@pytest.mark.parametrize("error", [OSError(errno.EPERM, "no links here"), NotImplementedError()])
def test_without_hard_links(tmp_path, monkeypatch, error):
    def refuse(*_args, **_more):
        raise error

    monkeypatch.setattr(os, "link", refuse)
    (tmp_path / "cat.png").write_bytes(B)

    assert tmp_path / "cat-2.png" == files.create(files.numbered(tmp_path, "cat", "png"), A)
    assert (A, B) == ((tmp_path / "cat-2.png").read_bytes(), (tmp_path / "cat.png").read_bytes())
    assert 2 == len(list(tmp_path.iterdir()))


def test_a_folder_that_cannot_be_synced_is_no_trouble(tmp_path, monkeypatch):
    real = os.open

    def refuse(path, flags, *more):
        if Path(path) == tmp_path:
            raise PermissionError
        return real(path, flags, *more)

    monkeypatch.setattr(os, "open", refuse)
    files.replace(tmp_path / "cat.png", A)
    assert A == (tmp_path / "cat.png").read_bytes()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0011aabb", "0011aabb"),
        ("a/../b", "a-b"),
        ("..", "job"),
        ("", "job"),
        ("-rf", "rf"),
        (".hidden", "hidden"),
        ("con", "job-con"),
        ("NUL-1", "job-nul-1"),
        ("com1.png", "job-com1-png"),
        ("console", "console"),
        ("ﬁle", "file"),
        ("кот", "job"),
        ("a\x00b\x1b[31m", "a-b-31m"),
        ("x" * 5000, "x" * 80),
    ],
)
@pytest.mark.fault("U16")
def test_what_a_generated_name_is_made_of(text, expected):
    assert expected == files.safe(text)


@pytest.mark.fault("D14")
def test_what_a_killed_process_left_is_swept_away(tmp_path):
    old, new = tmp_path / ".mjasync-old.part", tmp_path / ".mjasync-new.part"
    folder, link = tmp_path / ".mjasync-folder.part", tmp_path / ".mjasync-link.part"
    mine = [tmp_path / name for name in ("cat.png", ".part", ".mjasync.part", "mjasync-1.part", ".other-1.part")]
    folder.mkdir()
    link.symlink_to(mine[0])
    for path in (old, new, folder / "picture.png", *mine):
        path.write_bytes(A)
    for path in (old, folder, *mine):
        os.utime(path, (1, 1))
    os.utime(link, (1, 1), follow_symlinks=False)

    files.sweep(tmp_path)

    assert sorted([new, *mine]) == sorted(tmp_path.iterdir())


def test_sweeping_stops_at_nothing_and_takes_nothing_more(tmp_path):
    full = tmp_path / ".mjasync-full.part"
    (full / "a folder").mkdir(parents=True)
    os.utime(full, (1, 1))
    files.sweep(tmp_path)
    files.sweep(tmp_path / "nowhere")
    assert (full / "a folder").is_dir()
