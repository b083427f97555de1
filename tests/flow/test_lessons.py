"""What a pool has learned: classes, what goes into JSON and comes out of it, and what one account borrows of another."""

import json
import logging
from random import Random

import pytest
from attrs import evolve

import mjasync as mj
from mjasync.core.looking import EPS, Track, prior
from mjasync.core.model import Mode, Phase, Record, Snapshot, Spec, Status
from mjasync.core.operations import Describe, Imagine
from mjasync.core.pictures import Picture
from mjasync.flow.lessons import BORROWED, VERSION, Lessons
from mjasync.flow.session import Session

CAT = Imagine(prompt="a cat")
WORDS = Describe(image=Picture(url="https://x.example/1.png"))
#: Two accounts of one provider and one of another.
NAMES = ("first", "second", "other")


def sessions(*names):
    """Sessions that nobody speaks to."""
    made = {
        "first": mj.TTAPI("key-of-the-first"),
        "second": mj.TTAPI("key-of-the-second"),
        "other": mj.MJProxy("key-of-the-other", base_url="https://relay.example"),
    }
    return {name: Session(name, made[name], Random(1)) for name in names or NAMES}


def lessons(*names, learned=None, eps=EPS):
    return Lessons(sessions(*names), eps=eps, learned=[] if learned is None else [learned])


def record(account="first", *, mode=Mode.FAST, operation=CAT, granted=None):
    seen = Snapshot(status=Status.RUNNING, mode=granted) if granted else None
    spec = Spec(operation=operation, mode=mode, accounts=(account,))
    return Record(id="1", spec=spec, phase=Phase.RUNNING, account=account, snapshot=seen)


def taught(known, took, *, jobs=20, of=None):
    """So many jobs of a class took so long, give or take a tenth."""
    cadence = known.of(of or record())
    for n in range(jobs):
        end = took * (0.9 + 0.2 * (n % 5) / 4)
        track = Track()
        cadence.next(track, 0.0)
        cadence.alive(track, end - 1, None)
        cadence.ended(track, end)
    return known


def carried(known):
    """Through JSON, as a file or a user does."""
    return json.loads(json.dumps(known.dump()))


CLASSES = {
    "first": record(),
    "second": record("second"),
    "other": record("other"),
    "turbo": record(mode=Mode.TURBO),
    "relax": record(mode=Mode.RELAX),
    "describe": record(operation=WORDS),
}


def test_a_class_is_account_mode_and_kind():
    known = lessons()

    assert len({id(known.of(each)) for each in CLASSES.values()}) == len(CLASSES)
    for each in CLASSES.values():
        assert known.of(evolve(each, id="2")) is known.of(each)


def test_the_mode_that_was_granted_counts():
    known = lessons()

    assert known.of(record(granted=Mode.RELAX)) is known.of(record(mode=Mode.RELAX))
    assert known.of(record(mode=Mode.RELAX, granted=Mode.FAST)) is known.of(record())
    assert known.of(record(granted=Mode.FAST)) is known.of(record())


def test_a_new_class_believes_what_the_pages_promise():
    known = lessons()
    for each in CLASSES.values():
        believed = prior(each.spec.mode, each.spec.operation.kind)
        assert known.expected(each) == pytest.approx(believed, rel=0.25)


def test_what_was_taught_is_expected():
    known = taught(lessons(), 20.0)

    assert known.expected(record()) == pytest.approx(20.0, rel=0.15)
    assert known.expected(record(mode=Mode.RELAX)) > 100


def test_a_job_without_an_account_is_expected_where_it_may_go():
    known = taught(lessons(), 20.0, of=record("second"), jobs=5)
    held = record("second")
    spec = held.spec

    assert known.expected(evolve(held, account=None)) == pytest.approx(20.0, rel=0.35)
    for names in ((), ("unknown",)):
        assert known.expected(evolve(held, account=None, spec=evolve(spec, accounts=names))) > 45
    assert known.expected(evolve(held, account=None, spec=evolve(spec, accounts=("unknown", "second")))) < 30


def test_the_share_that_looks_aim_at_reaches_every_class():
    assert lessons(eps=0.01).of(record()).usual_looks > 1.5 * lessons(eps=0.05).of(record()).usual_looks


@pytest.mark.parametrize("name", CLASSES)
def test_what_was_learned_goes_through_json(name):
    known = taught(lessons(), 20.0, of=CLASSES[name])
    told = carried(known)
    later = lessons(learned=told)

    assert later.expected(CLASSES[name]) == pytest.approx(known.expected(CLASSES[name]), rel=1e-3)
    assert later.of(CLASSES[name]).jobs == pytest.approx(known.of(CLASSES[name]).jobs, rel=1e-3)
    assert carried(later) == told


def test_a_dump_names_accounts_by_fingerprint_and_holds_no_key():
    told = taught(lessons(), 20.0).dump()
    prints = sessions()["first"].account.fingerprint

    assert [(one["account"], one["provider"], one["mode"], one["kind"]) for one in told["classes"]] == [
        (prints, "ttapi", "fast", "imagine")
    ]
    assert told["version"] == VERSION
    assert "key-of" not in json.dumps(told)


def test_what_is_told_is_the_dump_as_of_the_last_job_and_belongs_to_whoever_asked():
    known = lessons(learned=carried(taught(lessons("first"), 8.0, of=CLASSES["describe"])))
    taught(known, 20.0)
    told = known.told()
    assert told == carried(known)
    for one in told["classes"]:
        one["laws"].clear()
    assert known.told() == carried(known), "what one does with it is nobody else's matter"
    track = Track()
    known.of(record()).alive(track, 3.0, None)
    assert known.told() != carried(known), "a look at a job that runs says little"
    known.taught(record())
    assert known.told() == carried(known)
    taught(known, 30.0, jobs=1)
    assert known.told() == carried(known)


