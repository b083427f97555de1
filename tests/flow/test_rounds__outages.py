"""After an outage: what one answered look means for the jobs that back off after theirs."""

import pytest

from mjasync.testing import run
from tests.flow.rounding import LATENCY, Looking, Server, answer, running


def heard_after(failures):
    """When each of four jobs is looked at; `failures` looks at others bring nothing before the first of them is."""
    server = Server()
    server.single = lambda one: answer({}, status=403) if one.startswith("dark") else running(one)

    async def story():
        looking = Looking(server)
        looking.session.looks.only_single()
        for n in range(failures):
            looking.ask(f"dark {n}", due=n)
        looking.ask("first", due=10)
        looking.ask("sleeps", due=60, again=5)
        looking.ask("has its wish", due=60, again=30)
        looking.ask("is due then anyway", due=60)
        await looking.all()
        return [looking.at(one) - LATENCY for one in ("first", "sleeps", "has its wish", "is due then anyway")]

    return run(story())


def test_nobody_sleeps_on_and_nobody_is_asked_sooner_than_it_wished():
    assert [10, 10 + LATENCY, 30, 60] == pytest.approx(heard_after(failures=4))


def test_single_failures_among_many_jobs_are_no_outage():
    assert [10, 60, 60, 60] == pytest.approx(heard_after(failures=3))
