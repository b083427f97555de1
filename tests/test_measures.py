"""What events come to in figures: the table of metrics, and that a story's figures are its stats."""

from collections import Counter

import attrs
import pytest

from mjasync import events, measures
from mjasync.core.model import Mode, Phase
from mjasync.measures import ALL, RULES, Metric, plain, readings
from tests.telling import chain, told, troubled, twelve

WHERE = {"at": 0.0, "wall": 0.0, "job": "j", "kind": "imagine", "mode": Mode.FAST, "account": "a", "parent": None}


def sums(heard):
    """Counters added up, histograms counted, gauges as they were last."""
    found, gauges = Counter(), {}
    for event in heard:
        for metric, labels, amount in readings(event):
            if metric.kind == "gauge":
                gauges[metric, labels] = amount
            else:
                found[metric, labels] += amount if metric.kind == "counter" else 1
    return {**found, **gauges}


def test_every_metric_is_listed_once():
    metrics = [each for each in vars(measures).values() if isinstance(each, Metric)]

    assert set(metrics) == set(ALL)
    assert len({each.name for each in ALL}) == len(ALL) == len(metrics)


@pytest.mark.parametrize("metric", ALL, ids=lambda metric: metric.name)
def test_a_metric_has_a_unit_a_help_and_edges_if_it_has_buckets(metric):
    assert metric.name.startswith("mj.")
    assert metric.unit
    assert metric.help.endswith(".")
    assert bool(metric.edges) is (metric.kind == "histogram")
    assert list(metric.edges) == sorted(set(metric.edges))
    assert not {"job", "prompt", "ticket", "key"} & set(metric.labels)


@pytest.mark.parametrize("kind", RULES, ids=lambda kind: kind.__name__)
def test_a_rule_names_fields_that_its_event_has(kind):
    names = {field.name for field in attrs.fields(kind)}

    for metric, amount in RULES[kind]:
        assert not amount or amount in names
        assert set(metric.labels) - {"outcome"} <= names


def test_every_metric_is_fed():
    fed = {metric for rules in RULES.values() for metric, _ in rules}

    assert {measures.JOBS} == set(ALL) - fed


@pytest.mark.parametrize(
    ("kind", "label"),
    [("imagine", "imagine"), ("upscale1", "upscale1"), ("zoom_out_1.5x", "zoom_out_1.5x")]
    + [(odd, "press") for odd in ("MJ::JOB::upsample::1::0d3b", "", "x" * 40, "a b", "Vary (Subtle)")],
)
def test_a_button_with_an_id_of_its_own_is_no_label(kind, label):
    assert label == plain(kind)


def test_a_good_story_in_figures():
    figures = sums(told(chain))

    assert 1 == figures[measures.ASKED, ("fast", "imagine")]
    for metric in (measures.SENT, measures.ACCEPTED):
        assert 1 == figures[metric, ("ttapi", "fast", "upscale1")]
    assert 1 == figures[measures.ENDED, ("ttapi", "fast", "imagine", "ok")]
    assert (0, 10, 10) == tuple(figures[each, ("ttapi",)] for each in (measures.HELD, measures.CAP, measures.LIMIT))
    assert {0.0} == {value for (metric, _), value in figures.items() if metric is measures.JOBS}
    assert 2 == figures[measures.WAIT, ("ttapi", "fast")]
    assert (4.0, 0.0, 0.0) == tuple(
        figures[each, ("ttapi",)] for each in (measures.SPENT, measures.RESERVED, measures.POSSIBLE_JOBS)
    )
    assert 0.0 == figures[measures.BROKEN, ()]


def test_a_bad_story_in_figures():
    heard = told(twelve, prepare=troubled)
    figures = sums(heard)
    outcomes = Counter({labels[-1]: value for (metric, labels), value in figures.items() if metric is measures.ENDED})

    assert 2 == outcomes["JobFailed"]
    assert 9 == outcomes["ok"]
    assert 1 == figures[measures.UNKNOWN, ("ttapi",)]
    assert 1 == sum(value for (metric, _), value in figures.items() if metric is measures.PAUSES)
    assert 1 == figures[measures.JOBS, ("lost",)]


def test_looks_count_requests():
    heard = told(twelve, provider="mjproxy", profile="plus")
    figures = sums(heard)
    looks = [each for each in heard if isinstance(each, events.Looked)]
    counted = {labels[1]: 0 for (metric, labels) in figures if metric is measures.LOOKS}
    for (metric, labels), value in figures.items():
        if metric is measures.LOOKS:
            counted[labels[1]] += value

    assert "list" in counted
    assert sum(each.requests for each in looks) == sum(counted.values())
    assert sum(each.requests > 0 for each in looks) == sum(
        value for (metric, _), value in figures.items() if metric is measures.LOOK
    )


def test_what_says_nothing_is_left_out():
    slots = {"held": 1, "cap": 2, "limit": 2}
    again = events.SlotLent(**WHERE, **slots, waited=9.0, attempt=2)
    found = events.Accepted(**WHERE, ticket=None, seconds=9.0, by="list")
    shared = events.Looked(**WHERE, verb="list", batch=3, requests=0, seconds=1.0, saw="running")

    assert [measures.HELD, measures.CAP, measures.LIMIT] == [metric for metric, _, _ in readings(again)]
    assert [measures.ACCEPTED] == [metric for metric, _, _ in readings(found)]
    assert [] == list(readings(shared))


def test_an_end_that_was_never_accepted_has_no_duration_and_one_with_a_clock_has_a_lag():
    facts = {"charged": "no", "quota": None, "total": 3.0}
    refused = events.Ended(**WHERE, ok=False, error="AuthError", seconds=None, **facts)
    done = events.Ended(**WHERE, ok=True, error=None, seconds=2.0, lag=0.5, **facts)

    assert [measures.ENDED, measures.TOTAL] == [metric for metric, _, _ in readings(refused)]
    assert (measures.LAG, ("a", "fast"), 0.5) == list(readings(done))[-1]


def test_what_nobody_knows_takes_a_gauge_away():
    moved = events.MoneyMoved(
        at=0.0, wall=0.0, account="a", spent=3.0, reserved=None, possible=0.0, reserved_jobs=1, possible_jobs=0
    )

    assert (measures.RESERVED, ("a",), None) in list(readings(moved))


def test_a_phase_that_is_over_is_no_gauge():
    moved = events.Moved(**WHERE, was=Phase.RUNNING, phase=Phase.DONE, now_there=5, now_before=2)

    assert [(measures.JOBS, ("running",), 2.0)] == list(readings(moved))


def test_truth_is_a_word():
    refused = events.Refused(**WHERE, error="AuthError", again=True)

    assert [(measures.REFUSED, ("a", "AuthError", "true"), 1.0)] == list(readings(refused))


def test_a_cap_that_changed_and_a_disk_that_broke():
    cap = events.CapChanged(at=0.0, wall=0.0, account="a", cap=9, limit=3, held=2, why="full")
    broke = events.JournalBroke(at=0.0, wall=0.0, why="full")

    assert [2.0, 9.0, 3.0] == [amount for _, _, amount in readings(cap)]
    assert [(measures.BROKEN, (), 1.0)] == list(readings(broke))
