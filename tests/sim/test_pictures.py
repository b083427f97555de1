import struct
import zlib

import pytest

from mjasync.sim.pictures import CORNERS, Gallery


def pixels(data):
    width, height = struct.unpack(">II", data[16:24])
    at, packed = 8, b""
    while at < len(data):
        (size,) = struct.unpack(">I", data[at : at + 4])
        packed += data[at + 8 : at + 8 + size] if data[at + 4 : at + 8] == b"IDAT" else b""
        at += 12 + size
    rows, stride = zlib.decompress(packed), 3 * width + 1
    return width, height, [rows[start + 1 : start + stride] for start in range(0, len(rows), stride)]


@pytest.fixture
def job(stage):
    stage.submit("ttapi", "a boat --ar 2:1")
    return next(iter(stage.world.jobs.values()))


def test_tiles_are_the_quarters_of_their_grid(stage, job):
    stage.wait()
    gallery, now = stage.world.gallery, stage.clock()
    width, height, rows = pixels(gallery.png(f"{job.hash}.png", now))
    assert (width, height) == (512, 256)
    tiles = [pixels(gallery.png(f"{job.hash}_{corner}.png", now)) for corner in CORNERS]
    assert all((wide, high) == (256, 128) for wide, high, _ in tiles)
    upper = [left + right for left, right in zip(tiles[0][2], tiles[1][2], strict=True)]
    lower = [left + right for left, right in zip(tiles[2][2], tiles[3][2], strict=True)]
    assert upper + lower == rows


def test_a_finished_picture_waits_for_its_job_and_previews_for_their_step(stage, job):
    gallery = stage.world.gallery
    assert gallery.png(f"{job.hash}.png", job.finished_at - 0.1) is None
    assert gallery.png(f"{job.hash}_tl.png", job.finished_at - 0.1) is None
    half = (job.started_at + job.finished_at) / 2
    assert gallery.png(f"{job.hash}_62.png", half) is None
    assert gallery.png(f"{job.hash}_0.png", half) is None
    assert pixels(gallery.png(f"{job.hash}_46.png", half))[:2] == (128, 64)


@pytest.mark.parametrize("name", ["", "x.png", "../etc/passwd", f"{'0' * 36}.png", "%s_xx.png", "%s.jpg", "%s_100.png"])
def test_there_is_nothing_else_on_the_wall(stage, job, name):
    stage.wait()
    assert stage.world.gallery.png(name.replace("%s", job.hash), stage.clock()) is None


def test_an_upscale_is_one_large_picture_without_tiles(stage):
    grid = stage.submit("ttapi", "a boat")
    stage.wait()
    up = stage.world.jobs[stage.press("ttapi", grid, "upsample2")]
    stage.wait()
    assert pixels(stage.world.gallery.png(f"{up.hash}.png", stage.clock()))[:2] == (512, 512)
    assert stage.world.gallery.png(f"{up.hash}_tl.png", stage.clock()) is None
    assert pixels(stage.world.gallery.png(f"{up.hash}_46.png", stage.clock()))[:2] == (128, 128)


def test_few_drawn_pictures_are_kept(stage, job):
    gallery = Gallery(kept=2)
    gallery.hang(job)
    names = [f"{job.hash}_{step}.png" for step in (15, 31, 46)]
    first = [gallery.png(name, job.finished_at) for name in names]
    assert gallery.png(names[2], job.finished_at) is first[2]
    again = gallery.png(names[0], job.finished_at)
    assert again is not first[0]
    assert again == first[0]


def test_uploads_hang_beside_them(stage, draw):
    gallery = stage.world.gallery
    name = gallery.keep(draw())
    assert name.endswith(".png")
    assert gallery.keep(draw()) == name
    assert gallery.keep(draw(3, 3)) != name
    assert gallery.png(name, 0.0) == draw()


def test_words_have_no_picture(stage):
    stage.mj("shorten", prompt="a black cat")
    [words] = stage.world.jobs.values()
    stage.wait()
    for part in ("", "_tl", "_46"):
        assert stage.world.gallery.png(f"{words.hash}{part}.png", stage.clock()) is None
