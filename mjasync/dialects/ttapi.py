"""TTAPI, both ways (seed 000): JSON in and out, every answer an envelope of `status`, `message` and `data`."""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from attrs import evolve, frozen

from mjasync.core.answers import Doubt, Looked, Missing, Submitted, Taken, Unclear, WrongVerb
from mjasync.core.model import Action, Extras, Failure, ImageURL, Imagine, Mode, Snapshot, Spec, Status
from mjasync.core.wire import HttpRequest, HttpResponse
from mjasync.dialects import _ttapi_tables as tables
from mjasync.dialects._offer import offered
from mjasync.dialects._proof import look_trouble, proof, unreadable
from mjasync.dialects._reading import Garbled, Number, Percent, Text, Words, decode, identifier, structure, text
from mjasync.dialects._verdict import UNKNOWN, Said, failure_of, judge, refusal
from mjasync.errors import ActionUnavailable, Charged

_NAME = "TTAPI"
_EXISTS = re.compile(r"job \[([A-Za-z0-9-]{8,64})\] already exists", re.IGNORECASE)
_UNKNOWN_JOB = re.compile(tables.UNKNOWN_JOB, re.IGNORECASE)
_TIMEOUT = range(300, 1201)
_RELAX_TIMEOUT = 600
_MODES = {str(mode): mode for mode in Mode}
#: Our extra → their field, for the endpoints built so far.
_FIELDS = {"timeout": "timeout", "hook_url": "hookUrl", "get_u_images": "getUImages", "translation": "translation"}


@frozen(kw_only=True)
class _Job:
    """`data` of a fetch or callback, in the provider's spelling (seed 000, callback JSON)."""

    progress: Percent | None = None
    # The seed's own table spells it so.
    progess: Percent | None = None
    prompt: Text = Text("")
    mode: Text = Text("")
    discordImage: Text = Text("")  # noqa: N815
    cdnImage: Text = Text("")  # noqa: N815
    cdnImages: Words = Words(())  # noqa: N815
    images: Words = Words(())
    components: Words = Words(())
    seed: Text = Text("")
    quota: Number | None = None


class TTAPIDialect:
    """See `Dialect`."""

    def prefix(self, template: str, mode: str) -> str:
        """TTAPI takes the mode in the body."""
        return ""

    def lacks(self, spec: Spec) -> str | None:
        """TTAPI has no `state`, `bot_type`, `account_filter`; `timeout` has a range (seed 000 line 75)."""
        known = _taken(spec)
        for name in spec.extras.given():
            if name not in known:
                return f"TTAPI's {spec.operation.kind} has no {name}="
        timeout = spec.extras.timeout
        least = _RELAX_TIMEOUT if spec.mode is Mode.RELAX else _TIMEOUT.start
        if timeout is not None and (timeout not in _TIMEOUT or timeout < least):
            return (
                f"TTAPI takes timeout= from {least} to {_TIMEOUT.stop - 1} seconds in {spec.mode} mode, not {timeout}"
            )
        return None

    def offered(self, parent: Snapshot, wanted: str) -> Action:
        """From `components`; where a job names none, or a grid leaves out `reroll`, the documented names hold."""
        try:
            return offered(parent, wanted)
        except ActionUnavailable:
            # The seed's sample of a grid lists no reroll, later pages do; hosted accounts may list nothing at all.
            grid = any(action.name == "upscale1" for action in parent.actions)
            name = tables.OURS.get(wanted, wanted)
            if name in tables.ACTIONS and (not parent.actions or (grid and name == "reroll")):
                return Action(name, tables.ACTIONS[name])
            raise

    def write_submit(self, base: str, spec: Spec, parent_id: str | None, action: Action | None) -> HttpRequest:
        """`POST /imagine` or `/action`. Always `mode`, never `model`, which the samples send and nothing reads."""
        body: dict[str, Any]
        if isinstance(spec.operation, Imagine):
            path, body = "imagine", {"prompt": spec.operation.prompt, "mode": str(spec.mode)}
        else:
            path, body = "action", {"jobId": parent_id, "action": action.token if action else ""}
        return _post(base, path, body | _given(spec.extras))

    def read_submit(self, response: HttpResponse) -> Submitted:
        """Accepted if the envelope says SUCCESS and has an id, under any of its spellings."""
        try:
            document = decode(response)
            said = _said(response, document)
        except Garbled as exc:
            said = Said(status=response.status, words=str(exc))
            return refusal(tables.SUBMIT, said, response, _NAME)
        exists = _EXISTS.search(said.words)
        remote_id = exists[1] if exists else _id(document)
        good = response.status < 300 and said.code.upper() == "SUCCESS"
        if remote_id and (good or exists):
            return Taken(remote_id=remote_id)
        if response.status < 300 and said.code.upper() not in tables.NO:
            return Unclear(failure=failure_of(UNKNOWN, said, response, _NAME, charged="unknown"))
        return refusal(tables.SUBMIT, said, response, _NAME)

    def write_look(self, base: str, remote_id: str, *, other_verb: bool) -> HttpRequest:
        """`POST /fetch` (seed 000); `GET /fetch?jobId=` where a server knows only that. Free (line 559)."""
        if not other_verb:
            return _post(base, "fetch", {"jobId": remote_id}, repeatable=True)
        url = f"{base}/midjourney/v1/fetch?jobId={quote(remote_id, safe='')}"
        return HttpRequest(method="GET", url=url, repeatable=True)

    def read_look(self, response: HttpResponse) -> Looked:
        """`status` decides; progress and pictures are decoration until it says SUCCESS."""
        if response.status == 405:
            return WrongVerb()
        try:
            document = decode(response)
            data = document.get("data") if isinstance(document, dict) else None
            job = structure(data if isinstance(data, dict) else {}, _Job)
            said = _state(response, document, data)
        except Garbled as exc:
            return WrongVerb() if response.status == 404 else unreadable(response, _NAME, str(exc))
        seen = _snapshot(job, said, response, document)
        speaks = response.status < 300 or response.status in tables.UNKNOWN_STATUS
        unknown = speaks and said.code.upper() in tables.NO and _UNKNOWN_JOB.search(said.words)
        if not (isinstance(data, dict) and data) and (response.status == 404 or unknown):
            return Missing(failure=_lost(said))
        if not speaks or not said.code:
            return look_trouble(said, response, _NAME)
        # A failed job is named; "FAILED" alone may be about the look (busy, too fast, a key that is checked again).
        return seen if seen.remote_id or seen.status is not Status.FAILED else Doubt(snapshot=seen)

    def read_proof(self, response: HttpResponse) -> Failure | None:
        """Any JSON envelope will do; see `proof`."""
        return proof(response, _NAME, "TTAPI: https://api.ttapi.io; hosted accounts have a host of their own")


