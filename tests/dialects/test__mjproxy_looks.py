"""One look at several tasks: a bare list in any order, with gaps and doubles."""

import json
from time import process_time

import pytest

from mjasync.core.answers import Absent, Trouble
from mjasync.core.model import Snapshot, Status
from mjasync.dialects._mjproxy_looks import ListByCondition
from tests.dialects.cases import answer, body_of
from tests.dialects.mjproxy_cases import BASE, coded, relayed, sample

MANY = ListByCondition()


def task(remote_id, status="IN_PROGRESS", **more):
    return {"id": remote_id, "status": status, **more}


def test_ids_are_asked_for_as_text_and_in_one_free_request():
    request = MANY.write(BASE, ("1", "02"))

    assert ("POST", f"{BASE}/mj/task/list-by-condition", {"ids": ["1", "02"]}, True) == (
        request.method,
        request.url,
        body_of(request),
        request.repeatable,
    )
    assert 50 == MANY.most, "contracts_mjproxy §11: chunks of 50 to 100"


@pytest.mark.parametrize(
    ("body", "statuses"),
    [
        pytest.param(
            [task("2"), task("1", "SUCCESS")],
            {"1": Status.DONE, "2": Status.RUNNING},
            id="contracts_mjproxy §11 response: order unspecified",
        ),
        pytest.param([task("1")], {"1": Status.RUNNING}, id="contracts_mjproxy §11 response: missing ids are left out"),
        pytest.param([], {}, id="contracts_mjproxy §11 response: []"),
        pytest.param(
            [task("1", "SUCCESS"), task("1", "MODAL")],
            {"1": Status.DONE},
            id="contracts_mjproxy §8 trap duplicates: the one that has ended",
        ),
        pytest.param(
            [task("1", "MODAL"), task("1", progress="5%")],
            {"1": Status.RUNNING},
            id="contracts_mjproxy §11 duplicates: the one that is further",
        ),
        pytest.param(
            ["x", None, {}, coded(4, "x"), {"status": "SUCCESS"}, task(None), task("3"), relayed("x")],
            {"3": Status.RUNNING},
            id="what is no task is passed over",
        ),
        pytest.param([task(1320098173412546)], {"1320098173412546": Status.RUNNING}, id="an id as a number"),
    ],
)
def test_what_a_list_shows(body, statuses):
    found = MANY.read(answer(200, body), {})

    assert statuses == {remote_id: seen.status for remote_id, seen in found.items()}


def test_of_two_the_further_progress_counts():
    for progress in (["5%", "31%"], ["31%", "5%"]):
        found = MANY.read(answer(200, [task("1", progress=each) for each in progress]), {})

        assert Snapshot(status=Status.RUNNING, progress=31) == found["1"]


def test_a_tasks_kind_says_how_it_is_read():
    body = [task(name, "SUCCESS", promptEn="1️⃣ a cat") for name in ("1", "2")] + [sample("fetch_success")]
    found = MANY.read(answer(200, body), {"1": "describe", "2": "imagine"})

    assert [("a cat",), (), ()] == [seen.texts for seen in found.values()]


@pytest.mark.parametrize(
    ("status", "body"),
    [
        pytest.param(404, b"404", id="contracts_mjproxy §11 fallback: 404"),
        pytest.param(404, coded(3, "x"), id="contracts_mjproxy §11 fallback: 404 with any JSON"),
        pytest.param(405, b"", id="contracts_mjproxy §11 fallback: 405"),
        pytest.param(501, b"", id="contracts_mjproxy §11 fallback: 501"),
        pytest.param(200, b"<html>console", id="contracts_mjproxy §11 fallback: 200 HTML"),
    ],
)
def test_a_server_without_it(status, body):
    assert isinstance(MANY.read(answer(status, body), {}), Absent)


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        pytest.param(400, coded(4, "do_request_failed"), "ProtocolError", id="contracts_mjproxy §11 bad body"),
        pytest.param(200, {"status": "SUCCESS"}, "ProtocolError", id="no list"),
        pytest.param(200, b"null", "ProtocolError", id="null"),
        pytest.param(403, relayed("token may not use model"), "AuthError", id="contracts_mjproxy §2 403 on lists"),
        pytest.param(502, b"<html>", "Unreachable", id="502"),
    ],
)
def test_a_bad_moment(status, body, kind):
    trouble = MANY.read(answer(status, body), {})

    assert isinstance(trouble, Trouble)
    assert kind == trouble.failure.kind


def test_a_long_list_is_read_to_a_bound():
    body = json.dumps([task(str(n)) for n in range(20_000)]).encode()
    begun = process_time()

    assert 500 == len(MANY.read(answer(200, body), {}))
    assert process_time() - begun < 3.0
