"""The embedded journal as a pool uses it: what goes in comes back, in this process and in the next."""

import inspect
import logging

import pytest

import mjasync as mj
from mjasync.core import machine
from mjasync.core.ledger import Line
from mjasync.core.machine import Saw, Sending, Silence
from mjasync.core.model import Mode, Phase, Snapshot, Status, Ticket
from mjasync.journal import Journal
from mjasync.journal.sqlite import SQLiteJournal
from tests.journal.cases import (
    LIVES,
    LOST,
    NEW_YEAR,
    PNG,
    Clock,
    asked,
    close,
    done,
    lived,
    open_at,
    opened,
    picture_job,
    rows,
    sent,
    step,
    truth,
    write,
)


@pytest.mark.parametrize("name", ["open", "append", "find", "aclose"])
def test_it_keeps_to_the_protocol(name):
    assert inspect.signature(getattr(Journal, name)) == inspect.signature(getattr(SQLiteJournal, name))


def test_its_place_is_absolute(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    assert str(tmp_path / "jobs.db") == SQLiteJournal("x/../jobs.db").place
    assert str(tmp_path / "jobs.db") in repr(SQLiteJournal("jobs.db"))


def test_what_went_in_comes_back_folded(tmp_path):
    clock = lived(tmp_path / "j.db")
    kept, found = truth(tmp_path / "j.db", clock)

    expected, at = {}, 100.0
    for job, events in LIVES.items():
        expected[job] = machine.replay(job, [(event, at + second) for second, event in enumerate(events)])
        at += len(events)
    live = {job for job, record in expected.items() if record.phase not in machine.FINAL}
    assert {job: (record,) for job, record in expected.items()} == found
    assert live | {"done"} == set(kept.records), "a step needs what it is a step after"
    assert all(expected[job] == record for job, record in kept.records.items())


def test_the_oldest_come_first_and_a_chain_is_whole(tmp_path):
    lives = {"z": (asked(), *sent("r1"), done()), "m": (asked(), *sent("r2"), done()), "a": (step("z"),)}
    clock = lived(tmp_path / "j.db", lives=lives)

    assert ["z", "a"] == list(truth(tmp_path / "j.db", clock, ())[0].records)


def test_times_are_the_new_loops_and_durations_stay(tmp_path):
    lived(tmp_path / "j.db", lives={"a": (asked(), Sending("ttapi"), Silence(LOST, 172.0))})

    later = Clock(now=5.0, wall=NEW_YEAR + 33.0)
    record = truth(tmp_path / "j.db", later, ())[0].records["a"]

    assert (-28.0, -27.0) == (record.asked_at, record.sent_at)
    assert 44.0 == record.held_until, "it was silent at second 2, for 70 s, and 31 s are over"


@pytest.mark.parametrize(("jump", "until"), [(3600.0, 5.0), (-3600.0, 75.0)])
def test_a_jump_of_the_calendar_frees_no_slot_before_now_and_holds_none_longer_than_it_was(tmp_path, jump, until):
    lived(tmp_path / "j.db", lives={"a": (asked(), Sending("ttapi"), Silence(LOST, 172.0))})

    record = truth(tmp_path / "j.db", Clock(now=5.0, wall=NEW_YEAR + 2.0 + jump), ())[0].records["a"]

    assert until == record.held_until
    assert record.asked_at <= 5.0


def test_times_in_the_file_never_go_back(tmp_path):
    clock = Clock()
    with opened(tmp_path / "j.db", clock) as (journal, _):
        write(journal, clock, "a", asked())
        clock.wall -= 3600
        write(journal, clock, "b", asked())
    with opened(tmp_path / "j.db", clock) as (journal, _):
        write(journal, clock, "c", asked())

    assert [(NEW_YEAR,)] * 3 == rows(tmp_path / "j.db", "SELECT wall FROM events")


def test_an_account_goes_by_its_fingerprint_in_the_file_and_by_its_name_in_a_pool(tmp_path):
    clock = lived(tmp_path / "j.db", lives={"a": (asked(), *sent("r1"), done()), "b": (asked(), *sent("r2"))})

    assert {("f1",)} == set(rows(tmp_path / "j.db", "SELECT account FROM jobs"))
    assert b"ttapi" not in (tmp_path / "j.db").read_bytes()
    for names, name in (({"other": "f1"}, "other"), ({}, "f1")):
        journal = SQLiteJournal(tmp_path / "j.db", inline=True)
        kept = journal.open(clock.opening(names))
        assert (name, (name,)) == (kept.records["b"].account, kept.records["b"].spec.accounts)
        assert (Line(account=name, day="2026-01-01", spent=3.0, done=1),) == kept.lines
        assert {(name, "fast", "imagine"): 3.0} == kept.prices
        assert ["b"] == [record.id for record in journal.find(ticket=Ticket(name, "r2"))]
        close(journal)


def test_the_highest_price_ever_told_is_kept(tmp_path):
    prices = (2.0, 5.0, 4.0)
    lives = {f"j{price}": (asked(mode=Mode.TURBO), *sent(f"r{price}"), done(quota=price)) for price in prices}
    clock = lived(tmp_path / "j.db", lives=lives)

    assert {("ttapi", "turbo", "imagine"): 5.0} == truth(tmp_path / "j.db", clock, ())[0].prices


def test_days_and_accounts_have_lines_of_their_own(tmp_path):
    clock = Clock(wall=NEW_YEAR - 1.0)
    with opened(tmp_path / "j.db", clock) as (journal, _):
        for job, account in (("a", "ttapi"), ("b", "ttapi"), ("c", "mjproxy")):
            write(
                journal, clock, job, asked(), Sending(account), *sent(job)[1:], done(quota=None if job == "c" else 1.5)
            )
            clock.move(0.5)
    lines = truth(tmp_path / "j.db", clock, ())[0].lines

    assert {
        Line(account="ttapi", day="2025-12-31", spent=3.0, done=2),
        Line(account="mjproxy", day="2026-01-01", done=1, unpriced=1),
    } == set(lines)


def test_a_picture_comes_back_until_its_job_has_ended(tmp_path):
    clock = lived(tmp_path / "j.db", lives={"a": (picture_job(key="k"),), "b": (picture_job(),)})
    folder = tmp_path / "j.db.pictures"
    files = list(folder.iterdir())
    assert [(PNG, 0o600)] == [(file.read_bytes(), file.stat().st_mode & 0o777) for file in files]
    assert 0o700 == folder.stat().st_mode & 0o777

    with opened(tmp_path / "j.db", clock) as (journal, kept):
        assert [PNG, PNG] == [record.spec.operation.images[0].data for record in kept.records.values()]
        write(journal, clock, "a", *sent("r1"), done())
        assert files == list(folder.iterdir()), "b still needs it"
        write(journal, clock, "b", *sent("r2"), done())
        assert [] == list(folder.iterdir())
        (a,), (b,) = journal.find(job="a"), journal.find(job="b")
    expected = machine.replay("a", [(event, 0.0) for event in (picture_job(key="k"), *sent("r1"), done())])
    assert expected.spec.operation == a.spec.operation
    assert "forgotten" == b.spec.operation.images[0].digest


def test_finding(tmp_path):
    lives = {
        "ab1": (asked(key="k1"), *sent("r1"), done()),
        "ab2": (asked(), *sent("r2")),
        "b": (asked(),),
        "ab": (asked(),),
    }
    clock = lived(tmp_path / "j.db", lives=lives)
    with opened(tmp_path / "j.db", clock) as (journal, _):

        def ids(**by):
            return [record.id for record in journal.find(**by)]

        assert ["ab", "ab1"] == ids(job="ab"), "what is named whole comes first"
        assert ["b"] == ids(job="b")
        assert ["ab1"] == ids(key="k1") == ids(ticket=Ticket("ttapi", "r1"))
        assert [] == ids(ticket=Ticket("mjproxy", "r1")) == ids(key="k") == ids(job="x") == ids()


def test_a_window_is_found_by_both_its_ids(tmp_path):
    clock = lived(tmp_path / "j.db")
    with opened(tmp_path / "j.db", clock) as (journal, _):
        found = [journal.find(ticket=Ticket("ttapi", remote_id)) for remote_id in ("r2", "r3")]
    assert [["window"], ["window"]] == [[record.id for record in records] for records in found]


def test_a_key_is_free_again_where_its_job_was_never_sent(tmp_path):
    clock = lived(tmp_path / "j.db")
    with opened(tmp_path / "j.db", clock) as (journal, _):
        assert () == journal.find(key="free again")
        write(journal, clock, "next", asked(key="free again"))
        assert "next" == journal.find(key="free again")[0].id


def test_a_provider_that_gives_one_id_twice_stops_nothing(tmp_path, caplog):
    clock = lived(tmp_path / "j.db", lives={"a": (asked(), *sent("r")), "b": (asked(), *sent("r")), "c": (step("a"),)})
    with opened(tmp_path / "j.db", clock) as (journal, kept):
        assert ["a", "b", "c"] == list(kept.records)
        assert ["a", "b"] == [record.id for record in journal.find(ticket=Ticket("ttapi", "r"))]
        write(journal, clock, "c", *sent("r"))
        write(journal, clock, "b", done())
    assert "the provider's id of another job" in caplog.text


def test_slots_are_the_records_that_hold_one(tmp_path):
    lived(tmp_path / "j.db")

    held = {job for (job,) in rows(tmp_path / "j.db", "SELECT job FROM slots")}

    assert {"again", "running", "window", "unheard", "lost", "found"} == held


def test_news_of_a_job_that_ended_are_taken(tmp_path):
    clock = lived(tmp_path / "j.db")
    with opened(tmp_path / "j.db", clock) as (journal, _):
        write(journal, clock, "done", Saw(Snapshot(status=Status.FAILED)))
        assert Phase.DONE is journal.find(job="done")[0].phase
    assert truth(tmp_path / "j.db", clock)[1]["done"][0].phase is Phase.DONE


def test_opening_again_after_closing(tmp_path):
    clock = Clock()
    journal, kept = open_at(tmp_path / "j.db", clock)
    assert {} == kept.records
    write(journal, clock, "a", asked())
    with pytest.raises(mj.JournalError, match="open already"):
        journal.open(clock.opening())
    close(journal)
    close(journal)
    assert ["a"] == list(journal.open(clock.opening()).records)
    close(journal)
    with pytest.raises(mj.JournalError, match="not open"):
        journal.find(job="a")
    with pytest.raises(mj.JournalError, match="not open"):
        write(journal, clock, "b", asked())


@pytest.mark.fault("D15")
def test_it_says_how_sqlite_keeps_it(tmp_path, caplog):
    caplog.set_level(logging.INFO, "mjasync.journal")
    journal, _ = open_at(tmp_path / "j.db")
    db = journal._open.store._db
    settings = ("journal_mode", "synchronous", "mmap_size", "trusted_schema", "cell_size_check", "foreign_keys")

    found = [db.execute(f"PRAGMA {name}").fetchone() for name in (*settings, "busy_timeout", "auto_vacuum")]

    close(journal)
    assert [("truncate",), (3,), (0,), (0,), (1,), (1,), (5000,), (2,)] == found
    assert "journal_mode truncate, synchronous 3 (EXTRA)" in caplog.text
