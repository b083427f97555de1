"""What was found out about one thing: is it well, why not, what to do.

Rule 1: whatever is not well says why and what to do.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from attrs import field, frozen

from mjasync import AuthError, ConfigError, MJError, QuotaExhausted
from mjasync.cli import report
from mjasync.cli.text import clean

_WIDTH = 10
#: Exit codes by the names of errors that a provider's answer was found to mean.
_OF_KINDS = {
    QuotaExhausted.__name__: report.QUOTA,
    AuthError.__name__: report.CONFIG,
    ConfigError.__name__: report.CONFIG,
}


class Level(StrEnum):
    """How it stands."""

    OK = "ok"
    #: It works, or will; somebody should know.
    WARN = "warn"
    #: It does not work like this.
    BAD = "bad"


@frozen(kw_only=True)
class Finding:
    """One thing, and how it stands."""

    level: Level = Level.OK
    #: What it is about, in a word or two.
    name: str
    what: str
    why: str = ""
    do: str = ""
    #: The exit code, where it is bad.
    code: int = report.CONFIG
    #: The same for machines.
    facts: Mapping[str, Any] = field(factory=dict)

    def lines(self) -> list[str]:
        """For people."""
        head = f"{self.level:<5} {self.name:<{_WIDTH}}  "
        told = [head + clean(self.what)]
        told += [f"{'':<8}why   {clean(self.why)}"] if self.why else []
        told += [f"{'':<8}do    {clean(self.do)}"] if self.do else []
        return told

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        told = {"level": str(self.level), "name": self.name, "what": self.what, "why": self.why, "do": self.do}
        return {**told, "facts": dict(self.facts)}


def of_error(name: str, error: MJError, *, level: Level = Level.BAD, facts: Mapping[str, Any] | None = None) -> Finding:
    """Return an error as a finding."""
    return Finding(
        level=level,
        name=name,
        what=error.what,
        why=error.why,
        do=error.hint,
        code=report.exit_code([error]),
        facts=facts or {},
    )


def code_of_kind(kind: str) -> int:
    """Return the exit code of a failure that bears an error's name."""
    return _OF_KINDS.get(kind, report.SOME_FAILED)


def exit_code(findings: Iterable[Finding]) -> int:
    """Return what the shell is told: the most urgent of what is bad."""
    return report.most_urgent(found.code for found in findings if found.level is Level.BAD)
