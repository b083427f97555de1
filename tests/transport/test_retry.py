"""Repeating what may be repeated, on a clock that jumps."""

import asyncio
import importlib.util
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mjasync
from mjasync.core import patience
from mjasync.core.wire import HttpRequest, HttpResponse, NoAnswer, NotSent
from mjasync.transport import retry
from mjasync.transport.bucket import Bucket
from mjasync.transport.retry import LONGEST, PASSING, TRIES, patiently

SETTINGS = settings(derandomize=True, deadline=None, database=None, max_examples=60)

# By its path: the clock alone, without the simulator beside it.
_spec = importlib.util.spec_from_file_location("_clock", Path(mjasync.__file__).parent / "testing" / "clock.py")
_clock = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_clock)
run = _clock.run

LOOK = HttpRequest(method="GET", url="https://h/", repeatable=True)
SUBMIT = HttpRequest(method="POST", url="https://h/")


def story(script, request=LOOK, seed=1, bucket=None, **more):
    """Play a script of statuses, responses and faults; the end and the times of all sends."""
    times, bucket = [], bucket or Bucket()

    async def send(sent):
        assert sent is request
        times.append(asyncio.get_running_loop().time())
        step = script[min(len(times), len(script)) - 1]
        if isinstance(step, Exception):
            raise step
        return step if isinstance(step, HttpResponse) else HttpResponse(status=step)

    async def main():
        try:
            return await patiently(send, request, rng=Random(seed), bucket=bucket, **more)
        except (NotSent, NoAnswer) as fault:
            return fault

    return run(main()), times


def gaps(times):
    return [later - sooner for sooner, later in pairwise(times)]


@pytest.mark.parametrize("status", [200, 204, 302, 400, 401, 404, 405, 499, 501])
def test_an_answer_that_will_not_pass_is_returned_at_once(status):
    response, times = story([status])

    assert (status, [0.0]) == (response.status, times)


@pytest.mark.parametrize("status", sorted(PASSING))
def test_a_passing_refusal_is_asked_again(status):
    response, times = story([status, status, 200])

    assert (200, 3) == (response.status, len(times))


@pytest.mark.fault("N08")
def test_a_fault_is_asked_again():
    response, times = story([NotSent("a"), NoAnswer("b"), 200])

    assert (200, 3) == (response.status, len(times))


@pytest.mark.fault("H16")
@pytest.mark.parametrize("step", [503, NoAnswer("x"), NotSent("x")])
def test_what_may_be_charged_passes_once_whatever_happens(step):
    end, times = story([step], SUBMIT, tries=9)

    assert [0.0] == times
    assert end is step or step == end.status


def test_tries_are_bounded_and_the_last_word_is_told():
    response, times = story([500, 502, 503, 504, 200])
    assert (504, TRIES) == (response.status, len(times))

    last = NoAnswer("last")
    fault, times = story([NotSent("first"), NoAnswer("second"), last], tries=3)
    assert fault is last
    assert 3 == len(times)


@SETTINGS
@given(st.integers(0, 10**6))
def test_waits_grow_and_are_jittered_between_half_and_whole(seed):
    _, times = story([500], seed=seed, tries=7)

    for gap, step in zip(gaps(times), [0.5, 1, 2, 4, 8, 8], strict=True):
        assert step / 2 - 1e-6 <= gap <= step + 1e-6


@pytest.mark.fault("H14")
@SETTINGS
@given(st.integers(0, 10**6), st.integers(0, int(LONGEST)))
def test_retry_after_is_never_undercut(seed, seconds):
    busy = HttpResponse(status=429, headers={"retry-after": str(seconds)})
    _, times = story([busy, busy, 200], seed=seed)

    assert all(seconds < gap <= seconds + 1 + 1e-6 for gap in gaps(times))


def test_a_longer_wish_is_passed_on_to_whoever_asked():
    busy = HttpResponse(status=429, headers={"retry-after": "9"})
    response, times = story([busy, 200])

    assert response is busy
    assert 1 == len(times)


