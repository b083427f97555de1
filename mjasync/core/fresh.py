"""A job that nothing has happened to yet, in a quarter of a record's room: as many as there are prompts wait like this.

Rule 1: a fresh job is its record, written shorter; `unfolded` gives back all of it.
Rule 2: what many requests have in common is kept once.
"""

from attrs import evolve, field, frozen

from mjasync.core.model import Phase, Record, Spec
from mjasync.core.operations import GetSeed, Operation

#: Stands where each request has its own operation.
_BLANK = GetSeed()
#: Kinds of requests that are remembered at once; a user may give each job a priority of its own.
_MOST = 256


@frozen(weakref_slot=False)
class Fresh:
    """A held job as it was asked for. `terms` is its request; of the operation in there it is not said whose it is."""

    id: str
    operation: Operation
    terms: Spec
    asked_at: float

    @property
    def phase(self) -> Phase:
        """It is held here, and nothing was sent."""
        return Phase.HELD

    @property
    def spec(self) -> Spec:
        """All that was asked for."""
        return self.terms if self.terms.operation is self.operation else evolve(self.terms, operation=self.operation)

    @property
    def unfolded(self) -> Record:
        """The record."""
        return Record(id=self.id, spec=self.spec, asked_at=self.asked_at)


@frozen
class Folder:
    """Writes records shorter, where that is possible."""

    _known: dict[Spec, Spec] = field(factory=dict, init=False)

    def folded(self, record: Record) -> Record | Fresh:
        """The same job, as short as it can be written."""
        spec = record.spec
        if record.phase is not Phase.HELD or record != Record(id=record.id, spec=spec, asked_at=record.asked_at):
            return record
        if (spec.key, spec.parent, spec.deadline) == (None, None, None):
            spec = self._shared(spec)
        return Fresh(record.id, record.spec.operation, spec, record.asked_at)

    def _shared(self, spec: Spec) -> Spec:
        """What the request has in common with others; itself, where nobody can say."""
        try:
            if len(self._known) >= _MOST:
                self._known.clear()
            blank = evolve(spec, operation=_BLANK)
            return self._known.setdefault(blank, blank)
        except TypeError:  # a filter of accounts is a mapping, which cannot be looked for
            return spec
