"""Write the page of errors: `python docs/make_errors.py > docs/errors.md`.

The tree comes from `mjasync/errors.py`, each text from a mishap that is lived through here (`docs/mishaps.py`), in the
simulator, on virtual time. What cannot be told from code, when and what to do, stands here, a row for each class.
"""

import ast
import inspect
import logging
import os
import re
import runpy
import tempfile
import textwrap
from pathlib import Path
from typing import Any

import mjasync as mj
from mjasync.testing import run

HERE = Path(__file__).parent
_HEAD = """# Errors

Made by `python docs/make_errors.py > docs/errors.md` from the error tree in `mjasync/errors.py`; a test keeps it fresh.
Every text below is a real one: the simulator was made to cause it, and the lines that did so stand beside it.

Every error of ours is an `mj.MJError` (`BatchError` holds some). It says what happened, why, and what to do, and carries
`.job` (or None), `.charged` (`"no"`, `"yes"` or `"unknown"`), `.retryable` and `.hint`. No text holds a key.

```python
import mjasync as mj


async def told(pool: mj.Pool, prompt: str):
    try:
        return await pool.imagine(prompt)
    except mj.ProviderError as error:
        print(error.status, error.code, error.reason, error.request_id)
    except mj.MJError as error:
        print(error.what, error.why, error.hint, error.charged, error.retryable)
```

`.retryable` means: the same request, unchanged, may succeed if it is asked again. It is never done for you where it could
cost twice: [why](money.md#why-a-paid-request-is-never-sent-twice).
"""
#: Class → when it comes, what to do, whether it was charged, whether asking again can help.
ROWS = {
    "MJError": (
        "the base of all the others; never raised itself",
        "catch it last",
        "see `.charged`",
        "see `.retryable`",
    ),
    "ConfigError": ("a value, picture, mask, setting or address cannot be right", "fix it", "no", "no"),
    "KeyReused": ("the same `key=` with another request", "one key for one request", "no", "no"),
    "AccountBusy": (
        "another pool on this computer uses the key, and not both share it; nothing was sent",
        "end that one, or give each [its share](slots.md#one-account-several-processes)",
        "no",
        "no",
    ),
    "ActionUnavailable": (
        "the finished job does not offer the action, or its provider or server has no such thing",
        "see `.available`, or use another account",
        "no",
        "no",
    ),
    "ProviderError": (
        "the base of what a provider said no to",
        "catch one of those below first",
        "see below",
        "see below",
    ),
    "AuthError": (
        "the key was refused, or may not be used for this kind of work",
        "fix the key, its models, or `base_url` of a hosted account",
        "no",
        "no",
    ),
    "QuotaExhausted": (
        "the account has no quota left, or the pool's own `budget=` is used up",
        "top up, or give a larger [budget](money.md#a-budget)",
        "no",
        "no",
    ),
    "PromptRejected": (
        "moderation, at the submit or later (`.word` where told)",
        "change the prompt",
        "no at the submit, else as the provider says, or unknown",
        "no",
    ),
    "InvalidRequest": (
        "the provider does not accept it",
        "change the request",
        "no at the submit, else as the provider says, or unknown",
        "no",
    ),
    "JobFailed": (
        "it ran and failed",
        "ask again, as a new job; such failures are normally refunded",
        "as the provider says, or unknown",
        "yes",
    ),
    "JobLost": (
        "the provider no longer knows it, or never ended it",
        "ask the provider with the ticket",
        "unknown",
        "no",
    ),
    "SubmitOutcomeUnknown": (
        "a submit, or the answer to a window, left and no usable answer came back",
        "see the account's own list, and [say what became of it](journal.md#a-request-of-unknown-fate)",
        "unknown",
        "no: it may be the second charge",
    ),
    "Unreachable": (
        "the network; a picture's address that had to be downloaded; a free question that got no answer",
        "ask again; nothing was accepted",
        "no",
        "yes",
    ),
    "ProtocolError": ("an answer nobody can read", "ask again; report it if it stays", "as it says", "as it says"),
    "DeadlineExceeded": (
        "you stopped waiting (`.ticket`)",
        "wait longer; it may still finish, and is then `job.late`",
        "no if it was never sent, else unknown",
        "no: it would be a second job",
    ),
    "NeedsInput": (
        "a window waits for a prompt, a factor or a mask that was not given",
        "give it to the verb",
        "no where it is known before sending, else unknown",
        "no",
    ),
    "JobCancelled": (
        "`job.cancel()` was called (`.outcome`)",
        "see [what cancelling does](waiting.md#cancelling)",
        "as `.outcome` says",
        "no",
    ),
    "ParentFailed": (
        "the job before it in the chain ended badly (`.parent`, `.__cause__`)",
        "see the cause",
        "no",
        "as the parent's",
    ),
    "PoolClosed": (
        "the pool went before the job did",
        "keep the ticket; with a journal the next pool [goes on](journal.md)",
        "as it says",
        "as it says",
    ),
    "JournalError": ("the journal cannot be used where it is", "use another folder", "no", "no"),
    "JournalBusy": (
        "another pool, here or in another process, holds the journal",
        "close that one, or use another file",
        "no",
        "no",
    ),
    "JournalCorrupt": (
        "the journal cannot be read or does not add up; nothing was overwritten",
        "copy it away, and see `.hint` for what is readable in it",
        "no",
        "no",
    ),
    "JournalWriteError": (
        "the disk refused to keep an outcome (`.result` is what it would have kept), or that a request will leave",
        "keep the result, make room, open the pool again",
        "no if it was never sent, yes with a result, else unknown",
        "no",
    ),
    "BatchError": (
        '`await pool.batch(..., errors="raise")`, after all jobs have ended',
        "see `.ok` and `.failed`",
        "see each of `.failed`",
        "see each",
    ),
}


