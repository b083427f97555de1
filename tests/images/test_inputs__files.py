"""Pictures from real files and file objects: how little is read when they are asked for, and what may go wrong."""

import gzip
import io
import os
from pathlib import Path

import pytest

from mjasync.core.pictures import IMAGE_LIMIT, Picture
from mjasync.errors import ConfigError
from mjasync.images.inputs import load, picture
from tests.images.drawn import JPEG, PICTURES, PNG, SIZE, drawn, refusal, short, stuffed


def written(folder, body, name="cat.png"):
    path = folder / name
    path.write_bytes(body)
    return path


@pytest.mark.parametrize("name", PICTURES)
def test_files_of_every_kind(name, tmp_path):
    body, kind = PICTURES[name]
    path = written(tmp_path, body, "a cat.without its ending")

    for value in (path, str(path)):
        taken = picture(value)
        assert Picture(path=str(path), kind=kind, size=SIZE) == taken
        assert body == load(taken)


def test_a_relative_path_survives_a_change_of_folder(tmp_path, monkeypatch):
    written(tmp_path, PNG)
    monkeypatch.chdir(tmp_path)
    taken = picture("cat.png")
    monkeypatch.chdir("/")

    assert str(tmp_path / "cat.png") == taken.path
    assert PNG == load(taken)


def test_a_path_like_object_of_bytes(tmp_path):
    class Entry:
        def __fspath__(self):
            return os.fsencode(written(tmp_path, PNG))

    assert PNG == load(picture(Entry()))
    with os.scandir(tmp_path) as entries:
        assert [SIZE] == [picture(entry).size for entry in entries]


def test_a_path_like_object_that_is_none():
    class Bad:
        def __fspath__(self):
            return 7

    assert "path cannot be used" in refusal(Bad())


@pytest.mark.fault("U05", "U06")
@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "has no bytes"),
        (b"<html>canary", "an HTML page"),
        (b"version https://git-lfs.github.com/spec/v1\ncanary", "a Git LFS pointer"),
        (PNG[:20], "cut or damaged"),
        (JPEG[:50], "cut or damaged"),
        (PNG + bytes(IMAGE_LIMIT), "more than 10 MiB"),
    ],
    ids=short,
)
def test_files_that_are_no_picture(body, why, tmp_path):
    path = written(tmp_path, body)
    text = refusal(path)

    assert why in text
    assert "cat.png" in text
    assert "canary" not in text
    with pytest.raises(ConfigError, match=why):
        load(Picture(path=str(path)))


def test_no_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    assert "there is no such file" in refusal("cat.png")
    assert "expanduser" in refusal("~/cat.png")
    assert "it is a folder" in refusal(tmp_path)
    assert "not an ordinary file" in refusal(Path(os.devnull))
    assert "Not a directory" in refusal(written(tmp_path, PNG) / "cat.png")
    assert "name too long" in refusal("x" * 1000)
    assert "no path can have" in refusal(Path("a\0b"))
    assert "…" in refusal(tmp_path / ("deep/" * 100) / "cat.png")


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")

    assert "not an ordinary file" in refusal(tmp_path / "pipe")


def test_no_permission(tmp_path):
    path = written(tmp_path, PNG)
    path.chmod(0)
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)  # root may read anything
    try:
        assert "may not read" in refusal(path)
    finally:
        os.seteuid(user)


def test_a_working_directory_that_is_gone(tmp_path, monkeypatch):
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()

    assert "path cannot be used" in refusal("cat.png")


@pytest.mark.parametrize(("segments", "size"), [(1, SIZE), (14, SIZE), (20, None)])
def test_a_late_frame_header(segments, size, tmp_path):
    body = stuffed(JPEG, segments)
    taken = picture(written(tmp_path, body))

    assert Picture(path=taken.path, kind="jpg", size=size) == taken
    assert body == load(taken)


