"""What a batch is made of: permutations, items with options and pictures of their own, keys."""

import pytest

import mjasync as mj
from mjasync.sim.png import encode
from mjasync.testing import Sim, run
from tests.flow.stories import listened, tell

RED, BLUE = (encode(2, 2, bytes(colour * 4)) for colour in ((200, 0, 0), (0, 0, 200)))
URL = "https://pictures.example/a.png"


def prompts_of(*args, **options):
    """The prompts that a batch stands for; nothing is sent."""

    async def story():
        sim = Sim()
        pool = mj.Pool(sim.ttapi())
        try:
            return [job.prompt for job in pool.batch(*args, **options).jobs]
        finally:
            await pool.aclose()
            assert not sim.ledger.accepted

    return run(story())


@pytest.mark.parametrize(
    ("items", "prompts"),
    [
        (["a {red, blue} bird"], ["a red bird", "a blue bird"]),
        ("a {red, blue} bird", ["a red bird", "a blue bird"]),
        (mj.Prompt("a {red, blue} bird", ar="16:9"), ["a red bird --ar 16:9", "a blue bird --ar 16:9"]),
        (["a {b, c}", "d"], ["a b", "a c", "d"]),
        ([{"prompt": "a {b, c}"}], ["a b", "a c"]),
        (["{a, b} {c, d}"], ["a c", "a d", "b c", "b d"]),
        (["a --ar {3:2, 1:1}"], ["a --ar 3:2", "a --ar 1:1"]),
        (["a {only} bird"], ["a {only} bird"]),
        ("a cat", ["a cat"]),
        ((f"cat {n}" for n in range(3)), ["cat 0", "cat 1", "cat 2"]),
        ([], []),
    ],
)
@pytest.mark.filterwarnings("ignore::mjasync.PromptWarning")
def test_a_prompt_with_a_choice_in_it_is_several(items, prompts):
    assert prompts_of(items) == prompts


@pytest.mark.filterwarnings("ignore::mjasync.PromptWarning")
def test_expand_false_leaves_a_prompt_as_it_stands():
    assert prompts_of(["a {red, blue} bird"], expand=False) == ["a {red, blue} bird"]


def test_an_unexpanded_choice_is_warned_about():
    with pytest.warns(mj.PromptWarning, match="permutation"):
        prompts_of(["a {red, blue} bird"], expand=False)


def test_too_many_of_them_are_refused_before_the_first_is_queued():
    digits = "{" + ", ".join("abcdefghij") + "}"
    with pytest.raises(mj.ConfigError, match="Item 0 of the batch: The prompt stands for 100000 prompts") as caught:
        prompts_of([f"{digits} {digits} {digits} {digits} {digits}"])
    assert caught.value.charged == "no"


@pytest.mark.parametrize("bad", ["a {b, c", "a b, c}", mj.Prompt("{a, b")])
def test_braces_that_do_not_fit_name_their_item(bad):
    with pytest.raises(mj.ConfigError, match=r"Item 2 of the batch: The prompt has a brace without its partner"):
        prompts_of(["{a, b}", bad])


def test_permutations_keep_their_items_options_and_their_places():
    async def script(pool, sim):
        batch = pool.batch([{"prompt": "a {red, blue} bird", "mode": "turbo"}, "a fish"], mode="relax")
        assert [job.mode for job in batch.jobs] == ["turbo", "turbo", "relax"]
        outcomes = await batch
        assert [outcome.index for outcome in outcomes] == [0, 1, 2]
        assert [outcome.prompt for outcome in outcomes] == ["a red bird", "a blue bird", "a fish"]

    assert tell("ttapi", script, speed=10).ledger.charged == 3


KEYED = [
    (["a {red, blue} bird"], {"key": "k"}),
    (["a", "b"], {"key": "k"}),
    ([{"prompt": "a {red, blue} bird", "key": "k"}], {}),
    ([{"prompt": "a", "key": "k"}, {"prompt": "b", "key": "k"}], {}),
    ([{"prompt": "a", "key": "k"}, {"prompt": "a", "key": "k", "images": [URL]}], {}),
]


