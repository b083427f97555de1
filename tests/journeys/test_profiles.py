"""What a user sees of each kind of server, by a chain from a prompt on."""

import pytest

import mjasync as mj
from mjasync.sim import PROFILES
from tests.flow.stories import ended, tell
from tests.journeys.verbs import MASK, RED

#: Profiles in which a chain looks like any other; what is special about them follows below.
PLAIN = {
    "ttapi": ["seed", "docs-2026", "get-fetch", "get-fetch-404", "same-seed-id", "dedupe", "post-info", "plain-texts"],
    "mjproxy": ["seed", "plus", "relay-15s", "modal-confirm", "modal-disguised", "modal-new-id", "modal-stays"],
}
PLAIN["ttapi"] += ["hosted", "drift"]
PLAIN["mjproxy"] += ["exists-21", "remix", "plain-texts", "drift"]
EVERYWHERE = [(provider, name) for provider, names in PLAIN.items() for name in names]


def seen(script, *, provider="mjproxy", **options):
    """Run it, and let the provider's books be checked: once paid is once accepted, nobody is told off."""
    sim = tell(provider, script, speed=options.pop("speed", 5), **options)
    assert sim.ledger.violations == []
    assert sim.ledger.charged == sim.ledger.accepted
    assert set(sim.ledger.windows.values()) <= {1}
    return sim.ledger


@pytest.mark.parametrize(("provider", "profile"), EVERYWHERE)
def test_a_chain_ends_well_and_without_a_warning(provider, profile):
    async def script(pool, sim):
        last = pool.imagine("a cat --ar 1:1", mode="turbo").upscale(2).vary_region(MASK, "a hat").upscale(1).zoom(1.5)
        result = await last
        assert [step.action for step in result.lineage] == [None, "upscale2", "vary_region", "upscale1", "zoom_1.5"]
        assert (result.warnings, result.mode, len(result.images) > 0) == ((), mj.Mode.TURBO, True)
        assert len((await pool.describe(RED)).texts) == 4
        assert {stats.held for stats in pool.stats().accounts.values()} == {0}

    assert seen(script, provider=provider, profile=profile).charged == 6


def test_every_profile_has_its_place_here():
    special = {"downgraded", "frozen-100", "slash-mode", "old-proxy"}

    assert set(PROFILES) == {*PLAIN["ttapi"], *PLAIN["mjproxy"], *special}


@pytest.mark.parametrize("profile", ["get-fetch", "get-fetch-404", "seed"])
def test_the_looks_verb_is_found_out_once(profile):
    async def script(pool, sim):
        await pool.imagine("a cat")
        assert pool.jobs[0].looks > 1

    ledger = seen(script, provider="ttapi", profile=profile)
    assert ledger.refusals.total() <= 3  # the proof by both verbs, and one more before a job was ever shown


def test_tiles_come_unasked_in_the_docs_of_2026():
    async def script(pool, sim):
        grid = await pool.imagine("a cat")
        assert (len(grid.tiles), isinstance(grid.quota, float), grid.size) == (4, True, (512, 512))

    seen(script, provider="ttapi", profile="docs-2026")


def test_a_hosted_account_names_no_buttons_and_takes_the_documented_ones():
    async def script(pool, sim):
        grid = await pool.imagine("a cat")
        assert (grid.actions, grid.tiles) == ((), ())
        assert (await grid.upscale(3)).images

    seen(script, provider="ttapi", profile="hosted")


@pytest.mark.fault("P07")
def test_a_seed_under_its_pictures_own_id_is_waited_for():
    async def script(pool, sim):
        single = await pool.imagine("a cat").upscale(1)
        job = single.get_seed()
        result = await job
        assert (result.seed.isdigit(), result.ticket) == (True, single.ticket)
        assert pool.job(str(single.ticket)).id == single.job_id
        assert (await single.get_seed()).seed == result.seed

    seen(script, provider="ttapi", profile="same-seed-id", speed=1)


@pytest.mark.fault("H11")
def test_an_action_that_ran_before_is_adopted():
    async def script(pool, sim):
        grid = await pool.imagine("a cat")
        first, again = await grid.upscale(1), await grid.upscale(1)
        assert first.ticket == again.ticket
        assert (first.warnings, again.quota, len(again.warnings)) == ((), 0, 1)
        assert pool.ledger().total.spent == grid.quota + first.quota, "one remote job is paid for once"

    assert seen(script, provider="ttapi", profile="dedupe").charged == 2


