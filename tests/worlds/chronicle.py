"""What happened in a world, line by line: the evidence that the oracle reads, and what two runs must have in common."""

import hashlib

from tests.worlds.clocks import Clock


class Chronicle:
    """Lines of (second, kind, facts …), oldest first."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.lines: list[tuple[object, ...]] = []

    def note(self, kind: str, *facts: object) -> None:
        """Something happened now."""
        self.lines.append((round(self._clock.now(), 6), kind, *facts))

    def digest(self) -> str:
        """SHA-256 over all lines."""
        return hashlib.sha256("\n".join(map(repr, self.lines)).encode()).hexdigest()

    def about(self, *words: str, most: int = 60) -> list[str]:
        """The last lines in which one of these words stands; without words, the last lines."""
        texts = [" ".join(map(str, line)) for line in self.lines]
        return [text for text in texts if not words or any(word and word in text for word in words)][-most:]
