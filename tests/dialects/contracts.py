"""The rows of both contracts, by section, and those that no dialect can keep: with the reason, and where they are kept.

A test names a row in its id (`contracts_ttapi §5 ON_QUEUE`), in an id with more behind a colon or comma, or at the
beginning of its docstring; ` + ` stands between two rows of one case.
"""

import importlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[2]
#: Where rows are looked for: the tests of what a contract decides.
FILES = (
    "tests/dialects/test_*.py",
    "tests/samples/test_*.py",
    "tests/core/test_machine*.py",
    "tests/core/test_answers.py",
    "tests/core/test_windows.py",
)

TTAPI: Mapping[str, tuple[str, ...]] = {
    "§2": (
        *("status", "message", "data object", "data text", "data list", "data null", "data absent", "data.jobId"),
        *("data.job_id", "jobId", "job_id", "data is the id", "SUCCESS without an id", "opaque ids"),
    ),
    "§3": (
        *("imagine", "action", "seed", "blend", "describe", "inpaint", "fetch", "promptCheck", "info", "fetch-list"),
        *("status", "image-edits/submit", "image-edits/fetch", "video/submit", "video/extend", "video fetch"),
        *("account/list", "accounts", "mode"),
    ),
    "§4": (
        *(f"{name}{n}" for name in ("upsample", "variation") for n in (1, 2, 3, 4)),
        *("reroll", "upscale_subtle", "upscale_creative", "redo_upscale_subtle", "redo_upscale_creative", "upscale2"),
        *("upscale4", "redo_upscale2", "redo_upscale4", "high_variation", "low_variation", "zoom_out_2"),
        *("zoom_out_1_5", "pan_left", "pan_right", "pan_up", "pan_down", "make_square", "vary_region", "Custom Zoom"),
        *("rule 1", "rule 2", "rule 3"),
    ),
    "§5": (
        *("PENDING_QUEUE", "ON_QUEUE", "SUCCESS", "FAILED", "other case", "data.status", "numbers", "unknown"),
        *(f"synonym {word}" for word in ("CANCELLED", "CANCELED", "ERROR", "FAIL", "FAILURE", "TIMEOUT")),
        *("progress alone", "SUCCESS without an image", "monotonic", "FAILED on submit"),
    ),
    "§6.1": (
        *("status", "jobId", "message", "data.actions", "data.jobId", "data.progress", "data.prompt"),
        *("data.discordImage", "data.cdnImage", "data.width/height", "data.hookUrl", "data.components", "data.seed"),
        *("data.images", "data.quota", "edit API extras", "raw", "four-up order", "getUImages", "best picture"),
    ),
    "§6.2": ("FAILED",),
    "§6.3": ("a subset", "data []"),
    "§8.1": (
        *("200 SUCCESS", "200 FAILED", "400", "401", "402", "403", "404", "405", "429", "499", "500", "502", "503"),
        *("504", "transport error", "gateway HTML", "error"),
    ),
    "§8.2": (
        *("Job Timeout", "[Banned prompt detected]", "[Image denied]", "[Invalid parameter]", "[Invalid prompt]"),
        *("[Invalid link", "[TTAPI prompt filter]", "[TTAPI image filter]", "banned prompt words", "[Internal error]"),
        *("[Internal server error]", "[Bad response]", "Execution error", "system exception"),
        *("Failed to process your command", "Unknown Integration", "Unknown Message", "未知消息", "未知集成"),
        *("queue is full", "queue full", "No available accounts", "already exists", "Wrong TT-API-KEY"),
        *("insufficient quota", "insufficient balance", "anything else"),
    ),
    "§8.3": ("ambiguous", "refusals", "connect", "fetch-list", "action", "imagine"),
    "§8.4": ("SUCCESS", "FAILED 200", "FAILED 400", "401", "402", "403", "429", "5xx"),
    "§10": tuple(str(n) for n in range(1, 19)),
}

