"""Which job is meant, by which of its names."""

from argparse import Namespace

import pytest

from mjasync.cli.aim import Aim, aimed
from mjasync.cli.usage import UsageError


def typed(job, journal=None, **more):
    return Namespace(command="press", job=job, journal=journal, sim=False, speed=None, **more)


@pytest.mark.parametrize(("name", "expected"), [("ttapi:1", True), ("1a2b", False), (":1", False), ("ttapi:", False)])
def test_tickets(name, expected):
    assert expected is Aim(name=name).is_ticket


def test_a_job_of_the_journal(past):
    done = past.jobs["done"]

    for name in (done.id, done.id[:9], str(done.ticket), f" {done.id} "):
        aim = aimed(typed(name))
        assert (done.id, "a done cat", past.journal) == (aim.id, aim.prompt, aim.journal)
    assert f"mjasync press {done.id[:9]} upscale1" == aimed(typed(done.id[:9])).press("upscale1")
    with_journal = aimed(typed(done.id[:9], past.journal))
    assert f"mjasync press {done.id[:9]} reroll --journal {past.journal}" == with_journal.press("reroll")


def test_a_ticket_of_elsewhere(past, monkeypatch):
    assert (None, "") == (aimed(typed("ttapi:other")).id, aimed(typed("ttapi:other")).prompt)
    monkeypatch.setenv("MJASYNC_JOURNAL", "not-yet.db")
    assert aimed(typed("ttapi:other")).id is None


def test_an_id_needs_a_journal(alone):
    with pytest.raises(UsageError, match="names no job here") as met:
        aimed(typed("1a2b"))

    assert "account:remote_id" in met.value.hint


def test_a_new_world_has_no_jobs(alone):
    for more in ({"sim": True, "speed": None}, {"sim": False, "speed": 9.0}):
        with pytest.raises(UsageError, match="--sim cannot be used with press"):
            aimed(Namespace(command="press", job="ttapi:1", journal=None, **more))
