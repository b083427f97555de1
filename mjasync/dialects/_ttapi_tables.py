"""TTAPI's words in ours, and what its answers mean. Data only; `ttapi.py` reads it.

Sources: seed 000; `docs.ttapi.io` (response codes, 2026) and the FAQ's failure texts where the seed is silent.
"""

from collections.abc import Mapping

from mjasync.core.model import Status
from mjasync.dialects._verdict import Row, Verdict

#: Job states (seed 000, table "status"). `ON_QUEUE` means that it runs. The rest are synonyms seen in clients.
STATUS: Mapping[str, Status] = {
    "PENDING_QUEUE": Status.QUEUED,
    "ON_QUEUE": Status.RUNNING,
    "SUCCESS": Status.DONE,
    "FAILED": Status.FAILED,
    "FAILURE": Status.FAILED,
    "FAIL": Status.FAILED,
    "ERROR": Status.FAILED,
    "TIMEOUT": Status.FAILED,
    "CANCELLED": Status.FAILED,
    "CANCELED": Status.FAILED,
}

#: Our name → the name that `/action` takes. The list is open: unknown names pass through as they are.
ACTIONS: Mapping[str, str] = {
    **{f"upscale{n}": f"upsample{n}" for n in (1, 2, 3, 4)},
    **{f"vary{n}": f"variation{n}" for n in (1, 2, 3, 4)},
    "reroll": "reroll",
    "upscale_subtle": "upscale_subtle",
    "upscale_creative": "upscale_creative",
    # Not our upscale2 and upscale4, which are U2 and U4.
    "upscale_2x": "upscale2",
    "upscale_4x": "upscale4",
    "vary_subtle": "low_variation",
    "vary_strong": "high_variation",
    "vary_region": "vary_region",
    "zoom_2": "zoom_out_2",
    "zoom_1.5": "zoom_out_1_5",
    "zoom_custom": "Custom Zoom",
    "pan_left": "pan_left",
    "pan_right": "pan_right",
    "pan_up": "pan_up",
    "pan_down": "pan_down",
    "square": "make_square",
}
OURS: Mapping[str, str] = {theirs: ours for ours, theirs in ACTIONS.items()}
#: The label on Midjourney's button, where it has one.
LABELS: Mapping[str, str] = {
    **{f"upsample{n}": f"U{n}" for n in (1, 2, 3, 4)},
    **{f"variation{n}": f"V{n}" for n in (1, 2, 3, 4)},
}

#: What stands in brackets in front says what it is, whatever words follow: "[Invalid parameter] … case-sensitive".
_BRACKETED_INVALID = r"^\s*\[invalid (parameter|link)"
_BRACKETED_UPSTREAM = r"^\s*\[(internal (server )?error|bad response)\]"
_MODERATED = r"banned prompt|image denied|ttapi (prompt|image) filter|(?<!case[ -])(?<!in)sensitive|moderat|prohibited|prompt.{0,40}blocked|blocked (by|for)|敏感|违规|违禁"
_UPSTREAM = (
    r"internal (server )?error|bad response|execution error|system exception|failed to process your command"
    r"|unknown (integration|message)|未知(消息|集成)|job time-?out"
)
_INVALID = r"\[?invalid (parameter|prompt|link)|parameter|required|参数"
_QUOTA = r"insufficient\s*(quota|balance|fund)|(quota|balance|credit)\w*\s*(is |are )?(not enough|insufficient|exhaust|used up)|余额|额度"
_CLIENT = frozenset({400, 406, 409, 411, 413, 414, 415, 422, 431, 451})
_TOP_UP = "top up the account, or use another one; nothing was sent twice"
_KEY = "check MJASYNC_TTAPI_KEY, or base_url for a hosted account: it has a host of its own"
_THEIRS = "a fault on the provider's side; asking again is safe"
_AGAIN = "such failures are normally refunded; asking again is a new job"
_PROMPT = "change the prompt; over 30 moderated prompts a day TTAPI keeps the quota"

