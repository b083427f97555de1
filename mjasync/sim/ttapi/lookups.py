"""TTAPI's free calls: fetch, promptCheck, info and fetch-list (seed 000; the last two: contracts_ttapi.md 3.2)."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

from mjasync.core.wire import HttpResponse
from mjasync.sim.jobs import Job, Phase
from mjasync.sim.replies import Call, json_reply
from mjasync.sim.ttapi import checks
from mjasync.sim.ttapi.refusals import invalid, unknown_job
from mjasync.sim.ttapi.shown import STATES, row, shown

#: The quota that every account begins with.
DEPOSIT = 30_000
_PAGE, _LIMIT, _MOST = 1, 10, 100


def fetch(call: Call) -> HttpResponse:
    """POST /fetch as the seed says, or GET ?jobId= as docs.ttapi.io says."""
    remote_id = checks.text(_asked(call, "fetch"), "jobId")
    call.world.ledger.looks[remote_id] += 1
    job = call.world.find_job(call.account, remote_id)
    if job is None:
        raise unknown_job(remote_id, status=404)
    return json_reply(shown(call.world, job, call.base))


def prompt_check(call: Call) -> HttpResponse:
    """POST /promptCheck: `data` of a success is a text (seed 000 line 658)."""
    checks.prompt_allowed(call, checks.text(checks.body(call, "promptCheck"), "prompt"))
    return json_reply({"status": "SUCCESS", "message": "success", "data": "Prompt verification successful."})


def info(call: Call) -> HttpResponse:
    """The account: what it owns, and how many jobs it may have at once."""
    _asked(call, "info")
    now = call.world.now()
    jobs = call.world.ledger.booked(call.account.name)
    frozen = sum(job.quota for job in jobs if now < job.finished_at)
    spent = sum(job.quota for job in jobs if job.phase(now) is Phase.DONE)
    data = {
        "email": f"{call.account.name}@sim.invalid",
        "email_verified_at": "2024-04-02 08:00:00",
        "balance": DEPOSIT - spent - frozen,
        "freeze_balance": frozen,
        "max_queue": call.account.cap,
        "created_at": "2024-04-02 07:59:00",
    }
    return json_reply({"status": "SUCCESS", "message": "success", "data": data})


def fetch_list(call: Call) -> HttpResponse:
    """The account's jobs, a page at a time, newest first unless asked otherwise."""
    data = _asked(call, "fetch-list")
    page, limit = _number(data, "page", _PAGE), _number(data, "limit", _LIMIT, most=_MOST)
    status, order = data.get("status", "SUCCESS"), data.get("order", "desc")
    if status not in STATES.values():
        raise invalid("status", f"status {status!r}")
    if order not in {"asc", "desc"}:
        raise invalid("order", f"order {order!r}")
    now = call.world.now()
    jobs: list[Job] = [job for job in call.world.jobs_of(call.account) if STATES[job.phase(now)] == status]
    if order == "desc":
        jobs.reverse()
    rows = [row(job, now, call.base) for job in jobs[(page - 1) * limit : page * limit]]
    return json_reply({"status": "SUCCESS", "message": "success", "data": rows})


def _asked(call: Call, name: str) -> dict[str, Any]:
    """What is asked for: in the query of a GET, in the body of a POST."""
    if call.request.method != "GET":
        # Nothing to tell: a body is not needed then.
        return checks.body(call, name) if call.request.body or name == "fetch" else {}
    query = parse_qs(urlsplit(call.request.url).query, keep_blank_values=True)
    return checks.fields(call, name, {key: values[0] for key, values in query.items()})


def _number(data: dict[str, Any], key: str, default: int, *, most: int = 10**9) -> int:
    """Read a number from 1 on: a query has it as text, a body as a number."""
    value = data.get(key, default)
    number = int(value) if isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}", value) else value
    if type(number) is not int or not 1 <= number <= most:
        raise invalid(key, f"{key} is {value!r}")
    return number
