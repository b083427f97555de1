"""Lists that are no use: stuck, asked too often, incomplete, slow. No end is hidden by one for long."""

from mjasync.testing import run
from tests.flow.rounding import Looking, Server, answer, ended, looked, running


def late_ends(server, next_list=60.0):
    """Five late jobs end, each seen by a look of its own; then there is a list of two more jobs."""

    async def story():
        looking = Looking(server)
        for n in range(5):
            looking.ask(str(n), 10 * n + 10.0, joins=False, late=True)
        looking.ask("x", next_list)
        looking.ask("y", next_list + 5.0)
        await looking.all()
        return looking

    looking = run(story())
    assert ["done"] * 5 == [looking.seen(str(n)).status for n in range(5)]
    assert 1 == len(server.lists)
    return looking


def test_a_list_that_is_stuck_is_asked_about_three_late_ends_and_given_up():
    server = Server([*(ended(str(n)) for n in range(5)), running("x"), running("y")])
    server.listing = lambda ids: [running(one) for one in ids]
    looking = late_ends(server)

    assert ["0", "1", "2", "x", "y"] == sorted(server.lists[0])
    assert not looking.session.looks.can_many


def test_a_list_that_knows_late_ends_too_goes_on():
    """Where a provider becomes slower every job is late for a while: that is not the list's fault."""
    server = Server([*(ended(str(n)) for n in range(5)), running("x"), running("y")])

    assert late_ends(server).session.looks.can_many


def test_a_list_is_not_asked_about_what_was_looked_at_just_now():
    server = Server([*(ended(str(n)) for n in range(5)), running("x"), running("y")])
    late_ends(server, next_list=20.2)

    assert ["0", "x", "y"] == sorted(server.lists[0])


def test_a_list_that_leaves_out_what_is_over_goes_on():
    server = Server([*(ended(str(n)) for n in range(5)), running("x"), running("y")])
    server.listing = lambda ids: [running(one) for one in ids if one in "xy"]

    assert late_ends(server).session.looks.can_many


def test_an_end_that_a_list_shows_speaks_for_it():
    server = Server([*(ended(str(n)) for n in range(8)), running("9")])

    async def story():
        looking = Looking(server)
        for n in range(6):
            looking.ask(str(n), 10 * n + 10.0, joins=n in (2, 4), late=n not in (2, 4))
        looking.ask("9", 35.0)
        looking.ask("7", 55.0)
        await looking.all()
        return looking

    looking = run(story())
    assert looking.session.looks.can_many
    assert 2 <= len(server.lists) + len(server.singles)


def test_a_list_that_is_asked_too_often_while_single_looks_are_not_is_given_up():
    server = Server(running(str(n)) for n in range(8))
    server.listing = lambda ids: answer({}, status=429)

    async def story():
        looking = Looking(server)
        for n in range(8):  # whoever heard "too often" looks alone the next time
            looking.ask(str(n), 10.0 * n + 10, joins=n % 2 == 0)
        await looking.all()
        return looking

    looking = run(story())
    assert (3, 5) == (len(server.lists), len(server.singles))
    assert not looking.session.looks.can_many


def test_a_job_that_a_list_leaves_out_is_looked_at_alone_from_then_on():
    server = Server([running("1"), running("2")])
    server.listing = lambda ids: [running("1")]

    async def story():
        looking = Looking(server)
        looking.ask("1", 10.0)
        looking.ask("2", 12.0)
        await looking.all()
        return looking

    run(story())
    assert (1, ["2"]) == (len(server.lists), server.singles)


def test_a_list_that_hangs_is_waited_for_ten_seconds():
    server = Server([running("1"), running("2")])
    looked(server, ("1", 10), ("2", 20))

    assert {10.0} == {timeout for timeout in server.timeouts if timeout}
