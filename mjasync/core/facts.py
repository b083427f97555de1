"""What is known of a saved picture: one document for its JSON file, its PNG text, and the contact sheet.

Rule 1: no key, no address and no journal in it; the prompt is in it, and the prompt is private.
Rule 2: reading is total: a document that is not ours, or of a later form, is None, never an error.
"""

import json
from collections.abc import Mapping
from typing import Any

from attrs import asdict, evolve, field, fields, frozen

from mjasync.core import png
from mjasync.core.pictures import size_of

#: What the form of a document is called; a number goes up when a reader of the old one would misread the new one.
SCHEMA = "mjasync.picture/1"
#: The keyword of the document in a PNG.
KEYWORD = "mjasync"


@frozen(kw_only=True)
class PictureFacts:
    """Facts of one saved picture, as they stand in its PNG (`read_metadata`), its JSON file and a contact sheet."""

    #: Our id of the job.
    job_id: str
    #: `imagine`, or the action that made it, such as `upscale2`.
    step: str
    #: As it was asked for, or as the provider shows it; "" where there is none.
    prompt: str = ""
    #: `fast`, `relax` or `turbo`: the one it ran in.
    mode: str = ""
    #: The account's name, never its key.
    account: str = ""
    #: Its id at the provider.
    remote_id: str = ""
    #: What was done, the oldest step first, itself last: `job_id`, `step` and `ticket` (`account:remote_id`) of each.
    lineage: tuple[Mapping[str, str], ...] = ()
    #: Digits, for `--seed`; None where the provider did not say.
    seed: str | None = None
    #: From acceptance to the end.
    seconds: float = 0.0
    #: What it cost, in the provider's own unit; None where it did not say.
    quota: float | None = None
    #: Of a grid's pictures one by one: 1 to 4; else None.
    tile: int | None = None
    #: Made by the simulator.
    simulated: bool = False
    #: `mjasync` and the version that wrote it.
    software: str = ""
    #: Its place in a run or on a sheet, from 1; 0 for none.
    number: int = 0
    #: Its name in the folder, where it was saved under one of ours.
    file: str = ""
    #: Width and height in pixels; 1 by 1 where the file does not tell.
    size: tuple[int, int] = field(default=(1, 1))

    @property
    def ticket(self) -> str:
        """`account:remote_id`, as commands take it."""
        return f"{self.account}:{self.remote_id}"

    def as_json(self) -> dict[str, Any]:
        """The document, ready for `json.dumps`."""
        return {"schema": SCHEMA, **asdict(self)}


def facts_from(document: object) -> PictureFacts | None:
    """The facts of such a document; None if it is none, whatever it is. What is not known is left out."""
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        return None
    known = {name: document[name] for name in _READ if name in document}
    if not all(_READ[name](value) for name, value in known.items()) or not {"job_id", "step"} <= set(known):
        return None
    known |= {name: tuple(known[name]) for name in ("lineage", "size") if name in known}
    return PictureFacts(**known)


def with_facts(picture: bytes, facts: PictureFacts) -> bytes:
    """A PNG with these facts in it; any other picture, and a broken one, as it is.

    `Software` and `Description` (the prompt) are for people and their programs, and never replace what is there;
    `mjasync` has the document.
    """
    told = {name: value for name, value in facts.as_json().items() if name not in _OUTSIDE}
    texts = {"Software": facts.software, "Description": facts.prompt, KEYWORD: json.dumps(told, ensure_ascii=False)}
    try:
        return png.annotated(
            picture, {name: text for name, text in texts.items() if text}, replace=frozenset({KEYWORD})
        )
    except ValueError:
        return picture


def facts_in(picture: bytes) -> PictureFacts | None:
    """The facts in a PNG that `with_facts` made, with the size that its header tells; None where there are none."""
    try:
        facts = facts_from(json.loads(png.texts(picture).get(KEYWORD, "null")))
    except (ValueError, RecursionError):
        return None
    return facts and evolve(facts, size=size_of(picture) or (1, 1))


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_lineage(value: object) -> bool:
    return isinstance(value, list | tuple) and all(
        isinstance(step, dict) and all(map(_is_text, (*step, *step.values()))) for step in value
    )


def _is_size(value: object) -> bool:
    return isinstance(value, list | tuple) and len(value) == 2 and all(_is_whole(n) and n > 0 for n in value)


#: What a field may hold.
_READ = {each.name: _is_text for each in fields(PictureFacts)} | {
    "lineage": _is_lineage,
    "seed": lambda value: value is None or _is_text(value),
    "seconds": _is_number,
    "quota": lambda value: value is None or _is_number(value),
    "tile": lambda value: value is None or _is_whole(value),
    "simulated": lambda value: isinstance(value, bool),
    "number": _is_whole,
    "size": _is_size,
}
#: What a file cannot know of itself, or knows anyway.
_OUTSIDE = frozenset({"number", "file", "size"})
