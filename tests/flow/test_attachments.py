"""Pictures that go along: read, downloaded and encoded before anything is sent; a bad one costs nothing."""

import asyncio
import base64
import io
import json

import pytest
from PIL import Image

import mjasync as mj
from mjasync.core.operations import Blend, Describe, Imagine, Press, SwapFace, Upload, attached
from mjasync.core.pictures import Picture, data_uri
from mjasync.core.wire import NoAnswer, NotSent
from mjasync.flow.attachments import loaded
from mjasync.images.inputs import picture
from mjasync.sim.png import encode
from mjasync.testing import Sim, run
from mjasync.transport.download import Refused
from tests.flow.stories import MASK, Relay, ended, listened, taken, tell

RED, BLUE = (encode(2, 2, bytes(colour * 4)) for colour in ((200, 0, 0), (0, 0, 200)))
URL = "https://pictures.example/a.png"


async def red(url):
    return RED


def brought(operation, *, by_link=False, size=None, download=red):
    return attached(run(loaded(operation, by_link=by_link, size=size, download=download)))


@pytest.mark.parametrize(
    ("make", "count"),
    [
        (lambda one: Imagine(prompt="a", images=(one, one)), 2),
        (lambda one: Blend(images=(one, one, one)), 3),
        (lambda one: Describe(image=one), 1),
        (lambda one: SwapFace(source=one, target=one), 2),
        (lambda one: Upload(images=(one,)), 1),
    ],
)
@pytest.mark.parametrize("origin", ["url", "bytes", "path", "file", "pil", "data uri"])
def test_whatever_it_was_its_bytes_are_there_in_the_end(make, count, origin, tmp_path):
    path = tmp_path / "red.png"
    path.write_bytes(RED)
    values = {
        "url": URL,
        "bytes": RED,
        "path": path,
        "file": io.BytesIO(RED),
        "pil": Image.new("RGB", (2, 2), (200, 0, 0)),
        "data uri": data_uri(RED),
    }
    pictures = brought(make(picture(values[origin])))

    assert len(pictures) == count
    for each in pictures:
        assert (each.url, each.path, each.source) == ("", "", None)
        assert Image.open(io.BytesIO(each.data)).convert("RGB").tobytes() == bytes((200, 0, 0) * 4)


def test_addresses_stay_where_the_provider_takes_them():
    (one, two) = brought(Imagine(prompt="a", images=(picture(URL), picture(BLUE))), by_link=True)

    assert (one, two.data) == (Picture(url=URL), BLUE)


def test_a_request_without_pictures_stays_as_it_is():
    assert run(loaded(Imagine(prompt="a"), by_link=False, size=None, download=red)) == Imagine(prompt="a")


def test_a_mask_is_held_against_the_pictures_size():
    mask = Press(action="vary_region", mask=picture(MASK))

    assert brought(mask, size=(512, 512))[0].data == MASK
    assert brought(mask, size=None)[0].data == MASK
    with pytest.raises(mj.ConfigError, match="does not fit"):
        brought(mask, size=(512, 256))
    with pytest.raises(mj.ConfigError, match="not black and white"):
        brought(Press(action="vary_region", mask=picture(RED)))


def raising(error):
    async def download(url):
        raise error

    return download


@pytest.mark.parametrize(
    ("fault", "error", "retryable"),
    [
        (Refused("it leads into a private network"), mj.ConfigError, False),
        (NotSent("no such host"), mj.Unreachable, True),
        (NoAnswer("reset"), mj.Unreachable, True),
    ],
)
def test_an_address_that_brings_nothing_says_so_without_repeating_it(fault, error, retryable):
    with pytest.raises(error, match=str(fault)) as caught:
        brought(Describe(image=picture(f"{URL}?signature=canary")), download=raising(fault))
    assert (caught.value.charged, caught.value.retryable) == ("no", retryable)
    assert "canary" not in str(caught.value)


def test_an_address_that_brings_no_picture_is_refused():
    async def page(url):
        return b"<html>gone</html>"

    with pytest.raises(mj.ConfigError, match="HTML page"):
        brought(Describe(image=picture(URL)), download=page)


def test_a_file_that_changes_before_it_is_sent_costs_nothing(tmp_path):
    path = tmp_path / "it.png"
    path.write_bytes(RED)

    async def script(pool, sim):
        busy = [pool.imagine(f"cat {n}") for n in range(10)]
        changed, gone = pool.describe(path), pool.blend([path, BLUE])
        path.write_bytes(encode(3, 3, bytes(27)))
        assert isinstance(await ended(changed), mj.ConfigError)
        path.unlink()
        error = await ended(gone)
        assert isinstance(error, mj.ConfigError)
        assert error.charged == "no"
        await asyncio.gather(*busy)
        assert pool.stats().accounts["mjproxy"].held == 0

    assert tell("mjproxy", script, max_jobs=10).ledger.accepted == 10


@pytest.mark.fault("U08")
@pytest.mark.parametrize("provider", ["ttapi", "mjproxy"])
def test_a_mask_of_another_size_is_found_out_before_the_button_is_pressed(provider):
    async def script(pool, sim):
        single = await pool.imagine("a cat --ar 16:9").upscale(1)
        error = await ended(single.vary_region(MASK, "a hat"))
        assert (type(error), error.charged, "does not fit" in str(error)) == (mj.ConfigError, "no", True)
        assert pool.stats().accounts[provider].held == 0

    ledger = tell(provider, script).ledger
    assert (ledger.accepted, ledger.windows) == (2, {})


def test_a_picture_that_cannot_be_had_for_comparing_leaves_the_last_word_to_the_provider():
    async def script(pool, sim):
        single = await pool.imagine("a cat").upscale(1)
        sim.inject("status", on="image", status=404, times=9)
        assert (await single.vary_region(MASK, "a hat")).images

    assert tell("mjproxy", script).ledger.charged == 3


def test_pictures_by_address_are_fetched_for_who_wants_the_bytes():
    async def story():
        sim = Sim(seed=1)
        account, ear = listened(sim.mjproxy())
        async with mj.Pool(account) as pool:
            grid = await pool.imagine("a cat")
            assert (await pool.describe(grid.images[0])).texts
        (request,) = ear.to("submit/describe")
        sent = base64.b64decode(json.loads(request.body)["base64"].partition(",")[2])
        assert Image.open(io.BytesIO(sent)).size == (512, 512)
        (download,) = ear.to("/pictures/")
        assert "Authorization" not in download.headers

    run(story())


@pytest.mark.fault("K13")
def test_ten_masks_at_once_do_not_stop_the_loop():
    relay = Relay({"describe": taken("11")}, {"11": {"status": "SUCCESS", "promptEn": "1. a\n2. b"}})

    async def story():
        async with relay.pool() as pool:
            results = await asyncio.gather(*(pool.describe(RED, state=str(n)).ended() for n in range(10)))
            assert len(results) == 10

    run(story())
    assert len(relay.to("submit/describe")) == 10


def test_an_address_that_is_away_for_a_moment_is_tried_again():
    async def story():
        sim = Sim(seed=6)
        async with mj.Pool(sim.mjproxy()) as pool:
            grid = await pool.imagine("a cat")
            sim.inject("refuse_connection", on="image", times=3)
            described = await pool.describe(grid.image)
            assert len(described.texts) == 4
            sim.inject("refuse_connection", on="image", times=99)
            with pytest.raises(mj.Unreachable) as caught:
                await pool.describe(grid.image)
            assert (caught.value.charged, caught.value.retryable) == ("no", True)
        assert sim.ledger.charged == 2

    run(story())