def _taken(spec: Spec) -> frozenset[str]:
    """The extras that the operation's endpoint takes (seed 000 lines 49-83 and 141-171)."""
    fields = frozenset(_FIELDS)
    return fields if isinstance(spec.operation, Imagine) else fields - {"translation"}


def _given(extras: Extras) -> dict[str, Any]:
    return {_FIELDS[name]: getattr(extras, name) for name in extras.given() if name in _FIELDS}


def _post(base: str, path: str, body: Mapping[str, Any], *, repeatable: bool = False) -> HttpRequest:
    return HttpRequest(
        method="POST",
        url=f"{base}/midjourney/v1/{path}",
        headers={"Content-Type": "application/json"},
        body=json.dumps(body, ensure_ascii=False).encode("utf-8", "replace"),
        repeatable=repeatable,
        # A gateway may wait for a minute before it answers a submit; giving up sooner would only make it unclear.
        timeout=30.0 if repeatable else 100.0,
    )


def _said(response: HttpResponse, document: Any) -> Said:
    """The envelope's own words; `status` goes where other providers have a code."""
    fields = document if isinstance(document, dict) else {}
    error = fields.get("error")
    nested = error.get("message") if isinstance(error, dict) else error
    return Said(
        status=response.status,
        code=text(fields.get("status")).strip(),
        words=text(fields.get("message")) or text(nested),
        shaped="status" in fields or "message" in fields,
        request_id=response.headers.get("x-request-id"),
    )


def _state(response: HttpResponse, document: Any, data: Any) -> Said:
    """What a look says; where the envelope has no `status` at all, the one inside `data` counts, if it is a word."""
    said = _said(response, document)
    inner = data.get("status") if isinstance(data, dict) and "status" not in document else None
    return evolve(said, code=inner.strip()) if isinstance(inner, str) else said


def _id(document: Any) -> str:
    """The job's id: pages of one and the same site write `jobId` and `job_id`, here and inside `data`."""
    fields = document if isinstance(document, dict) else {}
    data = fields.get("data")
    inner = data if isinstance(data, dict) else {}
    places = (inner.get("jobId"), inner.get("job_id"), fields.get("jobId"), fields.get("job_id"), data)
    return next((found for place in places if (found := _readable(place))), "")


def _readable(place: Any) -> str:
    """An id, or "" for anything that is none: a rounded number, a sentence."""
    try:
        return identifier(place)
    except ValueError:
        return ""


def _snapshot(job: _Job, said: Said, response: HttpResponse, document: Any) -> Snapshot:
    """One look in our words. An unknown status is news, not an error: it reads as running."""
    status = tables.STATUS.get(said.code.upper(), Status.RUNNING)
    progress = job.progress if job.progress is not None else job.progess
    whole = tuple(url for url in (job.cdnImage, *job.cdnImages, job.discordImage) if url)
    images = tuple(ImageURL(url) for url in dict.fromkeys(whole or job.images[:1]))
    done = status is Status.DONE
    return Snapshot(
        status=status,
        remote_id=_id(document) or None,
        progress=100 if done else progress,
        images=images if done else (),
        tiles=tuple(ImageURL(url) for url in job.images[:4]) if done else (),
        preview=images[0] if images else None,
        actions=tuple(_action(name) for name in job.components),
        prompt=job.prompt or None,
        seed=job.seed or None,
        mode=_MODES.get(job.mode),
        quota=job.quota,
        failure=_failure(job, said, response) if status is Status.FAILED else None,
        raw=document,
    )


def _failure(job: _Job, said: Said, response: HttpResponse) -> Failure:
    """Why it failed. Ordinary failures are refunded, as a rule; where it says what it took, that is believed."""
    charged: Charged = "unknown" if job.quota is None else ("yes" if job.quota > 0 else "no")
    return failure_of(judge(tables.FAILED, said), said, response, _NAME, charged=charged)


def _lost(said: Said) -> Failure:
    return Failure(
        kind="JobLost",
        what="TTAPI does not know the job any more.",
        why=f"it said: {said.words[:200]}" if said.words else f"it answered HTTP {said.status}",
        hint="it may have been charged: compare your balance, and ask TTAPI with the ticket",
        charged="unknown",
        status=said.status,
        reason=said.words[:500],
    )


def _action(token: str) -> Action:
    return Action(tables.OURS.get(token, token), token, tables.LABELS.get(token, ""))
