"""The verbs of a pool: what they ask for, what they refuse at once, and who can do it."""

import pytest

import mjasync as mj
from mjasync.core.operations import Blend, Describe, Dimensions, Imagine, Shorten, SwapFace, Upload
from mjasync.sim.png import encode
from mjasync.testing import Sim, run
from tests.flow.stories import ended, tell

RED, BLUE, GREEN = (encode(2, 2, bytes(colour * 4)) for colour in ((200, 0, 0), (0, 0, 200), (0, 200, 0)))
URL = "https://pictures.example/a.png"


def asked(call):
    """What a call asks for, and of whom; nothing is sent."""

    async def story():
        sim = Sim()
        pool = mj.Pool(sim.ttapi(), sim.mjproxy())
        try:
            return call(pool).spec
        finally:
            await pool.aclose()
            assert not sim.ledger.requests

    return run(story())


BOTH, TTAPI, MJPROXY = ("ttapi", "mjproxy"), ("ttapi",), ("mjproxy",)


@pytest.mark.parametrize(
    ("call", "kind", "accounts"),
    [
        (lambda p: p.imagine("a"), Imagine, BOTH),
        (lambda p: p.imagine("a", images=[URL]), Imagine, BOTH),
        (lambda p: p.imagine("a", images=[URL, RED]), Imagine, MJPROXY),
        (lambda p: p.imagine("a", translation=True), Imagine, TTAPI),
        (lambda p: p.blend([RED, BLUE]), Blend, BOTH),
        (lambda p: p.blend((RED, BLUE, GREEN, RED, BLUE)), Blend, BOTH),
        (lambda p: p.blend([RED, URL], bot_type="NIJI_JOURNEY"), Blend, MJPROXY),
        (lambda p: p.describe(RED), Describe, BOTH),
        (lambda p: p.describe(URL, timeout=400), Describe, TTAPI),
        (lambda p: p.shorten("a big cat"), Shorten, MJPROXY),
        (lambda p: p.swap_face(RED, BLUE), SwapFace, MJPROXY),
        (lambda p: p.upload([RED]), Upload, MJPROXY),
        (lambda p: p.describe(RED, account="mjproxy"), Describe, MJPROXY),
    ],
)
def test_each_verb_asks_for_its_own_of_whoever_can_do_it(call, kind, accounts):
    spec = asked(call)

    assert (type(spec.operation), spec.accounts) == (kind, accounts)


@pytest.mark.parametrize("word", ["portrait", "SQUARE", "Landscape", Dimensions.PORTRAIT])
def test_dimensions_are_words(word):
    assert asked(lambda p: p.blend([RED, BLUE], dimensions=word)).operation.dimensions == str(word).upper()


BAD = [
    (lambda p: p.blend([RED]), r"^1 picture"),
    (lambda p: p.blend([RED] * 6), r"^6 picture"),
    (lambda p: p.blend(RED), "a list of pictures, not bytes"),
    (lambda p: p.blend("a.png"), "a list of pictures, not str"),
    (lambda p: p.blend(None), "a list of pictures, not NoneType"),
    (lambda p: p.blend([RED, b"nonsense"]), "image 2 is not a PNG"),
    (lambda p: p.blend([RED, BLUE], dimensions="16:9"), "dimensions='16:9'"),
    (lambda p: p.blend([RED, BLUE], translation=True), "no translation="),
    (lambda p: p.describe(None), "which is no picture"),
    (lambda p: p.describe("/nowhere/a.png"), "no such file"),
    (lambda p: p.describe(b""), "empty"),
    (lambda p: p.shorten(" "), "empty"),
    (lambda p: p.shorten("a", account="ttapi"), "TTAPI has no shorten"),
    (lambda p: p.swap_face(RED, b"x"), "target is not a PNG"),
    (lambda p: p.upload([]), r"^0 picture"),
    (lambda p: p.upload([RED] * 21), r"^21 picture"),
    (lambda p: p.imagine("a", images=RED), "a list of pictures"),
    (lambda p: p.imagine("a", images=[RED], account="ttapi"), r"by their http\(s\) address only"),
    (lambda p: p.imagine("a", images=[RED], translation=True), "No account"),
    (lambda p: p.describe(RED, bot_type="MID_JOURNEY", timeout=300), "No account"),
]


@pytest.mark.fault("U09")
@pytest.mark.parametrize(("call", "words"), BAD)
def test_what_cannot_be_asked_is_refused_at_once(call, words):
    with pytest.raises(mj.ConfigError, match=words) as caught:
        asked(call)
    assert (caught.value.charged, bool(caught.value.hint)) == ("no", True)


@pytest.mark.parametrize("provider", ["ttapi", "mjproxy"])
def test_each_verb_brings_its_own(provider):
    async def script(pool, sim):
        blended = await pool.blend([RED, BLUE], dimensions="landscape")
        assert "upscale1" in {action.name for action in blended.actions}
        described = await pool.describe(RED)
        assert (len(described.texts), described.images) == (4, ())
        picked = await described.imagine(3)
        assert picked.prompt == described.texts[2]
        assert [step.action for step in picked.lineage] == [None, "imagine3"]
        with pytest.raises(mj.ActionUnavailable, match="no text number 5") as caught:
            described.imagine(5)
        assert caught.value.available == ("1", "2", "3", "4")
        if provider == "mjproxy":
            shortened = await pool.shorten("a very big and old black cat")
            assert (await shortened.imagine(5)).prompt == shortened.texts[4]

    sim = tell(provider, script)
    assert sim.ledger.violations == []


def test_what_only_some_relays_have():
    async def script(pool, sim):
        swapped = await pool.swap_face(RED, BLUE)
        assert len(swapped.images) == 1
        job = pool.upload([RED, BLUE])
        uploaded = await job
        assert len(uploaded.images) == 2
        assert (uploaded.tiles, uploaded.texts, job.looks) == ((), (), 0)
        assert pool.stats().accounts["mjproxy"].held == 0

    assert tell("mjproxy", script, profile="plus").ledger.accepted == 1


def test_an_optional_verb_goes_to_the_account_that_has_it():
    async def story():
        without, having = Sim(seed=1), Sim(seed=2, profile="plus")
        lacking = without.mjproxy(name="lacking")
        async with mj.Pool(lacking, having.mjproxy(name="having")) as pool:
            first = pool.swap_face(RED, BLUE, account="lacking")
            assert isinstance(await ended(first), mj.ActionUnavailable)
            second = pool.swap_face(RED, BLUE)
            assert second.spec.accounts == ("having",)
            assert (await second).images
        assert (without.ledger.accepted, having.ledger.accepted) == (0, 1)

    run(story())


def test_nobody_can_shorten_at_ttapi():
    async def script(pool, sim):
        for call in (lambda: pool.shorten("a"), lambda: pool.swap_face(RED, BLUE), lambda: pool.upload([RED])):
            with pytest.raises(mj.ActionUnavailable, match="TTAPI has no"):
                call()

    assert not tell("ttapi", script).ledger.requests
