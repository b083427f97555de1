"""Retry-After on every path: a floor up to 300 s, and nothing where it makes no sense."""

import pytest

import mjasync as mj
from mjasync.testing import Sim, run
from tests.journeys.weather import once, page, under

#: What servers write, with their own clock where it matters, and the seconds that have to be waited at least.
FORMS = [
    pytest.param({"retry-after": "0"}, 0, id="0"),
    pytest.param({"retry-after": "5"}, 5, id="5"),
    pytest.param({"retry-after": " 12 "}, 12, id="blanks"),
    pytest.param({"retry-after": "300"}, 300, id="300"),
    pytest.param({"retry-after": "86400"}, 300, id="a day"),
    pytest.param({"retry-after": "1000000000"}, 300, id="30 years"),
    pytest.param({"retry-after": "1" + "0" * 20}, 300, id="10^20"),
    pytest.param({"retry-after": "9" * 5000}, 300, id="5000 digits"),
    pytest.param({"retry-after": "-5"}, 0, id="-5"),
    pytest.param({"retry-after": "1e9"}, 0, id="1e9"),
    pytest.param({"retry-after": "12.5"}, 12.5, id="12.5"),
    pytest.param({"retry-after": "soon"}, 0, id="garbage"),
    pytest.param({"retry-after": ""}, 0, id="empty"),
    pytest.param(
        {"date": "Sun, 06 Nov 1994 08:49:37 GMT", "retry-after": "Sun, 06 Nov 1994 08:50:17 GMT"},
        40,
        id="a date 40 s ahead of a clock that is decades behind",
    ),
    pytest.param(
        {"date": "Wed, 06 Nov 2999 08:49:37 GMT", "retry-after": "Wed, 06 Nov 2999 08:50:17 GMT"},
        40,
        id="a date 40 s ahead of a clock that is centuries ahead",
    ),
    pytest.param(
        {"date": "Sun, 06 Nov 1994 08:49:37 GMT", "retry-after": "Mon, 07 Nov 1994 08:49:37 GMT"},
        300,
        id="a date a day ahead",
    ),
    pytest.param(
        {"date": "Sun, 06 Nov 1994 08:49:37 GMT", "retry-after": "Sat, 05 Nov 1994 08:49:37 GMT"}, 0, id="a date past"
    ),
    pytest.param({"retry-after": "Wed, 06 Nov 2999 08:49:37 GMT"}, 0, id="a date without a clock"),
    pytest.param(
        {"date": "Sun, 06 Nov 1994 08:49:37 GMT", "retry-after": "Sun, 99 Nov 1994 08:49:37 GMT"},
        0,
        id="an impossible date",
    ),
]
PROOF = 2  # the first free requests: is somebody there, and how many jobs does the account take


def gap(status, headers, wanted):
    """Seconds between the request that is wanted, and meets this answer, and the next one like it."""

    async def story():
        account, weather = under(Sim(seed=5).ttapi(), once(wanted, page(status, **headers)))
        async with mj.Pool(account) as pool:
            assert (await pool.imagine("a cat", mode="turbo", deadline=2000)).images
        (struck,) = [number for number, (_, _, met) in enumerate(weather.times) if met is not None]
        paid = not weather.times[struck][1].repeatable
        later = [now for now, request, _ in weather.times[struck + 1 :] if request.repeatable is not paid]
        return later[0] - weather.times[struck][0]

    return run(story(), debug=False)


@pytest.mark.fault("H14")
@pytest.mark.fault("H15")
@pytest.mark.parametrize(("headers", "floor"), FORMS)
def test_after_a_submit(headers, floor):
    waited = gap(429, headers, lambda request: not request.repeatable)

    assert floor <= waited <= floor + 1.1, "the first refusal in a row rests the account for a second at most"


@pytest.mark.fault("H14")
@pytest.mark.fault("H15")
@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(("headers", "floor"), FORMS)
def test_after_the_free_look_that_proves_a_route(headers, floor, status):
    waited = gap(status, headers, lambda request: request.repeatable)

    assert floor <= waited <= floor + 1.1


@pytest.mark.fault("H14")
@pytest.mark.fault("H15")
@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(("headers", "floor"), FORMS)
def test_after_a_look_at_a_job(headers, floor, status):
    free = []

    def wanted(request):
        free.extend([request] if request.repeatable else [])
        return len(free) > PROOF

    waited = gap(status, headers, wanted)

    assert floor <= waited <= floor + 2.1, "never undercut, and two seconds of our own at most"
