"""`mjasync resume`."""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
from argparse import Namespace

import pytest

from mjasync import Phase
from mjasync.cli import resume, trail
from mjasync.cli.trail import Mark
from mjasync.testing import run


def resumed(life, **more):
    return run(resume.resume(life.resume(**more)))


def test_what_was_found_what_came_of_it_and_the_sum(past, capsys):
    code = resumed(past)
    out, err = capsys.readouterr()

    assert 5 == code, "an outcome is unknown"
    assert f"{past.journal}: 2 jobs not over; looking at the 1 that were sent" in err
    assert re.search(r"^(running|finished) {1,3} 1 job: ", err, re.MULTILINE)
    assert "unknown   1 job: sent, and nobody can say what became of it" in err
    assert "queued    1 job: never sent until now" in err
    assert past.jobs["lost"].id in err
    lines, summary = out.split("\n\n")
    assert ["ok", "ok", "unknown"] == sorted(line.split()[0] for line in lines.splitlines())
    assert re.search(r"^resumed   2 ok, 0 failed, 1 unknown · in ", summary)
    assert f"pictures  2 in {past.out}" in summary


def test_once_more_there_is_nothing_left_but_the_unknown(past, capsys):
    resumed(past)
    capsys.readouterr()

    assert 5 == resumed(past)
    assert 0 == resumed(past, decided=frozenset({past.jobs["lost"].id}))
    assert "Nothing was left to do." in capsys.readouterr().err


def test_one_document(past, capsys):
    resumed(past, as_json=True)
    told = json.loads(capsys.readouterr().out)

    assert ("resume", past.journal) == (told["type"], told["journal"])
    assert (2, 0, 1, 0, 2) == tuple(told[name] for name in ("ok", "failed", "unknown", "asleep", "pictures"))
    assert [past.jobs["held"].id] == told["found"]["held"]
    assert [past.jobs["lost"].id] == told["found"]["unknown"]
    assert {"SubmitOutcomeUnknown", None} == {each["error"] and each["error"]["kind"] for each in told["outcomes"]}
    assert [] == told["foreign"]


def test_no_held(past, capsys):
    resumed(past, held=False)
    out, err = capsys.readouterr()

    assert "asleep    1 job: never sent, and left so\n" in err
    assert "1 asleep" in out
    assert 4 == past.sim.ledger.charged


def test_failures_have_their_code(life, capsys):
    async def begin():
        async with life.pool() as pool:
            life.sim.inject("fail", match="a cat")
            await pool.imagine("a cat", account="ttapi", mode="relax").accepted()
            await pool.aclose()

    run(begin())
    assert 1 == resumed(life)
    out, err = capsys.readouterr()
    assert "0 ok, 1 failed, 0 unknown" in out
    assert "do        JobFailed: " in err


def test_pictures_go_where_their_run_wanted_them(past, capsys, alone):
    folder = alone / "wanted"
    trail.add(past.journal, {past.jobs[name].id: Mark(folder, 12) for name in ("running", "held")})
    resumed(past)

    assert 2 == len(list(folder.glob("0012-a-slow-cat-*.png")))
    assert "pictures  2 in wanted" in capsys.readouterr().out, "told from the current folder"
    assert {} == trail.read(past.journal)
    assert not past.out.exists()


def test_or_where_somebody_says(past, alone):
    trail.add(past.journal, {past.jobs["running"].id: Mark(alone / "wanted", 12)})
    resumed(past, out=alone / "mine", source="argument")

    assert 2 == len(list((alone / "mine").glob("*.png")))
    assert not (alone / "wanted").exists()


def test_jobs_of_accounts_that_have_no_key_here(past, call, monkeypatch, capsys):
    monkeypatch.setenv("MJASYNC_MJPROXY_KEY", "another-key")
    typed = Namespace(command="resume", journal=None, out=None, no_held=True, budget=None, json=False)
    checked = resume.checked(typed)
    assert [past.jobs["running"].id] == [row.id for row in checked.foreign]

    assert 3 == resumed(past, foreign=checked.foreign, decided=frozenset({past.jobs["lost"].id}), held=False)
    err = capsys.readouterr().err
    assert "1 job of the journal cannot be looked at: no key of their account is set here." in err
    assert past.accounts[1].fingerprint in err
    assert "another-key" not in err