@pytest.mark.fault("U15")
@pytest.mark.parametrize(("items", "options"), KEYED)
def test_one_key_for_several_requests_is_refused_before_the_first_is_queued(items, options):
    async def script(pool, sim):
        with pytest.raises(mj.KeyReused, match="two requests of one batch"):
            pool.batch(items, **options)
        assert pool.jobs == ()

    assert not tell("ttapi", script).ledger.requests


def test_one_key_for_one_request_is_one_job():
    async def script(pool, sim):
        first = pool.batch([{"prompt": "a bird", "key": "k"}])
        again = pool.batch([{"prompt": "a bird", "key": "k"}, "a fish"])
        assert again.jobs[0] is first.jobs[0]
        assert [outcome.ok for outcome in await again] == [True, True]
        with pytest.raises(mj.KeyReused, match=first.jobs[0].id):
            pool.batch(["a", {"prompt": "a whale", "key": "k"}])
        assert len(pool.jobs) == 2

    assert tell("ttapi", script, speed=10).ledger.charged == 2


def test_items_bring_pictures_of_their_own(tmp_path):
    path = tmp_path / "blue.png"
    path.write_bytes(BLUE)

    async def story():
        sim = Sim(speed=10)
        account, ear = listened(sim.mjproxy())
        async with mj.Pool(account) as pool:
            batch = pool.batch(
                [{"prompt": "a", "images": [RED]}, {"prompt": "b {c, d}", "images": [path, URL]}, "e"],
                bot_type="MID_JOURNEY",
            )
            assert all(outcome.ok for outcome in await batch)
        sent = sorted((request.body for request in ear.to("submit/imagine")), key=len)
        assert [body.count(b"data:image/png;base64,") for body in sent] == [0, 1, 1, 1]
        assert sum(URL.encode() in body for body in sent) == 2
        assert sim.ledger.violations == []

    run(story())


def test_a_bad_picture_names_its_item():
    async def script(pool, sim):
        with pytest.raises(mj.ConfigError, match=r"Item 1 of the batch: The image 2 is not a PNG"):
            pool.batch([{"prompt": "a", "images": [RED]}, {"prompt": "b", "images": [RED, b"nonsense"]}])
        assert pool.jobs == ()

    assert not tell("mjproxy", script).ledger.requests


def test_a_key_holds_the_pictures_too(tmp_path):
    path = tmp_path / "it.png"
    path.write_bytes(RED)

    async def script(pool, sim):
        job = pool.blend([RED, BLUE], key="k")
        assert pool.blend([bytes(RED), bytearray(BLUE)], key="k") is job
        for images in ([BLUE, RED], [RED, RED], [RED, BLUE, BLUE], [path, BLUE]):
            with pytest.raises(mj.KeyReused, match=job.id):
                pool.blend(images, key="k")
        described = pool.describe(path, key="d")
        assert pool.describe(str(path), key="d") is described
        with pytest.raises(mj.KeyReused):
            pool.describe(BLUE, key="d")
        with pytest.raises(mj.KeyReused):
            pool.blend([RED, BLUE], dimensions="portrait", key="k")
        await job

    assert tell("mjproxy", script, speed=10).ledger.charged == 2


def test_a_key_holds_a_mask_too():
    async def script(pool, sim):
        single = await pool.imagine("a cat").upscale(1)
        one, other = (mj.draw_mask((512, 512), rectangles=[(corner, corner, 64, 64)]) for corner in (0, 100))
        job = single.vary_region(one, "a hat", key="k")
        assert single.vary_region(one, "a hat", key="k") is job
        for mask, prompt in ((other, "a hat"), (one, "a scarf"), (one, None)):
            with pytest.raises(mj.KeyReused):
                single.vary_region(mask, prompt, key="k")
        await job

    assert tell("mjproxy", script, speed=10).ledger.charged == 3
