"""`mjasync ledger`: the same as the pool's."""

import json

from mjasync.cli import bill
from mjasync.cli.shelf import read
from mjasync.journal.archive import Archive
from mjasync.testing import run


async def pools(life):
    async with life.pool() as pool:
        ledger = pool.ledger()
        await pool.aclose()
        return ledger


def test_it_says_what_the_pool_says(past, call):
    code, out, err = call("ledger", "--json")
    told = json.loads(out)
    expected = run(pools(past)).as_json()
    # The world's calendar shows another day than this machine's, so its strikes are not today's.
    for one in (*expected["accounts"].values(), expected["total"]):
        one["strikes"] = 0

    assert (0, "") == (code, err)
    assert ("ledger", past.journal) == (told["type"], told["journal"])
    assert (expected["accounts"], expected["total"]) == (told["accounts"], told["total"])
    assert {"reserved": 1, "possible": 1, "done": 2} == {
        "reserved": told["total"]["reserved"]["jobs"],
        "possible": told["total"]["possible"]["jobs"],
        "done": told["total"]["done"],
    }


def test_a_table_for_people(past, call):
    code, out, err = call("ledger")
    head, *lines = out.splitlines()

    assert 0 == code
    assert head.split()[:3] == ["account", "spent", "done"]
    assert ["mjproxy", "ttapi", "total"] == [line.split()[0] for line in lines]
    assert "possible  1 job may have been charged: on the way, or mjasync jobs --unknown" in err


def test_what_was_sent_again_is_told(past, call):
    async def story():
        async with past.pool() as pool:
            again = await pool.reconcile(past.jobs["lost"].id, resubmit=True, accept_double_charge=True)
            await again
            await pool.aclose()

    run(story())
    _, out, err = call("ledger")
    assert "resubmits 1 job sent again by a person; the bill may have both" in err
    assert json.loads(call("ledger", "--json")[1])["accounts"]["ttapi"]["resubmits"] == 1
    assert "1 job" in out


def test_an_empty_journal(life, call):
    run(pools(life))
    code, out, _ = call("ledger", "--journal", life.journal)

    assert 0 == code
    assert ["account", "total"] == [line.split()[0] for line in out.splitlines()]


def test_strikes_are_those_of_today(past):
    with Archive.open(past.journal) as archive:
        lines, shelf = archive.ledger().lines, read(archive, past.place())

    assert 1 == bill.of(lines, shelf, today="2026-01-01").total.strikes
    assert 0 == bill.of(lines, shelf, today="2026-01-02").total.strikes