def test_a_jpeg_whose_lateness_hid_its_size(tmp_path):
    body = drawn("jpg", (7, 7))
    frame = body.index(b"\xff\xc0") + 5
    taken = picture(written(tmp_path, stuffed(body[:frame] + b"\xff\xff\xff\xff" + body[frame + 4 :], 20)))

    assert taken.size is None
    with pytest.raises(ConfigError, match="65535 x 65535"):
        load(taken)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (drawn(size=(99, 32)), "has changed"),
        (JPEG, "has changed"),
        (b"", "is empty"),
        (b"<html>", "an HTML page"),
        (PNG[:20], "is broken"),
        (PNG + bytes(IMAGE_LIMIT), "too large"),
        (None, "no such file"),
    ],
    ids=short,
)
def test_a_file_that_changed_since_it_was_asked_for(body, why, tmp_path):
    path = written(tmp_path, PNG)
    taken = picture(path)
    path.unlink() if body is None else path.write_bytes(body)

    with pytest.raises(ConfigError, match=why) as caught:
        load(taken, what="second image")
    assert "second image '" in str(caught.value)


def test_a_picture_of_which_only_the_path_is_known(tmp_path):
    assert PNG == load(Picture(path=str(written(tmp_path, PNG))))


@pytest.mark.parametrize("at", [0, 5, len(PNG)])
def test_a_file_object_is_read_whole_and_left_where_it_was(at, tmp_path):
    with written(tmp_path, PNG).open("rb") as file:
        file.seek(at)
        assert PNG == picture(file).data
        assert (at, False) == (file.tell(), file.closed)


def test_file_objects_that_cannot_be_rewound(tmp_path):
    reader, writer = os.pipe()
    os.write(writer, PNG)
    os.close(writer)
    with os.fdopen(reader, "rb", buffering=0) as file:
        assert PNG == picture(file).data
    with gzip.open(io.BytesIO(gzip.compress(PNG))) as file:
        assert PNG == picture(file).data


class Slow:
    """Not seekable, and a few bytes at a time."""

    def __init__(self, body, step=7):
        self.stream = io.BytesIO(body)
        self.step = step

    def read(self, count):
        return self.stream.read(min(count, self.step))


class Endless:
    count = 0

    def read(self, count):
        part = (PNG if self.count == 0 else bytes(1 << 20))[:count]
        self.count += len(part)
        return part


def test_file_objects_that_give_little_or_no_end():
    endless = Endless()

    assert PNG == picture(Slow(PNG)).data
    assert "more than 10 MiB" in refusal(endless)
    assert IMAGE_LIMIT + 1 == endless.count


def closed():
    file = io.BytesIO(PNG)
    file.close()
    return file


class Answers:
    """A file object whose read() does as it is told."""

    def __init__(self, answer):
        self.answer = answer

    def read(self, count):
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def cut():
    return gzip.open(io.BytesIO(gzip.compress(PNG)[:-9]))


class Async:
    async def read(self, count):
        raise AssertionError


@pytest.mark.parametrize(
    ("file", "why"),
    [
        (io.StringIO("canary"), "opened as text"),
        (Answers("canary"), "opened as text"),
        (Async(), "await file.read()"),
        (Answers(None), "TypeError"),
        (Answers(7), "TypeError"),
        (Answers(EOFError("canary")), "EOFError"),
        (cut(), "EOFError"),
        (closed(), "ValueError"),
        (io.BytesIO(), "is empty"),
        (Answers(b""), "is empty"),
    ],
    ids=["text", "text by its answer", "async", "nothing yet", "number", "fault", "cut", "closed", "empty", "end"],
)
def test_file_objects_that_cannot_be_read(file, why):
    text = refusal(file)

    assert why in text
    assert "canary" not in text


def test_files_opened_in_the_wrong_way(tmp_path):
    path = written(tmp_path, PNG)
    with path.open(encoding="latin-1") as file:
        assert "open(path, 'rb')" in refusal(file)
    with path.open("ab") as file:
        assert "UnsupportedOperation" in refusal(file)
