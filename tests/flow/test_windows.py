"""Windows: whatever way they are announced, a job behind one is paid once and answered once."""

import pytest

import mjasync as mj
from mjasync.testing import run
from tests.flow.stories import MASK, Relay, button, done, ended, taken, tell

#: Every way in which a window shows itself, and goes on showing itself ("seed" is code 21).
DISGUISES = ["seed", "modal-confirm", "modal-disguised", "modal-new-id", "modal-stays", "relay-15s", "drift"]
REMIXED = {
    "vary": lambda grid, single: single.vary("strong", "a red cat"),
    "vary1": lambda grid, single: grid.vary(1, "a red cat"),
    "reroll": lambda grid, single: grid.reroll("a red cat"),
    "pan": lambda grid, single: single.pan("left", "a red cat"),
    "press": lambda grid, single: single.press("vary_strong", "a red cat"),
}
UNASKED = {
    "vary": lambda grid, single: single.vary("subtle"),
    "reroll": lambda grid, single: grid.reroll(),
    "pan": lambda grid, single: single.pan("up"),
}
OPENING = {
    "zoom": lambda grid, single: single.zoom(1.8),
    "zoom with a prompt": lambda grid, single: single.zoom(2, "a red cat"),
    "zoom by its button": lambda grid, single: single.press("Custom Zoom", "a red cat --zoom 1.3"),
    "region": lambda grid, single: single.vary_region(MASK, "a red cat"),
    "region without a prompt": lambda grid, single: single.vary_region(MASK),
    "region by its button": lambda grid, single: single.press("Vary (Region)", mask=MASK),
}
WORDED = {
    "zoom": "a cat --ar 1:1 --zoom 1.8",
    "zoom with a prompt": "a red cat --zoom 2",
    "zoom by its button": "a red cat --zoom 1.3",
    "region without a prompt": "a cat --ar 1:1",
    "region by its button": "a cat --ar 1:1",
}


def open_one(verb, *, profile, remix=False):
    """Press one button of a picture, and check the provider's books."""

    async def script(pool, sim):
        grid = await pool.imagine("a cat --ar 1:1")
        single = await grid.upscale(1)
        before = sim.ledger.charged
        job = verb(grid, single)
        result = await job
        assert (sim.ledger.charged - before, result.images != ()) == (1, True)
        assert sim.ledger.requests["mjproxy.modal"] == 1
        assert list(sim.ledger.windows.values()) == [1]
        assert pool.stats().accounts["mjproxy"].held == 0
        assert (await result.upscale(1) if job.action != "pan_left" else result).images
        seen.append((job, result, sim.ledger.jobs[2]))

    seen = []
    sim = tell("mjproxy", script, profile=profile, remix=remix, speed=10)
    assert sim.ledger.violations == []
    return seen[0]


@pytest.mark.parametrize(
    ("profile", "verb"),
    [
        *((name, verb) for name in [*DISGUISES, "remix", "plus", "exists-21"] for verb in ("zoom", "region")),
        *((name, verb) for name in ("seed", "relay-15s") for verb in OPENING if verb not in ("zoom", "region")),
    ],
)
def test_a_window_is_answered_once_and_charged_once(profile, verb):
    job, result, entry = open_one(OPENING[verb], profile=profile)

    assert entry.prompt == WORDED.get(verb, "a red cat")
    assert job.ticket.remote_id == entry.id
    assert result.warnings == ()


@pytest.mark.parametrize(
    ("profile", "verb"),
    [
        *((name, verb) for name in DISGUISES for verb in ("vary", "reroll")),
        *((name, verb) for name in ("seed", "modal-disguised") for verb in ("vary1", "pan", "press")),
    ],
)
def test_a_prompt_of_ones_own_goes_through_a_window_of_remix(profile, verb):
    _, result, entry = open_one(REMIXED[verb], profile=profile, remix=True)

    assert entry.prompt == "a red cat"
    assert result.warnings == ()


@pytest.mark.parametrize("profile", DISGUISES)
@pytest.mark.parametrize("verb", UNASKED)
def test_a_window_that_nobody_asked_for_is_answered_with_what_it_shows(profile, verb):
    _, _, entry = open_one(UNASKED[verb], profile=profile, remix=True)

    assert entry.prompt == "a cat --ar 1:1"


