import pytest

from mjasync.sim.replies import Refusal
from mjasync.sim.ttapi.refusals import invalid, queue_full, refuse, rejected, unknown_job, without_id


@pytest.mark.parametrize(
    ("refusal", "status", "body"),
    [
        (queue_full(), 499, {"status": "FAILED", "message": queue_full().text, "data": None}),
        (rejected(), 400, {"status": "FAILED", "message": "[Banned prompt detected]", "data": None}),
        (invalid("mode", "mode 5"), 400, {"status": "FAILED", "message": "[Invalid parameter] mode", "data": None}),
        (unknown_job("x"), 400, {"status": "FAILED", "message": "job [x] does not exist", "data": None}),
        (Refusal("bad_key", "no", status=401), 401, {"status": "FAILED", "message": "no"}),
    ],
)
def test_every_no_has_one_envelope(stage, opened, refusal, status, body):
    reply = opened(refuse(stage.world, "imagine", refusal))
    assert (reply.status, reply.json) == (status, body)
    assert stage.ledger.refusals == {refusal.reason: 1}
    assert stage.violations() == ([refusal.violation] if refusal.violation else [])


def test_a_page_instead(stage, opened):
    reply = opened(refuse(stage.world, "fetch", Refusal("no_route", "404", status=404, shown="page")))
    assert (reply.status, b"<html>" in reply.body) == (404, True)


def test_a_scripted_no_has_its_own_word_in_the_books():
    assert rejected(reason="insufficient quota", status=402).reason == "rejected"
    assert rejected().reason == "banned"


def test_a_success_without_its_id():
    assert without_id({"status": "SUCCESS", "data": {"jobId": "x"}}) == {"status": "SUCCESS", "data": {}}
