"""midjourney-proxy's words in ours, and what its answers mean. Data only; `mjproxy.py` reads it.

Sources: seed 001; the open servers and relays of the same dialect where the seed is silent. Codes alone do not
decide: relays rewrite 22 and 21 to 1, and queue-full arrives as 23, 9, 4 or 30, so words count too.
"""

import re
from collections.abc import Mapping

from mjasync.core.model import Status
from mjasync.dialects._verdict import MODEL_BARRED, Row, Verdict

#: Task states (seed 001 line 468). "" is a relay's first answer, CANCEL comes from relatives.
STATUS: Mapping[str, Status] = {
    "": Status.QUEUED,
    # A window waits: nothing runs before it is answered, and some relays go on saying so long afterwards.
    "MODAL": Status.QUEUED,
    "NOT_START": Status.QUEUED,
    "SUBMITTED": Status.QUEUED,
    "IN_PROGRESS": Status.RUNNING,
    "SUCCESS": Status.DONE,
    "FAILURE": Status.FAILED,
    "CANCEL": Status.FAILED,
    "CANCELLED": Status.FAILED,
    "CANCELED": Status.FAILED,
}
#: A window that waits for a prompt or mask.
MODAL = "MODAL"
#: How a submit's `description` says so: relays turn the code 21 into 1, and leave the words.
WINDOW = r"confirm|窗口"

#: Codes of a submit that was taken: 1 and 22 (seed 001), 21 = exists already, or a window waits.
TAKEN = frozenset({"1", "21", "22"})

#: customId → our name, by the button's own grammar; the version marks in between come and go.
BUTTONS: tuple[tuple["re.Pattern[str]", str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), name)
    for pattern, name in (
        (r"MJ::JOB::upsample::([1-4])::", r"upscale\1"),
        (r"MJ::JOB::variation::([1-4])::", r"vary\1"),
        (r"MJ::JOB::reroll::", "reroll"),
        (r"MJ::JOB::upsample_v\w+_subtle::", "upscale_subtle"),
        (r"MJ::JOB::upsample_v\w+_creative::", "upscale_creative"),
        (r"MJ::JOB::upsample_v5_([24])x::", r"upscale_\1x"),
        (r"MJ::JOB::low_variation::", "vary_subtle"),
        (r"MJ::JOB::high_variation::", "vary_strong"),
        (r"MJ::Inpaint::", "vary_region"),
        # The number is the remaining scale in percent.
        (r"MJ::Outpaint::50::", "zoom_2"),
        (r"MJ::Outpaint::75::", "zoom_1.5"),
        (r"MJ::Outpaint::100::", "square"),
        (r"MJ::CustomZoom::", "zoom_custom"),
        (r"MJ::JOB::pan_(left|right|up|down)::", r"pan_\1"),
    )
)

_MODERATED = r"banned|sensitive|moderat|prohibited|blocked by|敏感|违规|违禁|禁止"
_QUOTA = r"quota_?\s*(is )?not_?\s*enough|insufficient\s*(user )?(quota|balance)|quota.*(exhaust|used up)|额度|余额|今日绘图次数"
_FULL = r"队列已满|并发数已达上限|队列数已达上限|饱和|queue (is )?full"
_NO_INSTANCE = r"无可用|账号不可用|没有可用|no (available|usable)"
_SHUT_OUT = r"临时封锁|临时封禁|temporar(y|ily).{0,20}(ban|block)"
_AFTERWARDS = r"insert_midjourney_task_failed|copy_response_body_failed|do_request_failed|unmarshal_response|empty_response|read_response|close_"
_TOP_UP = "top up the account, or use another one; nothing was sent twice"
_KEY = "check MJASYNC_MJPROXY_KEY; some servers want auth='mj-api-secret'"
_ROUTE = "check base_url and mode_path: relays use '/mj-{mode}', '/{mode}' or no prefix at all"
_PARENT = "the job behind this button is unknown or expired at the provider"
_CLIENT = frozenset({400, 406, 411, 413, 414, 415, 422, 431, 451})

