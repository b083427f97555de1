"""The tables, and how a file gets from an older version of them to this one.

`events` is the truth; `jobs` and `slots` are folded from it and can be made anew. `ledger` and `prices` outlive the
events, which are pruned. A row of `seals` stands for a whole table (see `seal`). Steps of a chain may have the id of
the job before them; where a provider gives one id to two jobs that are no steps, the second is marked as a `twin`.
"""

import sqlite3
from collections.abc import Callable, Mapping

from attrs import field, frozen

from mjasync.journal.projection import COLUMNS

#: "mjas": whose file it is.
APPLICATION_ID = int.from_bytes(b"mjas")

_SCRIPT = """
CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE seals(name TEXT PRIMARY KEY, "count" INTEGER NOT NULL, total INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE events(
    seq INTEGER PRIMARY KEY, job TEXT NOT NULL, kind TEXT NOT NULL, wall REAL NOT NULL, data NOT NULL,
    digest INTEGER NOT NULL
);
CREATE INDEX events_job ON events(job);
CREATE TABLE jobs(
    id TEXT PRIMARY KEY, parent TEXT, account TEXT, mode TEXT NOT NULL, kind TEXT NOT NULL, phase TEXT NOT NULL,
    prompt TEXT NOT NULL, user_key TEXT, remote_id TEXT, window_id TEXT, token TEXT NOT NULL,
    asked REAL NOT NULL, sent REAL, accepted REAL, ended REAL, quota REAL,
    told_early INTEGER NOT NULL, expired INTEGER NOT NULL, resubmit_of TEXT,
    digest INTEGER NOT NULL, twin INTEGER NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX jobs_key ON jobs(user_key) WHERE user_key IS NOT NULL;
CREATE UNIQUE INDEX jobs_ticket ON jobs(account, remote_id)
    WHERE parent IS NULL AND remote_id IS NOT NULL AND twin = 0;
CREATE INDEX jobs_remote ON jobs(remote_id) WHERE remote_id IS NOT NULL;
CREATE INDEX jobs_window ON jobs(window_id) WHERE window_id IS NOT NULL;
CREATE TABLE slots(job TEXT PRIMARY KEY REFERENCES jobs(id), account TEXT NOT NULL, since REAL, "until" REAL)
    WITHOUT ROWID;
CREATE TABLE ledger(
    account TEXT NOT NULL, day TEXT NOT NULL, spent REAL NOT NULL, done INTEGER NOT NULL, unpriced INTEGER NOT NULL,
    strikes INTEGER NOT NULL, resubmits INTEGER NOT NULL, digest INTEGER NOT NULL, PRIMARY KEY(account, day)
) WITHOUT ROWID;
CREATE TABLE prices(
    account TEXT NOT NULL, mode TEXT NOT NULL, kind TEXT NOT NULL, price REAL NOT NULL, digest INTEGER NOT NULL,
    PRIMARY KEY(account, mode, kind)
) WITHOUT ROWID;
"""

#: One step: from the version that it stands under to the next. It runs inside a transaction that others commit.
Step = Callable[[sqlite3.Connection], object]


@frozen(kw_only=True)
class Schema:
    """A version of the tables."""

    version: int
    tables: tuple[str, ...]
    steps: Mapping[int, Step] = field(factory=dict)

    def create(self, db: sqlite3.Connection) -> None:
        """All tables, empty, in one transaction."""
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute("BEGIN IMMEDIATE")
        for statement in self.tables:
            db.execute(statement)
        db.executemany("INSERT INTO seals VALUES(?, 0, 0)", [(name,) for name in SEALED])
        db.execute("INSERT INTO meta VALUES('schema', ?)", (str(self.version),))
        db.execute(f"PRAGMA user_version = {self.version}")
        db.execute("COMMIT")

    def fits(self, db: sqlite3.Connection) -> bool:
        """Whether the file has exactly these tables and indexes, and says this version twice."""
        found = {row[0] for row in db.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")}
        said = db.execute("SELECT value FROM meta WHERE name = 'schema'").fetchone()
        return found == set(self.tables) and said == (str(self.version),)


#: Tables whose rows carry digests.
SEALED = ("events", "jobs", "ledger", "prices")
CURRENT = Schema(version=1, tables=tuple(part.strip() for part in _SCRIPT.split(";") if part.strip()))

_NAMES = ", ".join(COLUMNS)
_MARKS = ", ".join("?" * len(COLUMNS))
PUT_EVENT = "INSERT INTO events(seq, job, kind, wall, data, digest) VALUES(?, ?, ?, ?, ?, ?)"
PUT_JOB = f"INSERT INTO jobs({_NAMES}, digest, twin) VALUES({_MARKS}, ?, ?) ON CONFLICT(id) DO UPDATE SET " + ", ".join(
    f"{name} = excluded.{name}" for name in (*COLUMNS[1:], "digest", "twin")
)
GET_JOBS = f"SELECT {_NAMES}, digest FROM jobs"  # noqa: S608  # the same
GET_HISTORY = "SELECT kind, data, wall FROM events WHERE job = ? ORDER BY seq"
GET_TWIN = "SELECT 1 FROM jobs WHERE account = ? AND remote_id = ? AND parent IS NULL AND twin = 0 AND id <> ?"
PUT_SLOT = 'INSERT OR REPLACE INTO slots(job, account, since, "until") VALUES(?, ?, ?, ?)'
PUT_LINE = "INSERT OR REPLACE INTO ledger VALUES(?, ?, ?, ?, ?, ?, ?, ?)"
PUT_PRICE = "INSERT OR REPLACE INTO prices VALUES(?, ?, ?, ?, ?)"
PUT_SEAL = 'UPDATE seals SET "count" = ?, total = ? WHERE name = ?'


def connect(address: str) -> sqlite3.Connection:
    """A connection to a `file:` address, with what every one of ours has set."""
    db = sqlite3.connect(address, uri=True, timeout=5.0, isolation_level=None, check_same_thread=False)
    try:
        # A file may hold anything: nothing in it runs, and no cell is believed before it was measured.
        for setting in ("trusted_schema = OFF", "cell_size_check = ON", "mmap_size = 0", "foreign_keys = ON"):
            db.execute(f"PRAGMA {setting}").fetchall()
        db.execute("PRAGMA cache_size = -4096")
    except BaseException:
        db.close()
        raise
    return db
