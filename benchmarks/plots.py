"""Plots as SVG, without a library: points and lines on one pair of axes, legible on light and on dark pages.

Rule 1: the same figures make the same bytes, so that a plot changes only when its figures do.
"""

import math
from collections.abc import Iterable
from html import escape

from attrs import field, frozen

WIDTH, HEIGHT = 720, 440
_LEFT, _RIGHT, _TOP, _BOTTOM = 72, 16, 48, 56
_COLOURS = 6
_NAMESPACE = "http://www.w3.org/2000/svg"
# Of middling lightness: each stands out from white and from near-black alike.
_STYLE = """text{font:13px system-ui,sans-serif;fill:#24292f}.title{font-size:16px;font-weight:600}
.tick{font-size:12px;fill:#57606a}.grid{stroke:#d0d7de}.axis{stroke:#57606a}.line{fill:none;stroke-width:2}
.c0{color:#2f81f7}.c1{color:#db6d28}.c2{color:#3fa34d}.c3{color:#a371f7}.c4{color:#d5488f}.c5{color:#8a8f98}
.line{stroke:currentColor}.dot{fill:currentColor}.label{font-size:12px}
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.tick{fill:#9198a1}.grid{stroke:#3d444d}.axis{stroke:#9198a1}}"""


@frozen
class Series:
    """Points of one colour; `joined` draws a line through them instead of dots."""

    name: str
    points: tuple[tuple[float, float], ...]
    joined: bool = False
    #: A word beside each point, or none.
    labels: tuple[str, ...] = field(default=())


@frozen(kw_only=True)
class Axis:
    """What an axis measures, with its unit."""

    label: str
    logarithmic: bool = False
    #: Where the axis begins and ends; without it as the points need.
    span: tuple[float, float] | None = None


@frozen(kw_only=True)
class Plot:
    """One figure. `alt` says in a sentence what it shows."""

    name: str
    title: str
    alt: str
    x: Axis
    y: Axis
    series: tuple[Series, ...]

    def markdown(self) -> str:
        """The line that shows it."""
        return f"![{self.alt}](plots/{self.name}.svg)"

    def svg(self) -> str:
        """The document."""
        across = _Scale.of(self.x, [x for one in self.series for x, _ in one.points], _LEFT, WIDTH - _RIGHT)
        up = _Scale.of(self.y, [y for one in self.series for _, y in one.points], HEIGHT - _BOTTOM, _TOP)
        parts = [
            f'<svg xmlns="{_NAMESPACE}" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="title alt">',
            f'<title id="title">{escape(self.title)}</title>',
            f'<desc id="alt">{escape(self.alt)}</desc>',
            f"<style>{_STYLE}</style>",
            _text(_LEFT, 24, self.title, kind="title"),
            *_axes(across, up, self.x.label, self.y.label),
            *(part for n, one in enumerate(self.series) for part in _drawn(one, n, across, up)),
            *_labelled(self.series, across, up),
            *_legend(self.series),
            "</svg>",
        ]
        return "\n".join(parts) + "\n"


@frozen
class _Scale:
    """From figures to pixels."""

    low: float
    high: float
    start: float
    end: float
    logarithmic: bool

    @classmethod
    def of(cls, axis: Axis, values: list[float], start: float, end: float) -> "_Scale":
        low, high = axis.span or (min(values), max(values))
        if not axis.span and axis.logarithmic:
            low, high = low / 1.15, high * 1.15
        elif not axis.span:
            low, high = min(low, 0.0), high * 1.05
        return cls(low, high if high > low else low + 1, start, end, axis.logarithmic)

    def __call__(self, value: float) -> float:
        bent = math.log if self.logarithmic else float
        share = (bent(min(max(value, self.low), self.high)) - bent(self.low)) / (bent(self.high) - bent(self.low))
        return self.start + share * (self.end - self.start)

    def ticks(self) -> list[float]:
        if self.logarithmic:
            first, last = math.floor(math.log10(self.low)), math.ceil(math.log10(self.high))
            marks = [digit * 10.0**power for power in range(first, last + 1) for digit in (1, 2, 5)]
        else:
            step = _round_step((self.high - self.low) / 5)
            marks = [step * n for n in range(math.ceil(self.low / step), math.floor(self.high / step) + 1)]
        return [mark for mark in marks if self.low <= mark <= self.high]


def _round_step(rough: float) -> float:
    power = 10.0 ** math.floor(math.log10(rough))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= rough * 0.999)


def _axes(across: _Scale, up: _Scale, x: str, y: str) -> Iterable[str]:
    top, bottom, left, right = _TOP, HEIGHT - _BOTTOM, _LEFT, WIDTH - _RIGHT
    for mark in across.ticks():
        yield _rule(across(mark), top, across(mark), bottom, "grid")
        yield _text(across(mark), bottom + 18, f"{mark:g}", kind="tick", anchor="middle")
    for mark in up.ticks():
        yield _rule(left, up(mark), right, up(mark), "grid")
        yield _text(left - 8, up(mark) + 4, f"{mark:g}", kind="tick", anchor="end")
    yield _rule(left, bottom, right, bottom, "axis")
    yield _rule(left, top, left, bottom, "axis")
    yield _text((left + right) / 2, HEIGHT - 14, x, anchor="middle")
    middle = (top + bottom) / 2
    yield f'<text x="18" y="{middle:.1f}" text-anchor="middle" transform="rotate(-90 18 {middle:.1f})">{escape(y)}</text>'


def _drawn(series: Series, number: int, across: _Scale, up: _Scale) -> Iterable[str]:
    colour = f"c{number % _COLOURS}"
    spots = [(across(x), up(y)) for x, y in series.points]
    if series.joined:
        yield f'<polyline class="line {colour}" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in spots)}"/>'
        return
    for x, y in spots:
        yield f'<circle class="dot {colour}" cx="{x:.1f}" cy="{y:.1f}" r="4.5"/>'


def _labelled(series: Iterable[Series], across: _Scale, up: _Scale) -> Iterable[str]:
    """Each label beside its point, where it covers neither a point nor another label, if there is such a place."""
    spots = [(across(x), up(y), label) for one in series for (x, y), label in zip(one.points, one.labels, strict=False)]
    taken = [(x - 5, y - 5, x + 5, y + 5) for x, y, _ in spots]
    for x, y, label in spots:
        width = 6.6 * len(label)
        places = [(x + side if side > 0 else x + side - width, y + down) for down in (-6, 15, 5) for side in (8, -8)]
        boxes = [(left, base - 11, left + width, base + 2) for left, base in places]
        free = [box for box in boxes if box[2] < WIDTH - 4 and not any(_touch(box, other) for other in taken)]
        box = (free or boxes)[0]
        taken.append(box)
        yield _text(box[0], box[3] - 2, label, kind="label")


def _touch(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _legend(series: tuple[Series, ...]) -> Iterable[str]:
    for number, one in enumerate(series):
        y = _TOP + 16 + 18 * number
        x = WIDTH - _RIGHT - 12
        yield f'<circle class="dot c{number % _COLOURS}" cx="{x}" cy="{y - 4}" r="4.5"/>'
        yield _text(x - 10, y, one.name, anchor="end")


def _rule(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def _text(x: float, y: float, words: str, *, kind: str = "", anchor: str = "start") -> str:
    look = f' class="{kind}"' if kind else ""
    return f'<text{look} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'
