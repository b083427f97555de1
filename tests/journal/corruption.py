"""`python -m tests.journal.corruption [N] [SEED]`: N damaged copies of a journal, each opened.

Every one is refused with a JournalError, and then not a byte of it was changed, or it gives exactly the truth. What
else happens is a violation: another exception, a job less, a ledger that does not add up, an empty journal.
"""

import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

from mjasync.errors import JournalError
from tests.journal.cases import DAY, LIVES, Clock, asked, done, lived, opened, picture_job, sent, step, truth

#: Bytes of a page.
PAGE = 4096


def flip(data: bytearray, dice: Random) -> None:
    for _ in range(dice.choice((1, 1, 1, 2, 8))):
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)


def head(data: bytearray, dice: Random) -> None:
    data[dice.randrange(100)] = dice.randrange(256)


def truncate(data: bytearray, dice: Random) -> None:
    del data[dice.choice((dice.randrange(len(data)), dice.randrange(len(data) // PAGE) * PAGE)) :]


def zero(data: bytearray, dice: Random) -> None:
    start = dice.randrange(len(data))
    length = dice.choice((16, 512, PAGE, len(data)))
    end = min(len(data), start + length)
    data[start:end] = bytes(end - start)


def splice(data: bytearray, dice: Random) -> None:
    """A piece of the file over another place, or in between."""
    start, to, length = dice.randrange(len(data)), dice.randrange(len(data)), dice.choice((8, 100, PAGE))
    piece = data[start : start + length]
    data[to : to + (len(piece) if dice.random() < 0.7 else 0)] = piece


def swap(data: bytearray, dice: Random) -> None:
    first, second = (dice.randrange(len(data) // PAGE) * PAGE for _ in range(2))
    data[first : first + PAGE], data[second : second + PAGE] = (
        data[second : second + PAGE],
        data[first : first + PAGE],
    )


def grow(data: bytearray, dice: Random) -> None:
    data += dice.randbytes(dice.choice((1, 100, PAGE)))


def letters(data: bytearray, dice: Random) -> None:
    """What stands in rows, replaced by what could stand there."""
    for old, new in dice.sample(WORDS, 3):
        at = data.find(old, dice.randrange(len(data)))
        if at >= 0:
            data[at : at + len(old)] = new


WORDS = [
    (b"done", b"held"),
    (b"held", b"done"),
    (b"lost", b"done"),
    (b"Saw", b"Say"),
    (b"r1", b"r2"),
    (b"f1", b"f2"),
    (b"events", b"elents"),
    (b"NOT NULL", b"NOT nULL"),
]
DAMAGES: tuple[Callable[[bytearray, Random], None], ...] = (flip, head, truncate, zero, splice, swap, grow, letters)


def journal(path: Path) -> Clock:
    """Every kind of event, some hundred jobs, pages that were freed, and a picture."""
    clock = Clock()
    old = {f"old{n}": (asked("word " * n), *sent(f"o{n}"), done()) for n in range(25)}
    lived(path, clock, old)
    clock.move(40 * DAY)
    more = {f"new{n}": (asked("some " * n, key=f"k{n}"), *sent(f"n{n}"), done(quota=n)) for n in range(12)}
    steps = {f"step{n}": (step(f"new{n}"), *sent(f"n{n}")) for n in range(12)}
    lived(path, clock, more | steps | LIVES | {"pictured": (picture_job(),)})
    return clock


def jobs() -> list[str]:
    return [*LIVES, "pictured", "new7", "step7", "old7"]


def damaged(clock: Clock, source: Path, expected: object, number: int, seed: int) -> str:
    """Damage a copy and open it: "refused", "the truth", or what was wrong."""
    dice = Random(f"{seed}/{number}")
    copy = source.parents[1] / str(number) / "j.db"
    shutil.copytree(source.parent, copy.parent)
    if dice.random() < 0.5:
        copy.with_name("j.db.lock").unlink()
    data = bytearray(copy.read_bytes())
    damage = dice.choice(DAMAGES)
    damage(data, dice)
    copy.write_bytes(data)
    try:
        found = truth(copy, clock, jobs())
    except JournalError as exc:
        same = copy.read_bytes() == data
        return "refused" if same else f"{number} {damage.__name__}: refused, but changed: {exc}"
    except Exception as exc:  # noqa: BLE001  # it is what is counted
        return f"{number} {damage.__name__}: {type(exc).__name__}: {exc}"
    finally:
        shutil.rmtree(copy.parent)
    return "the truth" if expected == found else f"{number} {damage.__name__}: not the truth"


def run(count: int, seed: int, folder: Path) -> Counter[str]:
    """How often each thing happened."""
    source = folder / "whole" / "j.db"
    source.parent.mkdir()
    clock = journal(source)
    with opened(source, clock):  # what is old is pruned now, not in each copy
        pass
    expected = truth(source, clock, jobs())
    return Counter(damaged(clock, source, expected, number, seed) for number in range(count))


def main(count: int = 500, seed: int = 1) -> int:
    with tempfile.TemporaryDirectory() as folder:
        found = run(count, seed, Path(folder))
    wrong = {what: times for what, times in found.items() if what not in {"refused", "the truth"}}
    for what in wrong:
        print(what)
    print(
        f"{count} corruptions, {found['refused']} refused, {found['the truth']} harmless, {sum(wrong.values())} violations"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
