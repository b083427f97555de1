"""midjourney-proxy's answers in our words: three shapes of "no", and a task as fetched (seed 001)."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from attrs import define, evolve

from mjasync.core.answers import Missing, Submitted, Taken, Unclear
from mjasync.core.model import Action, Failure, ImageURL, Mode, Snapshot, Status
from mjasync.core.wire import HttpResponse
from mjasync.dialects import _mjproxy_tables as tables
from mjasync.dialects import _texts
from mjasync.dialects._reading import (
    MOST_ACTIONS,
    Links,
    Number,
    Object,
    Objects,
    Percent,
    Text,
    links,
    number,
    percent,
    pixels,
    plain,
    start,
    text,
)
from mjasync.dialects._verdict import UNKNOWN, Said, failure_of, judge, refusal

NAME = "midjourney-proxy"
#: Milliseconds of a day, in which any job is over: what is longer is no duration.
_A_DAY = 86_400_000
_GRANTED = re.compile(r"\((relaxed|relax|fast|turbo)\b[^()]*\)[^()]*\Z", re.IGNORECASE)
_GRANTED_WORDS = {"relaxed": Mode.RELAX, "relax": Mode.RELAX, "fast": Mode.FAST, "turbo": Mode.TURBO}
_WINDOW = re.compile(tables.WINDOW, re.IGNORECASE)
#: Characters of a beginning that is remembered.
_LONGEST_HEAD = 100
_TEXT_KINDS = {"describe": "DESCRIBE", "shorten": "SHORTEN"}


@define(kw_only=True)  # made and read at one place: freezing takes longer than all the rest of it
class Task:
    """A task as fetched, in the provider's spelling (seed 001, table of response fields)."""

    action: Text = Text("")
    status: Text = Text("")
    progress: Percent | None = None
    prompt: Text = Text("")
    promptEn: Text = Text("")  # noqa: N815
    description: Text = Text("")
    failReason: Text = Text("")  # noqa: N815
    imageUrl: Links = Links(())  # noqa: N815
    imageUrls: Links = Links(())  # noqa: N815
    videoUrl: Links = Links(())  # noqa: N815
    videoUrls: Links = Links(())  # noqa: N815
    mode: Text = Text("")
    seed: Text = Text("")
    width: Number | None = None
    height: Number | None = None
    submitTime: Number | None = None  # noqa: N815
    finishTime: Number | None = None  # noqa: N815
    buttons: Objects = Objects(())
    properties: Object = Object({})


def is_task(document: Any) -> bool:
    """A task, and not one of the error shapes (`code` and `description`, or an `error` object)."""
    if not isinstance(document, dict) or document.get("error"):
        return False
    return "status" in document or ("progress" in document and "code" not in document)


def said_by(response: HttpResponse, document: Any) -> Said:
    """Relays answer in three shapes: `code` + `description`, OpenAI's `error`, and `success: false` + `message`."""
    fields = document if isinstance(document, dict) else {}
    error = fields.get("error")
    nested = text(error.get("message")) if isinstance(error, dict) else text(error)
    properties = fields.get("properties")
    return Said(
        status=response.status,
        code=text(fields.get("code")).strip(),
        words=text(fields.get("description")) or text(fields.get("message")) or nested or text(fields.get("detail")),
        # Spring and some forks write `error` as text; relays as an object.
        shaped=bool({"code", "description", "message", "detail"} & fields.keys()) or bool(nested) or bool(error),
        relayed=isinstance(error, dict),
        culprit=text(properties.get("bannedWord")) or None if isinstance(properties, dict) else None,
        request_id=response.headers.get("x-oneapi-request-id"),
    )


def window_of(document: dict[str, Any], said: Said) -> str | None:
    """The prompt that a window shows, "" for none; None if the answer opened no window.

    Code 21 does not tell: old servers say it for "exists already", with its picture. Where a relay has turned it into
    1, the words are still there, but words are no ground for a second paid request: a look will tell.
    """
    properties = document.get("properties")
    inner = properties if isinstance(properties, dict) else {}
    if said.code != "21" or inner.get("imageUrl") or not _WINDOW.search(said.words):
        return None
    return text(inner.get("finalPrompt"))