def test_account_questions_by_post():
    async def script(pool, sim):
        await pool.imagine("a cat")
        for _ in range(2):
            assert (await pool.account_info()).max_queue == 10
            (row,) = await pool.listed()
            assert row.ticket == pool.jobs[0].ticket

    assert seen(script, provider="ttapi", profile="post-info").violations == []


@pytest.mark.fault("P24")
def test_a_relays_table_lags_and_nothing_is_lost_over_it():
    async def script(pool, sim):
        single = await pool.imagine("a cat", mode="turbo").upscale(1)
        assert (await single.get_seed()).seed
        assert (await single.zoom(1.7)).prompt == "a cat --zoom 1.7"

    seen(script, profile="relay-15s", speed=1)


@pytest.mark.fault("P20")
def test_another_mode_than_asked_for_is_said(caplog):
    async def script(pool, sim):
        result = await pool.imagine("a cat", mode="turbo")
        assert result.mode is mj.Mode.RELAX
        assert result.warnings == ("asked for turbo, it ran in relax mode",)
        child = await result.upscale(1)
        assert child.warnings == result.warnings
        assert (await pool.imagine("a dog", mode="relax")).warnings == ()

    seen(script, profile="downgraded")
    assert caplog.text.count("asked for turbo, it ran in relax mode") == 2


@pytest.mark.fault("P25")
def test_a_picture_that_is_never_called_finished_is_believed_after_a_minute(caplog):
    async def script(pool, sim):
        result = await pool.imagine("a cat")
        assert "never called it finished" in result.warnings[0]
        assert 60 < result.seconds < 200
        assert isinstance(await ended(pool.jobs[0].upscale(1)), mj.ActionUnavailable)

    assert seen(script, profile="frozen-100", speed=1).charged == 1


def test_a_wrong_prefix_costs_nothing_and_names_both_forms(caplog):
    async def script(pool, sim):
        error = await ended(pool.imagine("a cat"))
        assert isinstance(error, mj.ConfigError)
        assert "'/mj-{mode}'" in str(error)
        assert "'/{mode}'" in str(error)
        assert (error.charged, pool.stats().accounts["mjproxy"].held) == ("no", 0)

    assert seen(script, profile="slash-mode").accepted == 0


def test_the_other_prefix_works():
    async def script(pool, sim):
        for mode in ("relax", "fast", "turbo"):
            assert (await pool.imagine("a cat", mode=mode).upscale(1)).images

    ledger = seen(script, profile="slash-mode", mode_path="/{mode}")
    assert [job.mode for job in ledger.jobs] == ["relax", "relax", "fast", "fast", "turbo", "turbo"]


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({}, mj.ConfigError, "plain servers mode_path=''"),
        ({"mode_path": ""}, mj.AuthError, "check the key"),
        ({"auth": "mj-api-secret"}, mj.ConfigError, "plain servers mode_path=''"),
    ],
)
def test_the_java_original_refuses_a_relays_settings(options, error, words, caplog):
    async def script(pool, sim):
        failed = await ended(pool.imagine("a cat"))
        assert isinstance(failed, error)
        assert failed.charged == "no"
        assert words in str(failed)

    assert tell("mjproxy", script, profile="old-proxy", **options).ledger.accepted == 0


def test_the_java_original_makes_pictures_and_texts_and_offers_no_buttons():
    async def script(pool, sim):
        grid = await pool.imagine("a cat")
        assert (grid.actions, len(grid.images)) == ((), 1)
        assert isinstance(await ended(pool.jobs[0].upscale(1)), mj.ActionUnavailable)
        described = await pool.describe(RED)
        assert (await described.imagine(4)).images
        assert (await pool.blend([RED, RED])).images
        seen_again = await pool.look(*(job.ticket for job in pool.jobs if job.ticket))
        assert [each.status for each in seen_again] == ["done"] * 4

    assert seen(script, profile="old-proxy", mode_path="", auth="mj-api-secret").charged == 4


def test_texts_without_numbers_are_told_apart():
    async def script(pool, sim):
        described = await pool.describe(RED)
        assert len(described.texts) == 4
        assert not any(text[0].isdigit() for text in described.texts)

    for provider in ("ttapi", "mjproxy"):
        seen(script, provider=provider, profile="plain-texts")


def test_a_shorten_that_answers_in_its_description():
    async def script(pool, sim):
        shortened = await pool.shorten("a very big and old black cat")
        assert len(shortened.texts) == 5

    seen(script, profile="plain-texts")
