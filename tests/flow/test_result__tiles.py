"""A grid's four pictures on disk: the provider's own where it has them, cut here where it has not."""

import io
import sys

import pytest
from PIL import Image

import mjasync as mj
from tests.flow.stories import MASK, tell

CORNERS = ("tl", "tr", "bl", "br")


def pixels(body):
    image = Image.open(io.BytesIO(body)).convert("RGB")
    return image.size, image.tobytes()


def own_tiles(sim, result):
    """The four pictures as the simulator itself draws them."""
    name = result.images[0].name.removesuffix(".png")
    return [pixels(sim.world.gallery.png(f"{name}_{corner}.png", sim.world.now())) for corner in CORNERS]


MAKES = {
    "imagine": lambda pool: pool.imagine("a cat --ar 16:9"),
    "odd": lambda pool: pool.imagine("a cat --ar 7:5"),
    "blend": lambda pool: pool.blend([MASK, MASK]),
    "vary": lambda pool: pool.imagine("a cat").vary(2),
    "reroll": lambda pool: pool.imagine("a cat").reroll(),
    "zoom": lambda pool: pool.imagine("a cat").upscale(1).zoom(1.5),
    "picked": lambda pool: pool.describe(MASK).imagine(2),
}


@pytest.mark.parametrize(
    ("provider", "profile", "make"),
    [
        *(("mjproxy", "seed", make) for make in MAKES),
        ("ttapi", "seed", "odd"),
        ("ttapi", "hosted", "imagine"),
        ("ttapi", "hosted", "zoom"),
        ("mjproxy", "old-proxy", "picked"),
    ],
)
def test_a_grid_is_cut_into_what_the_provider_itself_would_give(provider, profile, make, tmp_path):
    async def script(pool, sim):
        result = await MAKES[make](pool)
        assert result.tiles == ()
        paths = await result.save_tiles(tmp_path / "not" / "yet")
        assert [path.name for path in paths] == [f"{result.job_id}-{n}.png" for n in (1, 2, 3, 4)]
        assert [pixels(path.read_bytes()) for path in paths] == own_tiles(sim, result)
        assert len({path.read_bytes() for path in paths}) == 4

    options = {"mode_path": "", "auth": "mj-api-secret"} if profile == "old-proxy" else {}
    tell(provider, script, profile=profile, speed=10, **options)
    assert len(list((tmp_path / "not" / "yet").iterdir())) == 4


def test_given_tiles_are_the_providers_own_and_nothing_is_cut(tmp_path, monkeypatch):
    async def script(pool, sim):
        result = await pool.imagine("a cat", get_u_images=True)
        assert len(result.tiles) == 4
        monkeypatch.setitem(sys.modules, "PIL", None)
        paths = await result.save_tiles(tmp_path)
        monkeypatch.undo()
        assert [pixels(path.read_bytes()) for path in paths] == own_tiles(sim, result)
        assert sim.ledger.requests["ttapi.image"] == 4

    tell("ttapi", script)


SINGLES = {
    "upscale": lambda pool: pool.imagine("a cat").upscale(1),
    "upscaled again": lambda pool: pool.imagine("a cat").upscale(1).upscale("subtle"),
    "describe": lambda pool: pool.describe(MASK),
    "seed": lambda pool: pool.imagine("a cat").upscale(1).get_seed(),
    "swap_face": lambda pool: pool.swap_face(MASK, MASK),
    "upload": lambda pool: pool.upload([MASK]),
}


@pytest.mark.parametrize("make", SINGLES)
def test_what_is_no_grid_is_not_cut(make, tmp_path):
    async def script(pool, sim):
        result = await SINGLES[make](pool)
        with pytest.raises(mj.ConfigError, match="not a grid"):
            await result.save_tiles(tmp_path)

    tell("mjproxy", script, profile="plus", speed=10)
    assert list(tmp_path.iterdir()) == []


def test_where_no_button_is_shown_the_way_it_was_made_decides(tmp_path):
    async def script(pool, sim):
        grid = await pool.imagine("a cat")
        single = await grid.upscale(1)
        assert grid.actions == single.actions == ()
        assert len(await grid.save_tiles(tmp_path)) == 4
        with pytest.raises(mj.ConfigError, match="not a grid"):
            await single.save_tiles(tmp_path)

    tell("ttapi", script, profile="hosted", speed=10)


def test_without_pillow_the_error_says_what_to_install(tmp_path, monkeypatch):
    async def script(pool, sim):
        result = await pool.imagine("a cat")
        monkeypatch.setitem(sys.modules, "PIL", None)
        with pytest.raises(mj.ConfigError, match=r"mjasync\[images\]"):
            await result.save_tiles(tmp_path)
        monkeypatch.undo()

    tell("mjproxy", script)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("get_u_images", [True, None])
def test_what_cannot_be_downloaded_or_written_says_why(get_u_images, tmp_path):
    taken = tmp_path / "taken"

    async def script(pool, sim):
        result = await pool.imagine("a cat", get_u_images=get_u_images)
        taken.write_bytes(b"")
        with pytest.raises(mj.ConfigError, match="cannot be written"):
            await result.save_tiles(taken / "tiles")
        sim.inject("status", on="image", status=404, times=9)
        with pytest.raises(mj.ProviderError, match="could not be downloaded"):
            await result.save_tiles(tmp_path)

    tell("ttapi", script, speed=10)
    assert list(tmp_path.iterdir()) == [taken]


def test_uploads_are_several_pictures_and_texts_are_none(tmp_path):
    async def script(pool, sim):
        uploaded = await pool.upload([MASK])
        assert (await uploaded.save(tmp_path / "it")).read_bytes() == MASK
        described = await pool.describe(MASK)
        with pytest.raises(mj.ConfigError, match="no picture to save"):
            await described.save(tmp_path / "other")

    tell("mjproxy", script, profile="plus", speed=10)
    assert len(list(tmp_path.iterdir())) == 1