def test_what_exists_already_is_adopted_and_no_window():
    async def script(pool, sim):
        grid = await pool.imagine("a cat")
        first, again = await grid.upscale(1), await grid.upscale(1)
        assert (first.ticket, first.images) == (again.ticket, again.images)

    sim = tell("mjproxy", script, profile="exists-21")
    assert (sim.ledger.charged, sim.ledger.windows, sim.ledger.requests["mjproxy.modal"]) == (2, {}, 0)


def test_without_a_window_the_prompt_was_not_used_and_the_result_says_so():
    async def script(pool, sim):
        single = await pool.imagine("a cat").upscale(1)
        result = await single.vary("strong", "a red cat")
        assert "the prompt was not used" in result.warnings[0]

    assert tell("mjproxy", script).ledger.windows == {}


PRESSES = {
    "no mask": (lambda step: step.press("vary_region"), "needs a mask"),
    "no mask, but a prompt": (lambda step: step.press("vary_region", "a hat"), "needs a mask"),
    "by its label": (lambda step: step.press("Vary (Region)"), "needs a mask"),
    "no factor": (lambda step: step.press("zoom_custom"), "needs a factor"),
    "a prompt without a factor": (lambda step: step.press("zoom_custom", "a hat"), "needs a factor"),
    "a factor of nothing": (lambda step: step.press("Custom Zoom", "a hat --zoom 3"), "needs a factor"),
}


@pytest.mark.filterwarnings("ignore::mjasync.PromptWarning")
@pytest.mark.parametrize("case", PRESSES)
def test_what_a_window_will_ask_for_is_asked_before_anything_is_paid(case):
    press, words = PRESSES[case]

    async def script(pool, sim):
        job = pool.imagine("a cat").upscale(1)
        single = await job
        with pytest.raises(mj.NeedsInput, match=words) as at_once:
            press(single)
        error = await ended(press(job))
        assert isinstance(error, mj.NeedsInput)
        assert at_once.value.charged == error.charged == "no"
        assert pool.stats().accounts["mjproxy"].held == 0

    sim = tell("mjproxy", script)
    assert (sim.ledger.charged, sim.ledger.windows) == (2, {})


TOKEN = "MJ::Novelty::1::abc"
PARENT = done(buttons=[button(TOKEN, "Novelty"), button("MJ::JOB::reroll::0::abc::SOLO")])


def novelty(**opened):
    windows = [taken(n, code=21, description="Waiting for window confirm", **opened) for n in ("22", "33")]
    submits = {"imagine": taken("11"), "action": windows, "modal": taken("33")}
    return Relay(submits, {"11": PARENT, "33": done(prompt="what it became")})


@pytest.mark.fault("P16")
def test_an_unknown_window_that_shows_nothing_needs_a_prompt():
    relay = novelty()

    async def script():
        async with relay.pool() as pool:
            grid = await pool.imagine("a cat")
            error = await ended(grid.press("Novelty"))
            assert isinstance(error, mj.NeedsInput)
            assert (error.charged, "prompt='…'" in error.hint) == ("unknown", True)
            assert pool.stats().accounts["mjproxy"].held == 0
            assert relay.to("modal") == []
            assert (await grid.press("Novelty", "a hat")).prompt == "what it became"

    run(script())
    (modal,) = relay.to("modal")
    assert modal.body == b'{"prompt": "a hat", "taskId": "33"}'


@pytest.mark.parametrize(("prompt", "sent"), [(None, b"shown there"), ("a hat", b"a hat")])
def test_an_unknown_window_is_answered_with_what_was_given_or_what_it_shows(prompt, sent):
    relay = novelty(properties={"finalPrompt": "shown there"})

    async def script():
        async with relay.pool() as pool:
            assert (await (await pool.imagine("a cat")).press(TOKEN, prompt)).images

    run(script())
    (modal,) = relay.to("modal")
    assert sent in modal.body


def test_a_window_behind_a_request_that_opens_none_says_so():
    relay = Relay({"imagine": taken("11")}, {"11": [{"status": "MODAL", "properties": {"finalPrompt": "a cat"}}]})

    async def script():
        async with relay.pool() as pool:
            error = await ended(pool.imagine("a cat"))
            assert isinstance(error, mj.NeedsInput)
            assert (error.charged, error.job.phase) == ("unknown", mj.Phase.FAILED)

    run(script())
    assert relay.to("modal") == []
