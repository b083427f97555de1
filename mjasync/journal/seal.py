"""Sums by which a flipped bit, a missing row and a row too many are found.

Every row carries the digest of its values; a table's seal is the number of its rows and the sum of their digests,
written in the same transaction. The order of rows does not matter to a sum, so that rows can go one by one.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence

from attrs import frozen

#: SQLite's integers have 63 bits and a sign.
_MASK = (1 << 63) - 1
#: Escaped JSON is the same in every version of Python, which `repr` is not.
_ENCODE = json.JSONEncoder(separators=(",", ":")).encode


@frozen
class Seal:
    """Number of rows, and the sum of their digests modulo 2 to the 63rd."""

    count: int = 0
    total: int = 0

    def plus(self, digest: int) -> "Seal":
        """With this row."""
        return Seal(self.count + 1, (self.total + digest) & _MASK)

    def minus(self, digest: int) -> "Seal":
        """Without this row."""
        return Seal(self.count - 1, (self.total - digest) & _MASK)

    @classmethod
    def of(cls, digests: Iterable[int]) -> "Seal":
        """The seal of rows with these digests."""
        seal = cls()
        for digest in digests:
            seal = seal.plus(digest)
        return seal


def digest_of(values: Sequence[object], data: str | bytes = b"") -> int:
    """63 bits that stand for a row; text and bytes of the same letters differ."""
    head = _ENCODE(values).encode()
    tail = b"t" + data.encode() if isinstance(data, str) else b"b" + data
    return int.from_bytes(hashlib.blake2b(head + b"\0" + tail, digest_size=8).digest()) & _MASK
