"""What time it is in a journal: seconds since 1970 that go on evenly, whatever is done to the computer's clock.

Rule 1: the calendar is read once, when a journal is opened; from then on a clock that nobody can set counts.
Rule 2: since the same start of the computer, that clock also tells how long nobody had the journal open: a calendar
that was set forward meanwhile gives no slot back early. Without such a clock, or after a restart, the calendar tells.
"""

import sqlite3

from mjasync.journal import Opening
from mjasync.journal.seal import digest_of

GET_MARK = "SELECT value FROM meta WHERE name = 'mark'"
PUT_MARK = "INSERT OR REPLACE INTO meta VALUES('mark', ?)"


class Calendar:
    """The time of one opening. `last` is when the last event was written, `mark` what stood on the even clock then."""

    def __init__(self, opening: Opening, *, last: float, mark: str | None) -> None:
        self._opening = opening
        self._begun = opening.steady() if opening.boot else 0.0
        gone = self._since(mark)
        self._base = float(opening.wall()) if gone is None else last + gone
        self._last = last

    def wall(self) -> float:
        """Now. Never before the last event, and never before what was told earlier."""
        even = self._base + self._opening.steady() - self._begun if self._opening.boot else float(self._opening.wall())
        self._last = max(self._last, even)
        return self._last

    def now(self) -> float:
        """Now, where a calendar that was set back is told as it is."""
        return self.wall() if self._opening.boot else float(self._opening.wall())

    def mark(self, db: sqlite3.Connection) -> None:
        """Inside a transaction that writes events: what stands on the even clock at the last of them."""
        if self._opening.boot:
            row = (self._opening.boot, self._opening.steady())
            db.execute(PUT_MARK, (f"{row[0]} {row[1]!r} {digest_of(row)}",))

    def _since(self, mark: str | None) -> float | None:
        """Seconds since the last event; None where the even clock cannot tell."""
        try:
            boot, steady, digest = (mark or "").split(" ")
            row = boot, float(steady)
            whole = digest_of(row) == int(digest)
        except ValueError:
            return None
        return max(self._begun - row[1], 0.0) if whole and boot == self._opening.boot else None
