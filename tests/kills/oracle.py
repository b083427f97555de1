"""The judge: the providers' books over HTTP, the journal by plain SQL, and what users were told, against each other.

Rule 1: it shares no code with the client. D: nothing is charged twice. L: nothing accepted is lost. S: no slot above
the cap. C: all is clean: files, order, words.
Rule 2: "unknown" is always allowed where nobody could know; a wrong "done" or "failed" never is.
"""

import json
import sqlite3
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from attrs import define, field

from tests.worlds.pictures import whole
from tests.worlds.rows import Row, of_file

#: What may lie in the folder at the end, besides pictures and the harness's own files.
_FILES = frozenset(
    f"jobs.db{ending}" for ending in ("", ".lock", "-journal", "-wal", "-shm", ".pictures", ".learned", ".learned.old")
)
_OURS = frozenset({"locks", "provider.json", "provider.log", "told.jsonl", "counts.json"})
#: What whoever waits may be told of a job whose row says how it ended.
_ENDED = {
    "done": {"ok"},
    "failed": {
        *("JobFailed", "PromptRejected", "InvalidRequest", "ProviderError", "ParentFailed", "ConfigError"),
        "Unreachable",  # eight times, on a machine that does much else at once
    },
}
#: What says nothing of how it ends.
_OPEN = {"PoolClosed", "DeadlineExceeded", "JobCancelled", "SubmitOutcomeUnknown", "JobLost"}
#: What is told of a job whose fate nobody can know.
_UNKNOWN = {"SubmitOutcomeUnknown", "JobLost"}


@define
class Fold:
    """One job, in the judge's own words."""

    job: str
    prompt: str
    parent: str | None
    action: str
    key: str | None
    phase: str = "held"
    ids: list[str] = field(factory=list)
    kinds: list[str] = field(factory=list)


@define
class Finding:
    """A broken rule, by its letter."""

    rule: str
    text: str


def judge(folder: Path, ledger: dict[str, Any], *, cap: int, own: str = "") -> list[Finding]:
    """Everything that is wrong. `own`: what every prompt has in it that nobody else uses."""
    found: list[Finding] = []
    journal = folder / "jobs.db"
    if not journal.exists():
        return [Finding("C", "there is no journal")]
    with sqlite3.connect(f"file:{journal}?mode=ro", uri=True) as db:
        said = db.execute("PRAGMA integrity_check").fetchall()
    db.close()
    if said != [("ok",)]:
        found.append(Finding("C", f"integrity_check: {said[:3]}"))
    rows = of_file(journal)
    folds = _folded(rows, found)
    _once(ledger, folds, found, own)
    _kept(ledger, folds, found)
    for account, peak in ledger["peak_running"].items():
        if peak > cap:
            found.append(Finding("S", f"{account} ran {peak} jobs at once, the cap is {cap}"))
    _told(folder, ledger, folds, found)
    _clean(folder, found)
    return found


def closed(folder: Path) -> list[Finding]:
    """What is wrong after a process that had the time to close: nothing was let go of on its way."""
    found: list[Finding] = []
    journal = folder / "jobs.db"
    folds = _folded(of_file(journal), found) if journal.exists() else {}
    lost = [job for job in folds.values() if job.phase == "sent"]
    return found + [Finding("L", f"{job.job} {job.prompt!r} was left while it was sent") for job in lost]


def _folded(rows: list[Row], found: list[Finding]) -> dict[str, Fold]:
    folds: dict[str, Fold] = {}
    for row in rows:
        if row.kind == "Asked":
            spec = row.facts["spec"]
            said = spec["operation"]
            action = said.get("action", "")
            folds[row.job] = Fold(row.job, said.get("prompt") or "", spec.get("parent"), action, spec.get("key"))
            continue
        job = folds.get(row.job)
        if job is None:
            found.append(Finding("C", f"{row.job} has a {row.kind} and was never asked for"))
            continue
        if job.phase in ("done", "failed"):
            if row.kind not in ("Saw", "Detached"):
                found.append(Finding("C", f"{row.job} was {job.phase}, and then: {row.kind}"))
            continue
        _step(job, row, found)
    return folds


def _step(job: Fold, row: Row, found: list[Finding]) -> None:
    if row.kind == "Sending" and job.phase != "held":
        found.append(Finding("D", f"{job.job} is sent again after {job.kinds}"))
    if row.kind == "Filling" and "Filling" in job.kinds and "Unfilled" not in job.kinds:
        found.append(Finding("D", f"{job.job} answers its window again: {job.kinds}"))
    job.kinds.append(row.kind)
    match row.kind:
        case "Sending" | "Bounced" | "Rejected":
            job.phase = {"Sending": "sent", "Bounced": "held", "Rejected": "failed"}[row.kind]
        case "Accepted" | "Filled":
            if row.facts["remote_id"] not in job.ids:
                job.ids.append(row.facts["remote_id"])
            job.phase = "live"
        case "Silence":
            job.phase = "lost"
            if row.facts["failure"]["kind"] not in _UNKNOWN:
                found.append(Finding("L", f"{job.job} is lost, and told as {row.facts['failure']['kind']}"))
        case "Saw":
            status = str(row.facts["snapshot"].get("status")).lower()
            job.phase = status if status in ("done", "failed") else "live"


