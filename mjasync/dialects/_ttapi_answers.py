"""TTAPI's answers in our words: the envelope, and a job as `fetch` shows it (seed 000, callback JSON)."""

import re
from typing import Any

from attrs import define, evolve

from mjasync.core.model import Action, Failure, ImageURL, Mode, Snapshot, Status
from mjasync.core.wire import HttpResponse
from mjasync.dialects import _texts
from mjasync.dialects import _ttapi_tables as tables
from mjasync.dialects._reading import (
    MOST_ACTIONS,
    Number,
    Percent,
    Text,
    Words,
    identifier,
    number,
    percent,
    pixels,
    plain,
    text,
    words,
)
from mjasync.dialects._verdict import Said, failure_of, judge
from mjasync.errors import Charged

NAME = "TTAPI"
MODES = {str(mode): mode for mode in Mode}
#: `data` may be the id itself; but "success", "retry" and the like stand there, too.
_BARE_ID = re.compile(r"(?=.*\d)[A-Za-z0-9-]{8,64}")


@define(kw_only=True)  # made and read at one place: freezing takes longer than all the rest of it
class Job:
    """`data` of a fetch or callback, in the provider's spelling (seed 000, callback JSON)."""

    progress: Percent | None = None
    # The seed's own table spells it so.
    progess: Percent | None = None
    action: Words = Words(())
    actions: Words = Words(())
    prompt: Text = Text("")
    prompts: Words = Words(())
    descriptions: Words = Words(())
    mode: Text = Text("")
    discordImage: Text = Text("")  # noqa: N815
    cdnImage: Text = Text("")  # noqa: N815
    cdnImages: Words = Words(())  # noqa: N815
    images: Words = Words(())
    components: Words = Words(())
    seed: Text = Text("")
    quota: Number | None = None
    width: Number | None = None
    height: Number | None = None


def said_by(response: HttpResponse, document: Any) -> Said:
    """The envelope's own words; `status` goes where other providers have a code."""
    fields = document if isinstance(document, dict) else {}
    error = fields.get("error")
    nested = error.get("message") if isinstance(error, dict) else error
    return Said(
        status=response.status,
        code=text(fields.get("status")).strip(),
        words=text(fields.get("message")) or text(nested) or text(fields.get("detail")),
        shaped="status" in fields or "message" in fields or "detail" in fields or bool(nested),
        request_id=response.headers.get("x-request-id"),
    )


def state_of(response: HttpResponse, document: Any, data: Any) -> Said:
    """What a look says; where the envelope has no `status` at all, the one inside `data` counts, if it is a word."""
    said = said_by(response, document)
    inner = data.get("status") if isinstance(data, dict) and document.get("status") is None else None
    return evolve(said, code=inner.strip()) if isinstance(inner, str) else said


def id_of(document: Any) -> str:
    """The job's id: pages of one and the same site write `jobId` and `job_id`, here and inside `data`."""
    fields = document if isinstance(document, dict) else {}
    data = fields.get("data")
    for place in (data, fields):
        if isinstance(place, dict):
            found = _readable(place.get("jobId")) or _readable(place.get("job_id"))
            if found:
                return found
    return _readable(data) if isinstance(data, str) and _BARE_ID.fullmatch(data) else ""


def _readable(place: Any) -> str:
    """An id, or "" for anything that is none: a rounded number, a sentence."""
    try:
        return identifier(place)
    except ValueError:
        return ""


def snapshot(job: Job, said: Said, response: HttpResponse, document: Any, kind: str) -> Snapshot:
    """One look in our words. An unknown status is news, not an error: it reads as running."""
    status = tables.STATUS.get(said.code.upper(), Status.RUNNING)
    progress = job.progress if job.progress is not None else job.progess
    whole = [url for url in (job.cdnImage, *job.cdnImages, job.discordImage) if url]
    images = tuple(map(ImageURL, dict.fromkeys(whole or job.images[:1])))
    done = status is Status.DONE
    return Snapshot(
        status=status,
        remote_id=id_of(document) or None,
        progress=100 if done else progress,
        images=images if done else (),
        tiles=tuple(map(ImageURL, job.images[:4])) if done else (),
        preview=images[0] if images else None,
        actions=tuple([_ACTIONS.get(name) or _action(name) for name in job.components[:MOST_ACTIONS]]),
        prompt=job.prompt or None,
        texts=_texts_of(job, kind, document.get("data")) if done else (),
        seed=job.seed if job.seed not in ("", "0") else None,
        mode=MODES.get(job.mode.strip().lower()),
        quota=job.quota,
        size=pixels(job.width, job.height),
        failure=_failure(job, said, response) if status is Status.FAILED else None,
        raw=document,
    )


