"""Journals of earlier schemas, as they were written then: every version has to read them."""

import hashlib
import json
import sqlite3
from pathlib import Path

import pytest

from mjasync.journal.schema import APPLICATION_ID
from tests.journal.cases import DAY, PNG, Clock, close, open_at
from tests.journal.samples.make_v1 import told

SAMPLES = Path(__file__).parent / "samples"


def as_then(then, now):
    """Without the fields that a later version has and an earlier one had not."""
    if isinstance(then, dict) and isinstance(now, dict):
        return {name: as_then(then[name], now.get(name)) for name in then}
    if isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        return list(map(as_then, then, now))
    return now


@pytest.mark.fault("D10")
def test_the_first_schema(tmp_path):
    path = tmp_path / "j.db"
    db = sqlite3.connect(path)
    db.executescript((SAMPLES / "v1.sql").read_text(encoding="utf-8"))
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute("PRAGMA user_version = 1")
    db.close()
    path.chmod(0o600)
    (tmp_path / "j.db.pictures").mkdir()
    (tmp_path / "j.db.pictures" / hashlib.sha256(PNG).hexdigest()).write_bytes(PNG)
    expected = json.loads((SAMPLES / "v1.json").read_text(encoding="utf-8"))
    clock = Clock()
    clock.move(expected["seconds"])

    found = told(path, clock)

    for job, record in expected["records"].items():
        assert record == as_then(record, found["records"][job]), job
    for name in ("kept", "lines", "prices"):
        assert expected[name] == json.loads(json.dumps(found[name])), name
    clock.move(40 * DAY)
    journal, _ = open_at(path, clock)
    close(journal)