@pytest.mark.fault("H15")
def test_a_date_is_honoured_too():
    headers = {"date": "Sun, 06 Nov 1994 08:49:37 GMT", "retry-after": "Sun, 06 Nov 1994 08:49:42 GMT"}
    _, times = story([HttpResponse(status=503, headers=headers), 200])

    assert 5.25 <= times[1] <= 5.5


@pytest.mark.fault("H14")
@pytest.mark.parametrize("value", ["-5", "garbage", "", "Sun, 06 Nov 1994 08:50:07 GMT"])
def test_nonsense_is_ignored(value):
    _, times = story([HttpResponse(status=503, headers={"retry-after": value}), 200])

    assert 0.25 <= times[1] <= 0.5


def test_the_same_dice_give_the_same_waits():
    assert story([500], seed=7)[1] == story([500], seed=7)[1]


@pytest.mark.fault("H22")
def test_a_retry_after_on_a_good_answer_is_no_reason_to_wait():
    response, times = story([HttpResponse(status=200, headers={"retry-after": "9"})])

    assert ([0.0], 200) == (times, response.status), "reliability H22"


def test_other_errors_pass_through():
    async def send(_request):
        raise RuntimeError("a bug")

    with pytest.raises(RuntimeError):
        run(patiently(send, LOOK, rng=Random(1), bucket=Bucket()))


def spent(script, **more):
    bucket = Bucket()
    story(script, bucket=bucket, **more)
    return patience.RETRY_TOKENS - bucket.tokens


@pytest.mark.parametrize(
    ("script", "cost"),
    [
        ([200], 0),
        ([404], 0),
        ([503, 200], patience.RETRY_COST - patience.RETRY_EARNED),
        ([NotSent("refused"), 429, 401], 2 * patience.RETRY_COST - patience.RETRY_EARNED),
        ([500], 3 * patience.RETRY_COST),
        ([504, 200], patience.TIMEOUT_COST - patience.RETRY_EARNED),
        ([408, 522, 524, 504], 3 * patience.TIMEOUT_COST),
        ([HttpResponse(status=429, headers={"retry-after": "60"})], 0),
    ],
)
def test_a_try_again_is_paid_for_and_an_answer_brings_a_little_back(script, cost):
    assert cost == spent(script)


def test_a_paid_request_neither_spends_nor_waits_for_the_bucket():
    assert 0 == spent([503], request=SUBMIT)


@pytest.mark.fault("H18")
@pytest.mark.parametrize("step", [503, NoAnswer("reset"), NotSent("refused")])
def test_an_account_whose_bucket_is_empty_is_asked_once(step):
    bucket = Bucket()
    for _ in range(4):
        story([500], bucket=bucket)
    assert patience.RETRY_COST > bucket.tokens
    end, times = story([step], bucket=bucket)

    assert [0.0] == times
    assert end is step or step == end.status


@pytest.mark.parametrize(("seconds", "cost"), [(9.9, patience.RETRY_COST), (20.0, patience.TIMEOUT_COST)])
@pytest.mark.parametrize("ends", ["fault", "answer"])
def test_what_took_long_to_fail_costs_as_a_time_out(seconds, cost, ends):
    bucket, asked = Bucket(), []

    async def send(request):
        asked.append(request)
        if len(asked) > 1:
            return HttpResponse(status=200)
        await asyncio.sleep(seconds)
        if ends == "answer":
            return HttpResponse(status=502)
        raise NoAnswer("timed out")

    assert 200 == run(patiently(send, LOOK, rng=Random(1), bucket=bucket)).status
    assert cost - patience.RETRY_EARNED == patience.RETRY_TOKENS - bucket.tokens


def test_waits_are_backoffs():
    waits = retry._waits()

    assert [0.5, 1.0, 2.0, 4.0, 8, 8] == [next(waits) for _ in range(6)]
