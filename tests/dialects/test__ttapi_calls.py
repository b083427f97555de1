"""TTAPI's free questions: is this prompt allowed, what is left, which jobs are there."""

import pytest

from mjasync.core.answers import Absent, Trouble
from mjasync.core.model import Mode, Status, Ticket
from mjasync.core.reports import AccountInfo, ListedJob, PromptCheck
from mjasync.dialects._ttapi_calls import TTAPICalls
from tests.dialects.cases import answer, body_of
from tests.dialects.ttapi_cases import BASE, failed, sample

CALLS = TTAPICalls()
FINE = {"status": "SUCCESS", "message": "success"}
WANTED = {"page": 2, "limit": 50, "status": "SUCCESS", "order": "desc"}


def test_a_check_is_one_free_request():
    """contracts_ttapi §3 promptCheck."""
    (request,) = CALLS.write_check(BASE, "a 猫")

    assert ("POST", f"{BASE}/midjourney/v1/promptCheck", {"prompt": "a 猫"}) == (
        request.method,
        request.url,
        body_of(request),
    )
    assert ({"Content-Type": "application/json"}, True, 30.0) == (request.headers, request.repeatable, request.timeout)


@pytest.mark.parametrize(
    ("forms", "path", "query", "body"),
    [
        pytest.param(CALLS.write_info(BASE), "info", "", {}, id="contracts_ttapi §3 info"),
        pytest.param(
            CALLS.write_list(BASE, **WANTED),
            "fetch-list",
            "?page=2&limit=50&status=SUCCESS&order=desc",
            WANTED,
            id="contracts_ttapi §3 fetch-list",
        ),
    ],
)
def test_a_question_is_asked_by_get_and_then_by_post(forms, path, query, body):
    """contracts_ttapi §10 8."""
    get, post = forms

    assert ("GET", f"{BASE}/midjourney/v1/{path}{query}", None, {}) == (get.method, get.url, get.body, get.headers)
    assert ("POST", f"{BASE}/midjourney/v1/{path}", body) == (post.method, post.url, body_of(post))
    assert {(True, 60.0)} == {(form.repeatable, form.timeout) for form in forms}


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        pytest.param(200, sample("promptCheck_response"), PromptCheck(ok=True), id="contracts_ttapi §8.4 SUCCESS"),
        pytest.param(200, FINE, PromptCheck(ok=True), id="contracts_ttapi §8.4 SUCCESS: whatever data is"),
        *[
            pytest.param(
                status,
                failed(words),
                PromptCheck(ok=False, reason=words),
                id=f"contracts_ttapi §8.4 FAILED {status}: {words}",
            )
            for status in (200, 400)
            for words in ("banned prompt words: gore", "[Invalid parameter] --zz", "[Banned prompt detected]", "no")
        ],
        pytest.param(422, failed("no"), PromptCheck(ok=False, reason="no"), id="422"),
        pytest.param(
            200, failed("", data="banned: gore"), PromptCheck(ok=False, reason="banned: gore"), id="why, in data"
        ),
        pytest.param(200, failed("no\x1b[2J"), PromptCheck(ok=False, reason="no [2J"), id="no orders to a terminal"),
    ],
)
def test_a_checked_prompt(status, body, expected):
    assert expected == CALLS.read_check(answer(status, body))


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        pytest.param(
            401, {"status": "FAILED", "message": "Wrong TT-API-KEY"}, "AuthError", id="contracts_ttapi §8.4 401"
        ),
        pytest.param(400, failed("Wrong TT-API-KEY"), "AuthError", id="a key is no prompt"),
        pytest.param(400, failed("insufficient balance"), "QuotaExhausted", id="a quota, 400"),
        pytest.param(400, failed("[Internal error]"), "ProviderError", id="a fault of theirs"),
        pytest.param(400, failed("No available accounts"), "ProtocolError", id="nobody knows"),
        pytest.param(402, failed("balance"), "QuotaExhausted", id="contracts_ttapi §8.4 402"),
        pytest.param(401, failed("insufficient quota"), "QuotaExhausted", id="a quota"),
        pytest.param(403, failed("blocked"), "AuthError", id="contracts_ttapi §8.4 403"),
        pytest.param(429, failed("too frequent"), "Unreachable", id="contracts_ttapi §8.4 429"),
        *[
            pytest.param(status, failed("x"), "Unreachable", id=f"contracts_ttapi §8.4 5xx: {status}")
            for status in (500, 502, 503, 504)
        ],
        pytest.param(400, failed("queue is full"), "Unreachable", id="busy says nothing about the prompt"),
        pytest.param(200, {"status": "PENDING_QUEUE"}, "ProtocolError", id="neither yes nor no"),
        pytest.param(200, [], "ProtocolError", id="a list"),
        pytest.param(400, b"<html>", "ProtocolError", id="400 HTML"),
    ],
)
def test_no_word_about_the_prompt(status, body, kind):
    trouble = CALLS.read_check(answer(status, body))

    assert isinstance(trouble, Trouble)
    assert kind == trouble.failure.kind


