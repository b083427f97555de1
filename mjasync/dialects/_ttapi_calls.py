"""TTAPI's free questions besides looking: is this prompt allowed, what is left, which jobs are there."""

from typing import Any
from urllib.parse import urlencode

from attrs import evolve, frozen

from mjasync.core.answers import Absent, Trouble
from mjasync.core.model import ImageURL, Status, Ticket
from mjasync.core.reports import AccountInfo, ListedJob, PromptCheck
from mjasync.core.wire import HttpRequest, HttpResponse, retry_after
from mjasync.dialects import _ttapi_tables as tables
from mjasync.dialects._proof import absence, asked_in_vain
from mjasync.dialects._reading import Garbled, Id, Number, Percent, Text, decode, plain, structure, text
from mjasync.dialects._ttapi_answers import MODES, NAME, said_by
from mjasync.dialects._ttapi_requests import ENDPOINTS
from mjasync.dialects._verdict import Said, Verdict, failure_of, judge

#: The statuses of `fetch-list` are numbers; of these only 2 is known to mean a finished job.
_NUMBERS = {"2": Status.DONE}
_REFUSED = frozenset({200, 400, 422})
#: Where a page of rows stands in an object; the last is how Laravel does it, which TTAPI's account page looks like.
_PLACES = ("list", "rows", "items", "data")
#: The most rows that are read; the provider gives 100 at most.
_MOST_ROWS = 1000


@frozen(kw_only=True)
class _Info:
    balance: Number | None = None
    freeze_balance: Number | None = None
    max_queue: Number | None = None


@frozen(kw_only=True)
class _Row:
    job_id: Id = Id("")
    jobId: Id = Id("")  # noqa: N815
    # The speed mode stands under `model` here.
    model: Text = Text("")
    mode: Text = Text("")
    action: Text = Text("")
    status: Text = Text("")
    progress: Percent | None = None
    prompt: Text = Text("")
    quota: Number | None = None
    cdn_image: Text = Text("")
    discord_image: Text = Text("")


class TTAPICalls:
    """See `dialects.Calls`."""

    #: Seed 000, table "status".
    states = ("PENDING_QUEUE", "ON_QUEUE", "SUCCESS", "FAILED")

    def write_check(self, base: str, prompt: str) -> tuple[HttpRequest, ...]:
        """`POST /promptCheck`, free (seed 000 line 610)."""
        return (ENDPOINTS["promptCheck"].write(base, {"prompt": prompt}),)

    def read_check(self, response: HttpResponse) -> PromptCheck | Absent | Trouble:
        """SUCCESS, whatever `data` is (the seed's is a sentence), or a refusal in words, in HTTP 200 or 400."""
        envelope = _envelope(response)
        if not isinstance(envelope, dict):
            return envelope
        said = said_by(response, envelope)
        if _good(said):
            return PromptCheck(ok=True)
        row = judge(tables.SUBMIT, said)
        about_prompt = row.verdict is Verdict.REFUSED and row.kind in ("PromptRejected", "InvalidRequest")
        if response.status in _REFUSED and said.code.upper() in tables.NO and about_prompt:
            return PromptCheck(ok=False, reason=plain(said.words or text(envelope.get("data")), 500))
        return _answered_no(said, response)

    def write_info(self, base: str) -> tuple[HttpRequest, ...]:
        """GET on newer pages, POST on older ones."""
        info = ENDPOINTS["info"]
        return evolve(info, method="GET").write(base, None), info.write(base, {})

    def read_info(self, response: HttpResponse, account: str) -> AccountInfo | Absent | Trouble:
        """`balance` in quota, `freeze_balance` of running jobs, `max_queue`: how many jobs at once."""
        envelope = _envelope(response)
        if not isinstance(envelope, dict):
            return envelope
        data = envelope.get("data")
        if not _good(said_by(response, envelope)) or not isinstance(data, dict):
            return _answered_no(said_by(response, envelope), response)
        info = structure(data, _Info)
        most = info.max_queue if info.max_queue is not None and info.max_queue >= 1 else None
        return AccountInfo(
            account=account,
            balance=info.balance,
            frozen=info.freeze_balance,
            max_queue=int(most) if most is not None else None,
            raw=data,
        )

    def write_list(self, base: str, *, page: int, limit: int, status: str, order: str) -> tuple[HttpRequest, ...]:
        """GET on newer pages, POST on older ones."""
        wanted = {"page": page, "limit": limit, "status": status, "order": order}
        row = ENDPOINTS["fetch-list"]
        return evolve(row, method="GET").write(base, None, query="?" + urlencode(wanted)), row.write(base, wanted)

    def read_list(self, response: HttpResponse, account: str) -> tuple[ListedJob, ...] | Absent | Trouble:
        """Another spelling than fetch: snake_case rows, a number for the status, the mode as `model`."""
        envelope = _envelope(response)
        if not isinstance(envelope, dict):
            return envelope
        data = envelope.get("data")
        if isinstance(data, dict):
            data = next((data[name] for name in _PLACES if isinstance(data.get(name), list)), data)
        # An answer that nobody can read is not one without jobs: somebody may be searching for a lost one.
        if not _good(said_by(response, envelope)) or not isinstance(data, list | None):
            return _answered_no(said_by(response, envelope), response)
        found = (_listed(row, account) for row in (data or [])[:_MOST_ROWS])
        return tuple(row for row in found if row is not None)


def _listed(row: Any, account: str) -> ListedJob | None:
    """One row; None where nobody can say which job it is."""
    try:
        wire = structure(row, _Row)
    except Garbled:
        return None
    remote_id = wire.job_id or wire.jobId
    if not remote_id:
        return None
    images = dict.fromkeys(url for url in (wire.cdn_image, wire.discord_image) if url)
    return ListedJob(
        ticket=Ticket(account, remote_id),
        status=_NUMBERS.get(wire.status) or tables.STATUS.get(wire.status.upper()),
        action=wire.action,
        mode=MODES.get(wire.model) or MODES.get(wire.mode),
        prompt=wire.prompt or None,
        quota=wire.quota,
        progress=wire.progress,
        images=tuple(ImageURL(url) for url in images),
        raw=row,
    )


def _answered_no(said: Said, response: HttpResponse) -> Trouble:
    """No answer to a question: as TTAPI's own words have it, where they do, else by its HTTP status."""
    row = judge(tables.SUBMIT, said)
    about_me = row.kind in ("AuthError", "QuotaExhausted", "ProviderError")
    if said.code.upper() not in tables.NO or not (about_me or row.verdict is Verdict.BUSY):
        return asked_in_vain(said, response, NAME)
    row = row if row.verdict is not Verdict.BUSY else evolve(row, kind="Unreachable", says=None)
    return Trouble(
        failure=failure_of(row, said, response, NAME, charged="no"),
        retry_after=retry_after(response),
    )


def _good(said: Said) -> bool:
    return said.status < 300 and said.code.upper() == "SUCCESS"


def _envelope(response: HttpResponse) -> dict[str, Any] | Absent | Trouble:
    """The answer's envelope, or what kept it from being one."""
    if response.status == 404:
        return Absent(why="HTTP 404")
    absent = absence(response, NAME)
    if absent is not None:
        return absent
    document = decode(response)
    return document if isinstance(document, dict) else asked_in_vain(said_by(response, None), response, NAME)
