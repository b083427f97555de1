"""Write `docs/observability.md` from the events, the metrics, the attributes of spans and a template.

`python docs/make_observability.py > docs/observability.md`
"""

import inspect
import re
from collections.abc import Iterator
from pathlib import Path

from attrs import fields

import mjasync as mj
from mjasync import events
from mjasync.measures import ALL
from mjasync.otel import ATTRIBUTES, CONVENTIONS
from mjasync.prometheus import name_of
from mjasync.testing import Sim, run

DOCS = Path(__file__).parent
_MARK = re.compile(r"^<!-- (\w+) -->$", re.MULTILINE)
_BASES = (events.AboutJob, events.AboutAccount, events.Event)
#: Attributes of OpenTelemetry's conventions, and what we say in them.
_SAYS = {
    "operation": "`generate_content`",
    "provider": "`ttapi` or `mjproxy`",
    "output": "`image`, or `text` for describe, shorten and get_seed",
    "host": "the host of the account's address",
    "error": "the class of the error",
}


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _events() -> Iterator[str]:
    for kind in events.ALL:
        base = next(each for each in _BASES if issubclass(kind, each))
        known = {field.name for field in fields(base)}
        own = ", ".join(f"`{field.name}`" for field in fields(kind) if field.name not in known)
        about = {events.AboutJob: "job", events.AboutAccount: "account"}.get(base, "")
        yield f"| `{kind.__name__}` | {about} | {own} | {_cell(inspect.getdoc(kind) or '')} |"


def _metrics() -> Iterator[str]:
    for metric in ALL:
        labels = ", ".join(f"`{label}`" for label in metric.labels)
        unit = "" if metric.unit == "1" else f"`{metric.unit}`"
        names = f"| `{metric.name}` | `{name_of(metric)}` "
        yield f"{names}| {metric.kind} | {unit} | {labels} | {_cell(metric.help)} |"


def _attributes() -> Iterator[str]:
    yield from (f"| `{name}` | {_SAYS[what]} |" for what, name in CONVENTIONS.items())
    yield from (f"| `{name}` | {_cell(text)} |" for name, text in ATTRIBUTES.items())


def _story() -> Iterator[str]:
    """What a simulated job says of itself, with the times of day left out: they are the reader's zone's."""

    async def story() -> str:
        async with mj.Pool(Sim(seed=7).ttapi()) as pool:
            job = pool.imagine("a black cat")
            await job
            return job.explain()

    yield from (re.sub(r"^  \d\d:(\d\d:\d\d)", r"  12:\1", line) for line in run(story()).splitlines())


_PARTS = {"events": _events, "metrics": _metrics, "attributes": _attributes, "story": _story}


def render() -> str:
    """The whole page."""
    template = (DOCS / "templates" / "observability.md").read_text(encoding="utf-8")
    return _MARK.sub(lambda mark: "\n".join(_PARTS[mark[1]]()), template)


if __name__ == "__main__":
    print(render(), end="")