#: The words of a job that goes on, as nearly every answer writes them.
_GOING = {word: tables.STATUS[word] for word in ("PENDING_QUEUE", "ON_QUEUE")}
#: How they look in a body.
GOING = tuple(f'"{word}"'.encode() for word in _GOING)


#: Lists and a seed that a job has when it is over; what stands there until then.
_LATER = ("components", "images", "cdnImages", "seed")
_NOTHING: tuple[Any, ...] = (None, "", [])


def peek(document: Any) -> Snapshot | None:
    """What `snapshot` says of a job that goes on and offers nothing yet; None for any other, which is read whole.

    Nearly all looks find such a job, and there is little in it to be read.
    """
    if not isinstance(document, dict):
        return None
    word, data = document.get("status"), document.get("data")
    status = _GOING.get(word) if isinstance(word, str) else None
    if status is None or not isinstance(data, dict) or not data:
        return None
    get = data.get
    for name in _LATER:
        if get(name) not in _NOTHING:
            return None
    if get("width") or get("height"):
        return None
    progress, image, mode = percent(get("progress")), text(get("cdnImage")) or text(get("discordImage")), get("mode")
    return Snapshot(
        status=status,
        remote_id=_readable(get("jobId")) or id_of(document) or None,
        progress=progress if progress is not None else percent(get("progess")),
        preview=ImageURL(image) if image else None,
        prompt=text(get("prompt")) or None,
        mode=MODES.get(text(mode).strip().lower()) if mode else None,
        quota=number(get("quota")),
        raw=document,
    )


def names_a_failed_job(seen: Snapshot, data: Any) -> bool:
    """Whether it is a failed job, whole, and not an error about one: `data` has its id and its prompt or action."""
    whole = isinstance(data, dict) and id_of(data) and any(data.get(name) for name in ("prompt", "action", "actions"))
    return bool(whole) and seen.status is Status.FAILED


def _texts_of(job: Job, kind: str, data: Any) -> tuple[str, ...]:
    """A describe's prompts; no page tells where they are, so a list is believed before a block is split."""
    if kind != "describe" and "describe" not in job.action and "describe" not in job.actions:
        return ()
    told = job.prompts or job.descriptions or (words(data.get("prompt")) if isinstance(data, dict) else ())
    return told[: _texts.MOST] if len(told) > 1 else _texts.split("".join(told))


def _failure(job: Job, said: Said, response: HttpResponse) -> Failure:
    """Why it failed. Ordinary failures are refunded, as a rule; where it says what it took, that is believed."""
    charged: Charged = "unknown" if job.quota is None else ("yes" if job.quota > 0 else "no")
    return failure_of(judge(tables.FAILED, said), said, response, NAME, charged=charged)


def lost(said: Said) -> Failure:
    """It does not know the job."""
    return Failure(
        kind="JobLost",
        what="TTAPI does not know the job any more.",
        why=f"it said: {plain(said.words, 200)}" if said.words else f"it answered HTTP {said.status}",
        hint="it may have been charged: compare your balance, and ask TTAPI with the ticket",
        charged="unknown",
        status=said.status,
        reason=plain(said.words, 500),
    )


#: What nearly all that is offered is.
_ACTIONS = {theirs: Action(ours, theirs, tables.LABELS.get(theirs, "")) for theirs, ours in tables.OURS.items()}


def _action(token: str) -> Action:
    return Action(token, token, tables.LABELS.get(token, ""))
