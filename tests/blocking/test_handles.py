"""Jobs, results and batches without `await`."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image

import mjasync as mj
from mjasync.blocking import SyncJob, SyncResult
from mjasync.testing import Sim
from tests.blocking.worlds import opened


def test_a_chain_brings_a_picture_that_can_be_saved(tmp_path):
    with opened() as pool:
        job = pool.imagine("a cat").upscale(2)
        assert isinstance(job, SyncJob)
        assert not job.done()
        result = job.result()
        assert isinstance(result, SyncResult)
        path = result.save(tmp_path / "cat")
        again = result.vary("subtle").result()

    with Image.open(path) as picture:
        assert picture.size == result.size
    assert ["upscale2", "vary_subtle"] == [step.action for step in again.lineage[1:]]
    assert ("a cat", "upscale2", mj.Phase.DONE) == (job.parent.prompt, job.action, job.phase)
    assert None is job.parent.parent
    assert job.parent == pool.jobs[0]


def test_tiles_can_be_saved(tmp_path):
    with opened() as pool:
        paths = pool.imagine("a cat", account="ttapi").result().save_tiles(tmp_path)

    assert 4 == len({path.read_bytes() for path in paths})


def test_texts_bring_pictures():
    with opened() as pool:
        described = pool.describe(Image.new("RGB", (64, 64), "teal"))
        assert 4 == len(described.result().texts)
        assert described.imagine(2).result().image


def test_a_failure_keeps_its_type():
    with opened() as pool:
        job = pool.imagine("gore", account="ttapi")
        with pytest.raises(mj.PromptRejected) as caught:
            job.result()
        assert caught.value is job.exception()
        assert "no" == caught.value.charged
        assert None is pool.imagine("a cat").exception()
        assert "result" in [entry.name for entry in caught.traceback]


@pytest.mark.parametrize("wait", ["result", "exception"])
def test_a_timeout_harms_no_job(wait):
    sim = Sim(seed=1)
    with opened(sim) as pool:
        job = pool.imagine("a cat", mode="relax")
        with pytest.raises(TimeoutError, match=r"imagine relax .* goes on; it was not done within 0 s"):
            getattr(job, wait)(timeout=0)
        assert job.result(timeout=60).image
    assert 1 == sim.ledger.charged


def test_a_deadline_is_the_jobs_own_error():
    with opened() as pool:
        job = pool.imagine("a cat", mode="relax", deadline=20)
        with pytest.raises(mj.DeadlineExceeded):
            job.result(timeout=60)
        assert None is job.late
        while job.phase is not mj.Phase.DONE:  # time goes on while others work
            pool.imagine("a dog", mode="relax").result()
    assert job.late.image


def test_a_job_can_be_given_up():
    with opened(Sim(seed=1, caps={"ttapi": 1})) as pool:
        jobs = [pool.imagine(f"cat {n}", account="ttapi") for n in range(12)]
        assert mj.Withdrawn() == jobs[-1].cancel()
        assert jobs[-1].cancelled()
        with pytest.raises(mj.JobCancelled):
            jobs[-1].result()
        assert "ttapi" == jobs[0].accepted().account
        assert jobs[0].ticket == jobs[0].accepted()


def test_watching_is_a_loop():
    with opened() as pool:
        events = list(pool.imagine("a cat").watch())

    assert mj.Phase.DONE is events[-1].phase
    assert any(event.progress for event in events)


def test_a_batch_is_a_loop():
    with opened() as pool:
        batch = pool.batch("a {red, blue, gore} bird", then=lambda job: [job.upscale(1), job.upscale(2)])
        assert 3 == len(batch)
        assert "a blue bird" == batch.jobs[1].prompt
        outcomes = {outcome.prompt: outcome for outcome in batch}

    assert [0, 1, 2] == sorted(outcome.index for outcome in outcomes.values())
    red, gore = outcomes["a red bird"], outcomes["a gore bird"]
    assert red.ok
    assert ["upscale1", "upscale2"] == [value.lineage[-1].action for value in red.value]
    assert (False, None) == (gore.ok, gore.value)
    assert isinstance(gore.error, mj.MJError)
    assert "a gore bird" == gore.job.prompt


def test_a_batch_can_be_had_in_order():
    with opened() as pool:
        outcomes = pool.batch(["a cat", "a dog"]).result()
        with pytest.raises(mj.BatchError) as caught:
            pool.batch(["a cat", "gore"], errors="raise").result()

    assert ["a cat", "a dog"] == [outcome.prompt for outcome in outcomes]
    assert outcomes[0].value.image
    assert 1 == len(caught.value.ok)


def test_leaving_a_batch_withdraws_what_was_not_sent():
    sim = Sim(seed=1)
    with opened(sim) as pool:
        for outcome in pool.batch([f"cat {n}" for n in range(60)], mode="turbo"):
            assert outcome.ok
            break
    assert 60 > sim.ledger.accepted


def test_many_threads_share_a_pool():
    with opened() as pool, ThreadPoolExecutor(6) as others:
        found = list(others.map(lambda n: pool.imagine(f"cat {n}", mode="turbo").upscale(1).result(), range(18)))

    assert 18 == len({result.image for result in found})


def test_they_show_themselves_in_a_notebook():
    with opened() as pool:
        batch = pool.batch(["a cat"])
        (outcome,) = batch.result()
        shown = [thing._repr_mimebundle_() for thing in (batch, outcome, outcome.job, outcome.value)]

    assert shown[1] == shown[2] == shown[3]
    assert "Batch of 1: 1 done" in shown[0]["text/html"]
    assert repr(outcome.job).startswith("<SyncJob of <Job ")