def snapshot(task: Task, response: HttpResponse, document: dict[str, Any], kind: str) -> Snapshot:
    """One look in our words. An unknown status is news, not an error: it reads as running."""
    word = task.status.strip().upper()
    status = _status(task, word)
    done = status is Status.DONE
    final = text(task.properties.get("finalPrompt"))
    return Snapshot(
        status=status,
        remote_id=text(document.get("id")) or None,
        progress=100 if done else task.progress,
        images=_images(task) if done else (),
        tiles=_tiles(task) if done else (),
        preview=ImageURL(task.imageUrl[0]) if task.imageUrl else None,
        actions=_actions(task.buttons[:MOST_ACTIONS]) if task.buttons else (),
        prompt=task.prompt or task.promptEn or final or None,
        texts=_texts_of(task, kind) if done else (),
        # 0 is how Go writes "none".
        seed=task.seed if task.seed not in ("", "0") else None,
        mode=_granted(task.properties, task.mode),
        took=_took(task) if done else None,
        size=pixels(task.width, task.height),
        window=final if word == tables.MODAL else None,
        failure=_failure(task, response) if status is Status.FAILED else None,
        raw=document,
    )


#: The words of a task that goes on, as nearly every answer writes them.
_GOING = {word: tables.STATUS[word] for word in ("NOT_START", "SUBMITTED", "IN_PROGRESS")}
#: How they look in a body.
GOING = tuple(f'"{word}"'.encode() for word in _GOING)


def peek(document: Any) -> Snapshot | None:
    """What `snapshot` says of a task that goes on and offers nothing yet; None for any other, which is read whole.

    Nearly all looks find such a task, and there is little in it to be read.
    """
    if not isinstance(document, dict):
        return None
    get = document.get
    word = get("status")
    status = _GOING.get(word) if isinstance(word, str) else None
    # A picture's size, a seed and buttons come at the end; an error is none of a task's fields.
    if status is None or get("error") or get("buttons") or get("width") or get("height") or get("seed", "") != "":
        return None
    image, properties = links(get("imageUrl")), get("properties")
    inner = properties if isinstance(properties, dict) else {}
    return Snapshot(
        status=status,
        remote_id=text(get("id")) or None,
        progress=percent(get("progress")),
        preview=ImageURL(image[0]) if image else None,
        prompt=text(get("prompt")) or text(get("promptEn")) or text(inner.get("finalPrompt")) or None,
        mode=_granted(inner, text(get("mode"))),
        raw=document,
    )


def _took(task: Task) -> float | None:
    """Seconds between two of the server's own times, which are milliseconds since 1970 (seed 001); 0 stands for none."""
    if not task.submitTime or not task.finishTime or not 0 < task.finishTime - task.submitTime < _A_DAY:
        return None
    return float(task.finishTime - task.submitTime) / 1000


def _status(task: Task, word: str) -> Status:
    """By the status; only where that says nothing, a full progress decides with what came along."""
    if task.progress != 100 or (word and word in tables.STATUS):
        return tables.STATUS.get(word, Status.RUNNING)
    # A word that nobody knows may be one of a picture that is still worked on.
    return Status.FAILED if task.failReason else (Status.DONE if task.imageUrl and not word else Status.RUNNING)


def _texts_of(task: Task, kind: str) -> tuple[str, ...]:
    """Servers put them in four places; a shorten's `description` counts only with its heading in it."""
    if kind not in _TEXT_KINDS and task.action.upper() not in _TEXT_KINDS.values():
        return ()
    final = text(task.properties.get("finalPrompt"))
    if "SHORTEN" not in (task.action.upper(), kind.upper()):
        places = [place for place in (final, task.promptEn, task.prompt) if place.strip()]
    else:
        # The other fields hold the question: only the answer has a heading, or numbers.
        everywhere = (final, task.description, task.promptEn, task.prompt)
        places = [place for place in everywhere if _texts.has_heading(place)]
        places += [place for place in everywhere if _texts.is_numbered(place)]
        places += [final] if final.strip() != task.prompt.strip() else []
    return _texts.split(places[0]) if places else ()


def _images(task: Task) -> tuple[ImageURL, ...]:
    """`imageUrl` (seed 001); relatives may have a list alone, or a film (contracts_mjproxy §10.1)."""
    several = () if _tiles(task) else task.imageUrls or task.videoUrls or task.videoUrl
    return tuple(map(ImageURL, task.imageUrl[:1] or several))


