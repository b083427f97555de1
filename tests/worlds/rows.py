"""The journal as the oracle sees it: rows of events, from a file by plain SQL, or as they were taken in.

Rule 1: nothing of the client reads the file here: SQL, JSON and zlib are enough.
"""

import json
import sqlite3
import zlib
from pathlib import Path
from typing import Any

from attrs import define, field


@define
class Row:
    """One event of one job."""

    job: str
    kind: str
    wall: float
    facts: dict[str, Any] = field(factory=dict)

    def told(self) -> str:
        """Its gist, on a line."""
        seen, failure = self.facts.get("snapshot") or {}, self.facts.get("failure") or {}
        spec = self.facts.get("spec") or {}
        words = (self.facts.get("account"), self.facts.get("remote_id"), seen.get("status"), failure.get("kind"))
        asked = spec.get("operation", {})
        told = (*words, asked.get("prompt"), asked.get("action"), spec.get("parent"))
        return " ".join(str(word) for word in told if word)


def of_file(path: Path) -> list[Row]:
    """Every event of a journal on disk, in order."""
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
        found = db.execute("SELECT job, kind, wall, data FROM events ORDER BY seq").fetchall()
    db.close()
    return [Row(job, kind, wall, _decoded(data)) for job, kind, wall, data in found]


def slots_of_file(path: Path) -> list[tuple[str, str]]:
    """(job, account) of every slot that is taken; none before there are tables."""
    if not path.exists():
        return []
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
        tables = db.execute("SELECT name FROM sqlite_master WHERE name = 'slots'").fetchall()
        found = db.execute("SELECT job, account FROM slots").fetchall() if tables else []
    db.close()
    return found


def _decoded(data: str | bytes) -> dict[str, Any]:
    text = zlib.decompress(data).decode() if isinstance(data, bytes) else data
    document = json.loads(text)
    return document if isinstance(document, dict) else {}
