"""Spans and metrics, as the SDK's own exporters in memory have them."""

import asyncio
import subprocess
import sys

import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

import mjasync as mj
from mjasync import events, measures
from mjasync.measures import ALL
from mjasync.otel import ATTRIBUTES, CONVENTIONS, Telemetry
from mjasync.testing import Sim, run
from tests.telling import chain, told, troubled, twelve


class Seen:
    """A telemetry with exporters in memory."""

    def __init__(self, **options):
        self._spans, self._reader = InMemorySpanExporter(), InMemoryMetricReader()
        self.traces, self._meters = TracerProvider(), MeterProvider(metric_readers=[self._reader])
        self.traces.add_span_processor(SimpleSpanProcessor(self._spans))
        self.telemetry = Telemetry(tracer_provider=self.traces, meter_provider=self._meters, **options)

    @property
    def spans(self):
        return self._spans.get_finished_spans()

    def span(self, kind):
        (span,) = [each for each in self.spans if each.attributes.get("mj.kind") == kind]
        return span

    @property
    def metrics(self):
        """Name → (unit, description, points)."""
        found = self._reader.get_metrics_data()
        return {
            metric.name: metric
            for resource in (found.resource_metrics if found else ())
            for scope in resource.scope_metrics
            for metric in scope.metrics
        }

    def value(self, metric, **attributes):
        wanted = {f"mj.{name}": value for name, value in attributes.items()}
        points = self.metrics[metric.name].data.data_points
        (point,) = [each for each in points if dict(each.attributes) == wanted]
        return point


def seen(script=chain, *, telemetry=None, **options):
    watched = Seen(**(telemetry or {}))
    return watched, told(script, watched.telemetry, **options)


def test_a_job_is_one_client_span_from_the_asking_to_its_end():
    watched, heard = seen()
    ends = {each.job: each for each in heard if isinstance(each, events.Ended)}
    asked = {each.job: each for each in heard if isinstance(each, events.JobQueued)}

    assert {"imagine", "upscale1"} == {each.attributes["mj.kind"] for each in watched.spans}
    for span in watched.spans:
        job = span.attributes["mj.job"]
        assert SpanKind.CLIENT is span.kind
        assert (int(asked[job].wall * 1e9), int(ends[job].wall * 1e9)) == (span.start_time, span.end_time)
        assert StatusCode.UNSET is span.status.status_code


def test_attributes_of_a_good_end():
    watched, heard = seen()
    span = watched.span("imagine")
    (end,) = [each for each in heard if isinstance(each, events.Ended) and each.kind == "imagine"]

    expected = {
        "gen_ai.operation.name": "generate_content",
        "gen_ai.provider.name": "ttapi",
        "gen_ai.output.type": "image",
        "server.address": "ttapi.sim.invalid",
        "mj.mode": "fast",
        "mj.account": "ttapi",
        "mj.attempts": 1,
        "mj.charged": "yes",
        "mj.quota": 3.0,
        "mj.looks": end.looks,
        "mj.seconds": end.seconds,
    }
    assert expected == {name: span.attributes.get(name) for name in expected}
    assert span.attributes["mj.ticket"].startswith("ttapi:")


def test_every_attribute_is_in_the_tables():
    watched, _ = seen(twelve, prepare=troubled, telemetry={"prompts": True})

    names = {name for span in watched.spans for name in span.attributes}
    assert names <= {*ATTRIBUTES, *CONVENTIONS.values()}


def test_a_step_is_linked_to_its_parent():
    watched, _ = seen()
    parent, step = watched.span("imagine"), watched.span("upscale1")

    assert [parent.context.span_id] == [link.context.span_id for link in step.links]
    assert parent.attributes["mj.job"] == step.attributes["mj.parent"]
    assert () == tuple(parent.links)


def test_a_step_of_a_job_that_is_over_is_linked_too():
    async def script(pool):
        grid = await pool.imagine("a cat")
        await grid.upscale(2)

    watched, _ = seen(script)

    assert [watched.span("imagine").context.span_id] == [
        link.context.span_id for link in watched.span("upscale2").links
    ]


def test_looks_are_events_of_the_span_in_order():
    watched, heard = seen()
    span = watched.span("imagine")
    looks = [each for each in heard if isinstance(each, events.Looked) and each.kind == "imagine"]

    found = [each for each in span.events if each.name == "look"]
    assert len(looks) == len(found)
    assert [int(each.wall * 1e9) for each in looks] == [each.timestamp for each in found]
    assert ("one", 1, "queued") == tuple(found[0].attributes[f"mj.{name}"] for name in ("verb", "batch", "saw"))
    names = [each.name for each in span.events]
    assert names.index("slot") < names.index("submit") < names.index("Accepted") < names.index("look")


def test_a_failure_is_an_error_with_its_class():
    def fails(sim):
        sim.inject("fail", on="job", reason="[Internal error]")

    async def script(pool):
        with pytest.raises(mj.JobFailed):
            await pool.imagine("a cat")

    watched, _ = seen(script, prepare=fails)
    (span,) = watched.spans

    assert (StatusCode.ERROR, "JobFailed") == (span.status.status_code, span.status.description)
    assert "JobFailed" == span.attributes["error.type"]
    assert "unknown" == span.attributes["mj.charged"]


def test_a_job_of_unknown_fate_has_a_span_that_ends_with_the_pool():
    def loses(sim):
        sim.inject("lose_answer", on="submit")

    async def script(pool):
        with pytest.raises(mj.SubmitOutcomeUnknown):
            await pool.imagine("a cat")

    watched, _ = seen(script, prepare=loses)
    (span,) = watched.spans

    assert ["OutcomeUnknown", "the pool was closed"] == [each.name for each in span.events][-2:]


