"""midjourney-proxy behind a relay, both ways (seed 001): codes in HTTP 200, the mode in the path, buttons with ids."""

import json
import re
from typing import Any
from urllib.parse import quote

from attrs import evolve, frozen

from mjasync.core.answers import Looked, Missing, Submitted, Taken, Unclear
from mjasync.core.model import Action, Failure, ImageURL, Imagine, Mode, Snapshot, Spec, Status
from mjasync.core.wire import HttpRequest, HttpResponse
from mjasync.dialects import _mjproxy_tables as tables
from mjasync.dialects._offer import offered
from mjasync.dialects._proof import look_trouble, proof, unreadable
from mjasync.dialects._reading import (
    Garbled,
    Object,
    Objects,
    Percent,
    Text,
    decode,
    identifier,
    structure,
    text,
)
from mjasync.dialects._verdict import UNKNOWN, Said, failure_of, judge, refusal

_NAME = "midjourney-proxy"
_UNKNOWN_TASK = re.compile(tables.UNKNOWN_TASK, re.IGNORECASE)
_GRANTED = re.compile(r"\((relaxed|relax|fast|turbo)\b[^()]*\)[^()]*\Z", re.IGNORECASE)
_GRANTED_WORDS = {"relaxed": Mode.RELAX, "relax": Mode.RELAX, "fast": Mode.FAST, "turbo": Mode.TURBO}
#: Our extra → their field. `hook_url` is the common name for what this provider calls `notifyHook`.
_FIELDS = {
    "state": "state",
    "notify_hook": "notifyHook",
    "hook_url": "notifyHook",
    "bot_type": "botType",
    "account_filter": "accountFilter",
}


@frozen(kw_only=True)
class _Task:
    """A task as fetched, in the provider's spelling (seed 001, table of response fields)."""

    status: Text = Text("")
    progress: Percent | None = None
    prompt: Text = Text("")
    promptEn: Text = Text("")  # noqa: N815
    failReason: Text = Text("")  # noqa: N815
    imageUrl: Text = Text("")  # noqa: N815
    imageUrls: Objects = Objects(())  # noqa: N815
    seed: Text = Text("")
    buttons: Objects = Objects(())
    properties: Object = Object({})


class MJProxyDialect:
    """See `Dialect`."""

    def prefix(self, template: str, mode: str) -> str:
        """`/mj-fast` in the page's text, `/fast` in its samples (seed 001 lines 77 and 107)."""
        return template.replace("{mode}", mode)

    def lacks(self, spec: Spec) -> str | None:
        """The page has no `timeout`, `translation` or `getUImages`; `botType` goes with new pictures only."""
        known = set(_FIELDS) if isinstance(spec.operation, Imagine) else {"state", "notify_hook", "hook_url"}
        for name in spec.extras.given():
            if name not in known:
                return f"midjourney-proxy's {spec.operation.kind} has no {name}="
        return None

    def offered(self, parent: Snapshot, wanted: str) -> Action:
        """From the finished task's buttons, and from nowhere else: a customId is never made up."""
        return offered(parent, wanted)

    def write_submit(self, base: str, spec: Spec, parent_id: str | None, action: Action | None) -> HttpRequest:
        """`POST /mj/submit/imagine` or `/action`. `taskId` has to be text: relays refuse a number."""
        body: dict[str, Any]
        if isinstance(spec.operation, Imagine):
            path, body = "imagine", {"base64Array": [], "prompt": spec.operation.prompt}
        else:
            path, body = "action", {"customId": action.token if action else "", "taskId": parent_id}
        extras = {_FIELDS[name]: getattr(spec.extras, name) for name in spec.extras.given()}
        return HttpRequest(
            method="POST",
            url=f"{base}/mj/submit/{path}",
            headers={"Content-Type": "application/json"},
            body=json.dumps(body | extras, ensure_ascii=False).encode("utf-8", "replace"),
            # A relay waits up to 60 s for its own upstream; giving up sooner would only make the outcome unclear.
            timeout=100.0,
        )

    def read_submit(self, response: HttpResponse) -> Submitted:
        """Taken with code 1, 22 (queued) or 21 (exists, or a window waits) and an id."""
        try:
            document = decode(response)
            said = _said(response, document)
        except Garbled as exc:
            said = Said(status=response.status, words=str(exc))
            return refusal(tables.SUBMIT, said, response, _NAME)
        if said.code in tables.TAKEN and response.status < 300:
            try:
                remote_id = identifier(document.get("result"))
            except ValueError as exc:
                said = evolve(said, words=f"{exc} @ $.result")
                return Unclear(failure=failure_of(UNKNOWN, said, response, _NAME, charged="unknown"))
            if remote_id:
                return Taken(remote_id=remote_id)
            if said.code != "21":
                return Unclear(failure=failure_of(UNKNOWN, said, response, _NAME, charged="unknown"))
        return refusal(tables.SUBMIT, said, response, _NAME)

    def write_look(self, base: str, remote_id: str, *, other_verb: bool) -> HttpRequest:
        """`GET /mj/task/{id}/fetch`, under the same prefix as the submit (seed 001 line 119)."""
        return HttpRequest(method="GET", url=f"{base}/mj/task/{quote(remote_id, safe='')}/fetch", repeatable=True)

    def read_look(self, response: HttpResponse) -> Looked:
        """`status` decides. Progress does not: failures stop at "", or are set to 100%."""
        if response.status < 300 and response.body.strip() in (b"", b"null"):
            return Missing(failure=_lost(Said(status=response.status)))
        try:
            document = decode(response)
            task = structure(document, _Task) if _is_task(document) else None
        except Garbled as exc:
            return unreadable(response, _NAME, str(exc))
        if task is not None and response.status < 300:
            return _snapshot(task, response, document)
        said = _said(response, document)
        unknown = response.status in tables.UNKNOWN_STATUS and _UNKNOWN_TASK.search(said.words)
        if response.status == 404 or unknown:
            return Missing(failure=_lost(said))
        return look_trouble(said, response, _NAME)

    def read_proof(self, response: HttpResponse) -> Failure | None:
        """Any JSON, or the empty answer that some servers give for "unknown"; see `proof`."""
        return proof(
            response,
            _NAME,
            "this looks like a wrong path or mode prefix: relays use mode_path='/mj-{mode}' (default) or '/{mode}', "
            "plain servers mode_path=''; base_url is what their page calls BASE_URL",
        )


