"""OpenTelemetry: a span for each job and the metrics of `measures`, by the API alone; the SDK is the application's.

Rule 1: names that are not ours are in `CONVENTIONS`, for those of generative AI are still moving.
Rule 2: no prompt is told, unless `prompts=True`.
"""

from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from attrs import fields

from mjasync import events
from mjasync.errors import ConfigError
from mjasync.events import Event
from mjasync.measures import ALL, Metric, plain, readings

try:
    from opentelemetry import metrics, trace
    from opentelemetry.metrics import CallbackOptions, Observation
except ImportError:
    raise ConfigError(
        "Traces need OpenTelemetry's API, which is not installed.", hint="pip install 'mjasync[otel]'"
    ) from None

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from opentelemetry.metrics import Counter, Histogram, Meter, MeterProvider
    from opentelemetry.trace import Span, SpanContext, Tracer, TracerProvider

#: What we tell → the attribute's name in OpenTelemetry's conventions.
CONVENTIONS = {
    "operation": "gen_ai.operation.name",
    "provider": "gen_ai.provider.name",
    "output": "gen_ai.output.type",
    "host": "server.address",
    "error": "error.type",
}
#: Attributes of a span that are ours, and what they say.
ATTRIBUTES = {
    "mj.job": "our id of the job",
    "mj.kind": "what it is: `imagine`, `upscale2`, …",
    "mj.mode": "the mode that was asked for",
    "mj.parent": "our id of the job that it is a step after",
    "mj.account": "name of the account that took it",
    "mj.ticket": "where it lives at the provider",
    "mj.attempts": "how often its paid request was sent",
    "mj.slot_wait": "seconds until it got its slot",
    "mj.seconds": "seconds from the acceptance to the end as we saw it",
    "mj.lag": "seconds from the end by the provider's clock to the look that showed it",
    "mj.looks": "how often the provider was asked about it",
    "mj.charged": "`no`, `yes` or `unknown`",
    "mj.quota": "what it cost, in the provider's unit",
    "mj.late": "true for a result that came after whoever awaited it had been told something else",
    "mj.prompt": "the prompt, with `prompts=True` only",
}
#: Kinds of work that bring words.
_WORDS = frozenset({"describe", "shorten", "get_seed"})
#: Spans that have ended and may be linked to by their steps.
_REMEMBERED = 1000
_NAME = "mjasync"


class Telemetry:
    """Give it to a pool as `on_event=`: one CLIENT span per job, from the asking to its end, and metrics.

    The span of a step is linked to its parent's; a job that is asked for inside a span is that span's child. Without
    providers, those that the application has set are used.
    """

    def __init__(
        self,
        *,
        tracer_provider: "TracerProvider | None" = None,
        meter_provider: "MeterProvider | None" = None,
        prompts: bool = False,
    ) -> None:
        self._spans = _Spans(trace.get_tracer(_NAME, tracer_provider=tracer_provider), prompts=prompts)
        self._figures = _Figures(metrics.get_meter(_NAME, meter_provider=meter_provider))

    def __call__(self, event: Event) -> None:
        """Take it in."""
        self._figures.take(event)
        self._spans.take(event)


class _Figures:
    """The metrics."""

    def __init__(self, meter: "Meter") -> None:
        self._counters: dict[Metric, Counter] = {}
        self._histograms: dict[Metric, Histogram] = {}
        #: Read by the SDK's exporter in a thread of its own: every change is one new value of a key.
        self._gauges: dict[Metric, dict[tuple[str, ...], float]] = {}
        for metric in ALL:
            match metric.kind:
                case "counter":
                    self._counters[metric] = meter.create_counter(metric.name, metric.unit, metric.help)
                case "histogram":
                    self._histograms[metric] = meter.create_histogram(
                        metric.name, metric.unit, metric.help, explicit_bucket_boundaries_advisory=list(metric.edges)
                    )
                case "gauge":
                    self._gauges[metric] = {}
                    told = [self._teller(metric)]
                    meter.create_observable_gauge(metric.name, told, metric.unit, metric.help)

    def take(self, event: Event) -> None:
        for metric, labels, amount in readings(event):
            if metric.kind == "gauge":
                self._set(metric, labels, amount)
            elif amount is not None:
                self._add(metric, _named(metric, labels), amount)

    def _set(self, metric: Metric, labels: tuple[str, ...], amount: float | None) -> None:
        if amount is None:
            self._gauges[metric].pop(labels, None)
        else:
            self._gauges[metric][labels] = amount

    def _add(self, metric: Metric, attributes: dict[str, str], amount: float) -> None:
        if metric.kind == "counter":
            self._counters[metric].add(amount, attributes)
        else:
            self._histograms[metric].record(amount, attributes)

    def _teller(self, metric: Metric) -> "Callable[[CallbackOptions], Iterator[Observation]]":
        def tell(_options: CallbackOptions) -> "Iterator[Observation]":
            for labels, value in list(self._gauges[metric].items()):
                yield Observation(value, _named(metric, labels))

        return tell


def _named(metric: Metric, labels: tuple[str, ...]) -> dict[str, str]:
    return {f"mj.{name}": value for name, value in zip(metric.labels, labels, strict=True)}