def test_classes_that_taught_nothing_are_not_in_it():
    known = lessons()
    for each in CLASSES.values():
        known.of(each)

    assert known.dump() == {"version": VERSION, "classes": []}


def test_what_nobody_asked_for_is_handed_on():
    told = carried(taught(taught(lessons(), 20.0), 30.0, of=CLASSES["other"]))
    later = lessons("first", learned=told)
    taught(later, 20.0)

    handed = {one["provider"]: one for one in carried(later)["classes"]}
    assert handed["mjproxy"] == next(one for one in told["classes"] if one["provider"] == "mjproxy")
    assert handed["ttapi"]["laws"]["0"]["jobs"] > 30


def test_another_account_of_the_provider_borrows_ten_jobs():
    known = taught(lessons(), 20.0, jobs=60)

    assert known.of(record("second")).jobs == pytest.approx(BORROWED)
    assert known.expected(record("second")) == pytest.approx(20.0, rel=0.2)


def test_it_borrows_what_an_earlier_process_learned_too():
    known = lessons("second", "other", learned=carried(taught(lessons("first"), 20.0, jobs=60)))

    assert known.of(record("second")).jobs == pytest.approx(BORROWED)
    assert known.expected(record("second")) == pytest.approx(20.0, rel=0.2)


def test_what_it_learned_itself_comes_before_what_others_did():
    told = carried(taught(taught(lessons(), 30.0, of=record("second")), 20.0, jobs=60))
    known = lessons(learned=told)
    known.of(record())

    assert known.expected(record("second")) == pytest.approx(30.0, rel=0.15)


def test_of_several_sources_the_first_that_knows_a_class_counts_and_none_is_kept_twice():
    one, two = (carried(taught(lessons("first"), took)) for took in (20.0, 40.0))
    words = carried(taught(lessons("first"), 8.0, of=CLASSES["describe"]))
    both = words | {"classes": words["classes"] + two["classes"]}

    for sources in ([one, both], [one, words, two], [one, both, both, one]):
        known = Lessons(sessions("second"), eps=EPS, learned=sources)
        assert known.dump()["classes"] == one["classes"] + words["classes"]


@pytest.mark.parametrize("how", ["living", "carried"])
def test_another_provider_borrows_nothing(how):
    known = taught(lessons(), 20.0, jobs=60)
    known = lessons(learned=carried(known)) if how == "carried" else known

    assert known.of(record("other")).jobs == 0
    assert known.expected(record("other")) > 45


@pytest.mark.parametrize("other", [record("second", mode=Mode.RELAX), record("second", operation=WORDS)])
def test_other_work_borrows_nothing(other):
    assert taught(lessons(), 20.0, jobs=60).of(other).jobs == 0


def test_too_little_is_not_lent():
    known = taught(lessons(), 20.0, jobs=5)

    assert known.of(record("second")).jobs == 0


GOOD = carried(taught(lessons("first"), 20.0))["classes"][0]
NONSENSE = {
    "no table": 3,
    "null": None,
    "nothing": {},
    "no account": {name: value for name, value in GOOD.items() if name != "account"},
    "no laws": {name: value for name, value in GOOD.items() if name != "laws"},
    "laws that are none": GOOD | {"laws": [1]},
    "amounts below zero": GOOD | {"laws": {"0": GOOD["laws"]["0"] | {"jobs": -1}}},
    "floors that are none": GOOD | {"floors": {"0": "x"}},
}


@pytest.mark.parametrize("bad", NONSENSE.values(), ids=NONSENSE)
def test_nonsense_is_left_out_with_one_warning(bad, caplog):
    with caplog.at_level(logging.WARNING, "mjasync.looking"):
        known = lessons(learned={"version": VERSION, "classes": [bad, GOOD]})

    assert [entry.name for entry in caplog.records] == ["mjasync.looking"]
    assert known.expected(record()) == pytest.approx(20.0, rel=0.2)
    assert carried(known)["classes"] == [GOOD]


@pytest.mark.parametrize("told", [None, {}, {"version": VERSION, "classes": []}], ids=["none", "nothing", "no class"])
def test_nothing_is_no_reason_for_a_warning(told, caplog):
    known = Lessons(sessions(), eps=EPS, learned=[told or {}])

    assert ([], []) == (known.dump()["classes"], caplog.records)


@pytest.mark.parametrize(
    "told",
    [
        {"version": VERSION},
        {"version": VERSION, "classes": "x"},
        {"version": VERSION, "classes": None},
        {"version": VERSION, "classes": {"0": GOOD}},
        {"version": VERSION - 1, "classes": [GOOD]},
        {"version": VERSION + 1, "classes": [GOOD]},
        {"version": str(VERSION), "classes": [GOOD]},
        {"classes": [GOOD]},
    ],
    ids=["no classes", "a word", "null", "no list", "an old version", "a new version", "a text", "no version"],
)
def test_what_is_of_another_version_is_not_taken_up_and_said_once(told, caplog):
    known = lessons(learned=told)

    assert [logging.WARNING] == [entry.levelno for entry in caplog.records if entry.name == "mjasync.looking"]

    assert known.of(record()).jobs == 0
    assert known.dump() == {"version": VERSION, "classes": []}


def test_a_mode_or_a_kind_that_nobody_knows_here_harms_nothing():
    strange = GOOD | {"mode": "warp", "kind": "hologram"}
    known = lessons(learned={"version": VERSION, "classes": [strange]})

    assert known.of(record()).jobs == 0
    assert carried(known)["classes"] == [strange]