H = "26d56b92-4ed6-45e2-8561-563797923135"
MJPROXY: Mapping[str, tuple[str, ...]] = {
    "§5": (
        *("text of 16 digits", "JSON integer", "leading zero", "not a number", "null", "list of URLs", "comma-joined"),
        *("seed number as string", "parent task id", "rounded", "numberOfQueues", "Content-Type", "code rewriting"),
    ),
    "§6": (
        *(f"code {code}" for code in (1, 22, "21 (a)", "21 (b)", 23, 24, "3 (a)", "3 (b)", 4, 9, 5, 30, -1, 0)),
        "other positive",
    ),
    "§7.1": (
        *("OpenAI style", "mj style", "T style", "Dashboard style", "Spring default", "plain text, empty, HTML"),
        "X-Oneapi-Request-Id",
    ),
    "§7.2": ("",),
    "§7.3": ("400", "401", "403", "429", "503", "500"),
    "§7.4": (
        *("quota_not_enough", "task_no_found", "task_not_found", "task_status_not_success", "channel disabled"),
        *("get_channel_info_failed", "prompt_is_required", "task_id_is_required", "action_is_required"),
        *("index_is_required", "content_is_required", "bind_request_body_failed"),
        *("sour_base64_and_target_base64_is_required", "insert_midjourney_task_failed", "do_request_failed"),
        *("unmarshal_response_body_failed", "copy_response_body_failed", "empty body"),
    ),
    "§7.5": ("connect", "busy", "unknown", "refused", "fetch is idempotent"),
    "§8": (
        *("step 1", "step 2", "step 3", "step 4", "(a)", "(b)", "(c)", "(d)", "CustomZoom, Inpaint"),
        *("PicReader, PromptAnalyzer", "reroll, variation, pan", "trap MODAL persists", "trap modal is not idempotent"),
        *("trap duplicates", "trap never followed", "trap empty finalPrompt", "trap parent must be SUCCESS"),
    ),
    "§9.2": (
        *(f"MJ::JOB::{name}::{n}::{H}" for name in ("upsample", "variation") for n in (1, 2, 3, 4)),
        f"MJ::JOB::reroll::0::{H}::SOLO",
        *(f"MJ::JOB::upsample_v5_{n}x" for n in (2, 4)),
        *(f"MJ::JOB::upsample_v{v}_2x_{how}" for v in ("6", "6r1", "7") for how in ("subtle", "creative")),
        *("MJ::JOB::low_variation", "MJ::JOB::high_variation", f"MJ::Inpaint::1::{H}::SOLO"),
        *(f"MJ::Outpaint::{n}::1::{H}::SOLO" for n in (50, 75, 100)),
        *(f"MJ::CustomZoom::{H}", f"MJ::CustomZoom::1::{H}"),
        *(f"MJ::JOB::pan_{side}" for side in ("left", "right", "up", "down")),
        *("MJ::BOOKMARK", "MJ::Job::PicReader::1", "MJ::Job::PicReader::all", "MJ::Picread::Retry"),
        *("MJ::Job::PromptAnalyzer::5", "MJ::JOB::animate_high", "MJ::JOB::animate_low_extend"),
        *("MJ::JOB::video_virtual_upscale", "MJ::JOB::video", "server-internal"),
    ),
    "§9.3": ("",),
    "§10.1": (
        *("id", "action", "status", "prompt", "promptEn", "description", "state", "submitTime", "startTime"),
        *("finishTime", "imageUrl", "progress", "failReason", "properties", "buttons", "customId", "botType"),
        *("maskBase64", "videoUrl", "videoUrls", "imageUrls", "thumbnailUrl", "seed", "width, height", "mode"),
        *("displays", "parentId"),
    ),
    "§10.2": (
        *("empty", "null", "missing", "NOT_START", "SUBMITTED", "IN_PROGRESS", "MODAL", "SUCCESS", "FAILURE"),
        *("CANCEL", "CANCELLED", "CANCELED", "anything else"),
    ),
    "§10.3": (
        *("null", "FAILURE with ''", "0% to 99%", "100%", "free text", "FAILURE with 100%", "100% + image"),
        *("100% + failReason", "preview"),
    ),
    "§10.4": ("J", "T", "N", "seed"),
    "§10.6": (*("J: Describe", "P: Describe", "P: Shorten", "T: Describe", "T: Shorten", "N: Describe", "N: Shorten"),),
    "§11": ("body", "response", "duplicates", "fallback", "bad body"),
    "§15": tuple(f"C{n}" for n in range(1, 23)),
}