def _tiles(task: Task) -> tuple[ImageURL, ...]:
    """Some servers list the four pictures apart."""
    return tuple(map(ImageURL, task.imageUrls)) if len(task.imageUrls) == 4 else ()


def _granted(properties: Mapping[str, Any], told: str) -> Mode | None:
    """The mode it really ran in: the message's last bracket, "(relaxed)" (seed 001), else a field that relatives have."""
    # The prompt, which stands between asterisks, may have brackets of its own.
    match = _GRANTED.search(text(properties.get("messageContent")).rpartition("**")[2])
    return _GRANTED_WORDS.get((match[1] if match else told).lower())


def _failure(task: Task, response: HttpResponse) -> Failure:
    """Why it failed; relays normally refund."""
    said = Said(status=response.status, words=task.failReason)
    return failure_of(judge(tables.FAILED, said), said, response, NAME, charged="unknown")


def lost(said: Said) -> Failure:
    """It does not know the task."""
    return Failure(
        kind="JobLost",
        what="midjourney-proxy does not know the task any more.",
        why=f"it said: {plain(said.words, 200)}"
        if said.words
        else f"it answered HTTP {said.status} with nothing in it",
        hint="it may have been charged: compare your balance, and ask the provider with the ticket",
        charged="unknown",
        status=said.status,
        code=said.code if said.code.lstrip("-").isdecimal() else None,
        reason=plain(said.words, 500),
    )


def _actions(buttons: tuple[dict[str, Any], ...]) -> tuple[Action, ...]:
    """Buttons, named by the grammar of their customIds; an unknown one keeps its own token as a name."""
    tokens = [text(button.get("customId")) for button in buttons]
    return tuple(
        [
            Action(_name_of(token), token, text(button.get("label")))
            for token, button in zip(tokens, buttons, strict=True)
            if token
        ]
    )


def _name_of(token: str) -> str:
    # Four parts, and what separates them from the rest, are all that the grammar reads; the rest is the message's id.
    parts = token.split("::", 4)
    head = token.removesuffix(parts[4]) if len(parts) > 4 else token
    return (_known(head) if len(head) <= _LONGEST_HEAD else _named(head)) or token


def _named(head: str) -> str | None:
    """Our name for a button, by the beginning of its customId."""
    return next((match.expand(name) for pattern, name in tables.BUTTONS if (match := pattern.match(head))), None)


#: Messages have the same dozen beginnings; what is remembered is short.
_known = lru_cache(256)(_named)


# Answers that are whole at once.


def read_seed(response: HttpResponse, document: Any, said: Said) -> Submitted:
    """`image-seed`: code 1 and the seed as `result`, text or number."""
    seed = text(document.get("result")).strip() if isinstance(document, dict) else ""
    if said.code == "1" and response.status < 300 and number(seed) is not None:
        return Taken(remote_id="", snapshot=Snapshot(status=Status.DONE, progress=100, seed=seed, raw=document))
    return refusal(tables.SUBMIT, said, response, NAME)


def read_upload(response: HttpResponse, document: Any, said: Said, pictures: int) -> Submitted:
    """`upload-discord-images`: code 1 and as many addresses as pictures as `result`."""
    if said.code != "1" or response.status >= 300:
        return refusal(tables.SUBMIT, said, response, NAME)
    result = document.get("result")
    links = tuple(ImageURL(text(u)) for u in (result if isinstance(result, list) else [result]) if isinstance(u, str))
    if len(links) != pictures or not all(link.startswith(("http://", "https://")) for link in links):
        return Unclear(failure=failure_of(UNKNOWN, said, response, NAME, charged="unknown"))
    whole = Snapshot(status=Status.DONE, progress=100, images=links, raw=document)
    return Taken(remote_id="", snapshot=whole)


def missing(response: HttpResponse) -> Missing | None:
    """An empty answer is how some servers say that they do not know the task."""
    empty = response.status < 300 and response.body.strip() in (b"", b"null")
    return Missing(failure=lost(Said(status=response.status))) if empty else None


def without_id(said: Said, why: str, response: HttpResponse) -> Unclear:
    """A code that says yes, and no id that can be used."""
    words = f"{why or said.words or 'no id'}; the answer starts: {start(response)}"
    return Unclear(failure=failure_of(UNKNOWN, evolve(said, words=words), response, NAME, charged="unknown"))