#: Answers to a submit that was not taken. The first row that fits speaks.
SUBMIT = (
    Row(verdict=Verdict.REFUSED, kind="ConfigError", status=range(300, 400), account=True, hint=_ROUTE),
    Row(verdict=Verdict.REFUSED, kind="QuotaExhausted", status={402}, account=True, hint=_TOP_UP),
    Row(
        verdict=Verdict.REFUSED,
        kind="QuotaExhausted",
        status={200, 400, 401, 403},
        says=_QUOTA,
        shaped=True,
        account=True,
        hint=_TOP_UP,
    ),
    # Some servers refuse in plain text.
    Row(verdict=Verdict.REFUSED, kind="QuotaExhausted", status={401, 403}, says=_QUOTA, account=True, hint=_TOP_UP),
    # A relay's token may be limited to some models, and each kind of work is one.
    Row(
        verdict=Verdict.REFUSED,
        kind="AuthError",
        status={403},
        says=MODEL_BARRED,
        route=True,
        hint="let the relay's token use this model, or use another account",
    ),
    Row(verdict=Verdict.REFUSED, kind="AuthError", status={401, 403, 407}, account=True, hint=_KEY),
    # The relay accepted and then lost its own footing: the job may run.
    Row(verdict=Verdict.UNCLEAR, kind="SubmitOutcomeUnknown", says=_AFTERWARDS, shaped=True),
    Row(verdict=Verdict.BUSY, status={425, 429}, account=True),
    Row(verdict=Verdict.BUSY, code={"23", "30"}, status={200, *_CLIENT}, account=True),
    Row(verdict=Verdict.BUSY, code={"4", "9"}, says=_FULL, status={200, *_CLIENT}, account=True),
    Row(verdict=Verdict.BUSY, code={"3"}, says=_NO_INSTANCE, status={200, 404, *_CLIENT}, account=True),
    # The relay refreshes its table every 15 s: the parent is finished, it just does not know yet.
    Row(
        verdict=Verdict.BUSY,
        says=r"task_status_not_success",
        shaped=True,
        hint="the relay has not seen the parent's end yet: ask again in a minute",
    ),
    # For some hours, after refused prompts: about the user, and not about this prompt.
    Row(
        verdict=Verdict.REFUSED,
        kind="AuthError",
        code={"4"},
        says=_SHUT_OUT,
        account=True,
        hint="the provider has shut this key out for a while: wait, or use another account",
    ),
    # A relay's own 503: no channel serves this now. Any other gateway's 503 may hide a job.
    Row(verdict=Verdict.BUSY, status={503}, relayed=True, account=True),
    Row(verdict=Verdict.REFUSED, kind="PromptRejected", code={"24"}, status={200, *_CLIENT}, hint="change the prompt"),
    Row(
        verdict=Verdict.REFUSED,
        kind="PromptRejected",
        code={"4", "-1", ""},
        says=_MODERATED,
        shaped=True,
        status={200, *_CLIENT},
        hint="change the prompt",
    ),
    Row(verdict=Verdict.REFUSED, kind="InvalidRequest", code={"3"}, status={200, 404, *_CLIENT}, hint=_PARENT),
    Row(
        verdict=Verdict.REFUSED,
        kind="InvalidRequest",
        code={"4", ""},
        says=r"task_not?_found",
        shaped=True,
        status={200, 404, *_CLIENT},
        hint=_PARENT,
    ),
    Row(
        verdict=Verdict.REFUSED,
        kind="InvalidRequest",
        code={"4", "21"},
        status={200, *_CLIENT},
        hint="change the request",
    ),
    Row(verdict=Verdict.REFUSED, kind="InvalidRequest", code={"-1"}, status={200, *_CLIENT}, hint="change the request"),
    Row(verdict=Verdict.REFUSED, kind="ConfigError", status={404, 405}, account=True, hint=_ROUTE),
    Row(
        verdict=Verdict.REFUSED,
        kind="InvalidRequest",
        code={""},
        status=_CLIENT,
        shaped=True,
        hint="change the request",
    ),
    Row(
        verdict=Verdict.REFUSED,
        kind="InvalidRequest",
        code={""},
        status={406, 411, 413, 414, 415, 422, 431},
        hint="change the request",
    ),
)

#: Why a job that was accepted failed: its `failReason`.
FAILED = (
    Row(verdict=Verdict.REFUSED, kind="QuotaExhausted", says=_QUOTA, hint=_TOP_UP),
    Row(verdict=Verdict.REFUSED, kind="PromptRejected", says=_MODERATED, hint="change the prompt"),
    Row(
        verdict=Verdict.REFUSED,
        kind="InvalidRequest",
        says=r"invalid (parameter|link|prompt)|unrecognized param|参数",
        hint="change the request",
    ),
    Row(
        verdict=Verdict.REFUSED,
        kind="JobFailed",
        retryable=True,
        hint="such failures are normally refunded; asking again is a new job",
    ),
)

#: Statuses and words with which a look says that it does not know the task. A refused key ("无效的令牌") is not that.
UNKNOWN_STATUS = frozenset({200, 400, 404, 410, 422})
UNKNOWN_TASK = r"task_no(t)?_found|not[ _]found|not exist|不存在|无效"