def test_a_job_that_is_asked_for_in_a_span_is_its_child():
    watched = Seen()
    tracer = watched.traces.get_tracer("app")

    async def story():
        async with mj.Pool(Sim(seed=3).ttapi(), on_event=watched.telemetry) as pool:
            with tracer.start_as_current_span("a request"):
                job = pool.imagine("a cat")
            await job

    run(story())
    (request,) = [each for each in watched.spans if each.name == "a request"]
    assert request.context.span_id == watched.span("imagine").parent.span_id


def test_a_job_of_an_earlier_process_gets_a_span_of_its_own(tmp_path):
    watched = Seen()

    async def story():
        account = Sim(seed=3).ttapi()
        async with mj.Pool(account, journal=tmp_path / "jobs.db") as pool:
            await pool.imagine("a cat").accepted()
            await pool.aclose()
        async with mj.Pool(account, journal=tmp_path / "jobs.db", on_event=watched.telemetry) as pool:
            await pool.recover()

    run(story())

    (span,) = watched.spans
    assert ("imagine", True) == (span.attributes["mj.kind"], "mj.seconds" in span.attributes)


@pytest.mark.parametrize(("prompts", "expected"), [(False, None), (True, "a cat")])
def test_prompts_are_off_unless_asked_for(prompts, expected):
    watched, _ = seen(telemetry={"prompts": prompts})

    assert expected == watched.span("imagine").attributes.get("mj.prompt")
    assert prompts is any("a cat" in str(span.to_json()) for span in watched.spans)


def test_metrics_have_their_units_and_figures():
    watched, heard = seen(twelve, prepare=troubled)
    found = watched.metrics
    table = {metric.name: metric for metric in ALL}

    assert set(found) <= set(table)
    for name, metric in found.items():
        assert (table[name].unit, table[name].help) == (metric.unit, metric.description)
    assert 9 == watched.value(measures.ENDED, account="ttapi", mode="turbo", kind="imagine", outcome="ok").value
    assert 1 == watched.value(measures.UNKNOWN, account="ttapi").value
    assert 10 == watched.value(measures.CAP, account="ttapi").value
    assert 1 == watched.value(measures.POSSIBLE_JOBS, account="ttapi").value
    waits = watched.value(measures.WAIT, account="ttapi", mode="turbo")
    assert (12, tuple(measures.WAIT.edges)) == (waits.count, tuple(waits.explicit_bounds))
    assert sum(each.waited for each in heard if isinstance(each, events.SlotLent) and each.attempt == 1) == (
        pytest.approx(waits.sum)
    )


def test_a_gauge_that_nobody_knows_is_not_told():
    watched = Seen()
    facts = {"at": 0.0, "wall": 0.0, "account": "a", "spent": 1.5, "possible": 0.0}
    watched.telemetry(events.MoneyMoved(**facts, reserved=3.0, reserved_jobs=1, possible_jobs=0))
    assert 3.0 == watched.value(measures.RESERVED, account="a").value

    watched.telemetry(events.MoneyMoved(**facts, reserved=None, reserved_jobs=1, possible_jobs=0))

    assert [] == list(
        watched.metrics[measures.RESERVED.name].data.data_points if "mj.money.reserved" in watched.metrics else []
    )


def test_without_an_sdk_nothing_happens_and_nothing_breaks():
    assert any(isinstance(each, events.Ended) for each in told(chain, Telemetry()))


def test_without_the_api_the_extra_is_named():
    program = (
        "import sys; sys.modules['opentelemetry'] = None\n"
        "import mjasync as mj\n"
        "try:\n    mj.otel\nexcept mj.ConfigError as exc:\n    print(exc.hint)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)

    assert "mjasync[otel]" in done.stdout


def test_over_a_restart_every_job_has_its_spans_with_slot_account_and_doubt(tmp_path):
    sim = Sim(seed=3)
    sim.inject("lose_answer", on="submit", match="lost")
    account = sim.ttapi(max_jobs=2)

    async def lives(*lives):
        async def life(listener, work):
            pool = mj.Pool(account, journal=tmp_path / "jobs.db", on_event=listener)
            await pool.__aenter__()
            await work(pool)
            await pool.aclose()

        for listener, work in lives:
            await life(listener, work)

    async def asked(pool):
        jobs = [pool.imagine(prompt) for prompt in ("a cat", "lost", "held")]
        await jobs[0].accepted()
        await asyncio.sleep(1)

    async def recovered(pool):
        await pool.recover()
        await asyncio.sleep(900)

    before, after = Seen(), Seen()
    run(lives((before.telemetry, asked), (after.telemetry, recovered)))

    running, lost, held = before.spans
    assert ["slot", "submit"] == [each.name for each in running.events][:2]
    assert (True, "ttapi") == (running.attributes["mj.slot_wait"] < 1.0, running.attributes["mj.account"])
    assert (StatusCode.ERROR, "unknown", "ttapi") == (
        lost.status.status_code, lost.attributes["mj.charged"], lost.attributes["mj.account"]
    )  # fmt: skip
    assert "mj.account" not in held.attributes
    ended = {span.attributes["mj.job"]: span.attributes for span in after.spans}
    for span in (running, held):
        assert ("ttapi", "yes") == tuple(
            ended[span.attributes["mj.job"]][f"mj.{name}"] for name in ("account", "charged")
        )