def tree() -> list[tuple[int, type[BaseException]]]:
    """Every class with its depth, in the order of the file."""
    classes = [c for c in vars(mj.errors).values() if inspect.isclass(c) and c.__module__ == "mjasync.errors"]
    return [(sum(base in classes for base in c.__mro__) - 1, c) for c in classes]


def stories() -> dict[str, BaseException]:
    """Class → the error of its mishap."""
    mishaps = runpy.run_path(str(HERE / "mishaps.py"))
    before = os.environ.get("MJASYNC_LOCKS")
    logging.disable(logging.CRITICAL)
    try:
        return {name: _lived(mishaps["told"], name) for name in mishaps["STORIES"]}
    finally:
        logging.disable(logging.NOTSET)
        os.environ.pop("MJASYNC_LOCKS")
        os.environ.update({"MJASYNC_LOCKS": before} if before is not None else {})


def _lived(told: Any, name: str) -> BaseException:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["MJASYNC_LOCKS"] = f"{folder}/locks"
        error: BaseException = run(told(name, Path(folder)))
        error.add_note(folder)
        return error


def said(error: BaseException) -> str:
    """What the error says, without what differs from one machine to the next."""
    (folder,) = error.__notes__
    text = str(error).replace(str(Path(folder).resolve()), "/data").replace(folder, "/data")
    return re.sub(r"process \(\d+\)", "process (4711)", text)


def code(name: str) -> str:
    """The body of the story of `name`."""
    module = ast.parse(source := (HERE / "mishaps.py").read_text(encoding="utf-8"))
    for node in module.body:
        if isinstance(node, ast.AsyncFunctionDef) and any(
            isinstance(d, ast.Call) and d.args and ast.literal_eval(d.args[0]) == name for d in node.decorator_list
        ):
            lines = source.splitlines()[node.body[0].lineno - 1 : node.end_lineno]
            return textwrap.dedent("\n".join(lines))
    raise LookupError(name)


def _what(cls: type[BaseException]) -> str:
    return " ".join((cls.__doc__ or "").split("\n\n")[0].split())


def _entry(cls: type[BaseException], error: BaseException | None) -> list[str]:
    when, cure, charged, again = ROWS[cls.__name__]
    parents = ", ".join(base.__name__ for base in cls.__bases__)
    lines = [f"### {cls.__name__}", "", f"*{parents}.* {_what(cls)}", ""]
    lines += [
        f"- **Cause:** {when}.",
        f"- **Cure:** {cure}.",
        f"- **Charged:** {charged}.",
        f"- **Retryable:** {again}.",
    ]
    if error is not None:
        lines += [
            "",
            "Caused by",
            "",
            "```py",
            code(cls.__name__),
            "```",
            "",
            "it says",
            "",
            "```text",
            said(error),
            "```",
        ]
    if isinstance(error, mj.MJError):
        lines += ["", f'and `.charged == "{error.charged}"`, `.retryable == {error.retryable}`.']
    return [*lines, ""]


def render() -> str:
    """The whole page."""
    classes, lived = tree(), stories()
    lines = [_HEAD, "## The tree", "", "| error | what it is | charged |", "|---|---|---|"]
    for depth, cls in classes:
        name = f"{'&nbsp;&nbsp;&nbsp;' * depth}[`{cls.__name__}`](#{cls.__name__.lower()})"
        lines.append(f"| {name} | {_what(cls)} | {ROWS[cls.__name__][2]} |")
    lines += ["", "## One by one", ""]
    for _, cls in classes:
        lines += _entry(cls, lived.get(cls.__name__))
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    print(render(), end="")
