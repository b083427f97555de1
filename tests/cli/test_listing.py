"""`mjasync jobs`."""

import asyncio
import json

import pytest

from mjasync import Phase
from mjasync.testing import run


def test_the_newest_first(past, call):
    code, out, err = call("jobs")
    head, *lines = out.splitlines()

    assert 0 == code
    assert ["id", "asked", "phase", "mode", "account", "step", "quota", "prompt"] == head.split()
    assert [past.jobs[name].id for name in ("held", "running", "lost")] == [line.split()[0] for line in lines[:3]]
    assert {job.id for job in past.jobs.values()} == {line.split()[0] for line in lines}
    assert "a slow cat" in lines[0], "a step is told with its picture's prompt"
    assert any("done " in line and "ttapi " in line and "a done cat" in line for line in lines)
    assert "open      2 jobs not over: mjasync resume goes on" in err
    assert "unknown   1 job: mjasync reconcile ID" in err


def test_without_keys_accounts_are_fingerprints(past, call, monkeypatch):
    for name in past.environ():
        monkeypatch.delenv(name)
    code, out, err = call("jobs", "--limit", "100")

    assert 0 == code
    assert past.accounts[0].fingerprint in out
    assert past.accounts[0].key.reveal() not in out + err


def test_only_those_of_unknown_fate(past, call):
    _, out, _ = call("jobs", "--unknown", "--json")
    told = json.loads(out)

    assert ("jobs", past.journal, False) == (told["type"], told["journal"], told["more"])
    assert [past.jobs["lost"].id] == [job["id"] for job in told["jobs"]]
    (job,) = told["jobs"]
    assert ("lost", "a lost cat", "ttapi", None, True, False) == tuple(
        job[name] for name in ("phase", "prompt", "account", "ticket", "unknown", "decided")
    )


def test_only_late_ones(life, call):
    async def story():
        async with life.pool() as pool:
            job = pool.imagine("a late cat", account="ttapi", deadline=5)
            await job.ended()
            await asyncio.sleep(300)
            await pool.aclose()
            return job

    job = run(story())
    _, out, err = call("jobs", "--late", "--journal", life.journal)
    assert [job.id] == [line.split()[0] for line in out.splitlines()[1:]]
    assert "done, late" in out
    assert "" == err
    assert "The journal has no unknown job.\n" == call("jobs", "--unknown", "--journal", life.journal)[2]


def test_a_limit(past, call):
    code, out, err = call("jobs", "--limit", "2")

    assert (0, 3) == (code, len(out.splitlines()))
    assert "more      --limit 4 shows more" in err
    assert json.loads(call("jobs", "--limit", "2", "--json")[1])["more"] is True


@pytest.mark.parametrize("limit", ["0", "-1", "10000000"])
def test_a_limit_that_is_none(past, call, limit):
    code, out, err = call("jobs", "--limit", limit)

    assert (2, "") == (code, out)
    assert f"--limit {limit} cannot be used." in err


def test_while_a_pool_is_open(past, call):
    async def story():
        async with past.pool() as pool:
            job = pool.imagine("a newer cat")
            await job.accepted()
            found = await asyncio.to_thread(call, "jobs")
            await pool.aclose()
            return job, found

    job, (code, out, _) = run(story())
    assert 0 == code
    assert job.id in out


def test_a_request_on_the_way(life, call):
    async def story():
        async with life.pool() as pool:
            job = pool.imagine("a cat", account="ttapi")
            async for event in job.watch():
                if event.phase is Phase.SENDING:
                    break
            found = await asyncio.to_thread(call, "jobs", "--journal", life.journal)
            await pool.aclose()
            return found

    _, out, err = run(story())
    assert "sending" in out
    assert "sending   1 request on the way; if no pool is open here any more" in err


@pytest.mark.parametrize(
    ("body", "code", "expected"), [(None, 3, "There is no journal"), (b"not a journal" * 100, 3, "  do    ")]
)
def test_what_is_no_journal(alone, call, body, code, expected):
    if body is not None:
        (alone / "x.db").write_bytes(body)
    for words in (["jobs"], ["show", "1"], ["ledger"]):
        found, out, err = call(*words, "--journal", "x.db")
        assert (code, "") == (found, out)
        assert expected in err
        assert "Traceback" not in err


def test_a_prompt_cannot_steer_a_terminal(life, call):
    async def story():
        async with life.pool() as pool:
            await pool.imagine("a cat \u202eevil \u2028line", account="ttapi").accepted()
            await pool.aclose()

    run(story())
    out = call("jobs", "--journal", life.journal)[1]
    assert 2 == len(out.splitlines())
    assert "\u202e" not in out