@pytest.mark.parametrize(
    "read", [CALLS.read_check, lambda said: CALLS.read_info(said, "a"), lambda said: CALLS.read_list(said, "a")]
)
@pytest.mark.parametrize(
    "response",
    [answer(404, failed("x")), answer(404, b"404"), answer(405), answer(501), answer(302), answer(200, b"<html>")],
    ids=["404", "404 text", "405", "501", "302", "200 HTML"],
)
def test_a_question_that_is_not_routed(read, response):
    assert isinstance(read(response), Absent)


INFO = {"email": "a@b.example", "email_verified_at": "x", "created_at": "y"}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(
            {**INFO, "balance": 3000, "freeze_balance": 4, "max_queue": 5},
            AccountInfo(account="a", balance=3000.0, frozen=4.0, max_queue=5),
            id="contracts_ttapi §3 info: numbers",
        ),
        pytest.param(
            {"balance": "12.5", "freeze_balance": None, "max_queue": "10"},
            AccountInfo(account="a", balance=12.5, max_queue=10),
            id="contracts_ttapi §3 info: texts",
        ),
        pytest.param({"max_queue": 0, "balance": 0}, AccountInfo(account="a", balance=0.0), id="no queue is no cap"),
        pytest.param({"max_queue": "many"}, AccountInfo(account="a"), id="words"),
    ],
)
def test_what_an_account_says(data, expected):
    info = CALLS.read_info(answer(200, {**FINE, "data": data}), "a")

    assert (expected, data) == (info, info.raw)


@pytest.mark.parametrize("body", [failed("no"), {**FINE, "data": []}, {**FINE, "data": "x"}, FINE, []])
def test_no_word_about_the_account(body):
    assert isinstance(CALLS.read_info(answer(200, body), "a"), Trouble)


LISTED = {
    "job_id": "afa774a3-1aee",
    "model": "relax",
    "action": "imagine",
    "quota": 2,
    "status": 2,
    "progress": "100",
    "prompt": "a cat",
    "discord_image": "https://d/1.png",
    "cdn_image": "https://c/1.png",
}
JOB = ListedJob(
    ticket=Ticket("a", "afa774a3-1aee"),
    status=Status.DONE,
    action="imagine",
    mode=Mode.RELAX,
    prompt="a cat",
    quota=2.0,
    progress=100,
    images=("https://c/1.png", "https://d/1.png"),
)
BARE = ListedJob(ticket=Ticket("a", "x1"), status=None, action="")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param([LISTED], (JOB,), id="contracts_ttapi §3 fetch-list: snake_case"),
        *[pytest.param({name: [LISTED]}, (JOB,), id=f"inside {name}") for name in ("list", "rows", "items", "data")],
        pytest.param([{"jobId": "x1", "status": 7}], (BARE,), id="contracts_ttapi §3 fetch-list: an unknown number"),
        pytest.param(
            [{"jobId": "x1", "status": "on_queue", "mode": "turbo"}],
            (ListedJob(ticket=Ticket("a", "x1"), status=Status.RUNNING, action="", mode=Mode.TURBO),),
            id="words and mode",
        ),
        pytest.param([{"job_id": 1.5}, {"x": 1}, "x", None, {"job_id": "x1"}], (BARE,), id="rows without an id"),
        pytest.param([], (), id="contracts_ttapi §2 data list"),
        pytest.param(None, (), id="nothing"),
        pytest.param({"rows": []}, (), id="another shape"),
    ],
)
def test_a_list_of_jobs(data, expected):
    assert expected == CALLS.read_list(answer(200, {**FINE, "data": data}), "a")


def test_a_list_is_read_to_a_bound():
    assert 1000 == len(CALLS.read_list(answer(200, {**FINE, "data": [{"job_id": "x1"}] * 1500}), "a"))


@pytest.mark.parametrize(
    "body", [failed("no"), {"data": [LISTED]}, [], {**FINE, "data": {"x": 1}}, {**FINE, "data": "x"}]
)
def test_no_list(body):
    assert isinstance(CALLS.read_list(answer(200, body), "a"), Trouble)