def _once(ledger: dict[str, Any], folds: dict[str, Fold], found: list[Finding], own: str) -> None:
    """One logical request, one charge."""
    charged = Counter(
        (job["account"], job["kind"], job["parent"], job["action"] if job["parent"] else "", job["prompt"])
        for job in ledger["jobs"]
        if job["parent"] or own in job["prompt"]
    )
    found += [Finding("D", f"{what} was charged {times} times") for what, times in charged.items() if times > 1]
    found += [Finding("D", f"window {name}: {n} jobs") for name, n in ledger["windows"].items() if n > 1]
    # A key whose job was never sent may be used again.
    keys = Counter(job.key for job in folds.values() if job.key and "Sending" in job.kinds)
    found += [Finding("D", f"key {key} was sent for {n} jobs") for key, n in keys.items() if n > 1]


def _kept(ledger: dict[str, Any], folds: dict[str, Fold], found: list[Finding]) -> None:
    """Every accepted job has a row that says how it ended, or that nobody can know."""
    by_id: dict[str, list[Fold]] = defaultdict(list)
    for job in folds.values():
        for remote_id in job.ids:
            by_id[remote_id].append(job)
    doubles = [name for name, jobs in by_id.items() if len(jobs) > 1]
    found += [Finding("C", f"id {name} belongs to {len(by_id[name])} jobs") for name in doubles]
    for entry in ledger["jobs"]:
        mine = by_id.get(entry["id"])
        if mine is None:
            mine = [job for job in folds.values() if not job.ids and _may_be(job, entry, by_id)]
            if not any(job.phase == "lost" for job in mine):
                states = [(job.phase, job.kinds[-3:]) for job in mine]
                found.append(Finding("L", f"{entry['kind']} {entry['prompt']!r} {entry['id']} has no row: {states}"))
            continue
        for job in mine:
            right = {"done": "done", "failed": "failed"}.get(_outcome(entry), "")
            if job.phase not in ("done", "failed", "lost"):
                found.append(Finding("L", f"{job.job} {job.prompt!r} is {job.phase} at the end: {job.kinds[-4:]}"))
            elif job.phase != "lost" and right and job.phase != right:
                found.append(Finding("C", f"{job.job} {job.prompt!r} is {job.phase}, the provider says {right}"))


def _outcome(entry: dict[str, Any]) -> str:
    word = str(entry["outcome"] or "").lower()
    return {"success": "done", "finished": "done", "failure": "failed"}.get(word, word)


def _may_be(job: Fold, entry: dict[str, Any], by_id: dict[str, list[Fold]]) -> bool:
    """Whether a row without an id may stand for an accepted job."""
    if entry["parent"] is None:
        return job.parent is None and (job.prompt == entry["prompt"] or not job.prompt)
    return any(job.parent == parent.job for parent in by_id.get(entry["parent"], ()))


def _told(folder: Path, ledger: dict[str, Any], folds: dict[str, Fold], found: list[Finding]) -> None:
    """What a living process heard is what the file says, for ever."""
    known = {entry["id"]: entry for entry in ledger["jobs"]}
    path = folder / "told.jsonl"
    for line in path.read_bytes().splitlines() if path.exists() else ():
        told = json.loads(line)
        job, word = folds.get(told["job"]), told["told"]
        if job is None:
            if word not in _OPEN and told["charged"] != "no":
                found.append(Finding("C", f"{told} and the journal does not know it"))
            continue
        if (
            word not in _OPEN | {"accepted"}
            and not word.startswith("unsaved")
            and word not in _ENDED.get(job.phase, set())
        ):
            found.append(Finding("C", f"{told}, and the journal says {job.phase}: {job.kinds[-3:]}"))
        if told["ticket"] and told["ticket"] not in job.ids:
            found.append(Finding("L", f"{told}, and the journal knows only {job.ids}"))
        mine = [known[name] for name in job.ids if name in known]
        if told["charged"] == "no" and word not in _OPEN and any(_outcome(entry) == "done" for entry in mine):
            found.append(Finding("C", f"{told}, and it was charged"))


def _clean(folder: Path, found: list[Finding]) -> None:
    """Pictures are whole, and nothing lies about but what was on its way."""
    for path in folder.iterdir():
        if path.name.startswith(".mjasync-") and path.name.endswith(".part"):
            continue
        if path.suffix == ".png":
            if not whole(path):
                found.append(Finding("C", f"{path.name} is not whole"))
        elif path.name not in _FILES | _OURS and not path.name.startswith("life-"):
            found.append(Finding("C", f"{path.name} was left behind"))