def test_jobs_that_were_never_sent_go_to_the_accounts_that_there_still_are(life, capsys):
    async def begin():
        async with life.pool() as pool:
            job = pool.imagine("a cat")
            await pool.aclose()
            return job

    job = run(begin())
    life.accounts = life.accounts[:1]
    assert 0 == resumed(life, as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert ([job.id], 0, 1) == (told["found"]["held"], told["asleep"], life.sim.ledger.charged)


@pytest.mark.fault("K04")
def test_interrupted(past, capsys):
    async def story():
        async with asyncio.timeout(3):
            return await resume.resume(past.resume(as_json=True))

    assert 130 == run(story())
    out, err = capsys.readouterr()
    assert "Interrupted: 0 jobs done." in err
    assert f"resume    mjasync resume --journal {past.journal}" in err
    assert re.search(r"  mjproxy:\d+  0\d\d\d imagine  a slow cat", err)
    told = json.loads(out)
    assert ("interrupted", past.journal, 1) == (told["type"], told["journal"], told["held"])
    assert 5 == resumed(past)
    assert 5 == past.sim.ledger.charged


@pytest.mark.parametrize(
    ("words", "code", "expected"),
    [
        (["resume"], 3, "No journal is named."),
        (["resume", "--journal", "none.db"], 3, "There is no journal 'none.db'."),
        (["resume", "--journal", ""], 2, "--journal is blank."),
        (["resume", "--journal", "j.db", "--out", ""], 2, "--out is blank."),
        (["resume", "--journal", "j.db"], 3, "No key is set"),
        (["resume", "--sim"], 2, "unrecognized arguments"),
    ],
)
def test_what_was_typed_wrong(call, alone, words, code, expected):
    (alone / "j.db").write_bytes(b"")
    found, out, err = call(*words)

    assert (code, "") == (found, out)
    assert expected in err
    assert "\n  do    " in err


def test_a_journal_in_use(past, call):
    async def story():
        async with past.pool() as pool:
            found = await asyncio.to_thread(call, "resume")
            await pool.aclose()
            return found

    code, out, err = run(story())
    assert (3, "") == (code, out)
    assert "The journal is in use" in err
    assert f"this very process ({os.getpid()})" in err


@pytest.mark.fault("K01")
def test_after_a_kill_everything_that_was_paid_for_comes_home(alone, provider, environ, call, monkeypatch):
    world, variables = provider(speed=240)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    (alone / "p.txt").write_text("".join(f"cat {n}\n" for n in range(24)))
    words = [sys.executable, "-m", "mjasync", "batch", "p.txt", "--journal", "jobs.db", "--upscale", "2"]
    with subprocess.Popen(
        words, cwd=alone, env=environ(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        for _ in range(25):  # some accepted, some done
            assert process.stderr.readline()
        process.send_signal(signal.SIGKILL)
    code, out, _ = call("resume", "--journal", "jobs.db", "--json")
    told = json.loads(out)

    unknown = told["unknown"]
    assert (5 if unknown else 0) == code
    assert told["ok"] + told["failed"] + unknown == len(told["outcomes"])
    jobs = json.loads(call("jobs", "--journal", "jobs.db", "--json", "--limit", "100")[1])["jobs"]
    done = [job["id"] for job in jobs if job["phase"] == Phase.DONE]
    pictures = [path.name for path in (alone / "out").glob("*.png")]
    assert sorted(name.split("-")[3] for name in pictures) == sorted(job_id[-8:] for job_id in done)
    assert len(done) <= world.ledger.charged <= len(done) + unknown
    assert not (alone / "jobs.db.runs").exists() or unknown