_NOT_BUILT = "not built: another product, see the contract's scope"
_HOOKS = "the webhook receiver's business, an issue of its own"
#: Row → why no dialect keeps it.
NOT_HERE: Mapping[str, str] = {
    **{f"contracts_ttapi §3 {name}": _NOT_BUILT for name in TTAPI["§3"][10:18]},
    "contracts_ttapi §5 monotonic": "the state machine: tests/core/test_machine.py, laws of every history",
    "contracts_ttapi §8.1 transport error": "the transport says NotSent or NoAnswer: tests/transport",
    "contracts_ttapi §8.3 connect": "the transport says NotSent: tests/transport/test_http__faults.py",
    "contracts_ttapi §8.3 fetch-list": "optional aid; the list is read here, searching it is the flow's",
    "contracts_ttapi §8.3 imagine": "no evidence of it, so nothing is built on it",
    "contracts_ttapi §10 15": "no promise is encoded; durations are learned: tests/core/test_cadence.py",
    "contracts_ttapi §10 16": _HOOKS,
    "contracts_ttapi §10 18": _NOT_BUILT,
    "contracts_mjproxy §5 parent task id": "an id like any other: polling it shows the finished parent",
    "contracts_mjproxy §7.5 connect": "the transport says NotSent: tests/transport/test_http__faults.py",
    "contracts_mjproxy §7.5 fetch is idempotent": "a request says `repeatable`; tests/transport/test_retry.py repeats",
    "contracts_mjproxy §8 step 4": "the flow looks until the end: tests/flow",
    "contracts_mjproxy §8 trap never followed": "the server's own time-out; it arrives as FAILURE",
    "contracts_mjproxy §8 trap parent must be SUCCESS": "the flow sends a step when its parent has ended: tests/flow",
    "contracts_mjproxy §9.2 server-internal": "never sent by clients",
    "contracts_mjproxy C13": "headers are the account's business: tests/test_accounts.py",
}
_SHORT = {"§15": ""}


def rows() -> Iterator[str]:
    """Every row, as a test names it."""
    for name, sections in (("contracts_ttapi", TTAPI), ("contracts_mjproxy", MJPROXY)):
        for section, idents in sections.items():
            yield from (" ".join(filter(None, (name, _SHORT.get(section, section), ident))) for ident in idents)


def named() -> Iterator[str]:
    """Every row that a test names."""
    for pattern in FILES:
        for path in sorted(ROOT.glob(pattern)):
            module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
            for text in _texts(module):
                yield from (part.strip() for part in text.split(" + contracts_"))


def _texts(module: ModuleType) -> Iterator[str]:
    for name, test in vars(module).items():
        if not name.startswith("test_"):
            continue
        for mark in (mark for mark in getattr(test, "pytestmark", ()) if mark.name == "parametrize"):
            yield from (str(getattr(case, "id", None) or "") for case in mark.args[1])
        yield (test.__doc__ or "").strip().partition(".\n")[0].removesuffix(".")


def kept(row: str, by: frozenset[str]) -> bool:
    """Whether a test names the row; the section's name may be missing after a ` + `."""
    short = row.removeprefix("contracts_")
    return any(text == each or text.startswith((f"{each}:", f"{each},")) for each in (row, short) for text in by)