#: Answers to a submit that did not bring an id. The first row that fits speaks.
SUBMIT = (
    Row(
        verdict=Verdict.REFUSED,
        kind="ConfigError",
        status=range(300, 400),
        account=True,
        hint="redirects are never followed: give the final address as base_url",
    ),
    Row(verdict=Verdict.REFUSED, kind="QuotaExhausted", status={402}, account=True, hint=_TOP_UP),
    Row(
        verdict=Verdict.REFUSED,
        kind="QuotaExhausted",
        status={200, 400},
        shaped=True,
        says=_QUOTA,
        account=True,
        hint=_TOP_UP,
    ),
    Row(verdict=Verdict.REFUSED, kind="QuotaExhausted", status={401, 403}, says=_QUOTA, account=True, hint=_TOP_UP),
    Row(verdict=Verdict.REFUSED, kind="AuthError", status={401, 403, 407}, account=True, hint=_KEY),
    Row(
        verdict=Verdict.REFUSED,
        kind="AuthError",
        status={200, 400},
        shaped=True,
        says=r"wrong tt-api-key",
        account=True,
        hint=_KEY,
    ),
    Row(verdict=Verdict.BUSY, status={425, 429}, account=True),
    # In TTAPI's own envelope only: a gateway's 499 ("client closed request") may hide a job.
    Row(verdict=Verdict.BUSY, status={499}, code={"FAILED", "failed"}, account=True),
    Row(
        verdict=Verdict.BUSY,
        status={200, 400, 403, 499, 503},
        shaped=True,
        says=r"queue (is )?(full|insufficient)|queue capacity|insufficient queue|队列",
        account=True,
    ),
    # A hosted account says so when none of its accounts serves the mode; one client warns that the job may still run.
    Row(verdict=Verdict.UNCLEAR, kind="SubmitOutcomeUnknown", status={200, *_CLIENT}, says=r"no available accounts"),
    Row(
        verdict=Verdict.REFUSED,
        kind="InvalidRequest",
        status={200, 400, 422},
        shaped=True,
        says=_BRACKETED_INVALID,
        hint="change the request",
    ),
    Row(
        verdict=Verdict.REFUSED,
        kind="ProviderError",
        status={200, 400, 422},
        shaped=True,
        says=_BRACKETED_UPSTREAM,
        retryable=True,
        hint=_THEIRS,
    ),
    Row(
        verdict=Verdict.REFUSED,
        kind="PromptRejected",
        status={200, *_CLIENT},
        shaped=True,
        says=_MODERATED,
        hint=_PROMPT,
    ),
    Row(
        verdict=Verdict.REFUSED,
        kind="InvalidRequest",
        status={404},
        shaped=True,
        hint="check the job id and the action",
    ),
    Row(
        verdict=Verdict.REFUSED,
        kind="ConfigError",
        status={404, 405},
        account=True,
        hint="check base_url; hosted accounts have a host of their own",
    ),
    Row(verdict=Verdict.UNCLEAR, kind="SubmitOutcomeUnknown", status={409}),
    Row(
        verdict=Verdict.REFUSED,
        kind="ProviderError",
        status={200, *_CLIENT},
        shaped=True,
        says=_UPSTREAM,
        retryable=True,
        hint=_THEIRS,
    ),
    Row(verdict=Verdict.REFUSED, kind="InvalidRequest", status={200, *_CLIENT}, shaped=True, hint="change the request"),
    Row(
        verdict=Verdict.REFUSED,
        kind="InvalidRequest",
        status={406, 411, 413, 414, 415, 422, 431},
        hint="change the request",
    ),
)

#: Why a job that was accepted failed: its `message`.
FAILED = (
    Row(verdict=Verdict.REFUSED, kind="InvalidRequest", says=_BRACKETED_INVALID, hint="change the request"),
    Row(
        verdict=Verdict.REFUSED,
        kind="JobFailed",
        says=r"^\s*job time-?out",
        retryable=True,
        hint=f"{_AGAIN}; a longer timeout= may help: 1200 s is the most",
    ),
    Row(verdict=Verdict.REFUSED, kind="JobFailed", says=_BRACKETED_UPSTREAM, retryable=True, hint=_AGAIN),
    Row(verdict=Verdict.REFUSED, kind="PromptRejected", says=_MODERATED, hint=_PROMPT),
    Row(verdict=Verdict.REFUSED, kind="JobFailed", says=_UPSTREAM, retryable=True, hint=_AGAIN),
    Row(verdict=Verdict.REFUSED, kind="InvalidRequest", says=_INVALID, hint="change the request"),
    Row(verdict=Verdict.REFUSED, kind="QuotaExhausted", says=_QUOTA, hint=_TOP_UP),
    Row(verdict=Verdict.REFUSED, kind="JobFailed", retryable=True, hint=_AGAIN),
)

#: Reasons that only a job can end with (the FAQ's list); an internal error may be about the look.
ENDINGS = (
    r"^\s*(\[(banned prompt|image denied|invalid (prompt|link)|ttapi (prompt|image) filter|invalid parameter\](?!.*jobid))"
    r"|job time-?out)"
)

#: A submit's `status` that says no in a good answer; any other word there may mean a job.
NO = frozenset({"FAILED", "FAILURE", "FAIL", "ERROR"})

#: Statuses and words with which a look says that it does not know the job.
UNKNOWN_STATUS = frozenset({200, 400, 404, 410, 422})
UNKNOWN_JOB = r"not (found|exist)|no such|does ?n[o']t exist|unknown job|不存在|无效的? ?job"