class _Spans:
    """The spans of the jobs that go on."""

    def __init__(self, tracer: "Tracer", *, prompts: bool) -> None:
        self._tracer = tracer
        self._prompts = prompts
        self._open: dict[str, Span] = {}
        self._ended: OrderedDict[str, SpanContext] = OrderedDict()
        #: Slots that were lent before the journal had the asking, which is told after them.
        self._early: dict[str, events.SlotLent] = {}
        #: Jobs of unknown fate.
        self._doubtful: set[str] = set()
        self._providers: dict[str, str] = {}
        self._hosts: dict[str, str] = {}

    def take(self, event: Event) -> None:
        match event:
            case events.Opened(providers=providers, hosts=hosts):
                self._providers, self._hosts = providers, hosts
            case events.JobQueued() | events.TakenUp():
                self._begin(event)
            case events.AboutJob() if event.job in self._open:
                self._go_on(self._open[event.job], event)
            case events.SubmitSent() | events.Accepted() if event.job not in self._ended:  # of an earlier process
                self._begin(event)
                self._go_on(self._open[event.job], event)
            case events.SlotLent(job=job):
                self._early[job] = event
            case events.SlotReturned(job=job):
                self._early.pop(job, None)
            case events.Closed():
                for job in tuple(self._open):
                    self._open[job].add_event("the pool was closed", timestamp=_nanoseconds(event))
                    if job in self._doubtful:
                        _doubt(self._open[job])
                    self._end(job, event)
                self._early.clear()

    def _begin(self, event: events.JobQueued | events.TakenUp | events.SubmitSent | events.Accepted) -> None:
        if event.job in self._open:
            return
        parent = event.parent or ""
        known = self._open[parent].get_span_context() if parent in self._open else self._ended.get(parent)
        told = {"mj.job": event.job, "mj.kind": event.kind, "mj.mode": str(event.mode), "mj.parent": event.parent}
        if isinstance(event, events.JobQueued) and event.prompt is not None and self._prompts:
            told["mj.prompt"] = event.prompt.text
        span = self._tracer.start_span(
            f"mj {plain(event.kind)}",
            kind=trace.SpanKind.CLIENT,
            attributes={
                CONVENTIONS["operation"]: "generate_content",
                CONVENTIONS["output"]: "text" if event.kind in _WORDS else "image",
                **{name: value for name, value in told.items() if value is not None},
            },
            links=[trace.Link(known)] if known else (),
            start_time=_nanoseconds(event),
        )
        self._open[event.job] = span
        early = self._early.pop(event.job, None)
        if early is not None and isinstance(event, events.JobQueued | events.SubmitSent):  # others waited elsewhere
            self._go_on(span, early)
        elif event.account:
            self._at(span, event.account)

    def _go_on(self, span: "Span", event: events.AboutJob) -> None:
        match event:
            case events.Ended():
                self._over(span, event)
                return
            case events.SlotLent(waited=waited):
                self._at(span, event.account or "")
                span.set_attribute("mj.slot_wait", waited)
            case events.SubmitSent(attempt=attempt):
                span.set_attribute("mj.attempts", attempt)
            case events.Accepted(ticket=ticket):
                self._at(span, event.account or "")
                span.set_attribute("mj.ticket", str(ticket))
                self._doubtful.discard(event.job)
            case events.OutcomeUnknown():
                self._doubtful.add(event.job)
        if isinstance(event, events.Moved | events.SlotReturned | events.Progressed):
            return
        span.add_event(_SAID.get(type(event), type(event).__name__), _details(event), _nanoseconds(event))
        if isinstance(event, events.QuarantineEnded):
            _doubt(span)
            self._end(event.job, event)

    def _at(self, span: "Span", account: str) -> None:
        told = {
            "mj.account": account,
            CONVENTIONS["provider"]: self._providers.get(account),
            CONVENTIONS["host"]: self._hosts.get(account),
        }
        span.set_attributes({name: value for name, value in told.items() if value})

    def _over(self, span: "Span", event: events.Ended) -> None:
        told = {
            "mj.seconds": event.seconds,
            "mj.lag": event.lag,
            "mj.looks": event.looks,
            "mj.charged": event.charged,
            "mj.quota": event.quota,
            "mj.late": event.late or None,
            CONVENTIONS["error"]: event.error,
        }
        span.set_attributes({name: value for name, value in told.items() if value is not None})
        if not event.ok:
            span.set_status(trace.StatusCode.ERROR, event.error)
        self._end(event.job, event)

    def _end(self, job: str, event: Event) -> None:
        span = self._open.pop(job)
        self._doubtful.discard(job)
        span.end(_nanoseconds(event))
        self._ended[job] = span.get_span_context()
        while len(self._ended) > _REMEMBERED:
            self._ended.popitem(last=False)


def _doubt(span: "Span") -> None:
    span.set_status(trace.StatusCode.ERROR, "its fate is unknown")
    span.set_attribute("mj.charged", "unknown")


#: Event → its name on the span, where that is not its own.
_SAID = {events.Looked: "look", events.SubmitSent: "submit", events.SlotLent: "slot"}
#: Fields that say nothing beside the span's own attributes.
_KNOWN = frozenset({"at", "wall", "job", "kind", "mode", "account", "parent", "ticket", "prompt"})


def _details(event: Event) -> dict[str, Any]:
    found = {each.name: getattr(event, each.name) for each in fields(type(event)) if each.name not in _KNOWN}
    return {
        f"mj.{name}": value if isinstance(value, str | bool | int | float) else str(value)
        for name, value in found.items()
        if value is not None
    }


def _nanoseconds(event: Event) -> int:
    """Since 1970."""
    return int(event.wall * 1_000_000_000)
