"""What is on its way to a folder: out of the way when a name is taken, told about when it fails."""

import asyncio

import pytest

from mjasync import ConfigError, MJError, ProviderError
from mjasync.flow import files
from tests.sheet.test_saving import Done, save


def test_nothing_is_left_beside_a_picture(tmp_path):
    asyncio.run(save(tmp_path, Done()))

    assert [".json", ".png"] == sorted(path.suffix for path in tmp_path.iterdir())


@pytest.mark.parametrize("ending", ["png", "json"])
def test_another_run_that_is_quicker_keeps_its_file(tmp_path, monkeypatch, ending):
    """It comes between the look and the placing."""
    place = files.place

    def late(part, path):
        theirs = path.with_suffix(f".{ending}")
        if not path.stem.endswith("-2"):
            theirs.write_text("theirs")
        place(part, path)

    monkeypatch.setattr(files, "place", late)
    if ending == "png":
        assert "0007-a-cat-aabbccdd-grid-2.png" == asyncio.run(save(tmp_path, Done())).file
    else:
        with pytest.raises(MJError, match="could not be written"):
            asyncio.run(save(tmp_path, Done()))
    assert "theirs" == (tmp_path / f"0007-a-cat-aabbccdd-grid.{ending}").read_text()


def test_a_folder_that_went_away_is_told(tmp_path):
    with pytest.raises(MJError, match="could not be written") as met:
        asyncio.run(save(tmp_path / "gone", Done()))
    assert ("No such file or directory", "yes") == (met.value.why, met.value.charged)


def test_a_disk_that_the_library_met_is_told_with_the_address(tmp_path):
    fault = MJError("The picture cannot be written to 'x'.", why="No space left on device", charged="yes")
    with pytest.raises(MJError) as met:
        asyncio.run(save(tmp_path, Done(fault=fault)))
    assert "No space left on device" == met.value.why
    assert "https://cdn.example/x.png" in met.value.hint


@pytest.mark.parametrize("fault", [ProviderError("gone"), ConfigError("wrong")])
def test_other_errors_pass_as_they_are(tmp_path, fault):
    with pytest.raises(type(fault)) as met:
        asyncio.run(save(tmp_path, Done(fault=fault)))
    assert fault is met.value
    assert [] == list(tmp_path.iterdir())
