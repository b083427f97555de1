"""Documents of jobs that go on, with every field replaced by what drifting providers put there."""

from collections.abc import Iterator
from typing import Any

from attrs import asdict

from mjasync.core.model import Snapshot

#: What may stand in any field.
ODD: tuple[Any, ...] = (
    *(None, "", " ", "x", "0", "1", "31", "31%", "100%", "101", "-1", "ON_QUEUE", "SUCCESS", "in_progress"),
    *("half \ud800", "Ärger", "https://img.example/a.png", 0, 1, 63, 2**53, 10**400, 1.5, -0.0, True, False),
    *([], ["x"], [None, "", "y"], [{"url": "z"}], {}, {"a": 1}, {"name": "n"}, {"message": "m"}),
)


def variants(document: dict[str, Any], names: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """The document, each field in turn without it and with every odd value; then with two of them at once."""
    yield document
    for name in names:
        yield {field: value for field, value in document.items() if field != name}
        for odd in ODD:
            yield document | {name: odd}
    for place, name in enumerate(names):
        for odd in ODD[::3]:
            yield document | {name: odd, names[place - 1]: odd}


def said(snapshot: Snapshot) -> dict[str, Any]:
    """All that a snapshot says; comparing two leaves out what the answer was."""
    return asdict(snapshot, recurse=False)
