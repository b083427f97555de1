"""`mjasync reconcile`: shown, decided, and never guessed."""

import asyncio
import json
from argparse import Namespace

import pytest

from mjasync import ConfigError, Phase
from mjasync.cli import arguments, deciding, trail
from mjasync.cli.usage import UsageError
from mjasync.testing import run


def decided(life, *words):
    """Run the command in the world: its exit code."""
    typed = arguments.parse(["reconcile", *words, "--journal", life.journal])
    checked = deciding.checked(typed)
    checked = deciding.Reconcile(
        where=life.place(), row=checked.row, decision=checked.decision, decided=checked.decided, as_json=typed.json
    )
    return run(deciding.reconcile(checked))


def phase_of(life, name):
    async def story():
        async with life.pool() as pool:
            job = pool.job(life.jobs[name].id)
            phase = job.phase
            await pool.aclose()
            return phase

    return run(story())


def candidates(life, capsys):
    capsys.readouterr()
    code = decided(life, life.jobs["lost"].id, "--json")
    return code, json.loads(capsys.readouterr().out)


def test_without_a_decision_it_shows_what_is_known(past, capsys):
    code = decided(past, past.jobs["lost"].id[:9])
    out = capsys.readouterr().out

    assert 5 == code
    assert "prompt    a lost cat" in out
    assert "may have accepted it and may charge for it" in out
    assert "list      1 job in the account's own list that no job of ours is" in out
    assert "same prompt" in out
    assert f"mjasync reconcile {past.jobs['lost'].id} --declare-lost --journal" in out
    assert Phase.LOST is phase_of(past, "lost"), "it never adopts by itself"


def test_candidates_as_json(past, capsys):
    code, told = candidates(past, capsys)

    assert (5, "reconcile", None, "lost") == (code, told["type"], told["decision"], told["phase"])
    (row,) = told["candidates"]
    assert (True, "a lost cat") == (row["same_prompt"], row["prompt"])


def test_adopt(past, capsys):
    (row,) = candidates(past, capsys)[1]["candidates"]
    code = decided(past, past.jobs["lost"].id, "--adopt", row["id"])
    out = capsys.readouterr().out

    assert 0 == code
    assert f"adopted   {past.jobs['lost'].id} is ttapi:{row['id']}, " in out
    assert "resume    mjasync resume --journal" in out
    assert {past.jobs["lost"].id} == set(trail.read(past.journal)), "resume saves its picture"
    assert phase_of(past, "lost") in (Phase.DONE, Phase.QUEUED, Phase.RUNNING)


def test_an_id_that_nobody_knows(past):
    with pytest.raises(ConfigError, match="does not know 'nonsense'"):
        decided(past, past.jobs["lost"].id, "--adopt", "nonsense")

    assert Phase.LOST is phase_of(past, "lost")
    assert {} == trail.read(past.journal)


def test_declare_lost(past, capsys):
    code = decided(past, past.jobs["lost"].id, "--declare-lost", "--json")
    told = json.loads(capsys.readouterr().out)

    assert (0, "declare-lost", None) == (code, told["decision"], told["new_job"])
    assert 0 == decided(past, past.jobs["lost"].id), "nobody is asked about it again"
    assert "lost, decided" in capsys.readouterr().out


def test_resubmit_needs_consent(past):
    before = past.sim.ledger.charged
    with pytest.raises(UsageError, match="may have been accepted and charged already") as caught:
        decided(past, past.jobs["lost"].id, "--resubmit")

    assert "if you accept that: --resubmit --accept-double-charge" == caught.value.hint
    assert before == past.sim.ledger.charged


def test_resubmit(past, capsys):
    before = past.sim.ledger.charged
    code = decided(past, past.jobs["lost"].id, "--resubmit", "--accept-double-charge", "--json")
    out, err = capsys.readouterr()
    told = json.loads(out)

    assert (0, "resubmit", before + 1) == (code, told["decision"], past.sim.ledger.charged)
    assert told["new_job"] not in (None, past.jobs["lost"].id)
    assert told["ticket"].startswith("ttapi:")
    assert f"Job {told['new_job']} is sent instead" in err
    assert {told["new_job"]} == set(trail.read(past.journal))


def test_a_job_that_is_not_lost(past, capsys):
    assert 0 == decided(past, past.jobs["done"].id)
    assert f"Job {past.jobs['done'].id} is done, so there is nothing to decide." in capsys.readouterr().out
    with pytest.raises(ConfigError, match="nothing to decide"):
        decided(past, past.jobs["done"].id, "--declare-lost")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--adopt", "1", "--declare-lost"], "One decision at a time."),
        (["--adopt", "../1"], "--adopt '../1' is no id."),
        (["--declare-lost", "--resubmit"], "One decision at a time."),
        (["--accept-double-charge"], "decides nothing by itself"),
    ],
)
def test_one_decision_at_a_time(past, words, expected):
    with pytest.raises(UsageError, match=expected):
        decided(past, past.jobs["lost"].id, *words)


def test_a_relay_has_no_list(life, capsys, monkeypatch):
    for name, value in life.environ().items():
        monkeypatch.setenv(name, value)

    async def begin():
        async with life.pool() as pool:
            life.sim.inject("lose_answer")
            life.jobs["lost"] = pool.imagine("a cat", account="mjproxy")
            await life.jobs["lost"].ended()
            await pool.aclose()

    run(begin())
    assert 5 == decided(life, life.jobs["lost"].id)
    assert "list      No account of this pool can answer listed()." in capsys.readouterr().out


def test_an_interruption_changes_nothing(past):
    async def story():
        typed = Namespace(job=past.jobs["lost"].id, adopt=None, declare_lost=False, resubmit=False)
        typed = Namespace(**vars(typed), accept_double_charge=False, journal=past.journal, json=False, command="x")
        doing = asyncio.ensure_future(deciding.reconcile(deciding.checked(typed)))
        await asyncio.sleep(0)
        doing.cancel()
        return await asyncio.gather(doing, return_exceptions=True)

    (outcome,) = run(story())
    assert outcome == 130 or isinstance(outcome, asyncio.CancelledError)
    assert Phase.LOST is phase_of(past, "lost")
