from math import inf

import pytest

from mjasync.sim.jobs import Account, Job, Order, Phase

ACCOUNT = Account(provider="ttapi", name="ttapi", key="secret-key")


def job(**facts):
    order = Order(kind=facts.pop("kind", "imagine"), prompt="a cat", mode="fast")
    known = {"account": ACCOUNT, "ordinal": 1, "id": "x", "hash": "h", "order": order, "accepted_at": 0.0}
    return Job(**{**known, "started_at": 10.0, "finished_at": 80.0, **facts})


@pytest.mark.parametrize(
    ("now", "phase", "progress"),
    [
        (0, Phase.QUEUED, 0),
        (9.9, Phase.QUEUED, 0),
        (10, Phase.RUNNING, 0),
        (20, Phase.RUNNING, 15),
        (79.9, Phase.RUNNING, 93),
        (80, Phase.DONE, 100),
    ],
)
def test_where_a_job_stands_follows_from_the_moment(now, phase, progress):
    assert (job().phase(now), job().progress(now)) == (phase, progress)


def test_a_failed_and_a_stuck_one():
    assert job(failure="no").phase(80) is Phase.FAILED
    stuck = job(finished_at=inf)
    assert (stuck.phase(1e9), stuck.progress(1e9), stuck.progress(5)) == (Phase.RUNNING, 46, 0)


def test_one_without_any_duration():
    at_once = job(started_at=5.0, finished_at=5.0)
    assert (at_once.progress(4), at_once.progress(5)) == (0, 100)


def test_it_offers_nothing_before_it_is_done():
    assert job().offers(79) == ()
    assert len(job().offers(80)) == 9
    assert job(failure="no").offers(80) == ()


def test_it_can_vanish():
    gone = job(vanished_at=20.0)
    assert (gone.visible(19.9), gone.visible(20)) == (True, False)


def test_no_repr_holds_the_key():
    assert "secret-key" not in repr(ACCOUNT) + repr(job())


def test_a_window_waits_for_ever():
    window = job(window=True)
    assert (window.phase(1e9), window.offers(1e9)) == (Phase.WINDOW, ())


def test_the_seed_of_a_picture_is_a_decimal_text_that_stays():
    assert job().seed == job().seed
    assert job().seed != job(hash="other").seed
    assert 0 <= int(job().seed) < 2**32
