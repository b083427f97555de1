"""The text page, as Prometheus's own parser reads it."""

import math

import pytest
from prometheus_client.parser import text_string_to_metric_families

import mjasync as mj
from mjasync import events, measures
from mjasync.measures import ALL
from mjasync.prometheus import CONTENT_TYPE, Prometheus, name_of, render
from mjasync.testing import Sim, run
from tests.telling import chain, told, troubled, twelve

NASTY = 'a "quoted\\ name"\nwith a line'


def parsed(text):
    """Families by name, with their samples by name and labels."""
    return {family.name: family for family in text_string_to_metric_families(text)}


def value(text, name, **labels):
    found = [
        sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == name and sample.labels == labels
    ]
    assert len(found) == 1, (name, labels, found)
    return found[0]


def page(script=chain, **options):
    listener = Prometheus()
    told(script, listener, **options)
    return render(listener)


def test_the_official_parser_reads_every_family_with_its_type_and_help():
    families = parsed(page(twelve, prepare=troubled))

    expected = {name_of(metric).removesuffix("_total"): metric for metric in ALL}
    assert set(families) <= set(expected)
    assert {"mj_jobs_ended", "mj_slot_wait_seconds", "mj_slots_held", "mj_money_spent", "mj_looks"} <= set(families)
    for name, family in families.items():
        assert (expected[name].kind, expected[name].help) == (family.type, family.documentation)


def test_counters_end_with_total_and_count():
    text = page()

    assert 1.0 == value(text, "mj_jobs_ended_total", account="ttapi", mode="fast", kind="imagine", outcome="ok")
    assert all(
        sample.name.endswith("_total")
        for family in parsed(text).values()
        if family.type == "counter"
        for sample in family.samples
    )


def test_gauges_are_as_they_were_last():
    text = page()

    assert 10.0 == value(text, "mj_slots_cap", account="ttapi")
    assert 0.0 == value(text, "mj_slots_held", account="ttapi")
    assert 4.0 == value(text, "mj_money_spent", account="ttapi")
    assert 0.0 == value(text, "mj_jobs", phase="running")


def test_buckets_are_cumulative_and_end_with_all():
    family = parsed(page(twelve))["mj_job_duration_seconds"]
    buckets = [each for each in family.samples if each.name.endswith("_bucket")]
    edges = [float(each.labels["le"]) for each in buckets]
    counts = [each.value for each in buckets]

    assert edges == [*measures.RUN.edges, math.inf]
    assert counts == sorted(counts)
    (count,) = [each.value for each in family.samples if each.name.endswith("_count")]
    (total,) = [each.value for each in family.samples if each.name.endswith("_sum")]
    assert (12.0, counts[-1]) == (count, count)
    assert 12 * 5.0 < total < 12 * 120.0


def test_a_value_on_an_edge_is_in_its_bucket():
    listener = Prometheus()
    listener(
        events.Looked(
            at=0.0,
            wall=0.0,
            job="j",
            kind="imagine",
            mode=mj.Mode.FAST,
            account="a",
            parent=None,
            verb="one",
            batch=1,
            requests=1,
            seconds=0.25,
            saw="running",
        )
    )
    text = render(listener)

    assert 0.0 == value(text, "mj_look_duration_seconds_bucket", account="a", verb="one", le="0.1")
    assert 1.0 == value(text, "mj_look_duration_seconds_bucket", account="a", verb="one", le="0.25")


def test_names_with_quotes_and_lines_come_back_as_they_were():
    listener = Prometheus(labels={"pool": NASTY})
    listener(events.RouteBad(at=0.0, wall=0.0, account=NASTY, mode=mj.Mode.FAST, error="AuthError", what="x"))

    assert 1.0 == value(render(listener), "mj_routes_bad_total", pool=NASTY, account=NASTY, error="AuthError")


def test_several_pools_share_a_page_and_each_family_is_there_once():
    pools = [Prometheus(labels={"pool": name}) for name in ("cats", "dogs")]
    for each in pools:
        told(chain, each)
    text = render(*pools)

    assert text.count("# TYPE mj_slots_cap gauge") == 1
    assert [10.0, 10.0] == [value(text, "mj_slots_cap", account="ttapi", pool=name) for name in ("cats", "dogs")]


def test_several_pools_without_names_are_refused():
    with pytest.raises(mj.ConfigError, match="same labels"):
        render(Prometheus(), Prometheus())


@pytest.mark.parametrize("name", ["account", "le", "1a", "a-b", "__name", "", "größe"])
def test_a_label_that_cannot_be_read_is_refused(name):
    with pytest.raises(mj.ConfigError, match="label"):
        Prometheus(labels={name: "x"})


def test_a_gauge_that_nobody_knows_is_absent():
    listener = Prometheus()
    facts = {"at": 0.0, "wall": 0.0, "account": "a", "spent": 1.5, "possible": 0.0}
    listener(events.MoneyMoved(**facts, reserved=3.0, reserved_jobs=1, possible_jobs=0))
    assert 3.0 == value(render(listener), "mj_money_reserved", account="a")

    listener(events.MoneyMoved(**facts, reserved=None, reserved_jobs=1, possible_jobs=0))

    assert "mj_money_reserved{" not in render(listener)
    assert 1.5 == value(render(listener), "mj_money_spent", account="a")


def test_nothing_told_is_an_empty_page():
    assert "" == render(Prometheus()) == render()


def test_no_prompt_no_id_and_no_key_is_on_the_page():
    listener = Prometheus()
    heard = told(chain, listener)
    text = render(listener)

    assert "a cat" not in text
    assert not any(each.job in text for each in heard if isinstance(each, events.JobQueued))


def test_the_type_of_the_page():
    assert CONTENT_TYPE.startswith("text/plain; version=0.0.4")


def test_after_a_restart_every_gauge_is_there_before_anything_moves(tmp_path):
    sim = Sim(seed=3)
    account = sim.ttapi(max_jobs=2)

    async def lives():
        first = mj.Pool(account, journal=tmp_path / "jobs.db")
        await first.imagine("a cat")
        running = [first.imagine(f"cat {number}") for number in range(3)]
        await running[1].accepted()
        await first.aclose()
        listener = Prometheus()
        async with mj.Pool(account, sim.mjproxy(), journal=tmp_path / "jobs.db", on_event=listener):
            return render(listener)

    text = run(lives())

    phases = {phase: value(text, "mj_jobs", phase=phase) for phase in ("held", "sending", "queued", "running", "lost")}
    assert {"held": 1.0, "sending": 0.0, "queued": 2.0, "running": 0.0, "lost": 0.0} == phases
    for name, here, there in (("spent", 3.0, 0.0), ("reserved", 6.0, 0.0), ("possible_jobs", 0.0, 0.0)):
        shown = [value(text, f"mj_money_{name}", account=account) for account in ("ttapi", "mjproxy")]
        assert [here, there] == shown
    assert 0.0 == value(text, "mj_unknown_total", account="mjproxy"), "the first rise of what was absent is not seen"
    assert 0.0 == value(text, "mj_money_stops_total", account="ttapi", error="QuotaExhausted")
