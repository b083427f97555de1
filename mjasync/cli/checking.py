"""`mjasync check`: would these prompts be taken? Our own eyes first, then the provider's free check where there is one.

Rule 1: a refusal is a result, not an error; it ends with exit code 1.
Rule 2: what could not be asked is said: a prompt is never called good by somebody who did not look.
"""

from argparse import Namespace
from collections.abc import Sequence
from typing import Any

from attrs import frozen

from mjasync import Account, AccountBusy, Finding, MJError, Pool, lint, permutations
from mjasync.cli import output, place, report
from mjasync.cli.simulator import simulated
from mjasync.cli.task import SIMULATED, speed_of
from mjasync.cli.text import clean
from mjasync.cli.usage import checked_account, checked_prompt, typed
from mjasync.flow.checks import in_english
from mjasync.settings import load

_NO_KEY = "no key is set; TTAPI has a free check of prompts"
_NO_CHECK = "midjourney-proxy has no such check; an account at TTAPI would have one"
_ENGLISH = "the provider's check understands English only"


@frozen(kw_only=True)
class Check:
    """The command, checked."""

    prompts: tuple[str, ...]
    accounts: tuple[Account, ...]
    account: str | None
    speed: float | None
    as_json: bool


@frozen(kw_only=True)
class Verdict:
    """What is known of one prompt."""

    prompt: str
    findings: tuple[Finding, ...]
    #: What the provider's check said; None where it was not asked.
    passed: bool | None = None
    reason: str = ""
    #: Why it was not asked, or what its word is worth.
    remark: str = ""

    @property
    def ok(self) -> bool:
        """Nobody who looked has anything against it."""
        return self.passed is not False and not self.findings


def checked(arguments: Namespace) -> Check:
    """Check `mjasync check PROMPT...`."""
    given = [checked_prompt(prompt) for prompt in arguments.prompts]
    prompts = tuple(each for prompt in given for each in typed(permutations, prompt))
    speed = speed_of(arguments)
    accounts = load().accounts if speed is None else ()
    known = SIMULATED if speed is not None else tuple(place.names(accounts).values())
    account = checked_account(arguments.account, known)
    return Check(prompts=prompts, accounts=accounts, account=account, speed=speed, as_json=arguments.json)


async def check(wish: Check) -> int:
    """Do it, and return the exit code."""
    if wish.speed is None:
        verdicts, error = await _asked(wish, wish.accounts)
    else:
        async with simulated(wish.speed) as accounts:
            verdicts, error = await _asked(wish, accounts)
    if wish.as_json:
        output.say(report.as_text(as_json(verdicts, error)))
    else:
        for line in lines(verdicts):
            output.say(line)
    if error is not None:
        output.tell(report.explain(error))
        return report.exit_code([error])
    for remark in dict.fromkeys(each.remark for each in verdicts if each.remark):
        output.tell(f"note      {remark}")
    return report.OK if all(each.ok for each in verdicts) else report.SOME_FAILED


async def _asked(wish: Check, accounts: Sequence[Account]) -> tuple[list[Verdict], MJError | None]:
    """The verdicts, and what kept the provider from giving its own."""
    bare = [Verdict(prompt=prompt, findings=lint(prompt)) for prompt in wish.prompts]
    able = [account for account in accounts if account.provider == "ttapi"]
    names = place.names(accounts)
    wanted = [account for account in able if wish.account in (None, names[account.fingerprint])]
    if not wanted:
        return [_without(each, _NO_CHECK if accounts else _NO_KEY) for each in bare], None
    try:
        async with Pool(wanted[0]) as pool:
            return [await _one(pool, each) for each in bare], None
    except AccountBusy as exc:  # a run goes on: it holds the account, and this was only a question
        return [_without(each, f"the provider was not asked: {exc.what}") for each in bare], None
    except MJError as exc:
        return [_without(each, f"the provider was not asked: {exc.what}") for each in bare], exc


async def _one(pool: Pool, bare: Verdict) -> Verdict:
    said = await pool.check_prompt(bare.prompt)
    remark = "" if in_english(bare.prompt) else _ENGLISH
    return Verdict(prompt=bare.prompt, findings=bare.findings, passed=said.ok, reason=said.reason, remark=remark)


def _without(bare: Verdict, remark: str) -> Verdict:
    return Verdict(prompt=bare.prompt, findings=bare.findings, remark=remark)


def lines(verdicts: Sequence[Verdict]) -> list[str]:
    """Return the verdicts for people: what was found, then the word for the whole."""
    told = []
    for each in verdicts:
        word = "refused" if each.passed is False else "doubtful" if each.findings else "ok"
        unasked = "" if each.passed is not None else "  (only looked at here)"
        told.append(f"{word:<9} {clean(each.prompt, 100)}{unasked}")
        told += [f"  provider  {clean(each.reason or 'it gave no reason', 300)}"] if each.passed is False else []
        told += [f"  lint      {clean(finding, 300)}" for finding in each.findings]
    return told


def as_json(verdicts: Sequence[Verdict], error: MJError | None) -> dict[str, Any]:
    """Return the verdicts as one JSON document."""
    return {
        "type": "check",
        "ok": all(each.ok for each in verdicts),
        "prompts": [
            {
                "prompt": each.prompt,
                "ok": each.ok,
                "provider": None if each.passed is None else {"ok": each.passed, "reason": each.reason},
                "findings": [
                    {"code": found.code, "what": found.what, "do": found.hint, "at": found.at, "flag": found.flag}
                    for found in each.findings
                ],
                "note": each.remark or None,
            }
            for each in verdicts
        ],
        "error": report.fault(error) if error else None,
    }