def _is_task(document: Any) -> bool:
    """A task, and not one of the error shapes (`code` and `description`, or an `error` object)."""
    if not isinstance(document, dict) or "error" in document:
        return False
    return "status" in document or ("progress" in document and "code" not in document)


def _said(response: HttpResponse, document: Any) -> Said:
    """Relays answer in three shapes: `code` + `description`, OpenAI's `error`, and `success: false` + `message`."""
    fields = document if isinstance(document, dict) else {}
    error = fields.get("error")
    nested = text(error.get("message")) if isinstance(error, dict) else text(error)
    properties = fields.get("properties")
    return Said(
        status=response.status,
        code=text(fields.get("code")).strip(),
        words=text(fields.get("description")) or text(fields.get("message")) or nested,
        shaped=bool({"code", "description", "message"} & fields.keys()) or isinstance(error, dict),
        relayed=isinstance(error, dict),
        culprit=text(properties.get("bannedWord")) or None if isinstance(properties, dict) else None,
        request_id=response.headers.get("x-oneapi-request-id"),
    )


def _snapshot(task: _Task, response: HttpResponse, document: dict[str, Any]) -> Snapshot:
    """One look in our words. An unknown status is news, not an error: it reads as running."""
    word = task.status.strip().upper()
    status = _status(task, word)
    image = ImageURL(task.imageUrl) if task.imageUrl else None
    done = status is Status.DONE
    final = text(task.properties.get("finalPrompt"))
    return Snapshot(
        status=status,
        remote_id=text(document.get("id")) or None,
        progress=100 if done else task.progress,
        images=(image,) if done and image else (),
        tiles=_tiles(task) if done else (),
        preview=image,
        actions=tuple(_action(button) for button in task.buttons if text(button.get("customId"))),
        prompt=task.prompt or task.promptEn or final or None,
        seed=task.seed or None,
        mode=_granted(task),
        failure=_failure(task, word, response) if status is Status.FAILED else None,
        raw=document,
    )


def _status(task: _Task, word: str) -> Status:
    """By the status; only where a relay gives none, a full progress decides with what came along."""
    if word == tables.MODAL:
        return Status.FAILED
    if not word and task.progress == 100:
        return Status.FAILED if task.failReason else (Status.DONE if task.imageUrl else Status.RUNNING)
    return tables.STATUS.get(word, Status.RUNNING)


def _tiles(task: _Task) -> tuple[ImageURL, ...]:
    """Some servers list the four pictures apart."""
    urls = tuple(ImageURL(text(item.get("url"))) for item in task.imageUrls if text(item.get("url")))
    return urls[:4] if len(urls) == 4 else ()


def _granted(task: _Task) -> Mode | None:
    """The mode that it really ran in, from the message's last bracket: "(relaxed)" (seed 001, messageContent)."""
    match = _GRANTED.search(text(task.properties.get("messageContent")))
    return _GRANTED_WORDS[match[1].lower()] if match else None


def _failure(task: _Task, word: str, response: HttpResponse) -> Failure:
    """Why it failed; relays normally refund."""
    if word == tables.MODAL:
        return Failure(
            kind="NeedsInput",
            what="The provider opened a window that waits for a prompt or a mask.",
            why="the button belongs to remix, custom zoom or vary region",
            hint="give the prompt with the action, or switch remix off in the account's settings",
            charged="unknown",
        )
    said = Said(status=response.status, words=task.failReason)
    return failure_of(judge(tables.FAILED, said), said, response, _NAME, charged="unknown")


def _lost(said: Said) -> Failure:
    return Failure(
        kind="JobLost",
        what="midjourney-proxy does not know the task any more.",
        why=f"it said: {said.words[:200]}" if said.words else f"it answered HTTP {said.status} with nothing in it",
        hint="it may have been charged: compare your balance, and ask the provider with the ticket",
        charged="unknown",
        status=said.status,
        code=said.code or None,
        reason=said.words[:500],
    )


def _action(button: dict[str, Any]) -> Action:
    """A button, named by the grammar of its customId; an unknown one keeps its own token as a name."""
    token = text(button.get("customId"))
    name = next((match.expand(name) for pattern, name in tables.BUTTONS if (match := pattern.match(token))), token)
    return Action(name, token, text(button.get("label")))
