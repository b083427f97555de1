"""What becomes of a result on disk: whole files, the user's own names, and errors that say what to do."""

import errno
import os
from pathlib import Path

import pytest

import mjasync as mj
from mjasync.testing import Sim, run


def saved(script, **options):
    """Run `script(result)` with a finished grid."""

    async def story():
        async with mj.Pool(Sim(seed=4).ttapi()) as pool:
            return await script(await pool.imagine("a cat", **options))

    return run(story())


def test_a_path_of_the_users_own_is_replaced(tmp_path):
    path = tmp_path / "cat.png"
    path.write_text("an older cat")

    assert path == saved(lambda result: result.save(path))
    assert path.read_bytes().startswith(b"\x89PNG")


def test_tiles_go_round_what_is_there(tmp_path):
    async def script(result):
        first = await result.save_tiles(tmp_path)
        again = await result.save_tiles(tmp_path)
        first[1].write_text("mine")
        return result.job_id, first, again, await result.save_tiles(tmp_path)

    job_id, first, again, third = saved(script, get_u_images=True)
    assert first == again
    assert [f"{job_id}-1.png", f"{job_id}-2-2.png", f"{job_id}-3.png", f"{job_id}-4.png"] == [p.name for p in third]
    assert "mine" == first[1].read_text()
    assert 5 == len(list(tmp_path.iterdir()))


@pytest.mark.parametrize("name", ["", ".", "..", "cat\0.png", "x" * 5000 + ".png", "\ud800.png", "file/cat.png"])
def test_a_path_that_cannot_be_used(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    Path("file").write_text("")
    with pytest.raises(mj.ConfigError) as caught:
        saved(lambda result: result.save(name))

    assert caught.value.hint
    assert None is caught.value.__context__
    assert [tmp_path / "file"] == list(tmp_path.iterdir())


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EDQUOT])
@pytest.mark.fault("D13")
def test_a_full_disk_keeps_the_result(tmp_path, monkeypatch, code):
    fsync = os.fsync

    async def script(result):
        def refuse(handle):
            raise OSError(code, os.strerror(code))

        monkeypatch.setattr(os, "fsync", refuse)
        with pytest.raises(mj.MJError, match="cannot be written") as caught:
            await result.save(tmp_path / "cat")
        monkeypatch.setattr(os, "fsync", fsync)
        assert [] == list(tmp_path.iterdir())
        return caught.value, await result.save(tmp_path / "cat")

    error, path = saved(script)
    assert (mj.MJError, "yes", True) == (type(error), error.charged, error.retryable)
    assert os.strerror(code) == error.why
    assert tmp_path / "cat.png" == path
