"""A journal's jobs as commands speak of them: by name, with their chains, and with what a person decided.

Rule 1: a job is named by our id, by its beginning if that is enough, or by `account:remote_id`.
Rule 2: a job of unknown fate that a person declared lost, or had sent again, is decided: nobody is asked about it
again. It stays unknown all the same, and the ledger counts it.
"""

from collections.abc import Iterable, Sequence

from attrs import field, frozen

from mjasync import ConfigError, Phase
from mjasync.cli.place import Place
from mjasync.core.machine import Expired
from mjasync.journal.archive import Archive, ArchivedJob

#: No journal holds more.
_ALL = 1_000_000_000


@frozen(kw_only=True)
class Shelf:
    """All jobs of a journal at one moment, the newest first."""

    where: Place
    rows: tuple[ArchivedJob, ...]
    #: Ids of jobs of unknown fate about which a person has decided.
    decided: frozenset[str] = frozenset()
    by_id: dict[str, ArchivedJob] = field(init=False, repr=False)

    @by_id.default
    def _(self) -> dict[str, ArchivedJob]:
        return {row.id: row for row in self.rows}

    def named(self, name: str) -> ArchivedJob:
        """Return the one job of this name. Raises `ConfigError` for none or several."""
        found = self.matching(name)
        if len(found) != 1:
            several = ", ".join(row.id for row in found[:4])
            raise ConfigError(
                f"{name[:80]!r} names {len(found) or 'no'} job{'s' if len(found) > 1 else ''} of {self.where.journal}.",
                why=f"they are {several}{' and more' if len(found) > 4 else ''}"
                if found
                else "no id of it begins so, and no ticket reads so",
                hint="give more of the id"
                if found
                else f"{self.where.command('jobs')} lists them; or give the ticket as account:remote_id",
            )
        return found[0]

    def before(self, row: ArchivedJob) -> tuple[ArchivedJob, ...]:
        """Return the jobs that it is a step after, the nearest first."""
        chain: list[ArchivedJob] = [row]
        while (parent := self.by_id.get(chain[-1].parent or "")) is not None:
            chain.append(parent)
        return tuple(chain[1:])

    def prompt(self, row: ArchivedJob) -> str:
        """Return its prompt; of a step that has none, its picture's."""
        return next((each.prompt for each in (row, *self.before(row)) if each.prompt), "")

    def alive(self) -> list[ArchivedJob]:
        """Return those that were sent, and whose end nobody knows; without what a person has decided about."""
        sent = (Phase.SENDING, Phase.QUEUED, Phase.RUNNING)
        return [row for row in self.rows if row.phase in sent] + self.undecided(self.rows)

    def undecided(self, rows: Iterable[ArchivedJob]) -> list[ArchivedJob]:
        """Return those of unknown fate about which nobody has decided."""
        return [row for row in rows if row.unknown and row.id not in self.decided]

    def matching(self, name: str) -> Sequence[ArchivedJob]:
        """Return every job that the name may mean."""
        account, _, remote_id = name.partition(":")
        if remote_id:
            rows = [row for row in self.rows if row.remote_id == remote_id]
            found = [row for row in rows if account in (row.account, self.where.named(row.account))]
            # A seed may be told under its picture's own id: then the picture is meant.
            return [row for row in found if row.parent not in {each.id for each in found}]
        exact = [self.by_id[name]] if name in self.by_id else []
        return exact or [row for row in self.rows if name and row.id.startswith(name)]


def read(archive: Archive, where: Place) -> Shelf:
    """Return what stands there now. BLOCKS."""
    rows = archive.jobs(limit=_ALL)
    declared = {row.id for row in rows if row.unknown and _is_declared(archive, row.id)}
    again = {row.resubmit_of for row in rows if row.resubmit_of is not None}
    return Shelf(where=where, rows=rows, decided=frozenset(declared | again))


def _is_declared(archive: Archive, job: str) -> bool:
    return any(isinstance(event, Expired) and event.by == "person" for _, event in archive.story(job))
