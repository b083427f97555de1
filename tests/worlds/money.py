"""The rules about money: what the providers took, against what the journal knows and users were told.

Rule 1: one logical request, one charge; every charge has a row that says that it may be there.
Rule 2: a second request for the same leaves only after proof that the first was not taken.
"""

from collections import defaultdict
from math import inf
from typing import TYPE_CHECKING

import mjasync as mj
from mjasync.sim import Order
from tests.worlds.wire import Packet

if TYPE_CHECKING:
    from tests.worlds.oracle import Fold
    from tests.worlds.story import Story

#: Seconds in which a provider ends a job by itself, by provider and mode: assumption A1 of the cap.
_OWN = {"ttapi": {"relax": 600.0}, "mjproxy": {"relax": 3600.0}}
_ELSE = {"ttapi": 300.0, "mjproxy": 900.0}


def judge(story: "Story", folds: "dict[str, Fold]") -> None:
    """All of them."""
    _cap(story)
    _sent_once(story)
    _charged_once(story)
    _rows(story, folds)
    _honest(story, folds)


def _cap(story: "Story") -> None:
    """I1b: what the provider runs at once because of us stays within the cap, if jobs end when it says they do.

    A calendar that jumped ahead while no process ran tells the next one that more time has passed than did; nothing
    can know better, so what was sent before is left out from then on.
    """
    forgiven = _misled(story)
    sent = {job.id: packet.sent_at for packet in story.wire.packets for job in packet.jobs}
    for account in story.plan.accounts:
        changes = []
        for job in story.world.ledger.booked(account.name):
            own = _OWN[account.provider].get(job.order.mode, _ELSE[account.provider])
            misled = next((moment for moment in forgiven if moment > sent[job.id]), inf)
            changes += [(job.accepted_at, 1), (min(job.finished_at, job.accepted_at + own, misled), -1)]
        running = 0
        for moment, change in sorted(changes):
            running += change
            if running > account.max_jobs:
                story.violated(
                    "I1", f"{account.name} runs {running} jobs at {moment:.3f}, the cap is {account.max_jobs}"
                )
                return


def _misled(story: "Story") -> list[float]:
    """When processes began whose calendar was ahead of that of the one before."""
    ahead, moments = False, []
    for moment, kind, *facts in story.chronicle.lines:
        ahead = ahead or (kind == "calendar" and float(str(facts[0])) > 0)
        if kind == "opens" and ahead:
            moments.append(float(str(moment)))
            ahead = False
    return moments


def _sent_once(story: "Story") -> None:
    """I2, I9 on the wire: after a request whose fate is not proved, none for the same ever leaves."""
    open_: dict[str, Packet] = {}
    for packet in story.wire.packets:
        if packet.place != "submit" or not packet.identity.partition(" ")[2]:
            continue
        what = packet.identity.partition(" ")[2]
        before = open_.get(what)
        if before is not None:
            text = (
                f"{what}: packet {before.number} ({before.fate or before.name}, {before.proof}), then {packet.number}"
            )
            story.violated("I9", text)
        if packet.proof != "no":
            open_[what] = packet


def _charged_once(story: "Story") -> None:
    """I2: the provider's books have no logical request twice."""
    charged: dict[str, list[str]] = defaultdict(list)
    for packet in story.wire.packets:
        what = packet.identity.partition(" ")[2] if packet.place == "submit" else ""
        if what:
            charged[what] += [job.id for job in packet.jobs]
    for what, ids in charged.items():
        if len(ids) > 1:
            story.violated("I2", f"{what} was charged {len(ids)} times: {ids}")
    for window, times in story.world.ledger.windows.items():
        if times > 1:
            story.violated("I2", f"window {window} was answered {times} times")


def _rows(story: "Story", folds: "dict[str, Fold]") -> None:
    """I3, I6: every accepted job has a row that says so, or says that it may be so."""
    known = {remote_id for job in folds.values() for remote_id in job.remote_ids}
    for packet in story.wire.packets:
        for job in packet.jobs:
            if packet.place != "submit" or job.id in known:
                continue
            if packet.proof == "yes" and story.lives[packet.life].survived(packet):
                story.violated("I6", f"{job.id} was accepted and told, and the journal does not have it")
            rows = _candidates(folds, job.order)
            if not any((row.sent and row.phase == "lost") or "Unanswered" in row.kinds for row in rows):
                states = [(row.job, row.phase, row.kinds[-3:]) for row in rows][:4]
                story.violated("I3", f"{job.id} ({job.order.kind} {job.order.prompt!r}) has no row: {states}")


def _candidates(folds: "dict[str, Fold]", order: Order) -> "list[Fold]":
    """Rows that may stand for an accepted job whose id nobody knows."""
    if order.parent is not None:
        mine = {job.job for job in folds.values() if order.parent.id in job.remote_ids}
        return [job for job in folds.values() if job.parent in mine]
    # A text of a describe or shorten is a prompt that no row has.
    same = [job for job in folds.values() if job.what.lower() == order.kind and order.prompt in (job.prompt, "")]
    picks = [job for job in folds.values() if job.what == "Pick" and order.kind == "imagine"]
    return (same if order.kind in ("imagine", "shorten") else [job for job in folds.values() if not job.prompt]) + picks


def _honest(story: "Story", folds: "dict[str, Fold]") -> None:
    """Who was told that nothing was charged was not charged, unless the job ran and failed."""
    taken = {job.id: job for packet in story.wire.packets for job in packet.jobs}
    lives = {job.id: packet.life for packet in story.wire.packets for job in packet.jobs}
    prompts = {(job.order.kind, job.order.prompt): job for job in taken.values() if job.order.parent is None}
    for told in story.history:
        job = folds.get(told.job)
        if told.kind != "fail" or job is None or getattr(told.value, "charged", "") != "no":
            continue
        mine = [taken[remote_id] for remote_id in job.remote_ids if remote_id in taken]
        others = [other for other in folds.values() if other.prompt == job.prompt and other.job != job.job]
        if not mine and job.prompt and not job.parent and not others:
            mine = [made for made in [prompts.get((job.what.lower(), job.prompt))] if made is not None]
        if isinstance(told.value, mj.JournalError):
            # That the job is over could not be written down, so it is not: a later process may send it.
            mine = [made for made in mine if lives[made.id] <= told.life]
        if any(each.failure is None for each in mine):
            story.violated("I2", f"{told.name} ({told.job}) was told {told.gist()}, and {mine[0].id} was accepted")
