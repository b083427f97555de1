"""`mjasync press JOB`, without an action: the buttons that the job offers. Free; of a journal's job without a key."""

from argparse import Namespace
from typing import Any

from attrs import frozen

from mjasync import Action, ConfigError, Pool
from mjasync.cli import output, report
from mjasync.cli.aim import Aim, aimed
from mjasync.cli.text import clean
from mjasync.core import machine
from mjasync.core.model import Snapshot
from mjasync.journal.archive import Archive
from mjasync.settings import load, no_accounts


@frozen(kw_only=True)
class Offer:
    """What one job offers."""

    #: In our words: `done`, `running`, …
    phase: str
    actions: tuple[Action, ...] = ()
    #: Its texts: each can be imagined.
    texts: tuple[str, ...] = ()


async def buttons(arguments: Namespace) -> int:
    """Print them, and return the exit code."""
    aim = aimed(arguments)
    offer = _kept(aim) if aim.id else await _looked(aim)
    if arguments.json:
        output.say(report.as_text(as_json(aim, offer)))
        return report.OK
    for line in lines(offer):
        output.say(line)
    if not (offer.actions or offer.texts):
        output.tell(clean(f"{aim.name} is {offer.phase}, and offers nothing to press", 200))
    return report.OK


def lines(offer: Offer) -> list[str]:
    """Return one line for each: our name, and the label on the provider's button or the text."""
    return [f"{name:<18}{clean(label, 200)}".rstrip() for name, label in report.buttons(offer.actions, offer.texts)]


def as_json(aim: Aim, offer: Offer) -> dict[str, Any]:
    """Return the same as a JSON document."""
    return {
        "type": "buttons",
        "job": aim.id,
        "name": aim.name,
        "phase": offer.phase,
        "buttons": [{"action": name, "label": label} for name, label in report.buttons(offer.actions, offer.texts)],
    }


def _kept(aim: Aim) -> Offer:
    """From the journal alone: no lock, no key."""
    with Archive.open(aim.journal or "") as archive:
        story = archive.story(aim.id or "")
    record = machine.replay(aim.id or "", ((event, wall) for wall, event in story))
    seen = record.snapshot if record.phase in machine.FINAL else None
    return _offer(str(record.phase), seen)


async def _looked(aim: Aim) -> Offer:
    """From its provider."""
    accounts = load().accounts
    if not accounts:
        raise no_accounts()
    async with Pool(*accounts) as pool:
        (seen,) = await pool.look(aim.name)
    if seen is None:
        raise ConfigError(
            f"{aim.name[:80]!r} is not known to its provider.",
            why="it may be of another key, or forgotten there by now",
            hint="check the account's name and the id; the JSON file beside a picture has both",
        )
    return _offer(str(seen.status), seen)


def _offer(phase: str, seen: Snapshot | None) -> Offer:
    return Offer(phase=phase, actions=seen.actions, texts=seen.texts) if seen else Offer(phase=phase)
