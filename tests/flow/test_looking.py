"""What a user may say about looking."""

import math

import pytest

import mjasync as mj
from mjasync.core.looking import EPS
from mjasync.flow.looking import Looking
from mjasync.testing import Sim, run


def test_the_defaults():
    said = Looking()

    assert (said.eps, said.rate, said.learned) == (EPS, None, None)


@pytest.mark.parametrize("eps", [0.001, 0.02, 1, 1.0])
@pytest.mark.parametrize("rate", [None, 0.05, 3, 1000.0])
def test_what_is_possible(eps, rate):
    assert (Looking(eps=eps, rate=rate).eps, Looking(eps=eps, rate=rate).rate) == (eps, rate)


@pytest.mark.parametrize(
    ("said", "range_"),
    [
        *(({"eps": value}, "0.001 to 1") for value in (0, 0.0009, 1.1, -1, math.nan, math.inf, True, "0.02", None)),
        *(({"rate": value}, "0.05 to 1000 looks a second") for value in (0, 0.01, 1001, math.nan, True, "1", [])),
    ],
    ids=str,
)
def test_what_is_not(said, range_):
    ((name, value),) = said.items()
    with pytest.raises(mj.ConfigError) as caught:
        Looking(**said)

    assert f"Looking({name}={value!r})" in str(caught.value)
    assert range_ in str(caught.value)


@pytest.mark.parametrize("learned", [[], "{}", 3, True])
def test_what_was_learned_is_a_table(learned):
    with pytest.raises(mj.ConfigError, match="learned"):
        Looking(learned=learned)


def test_a_text_without_end_is_not_repeated():
    with pytest.raises(mj.ConfigError) as caught:
        Looking(learned="x" * 10_000)

    assert len(str(caught.value)) < 300


def test_what_was_learned_is_not_shown():
    assert "secret" not in repr(Looking(learned={"secret": 1}))


def test_a_smaller_share_is_sooner_for_more_looks():
    """Of forty jobs, one after the other: mean looks, and mean seconds until the end was seen."""

    def lived(eps):
        late = []

        async def story():
            sim = Sim()
            async with mj.Pool(sim.ttapi(), looking=Looking(eps=eps)) as pool:
                for n in range(40):
                    result = await pool.imagine(f"cat {n}")
                    entry = sim.ledger.jobs[-1]
                    late.append(result.seconds - (entry.finished_at - entry.accepted_at))
            return sim

        sim = run(story())
        return sum(sim.ledger.looks.values()) / 40, sum(late) / 40

    often, seldom = lived(0.01), lived(0.1)

    assert often[0] > 1.5 * seldom[0]
    assert often[1] < 0.5 * seldom[1]
