"""Results: their facts, and their pictures on disk, whole or not at all."""

import pytest

import mjasync as mj
from mjasync.core.wire import HttpResponse
from mjasync.testing import Sim, run
from mjasync.transport.download import kind_of


def test_a_result_has_the_facts_of_its_job():
    async def story():
        sim = Sim(seed=4)
        async with mj.Pool(sim.ttapi(), sim.mjproxy()) as pool:
            job = pool.imagine("a cat", mode="relax", account="ttapi", get_u_images=True)
            result = await job
            assert result.image == result.images[0]
            assert result.image.startswith("https://ttapi.sim.invalid/")
            assert len(result.tiles) == 4
            assert result.prompt == "a cat"
            assert result.quota > 0
            assert result.mode is mj.Mode.RELAX
            assert result.ticket == job.ticket
            assert result.lineage == (mj.Step(job.id, None, job.ticket),)
            assert result.seconds == job.seconds
            assert result.raw["status"] == "SUCCESS"
            assert "raw" not in repr(result)
            other = await pool.imagine("a cat", account="mjproxy")
            assert other.tiles == ()
            assert other.raw["status"] == "SUCCESS"
            with pytest.raises(AttributeError):
                other.prompt = "x"

    run(story())


def test_pictures_are_saved_whole_under_the_right_ending(tmp_path):
    async def story():
        async with mj.Pool(Sim(seed=4).ttapi()) as pool:
            result = await pool.imagine("a cat", get_u_images=True)
            path = await result.save(tmp_path / "cat")
            assert path == tmp_path / "cat.png"
            assert kind_of(path.read_bytes()) == "png"
            assert await result.save(str(tmp_path / "other.jpeg")) == tmp_path / "other.jpeg"
            tiles = await result.save_tiles(tmp_path)
            assert [tile.name for tile in tiles] == [f"{result.job_id}-{n}.png" for n in (1, 2, 3, 4)]
            assert len({tile.read_bytes() for tile in tiles}) == 4

    run(story())
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.fault("P13")
def test_what_cannot_be_saved_says_why(tmp_path):
    async def story():
        sim = Sim(seed=4)
        async with mj.Pool(sim.mjproxy()) as pool:
            result = await pool.imagine("a cat")
            with pytest.raises(mj.ConfigError, match="cannot be written"):
                await result.save(tmp_path / "nowhere" / "cat.png")
            single = await result.upscale(1)
            with pytest.raises(mj.ConfigError, match="one picture, not a grid"):
                await single.save_tiles(tmp_path)
            sim.inject("status", on="image", status=404, times=9)
            with pytest.raises(mj.ProviderError, match="could not be downloaded"):
                await result.save(tmp_path / "cat.png")

    run(story())
    assert list(tmp_path.iterdir()) == []


class SeedSample:
    """TTAPI as its own page shows it: the first address of a result is a loopback one."""

    async def send(self, request):
        if request.url.endswith("/imagine"):
            return HttpResponse(status=200, body=b'{"status":"SUCCESS","message":"","data":{"jobId":"afa774a3-1aee"}}')
        if request.method == "GET":
            return HttpResponse(status=200, body=b"\x89PNG\r\n\x1a\n from the account's own origin")
        images = b'"cdnImage":"http://127.0.0.1/8080/pics/452020f2.png","discordImage":"https://own.example/grid.png"'
        return HttpResponse(status=200, body=b'{"status":"SUCCESS","message":"","data":{%s}}' % images)

    async def aclose(self):
        pass


@pytest.mark.fault("P14")
def test_the_seeds_own_loopback_address_is_passed_over(tmp_path):
    async def story():
        async with mj.Pool(mj.TTAPI("k", base_url="https://own.example", transport=SeedSample())) as pool:
            result = await pool.imagine("a cat")
            assert result.images[0].host == "127.0.0.1"
            path = await result.save(tmp_path / "cat")
            assert b"own origin" in path.read_bytes()

    run(story())
