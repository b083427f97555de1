"""Prometheus's text format, without a dependency: `Prometheus` listens, `render` writes the page."""

from collections.abc import Iterator, Mapping

from attrs import define, field

from mjasync.errors import ConfigError
from mjasync.events import Event
from mjasync.measures import ALL, Metric, readings

#: Of the page that `render` writes.
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@define
class _Histogram:
    """How many were at most as large as each edge, and all together."""

    below: list[int]
    total: float = 0.0
    count: int = 0

    def add(self, edges: tuple[float, ...], value: float) -> None:
        self.total, self.count = self.total + value, self.count + 1
        for place, edge in enumerate(edges):
            self.below[place] += value <= edge


@define(eq=False)
class _Family:
    """One metric: its values by their labels."""

    values: dict[tuple[str, ...], float] = field(factory=dict)
    histograms: dict[tuple[str, ...], _Histogram] = field(factory=dict)

    def take(self, metric: Metric, labels: tuple[str, ...], amount: float | None) -> None:
        if metric.kind == "histogram" and amount is not None:
            histogram = self.histograms.setdefault(labels, _Histogram([0] * len(metric.edges)))
            histogram.add(metric.edges, amount)
        elif metric.kind == "counter" and amount is not None:
            self.values[labels] = self.values.get(labels, 0.0) + amount
        elif amount is None:
            self.values.pop(labels, None)
        else:
            self.values[labels] = amount


class Prometheus:
    """Give it to a pool as `on_event=`; `render(it)` is the page.

    `labels`: further labels of every line, such as `{"pool": "cats"}`; needed where one page shows several pools.
    Raises `ConfigError` for a label that Prometheus would not read.
    """

    def __init__(self, *, labels: Mapping[str, str] | None = None) -> None:
        self.labels = dict(labels or {})
        taken = {name for metric in ALL for name in metric.labels} | {"le"}
        for name in self.labels:
            if not (name.isascii() and name.isidentifier()) or name.startswith("__") or name in taken:
                raise ConfigError(f"{name!r} cannot be a label.", hint="use a name like pool or instance_name")
        self._families = {metric: _Family() for metric in ALL}

    def __call__(self, event: Event) -> None:
        """Count it."""
        for metric, labels, amount in readings(event):
            self._families[metric].take(metric, labels, amount)

    def lines(self, metric: Metric) -> Iterator[str]:
        """The metric's samples."""
        family, name = self._families[metric], name_of(metric)
        for labels, value in sorted(family.values.items()):
            yield f"{name}{self._shown(metric, labels)} {_number(value)}"
        for labels, histogram in sorted(family.histograms.items()):
            edges = (*map(_number, metric.edges), "+Inf")
            for edge, count in zip(edges, (*histogram.below, histogram.count), strict=True):
                yield f"{name}_bucket{self._shown(metric, labels, le=edge)} {count}"
            yield f"{name}_sum{self._shown(metric, labels)} {_number(histogram.total)}"
            yield f"{name}_count{self._shown(metric, labels)} {histogram.count}"

    def _shown(self, metric: Metric, values: tuple[str, ...], **more: str) -> str:
        labels = {**self.labels, **dict(zip(metric.labels, values, strict=True)), **more}
        inside = ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items())
        return f"{{{inside}}}" if inside else ""


def render(*listeners: Prometheus) -> str:
    """The page of one or several pools; its type is `CONTENT_TYPE`. Call it in the loop's thread.

    Raises `ConfigError` for several with the same `labels`: their lines could not be told apart.
    """
    if len({tuple(sorted(each.labels.items())) for each in listeners}) < len(listeners):
        raise ConfigError(
            "Several pools have the same labels on one page.",
            hint='give each its own: Prometheus(labels={"pool": "cats"})',
        )
    page: list[str] = []
    for metric in ALL:
        samples = [line for each in listeners for line in each.lines(metric)]
        if samples:
            name = name_of(metric)
            page += [f"# HELP {name} {_help(metric.help)}", f"# TYPE {name} {metric.kind}", *samples]
    return "".join(f"{line}\n" for line in page)


def name_of(metric: Metric) -> str:
    """`mj.slot.wait` in seconds is `mj_slot_wait_seconds`; counters end with `_total`."""
    ending = "_seconds" if metric.unit == "s" else ""
    return metric.name.replace(".", "_") + ending + ("_total" if metric.kind == "counter" else "")


def _help(text: str) -> str:
    return text.replace("\\", r"\\").replace("\n", r"\n")


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("\n", r"\n").replace('"', r"\"")


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() else repr(value)
