"""`python -m tests.journal.samples.make_v1`: how v1.sql and v1.json were made. They are never made again.

A journal of the first schema with every kind of event, as SQL text, and what it has to tell.
"""

import json
import sqlite3
import tempfile
from pathlib import Path

from attrs import asdict, evolve

from mjasync.core.machine import Asked
from mjasync.core.model import Extras, Mode
from mjasync.core.operations import Blend, Describe, GetSeed, Pick, Press, Shorten, SwapFace, Upload
from mjasync.core.pictures import Picture
from tests.journal.cases import LIVES, Clock, asked, lived, picture_job, truth

HERE = Path(__file__).parent
LINK = Picture(url="https://p.example/a.png")
ALL = (
    Blend(images=(LINK, LINK)),
    Describe(image=LINK),
    Shorten(prompt="x"),
    SwapFace(source=LINK, target=Picture(path="/a.png", kind="png", size=(3, 4))),
    Upload(images=(LINK,)),
    Pick(number=2),
    GetSeed(),
    Press(action="zoom", factor=1.5, mask=LINK, prompt="wider"),
)


def lives():
    more = {f"op{number}": (Asked(evolve(asked().spec, operation=one)),) for number, one in enumerate(ALL)}
    extras = Extras(timeout=300, hook_url="https://h.example", account_filter={"modes": ["FAST"], "remark": None})
    full = evolve(
        asked("ä \ud83d").spec, mode=Mode.TURBO, extras=extras, priority=-1, deadline=60.5, resubmit_of="lost"
    )
    return LIVES | more | {"full": (Asked(full),), "pictured": (picture_job(key="p"),)}


def told(path, clock):
    """What the journal has to tell, as JSON."""
    kept, found = truth(path, clock, lives())
    records = {job: json.loads(json.dumps(asdict(record), default=repr)) for job, (record,) in found.items()}
    lines = [asdict(line) for line in kept.lines]
    prices = [[*kind, price] for kind, price in kept.prices.items()]
    seconds = clock.now - Clock().now
    return {"seconds": seconds, "records": records, "kept": list(kept.records), "lines": lines, "prices": prices}


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "j.db")
        clock = lived(path, lives=lives())
        db = sqlite3.connect(path)
        text = "\n".join(db.iterdump())
        db.close()
        (HERE / "v1.sql").write_text(text + "\n", encoding="utf-8")
        (HERE / "v1.json").write_text(json.dumps(told(path, clock), indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
