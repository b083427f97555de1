"""Pictures beside the journal."""

import errno
import hashlib
import os

import pytest

from mjasync.core.pictures import Picture
from mjasync.errors import ConfigError
from mjasync.images.inputs import load
from mjasync.journal.pictures import Pictures, files_of
from tests.journal.cases import PNG

NAME = hashlib.sha256(PNG).hexdigest()
RAW = Picture(data=PNG, kind="png", size=(1, 2))


def test_bytes_become_a_file_and_come_back(tmp_path):
    pictures = Pictures(tmp_path / "p")
    kept = pictures.keep(RAW, exactly=True)

    assert (f"{NAME}@{NAME}", "png", (1, 2)) == (kept.digest, kept.kind, kept.size)
    assert RAW == pictures.bring(kept, whole=True)
    assert Picture(digest=NAME, kind="png", size=(1, 2)) == pictures.bring(kept, whole=False)
    assert {NAME} == files_of((kept, Picture(url="http://x")))
    assert f"forgotten@{NAME}" == pictures.keep(RAW, exactly=False).digest
    assert [NAME] == [path.name for path in (tmp_path / "p").iterdir()]


@pytest.mark.parametrize("picture", [Picture(url="http://x/y"), Picture(path="/x"), Picture(digest="forgotten")])
def test_what_has_no_bytes_stays_as_it_is(tmp_path, picture):
    pictures = Pictures(tmp_path / "p")
    assert picture == pictures.keep(picture, exactly=True) == pictures.bring(picture, whole=True)
    assert not (tmp_path / "p").exists()


def test_a_pil_image_is_encoded_by_whoever_can(tmp_path):
    image = pytest.importorskip("PIL.Image").new("RGB", (2, 3), "red")
    picture = Picture(source=image, kind="png", size=(2, 3))
    pictures = Pictures(tmp_path / "p", load)

    kept = pictures.keep(picture, exactly=False)

    assert load(picture) == pictures.bring(kept, whole=True).data
    assert Picture(digest="forgotten", kind="png", size=(2, 3)) == Pictures(tmp_path / "q").keep(picture, exactly=False)


def test_what_cannot_be_encoded_cannot_be_sent_either(tmp_path, caplog):
    def refuse(picture):
        raise ConfigError("The image is too large.")

    image = pytest.importorskip("PIL.Image").new("RGB", (2, 3))
    kept = Pictures(tmp_path / "p", refuse).keep(Picture(source=image), exactly=False)
    assert "forgotten" == kept.digest
    assert "too large" in caplog.text


def test_a_file_that_is_gone_or_changed_is_not_believed(tmp_path, caplog):
    pictures = Pictures(tmp_path / "p")
    kept = pictures.keep(RAW, exactly=True)
    (tmp_path / "p" / NAME).write_bytes(b"other")
    assert NAME == pictures.bring(kept, whole=True).digest
    (tmp_path / "p" / NAME).unlink()
    assert NAME == pictures.bring(kept, whole=True).digest
    assert "was changed" in caplog.text
    assert "is gone" in caplog.text


@pytest.mark.fault("D01")
@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_disk_that_is_full_leaves_no_half_picture(tmp_path, monkeypatch, call):
    def refuse(*arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    pictures = Pictures(tmp_path / "p")
    (tmp_path / "p").mkdir()
    monkeypatch.setattr(os, call, refuse)
    with pytest.raises(OSError, match="No space"):
        pictures.keep(RAW, exactly=True)
    monkeypatch.undo()
    assert [f"{NAME}.part"] == [path.name for path in (tmp_path / "p").iterdir()]
    assert RAW == pictures.bring(pictures.keep(RAW, exactly=True), whole=True)
    assert [NAME] == [path.name for path in (tmp_path / "p").iterdir()]


def test_sweeping(tmp_path, caplog):
    pictures = Pictures(tmp_path / "p")
    pictures.sweep(())
    pictures.keep(RAW, exactly=True)
    (tmp_path / "p" / "old.part").touch()
    (tmp_path / "p" / "folder").mkdir()
    pictures.sweep({NAME})
    assert {NAME, "folder"} == {path.name for path in (tmp_path / "p").iterdir()}
    assert "cannot be deleted" in caplog.text
    pictures.drop({NAME, "never was"})
    assert ["folder"] == [path.name for path in (tmp_path / "p").iterdir()]
