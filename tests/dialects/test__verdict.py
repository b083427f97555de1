"""Answers become decisions by a table: the first row that fits speaks, and what no row knows is unclear."""

from time import process_time

import pytest

from mjasync.core.answers import Busy, Refused, Unclear
from mjasync.core.wire import HttpResponse
from mjasync.dialects._verdict import UNKNOWN, Row, Said, Verdict, decided, failure_of, judge, refusal

RESPONSE = HttpResponse(status=400, body=b"<html>\n no")
R = Verdict.REFUSED


@pytest.mark.parametrize(
    ("conditions", "fits"),
    [
        ({}, True),
        ({"status": {400}}, True),
        ({"status": {401}}, False),
        ({"status": range(400, 500)}, True),
        ({"code": {"4"}}, True),
        ({"code": {"5"}}, False),
        ({"shaped": True}, True),
        ({"shaped": False}, False),
        ({"relayed": False}, True),
        ({"relayed": True}, False),
        ({"says": "QUEUE (is )?FULL"}, True),
        ({"says": "empty"}, False),
        ({"status": {400}, "code": {"4"}, "says": "full", "shaped": True}, True),
    ],
)
def test_every_condition_has_to_hold(conditions, fits):
    said = Said(status=400, code="4", words="the queue is full", shaped=True)

    assert fits is Row(verdict=R, **conditions).fits(said)


def test_the_first_row_that_fits_speaks():
    first, second = Row(verdict=R, status={400}), Row(verdict=R)

    assert first is judge((first, second), Said(status=400))
    assert second is judge((first, second), Said(status=401))
    assert UNKNOWN is judge((first,), Said(status=500))
    assert (Verdict.UNCLEAR, "SubmitOutcomeUnknown") == (UNKNOWN.verdict, UNKNOWN.kind)


def test_a_verdict_becomes_an_answer():
    said = Said(status=400, words="no")
    refused = decided(Row(verdict=R, kind="AuthError", account=True), said, RESPONSE, "P", 9.0)
    busy = decided(Row(verdict=Verdict.BUSY), said, RESPONSE, "P", 9.0)
    unclear = decided(UNKNOWN, said, RESPONSE, "P", 9.0)

    assert isinstance(refused, Refused)
    assert (True, "no", False) == (refused.account, refused.failure.charged, refused.failure.retryable)
    assert isinstance(busy, Busy)
    assert (9.0, False, "no", True) == (
        busy.retry_after,
        busy.account,
        busy.failure.charged,
        busy.failure.retryable,
    )
    assert isinstance(unclear, Unclear)
    assert ("unknown", False) == (unclear.failure.charged, unclear.failure.retryable)


def test_a_failure_says_what_why_and_what_to_do():
    said = Said(status=400, code="24", words=" may contain\x00 x ", culprit="x", request_id="req-1")
    failure = failure_of(
        Row(verdict=R, kind="PromptRejected", hint="change it", retryable=True), said, RESPONSE, "P", charged="yes"
    )

    assert "P rejected the prompt (HTTP 400, code 24)." == failure.what
    assert "it said: may contain  x" == failure.why
    assert ("change it", "yes", True, 400, "24", "x", "req-1") == (
        failure.hint,
        failure.charged,
        failure.retryable,
        failure.status,
        failure.code,
        failure.word,
        failure.request_id,
    )


def test_a_word_that_is_no_code_is_not_shown_as_one():
    failure = failure_of(Row(verdict=R), Said(status=401, code="FAILED", words="no"), RESPONSE, "P", charged="no")

    assert ("P refused the request (HTTP 401).", None) == (failure.what, failure.code)


def test_a_failure_without_words_shows_the_bodys_start():
    failure = failure_of(Row(verdict=R), Said(status=400), RESPONSE, "P", charged="no")

    assert ("P refused the request (HTTP 400).", "the answer starts: <html>  no", "", None) == (
        failure.what,
        failure.why,
        failure.reason,
        failure.code,
    )


def test_at_most_200_characters_of_a_body_reach_a_text():
    failure = failure_of(UNKNOWN, Said(status=200, words="w" * 5000), RESPONSE, "P", charged="no")

    assert ("it said: " + "w" * 200, 500) == (failure.why, len(failure.reason))


def test_megabytes_of_words_are_judged_at_once():
    begun = process_time()
    row = Row(verdict=R, says=r"quota.*(exhaust|used up)|quota\w*\s*(is |are )?(not enough|insufficient)")

    assert UNKNOWN is judge((row,) * 20, Said(status=200, words="quota" * 400_000))
    assert process_time() - begun < 2.0


def test_a_refusal_is_the_first_row_that_fits_with_the_servers_own_wish():
    busy = Row(verdict=Verdict.BUSY, status={429}, account=True)
    response = HttpResponse(status=429, headers={"retry-after": "7"})
    answer = refusal((busy,), Said(status=429), response, "P")

    assert isinstance(answer, Busy)
    assert (7.0, True) == (answer.retry_after, answer.account)


@pytest.mark.parametrize(
    ("location", "host"),
    [
        ("https://login.example/next?token=secret", "login.example"),
        ("/other", "another path"),
        ("", "another path"),
        ("https://[bad", "nowhere"),
        ("https://a\x1b[2J.example/", "nowhere"),
    ],
)
def test_a_redirect_says_where_to_and_no_more(location, host):
    redirect = Row(verdict=R, kind="ConfigError", status=range(300, 400))
    refused = refusal((redirect,), Said(status=302), HttpResponse(status=302, headers={"location": location}), "P")

    assert refused.failure.why.startswith(f"it said: a redirect to {host}")
    assert refused.failure.why.isprintable()
    assert "secret" not in refused.failure.why


def test_a_row_may_be_about_one_kind_of_work():
    refused = decided(Row(verdict=R, route=True), Said(status=403), RESPONSE, "P")

    assert (False, True) == (refused.account, refused.route)


@pytest.mark.parametrize(
    ("culprit", "word"),
    [("gore", "gore"), ("go\x1b[31mre\n", "go [31mre"), ("x" * 5000, "x" * 100), ("\n\n", None), (None, None)],
)
def test_a_culprit_fits_on_a_line(culprit, word):
    said = Said(status=200, code="24", words="no", culprit=culprit)

    assert word == failure_of(Row(verdict=R), said, RESPONSE, "P", charged="no").word
