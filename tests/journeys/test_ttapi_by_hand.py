"""Answers of TTAPI that no page shows and some server gives: what becomes of the paid job."""

import json

import pytest

import mjasync as mj
from mjasync.core.wire import HttpResponse
from mjasync.testing import run
from tests.flow.stories import ended

ID, OTHER = "afa774a3-1aee-5aba-4510-14818d6875e4", "bbbbbbbb-1aee-5aba-4510-14818d6875e4"
PICTURE = "https://cdnb.ttapi.io/a.png"


def said(status, http=200, *, message="", data=None, **more):
    document = {"status": status, "message": message, "data": data, **more}
    return HttpResponse(status=http, body=json.dumps(document, ensure_ascii=False).encode())


UNKNOWN = said("FAILED", 400, message="job not found")


class ByHand:
    """A TTAPI made by hand: `answers` is called with the endpoint and the body of each request, beside the free ones."""

    def __init__(self, answers):
        self.answers, self.paid = answers, []

    async def send(self, request):
        name, body = request.url.rpartition("/")[2], json.loads(request.body or b"{}")
        if name not in ("fetch", "info"):
            self.paid.append((name, body))
        known = name == "fetch" and not body["jobId"].startswith("0000")
        return self.answers(name, body) if known or name not in ("fetch", "info") else UNKNOWN

    async def aclose(self):
        pass

    def pool(self):
        return mj.Pool(mj.TTAPI("key", transport=self))


def told(look):
    """How a job ends that every look finds so, and how many requests were paid."""
    server = ByHand(lambda name, _: look if name == "fetch" else said("SUCCESS", data={"jobId": ID}))

    async def story():
        async with server.pool() as pool:
            job = pool.imagine("a cat", deadline=200)
            return await ended(job) or job.result()

    return run(story()), len(server.paid)


def test_a_finished_job_whose_answer_has_a_cut_character_is_finished():
    whole = said("SUCCESS", data={"jobId": ID, "prompt": "ein Käfer", "cdnImage": PICTURE})

    result, paid = told(HttpResponse(status=200, body=whole.body.replace("ä".encode(), b"\xc3")))

    assert (PICTURE, "ein K\ufffdfer", 1) == (result.image, result.prompt, paid)


@pytest.mark.parametrize(
    ("remote_id", "error"), [(ID, mj.PromptRejected), (OTHER, mj.DeadlineExceeded)], ids=["its own", "another's"]
)
def test_a_failed_job_in_a_server_error_is_believed_of_itself_only(remote_id, error):
    job = {"jobId": remote_id, "action": "imagine", "prompt": "a cat"}

    failure, paid = told(said("FAILED", 500, message="[Banned prompt detected] cat", jobId=remote_id, data=job))

    assert (error, "unknown", 1) == (type(failure), failure.charged, paid)


@pytest.mark.parametrize(
    ("seed_id", "shown", "price"),
    [(OTHER, {"quota": 1}, 1.0), (OTHER, {}, None), (ID, {}, None)],
    ids=["its own price", "no price", "under the picture's id"],
)
def test_a_seed_told_with_its_picture_does_not_cost_the_pictures_price_again(seed_id, shown, price):
    asked = []

    def answers(name, body):
        asked.append(name)
        if name != "fetch":
            return said("SUCCESS", data={"jobId": seed_id if name == "seed" else ID})
        if body["jobId"] == OTHER:
            return said("SUCCESS", data={"jobId": OTHER, **shown})
        seed = "42" if "seed" in asked else ""
        return said("SUCCESS", data={"jobId": ID, "cdnImage": PICTURE, "quota": 3, "seed": seed})

    server = ByHand(answers)

    async def story():
        async with server.pool() as pool:
            cat = await pool.imagine("a cat")
            result = await cat.get_seed()
            return result.seed, result.quota, pool.ledger().total.spent

    assert ("42", price, 3.0 + (price or 0.0)) == run(story())
