"""What each step asks for: its operation, its options, and what it refuses at once."""

import pytest

import mjasync as mj
from mjasync.core.operations import GetSeed, Pick, Press
from mjasync.images.inputs import picture
from mjasync.testing import Sim, run
from tests.flow.stories import MASK, ended, tell

MASKED = picture(MASK)


def asked(call, provider="mjproxy"):
    """What a step asks for; nothing is sent."""

    async def story():
        sim = Sim()
        pool = mj.Pool(getattr(sim, provider)())
        try:
            return call(pool.imagine("a cat", priority=4)).spec
        finally:
            await pool.aclose()
            assert not sim.ledger.accepted

    return run(story())


@pytest.mark.parametrize(
    ("call", "operation"),
    [
        (lambda job: job.upscale(1), Press(action="upscale1")),
        (lambda job: job.upscale("creative"), Press(action="upscale_creative")),
        (lambda job: job.vary(4), Press(action="vary4")),
        (lambda job: job.vary("subtle"), Press(action="vary_subtle")),
        (lambda job: job.vary(2, " a hat "), Press(action="vary2", prompt="a hat")),
        (lambda job: job.reroll(), Press(action="reroll")),
        (lambda job: job.reroll(mj.Prompt("a hat", ar="1:1")), Press(action="reroll", prompt="a hat --ar 1:1")),
        (lambda job: job.zoom(), Press(action="zoom_2")),
        (lambda job: job.zoom(2.0), Press(action="zoom_2")),
        (lambda job: job.zoom(1.5), Press(action="zoom_1.5")),
        (lambda job: job.zoom(1.8), Press(action="zoom_custom", factor=1.8)),
        (lambda job: job.zoom(1.01), Press(action="zoom_custom", factor=1.01)),
        (lambda job: job.zoom(2, "a hat"), Press(action="zoom_custom", factor=2.0, prompt="a hat")),
        (lambda job: job.pan("left"), Press(action="pan_left")),
        (lambda job: job.pan("down", "a hat"), Press(action="pan_down", prompt="a hat")),
        (lambda job: job.square(), Press(action="square")),
        (lambda job: job.get_seed(), GetSeed()),
        (lambda job: job.imagine(4), Pick(number=4)),
        (lambda job: job.vary_region(MASK), Press(action="vary_region", mask=MASKED)),
        (lambda job: job.vary_region(MASK, "a hat"), Press(action="vary_region", mask=MASKED, prompt="a hat")),
        (lambda job: job.press(" U1 "), Press(action="U1")),
        (lambda job: job.press(mj.Action("reroll", "MJ::x", "🔄")), Press(action="reroll")),
        (lambda job: job.press("Inpaint", "a hat", MASK), Press(action="Inpaint", prompt="a hat", mask=MASKED)),
    ],
)
def test_what_a_step_asks_for(call, operation):
    spec = asked(call)

    assert (spec.operation, spec.priority, spec.mode) == (operation, 4, mj.Mode.FAST)


BAD = [
    *[
        (lambda job, n=n: job.zoom(n), "is not possible")
        for n in (1, 1.0001, 0.5, 2.01, -2, True, "2", None, float("nan"))
    ],
    (lambda job: job.pan("north"), "left, right, up, down"),
    (lambda job: job.pan(None), "use one of"),
    *[(lambda job, n=n: job.imagine(n), "not possible here") for n in (0, 6, True, 1.0, "1", None)],
    (lambda job: job.imagine("another prompt"), r"pool.imagine\(prompt\)"),
    (lambda job: job.vary(1, ""), "empty"),
    (lambda job: job.vary(1, 5), "int, not text"),
    (lambda job: job.zoom(1.8, "\x00"), "control character"),
    (lambda job: job.vary_region(None), "which is no picture"),
    (lambda job: job.vary_region(b"no picture"), "mask is not a PNG"),
    (lambda job: job.vary_region("/nowhere/mask.png"), "no such file"),
    (lambda job: job.press("U1", mask=b"no picture"), "mask is not a PNG"),
    (lambda job: job.upscale(1, mode="relax"), "takes no mode="),
    (lambda job: job.get_seed(account="mjproxy"), "takes no account="),
    (lambda job: job.upscale(1, get_u_images=True), "no get_u_images="),
    (lambda job: job.zoom(1.8, bot_type="MID_JOURNEY"), "no bot_type="),
]


@pytest.mark.parametrize(("call", "words"), BAD)
def test_what_a_step_cannot_be_is_refused_at_once(call, words):
    with pytest.raises(mj.ConfigError, match=words) as caught:
        asked(call)
    assert (caught.value.charged, bool(caught.value.hint)) == ("no", True)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda job: job.zoom(1.8), "zooms by 2 and 1.5"),
        (lambda job: job.zoom(2, "a hat"), "zooms by 2 and 1.5"),
        (lambda job: job.vary(1, "a hat"), "vary1 takes no prompt"),
        (lambda job: job.reroll("a hat"), "reroll takes no prompt"),
        (lambda job: job.pan("left", "a hat"), "pan_left takes no prompt"),
        (lambda job: job.press("zoom_custom"), "zooms by 2 and 1.5"),
    ],
)
def test_what_ttapi_lacks_is_said_before_anything_is_sent(call, words):
    with pytest.raises(mj.ActionUnavailable, match=words):
        asked(call, "ttapi")


def test_ttapis_own_region_needs_no_prompt_and_no_button():
    async def script(pool, sim):
        single = await pool.imagine("a cat").upscale(1)
        assert (await single.vary_region(MASK)).images
        assert sim.ledger.jobs[-1].prompt == "a cat"

    assert tell("ttapi", script).ledger.violations == []


@pytest.mark.parametrize(
    "call",
    [
        lambda step: step.zoom(),
        lambda step: step.zoom(1.8),
        lambda step: step.pan("left"),
        lambda step: step.vary("strong"),
        lambda step: step.vary_region(MASK, "a hat"),
        lambda step: step.upscale("subtle"),
    ],
)
def test_a_grid_has_to_be_upscaled_first_and_nothing_is_paid_for_finding_out(call):
    async def script(pool, sim):
        job = pool.imagine("a cat --ar 1:1")
        grid = await job
        with pytest.raises(mj.ActionUnavailable, match="upscale one of its pictures first"):
            call(grid)
        error = await ended(call(job))
        assert (type(error), error.charged) == (mj.ActionUnavailable, "no")

    ledger = tell("mjproxy", script).ledger
    assert (ledger.accepted, ledger.windows) == (1, {})


@pytest.mark.parametrize("provider", ["ttapi", "mjproxy"])
def test_texts_of_a_picture_and_pictures_of_a_text_do_not_exist(provider):
    async def script(pool, sim):
        grid = await pool.imagine("a cat")
        with pytest.raises(mj.ActionUnavailable, match=r"imagine\(n\) follows describe"):
            grid.imagine(1)
        described = await pool.describe(MASK)
        with pytest.raises(mj.ActionUnavailable):
            described.upscale(1)

    assert tell(provider, script).ledger.accepted == 2


def test_a_chain_of_everything():
    async def script(pool, sim):
        last = pool.describe(MASK).imagine(1).upscale(2).zoom(1.8).upscale(1).pan("left").upscale(4).get_seed()
        result = await last
        names = [None, "imagine1", "upscale2", "zoom_custom", "upscale1", "pan_left", "upscale4", "get_seed"]
        assert [step.action for step in result.lineage] == names
        assert result.seed.isdigit()

    assert tell("mjproxy", script, profile="plus").ledger.charged == 7
