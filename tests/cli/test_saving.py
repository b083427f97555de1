"""A folder that can be written to before anything is sent; text files that are whole."""

import os

import pytest

from mjasync import ConfigError
from mjasync.cli import saving
from mjasync.cli.usage import UsageError


@pytest.mark.fault("D14")
def test_a_run_begins_by_sweeping_what_a_killed_one_left(tmp_path):
    old, fresh = tmp_path / ".mjasync-a.part", tmp_path / ".mjasync-b.part"
    for part in (old, fresh):
        part.write_bytes(b"half")
    os.utime(old, (1, 1))

    saving.prepare(tmp_path, "argument")

    assert [fresh] == list(tmp_path.iterdir())


def test_prepare_makes_the_folder(tmp_path):
    saving.prepare(tmp_path / "a" / "b", "argument")
    assert list((tmp_path / "a" / "b").iterdir()) == []


def test_prepare_refuses(tmp_path):
    (tmp_path / "file").write_text("")
    for path, source, kind in (
        (tmp_path / "file", "argument", UsageError),
        (tmp_path / "file" / "below", "default", UsageError),
        (tmp_path / "file", "MJASYNC_OUT", ConfigError),
        (tmp_path / "nul\0", "argument", UsageError),
        (tmp_path / ("x" * 300), "argument", UsageError),
    ):
        with pytest.raises(ConfigError, match="nothing was sent") as met:
            saving.prepare(path, source)
        assert type(met.value) is kind
        assert "--out" in met.value.hint


def test_write_leaves_nothing_half_done(tmp_path):
    (tmp_path / "there").mkdir()
    with pytest.raises(OSError):  # a folder is in the way
        saving.write(tmp_path / "there", "text")
    with pytest.raises(UnicodeEncodeError):
        saving.write(tmp_path / "x", "\ud800")
    assert [path.name for path in tmp_path.iterdir()] == ["there"]
