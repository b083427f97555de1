"""Every reading of both dialects against bodies that no provider should send.

`python -m tests.dialects.fuzz --seconds 300 --seed 1` reads the longest bodies, every sample cut at every byte (together
about a minute), then random bodies for so many seconds. It prints how many inputs each reader has seen, and the surprises:
an exception, a value of the wrong kind, text that no journal or terminal could take, a reading that takes too long or
too much memory, and a paid answer that is refused without evidence. It ends with 1 if there was any.
"""

import argparse
import random
import sys
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from time import perf_counter, process_time
from typing import Any

import attrs
from attrs import define, field, frozen

from mjasync.core.answers import Absent, Busy, Doubt, Missing, Refused, Taken, Trouble, Unclear, WrongVerb
from mjasync.core.model import Failure, Snapshot
from mjasync.core.operations import Blend, Describe, GetSeed, Imagine, Pick, Press, Shorten, SwapFace, Upload
from mjasync.core.reports import AccountInfo, ListedJob, PromptCheck
from mjasync.core.wire import HttpResponse
from mjasync.dialects import DIALECTS, absence
from mjasync.dialects._reading import Garbled, decode
from tests.dialects.cases import LINK
from tests.dialects.fuzz_inputs import DARK, SAMPLE_BODIES, STATUSES, bodies, huge

#: Seconds of work and bytes for one reading; a bound, not a budget: usual ones take microseconds.
SLOW, MUCH = 2.0, 200 * 1024 * 1024
SHOWN = 20
#: Weighing is slow, and all readers decode and build in the same way.
WEIGHED = frozenset({"ttapi look imagine", "ttapi list", "mjproxy look imagine", "mjproxy list-by-condition"})
OPERATIONS = (
    *(Imagine(prompt="x"), Blend(images=()), Describe(image=LINK), Shorten(prompt="x"), Pick(number=1), GetSeed()),
    *(
        SwapFace(source=LINK, target=LINK),
        Upload(images=(LINK,) * 2),
        Press(action="upscale1"),
        Press(action="vary_region"),
    ),
)
KINDS = ("imagine", "blend", "describe", "shorten", "seed", "upscale", "vary", "press", "")
SUBMITTED = Taken | Refused | Busy | Unclear
LOOKED = Snapshot | Missing | Doubt | Trouble | WrongVerb
#: TTAPI's words for no, and midjourney-proxy's codes; without them, a refusal in HTTP 200 has to be in words.
NO = ("FAILED", "FAILURE", "FAIL", "ERROR")
SAID_NO = ("3", "4", "9", "21", "23", "24", "30", "-1", "")


@frozen
class Reader:
    """One way to read, and what may come out."""

    name: str
    read: Callable[[HttpResponse], object]
    kinds: Any
    #: True if somebody pays for what is asked.
    paid: bool = False


def readers(*, all_of_them: bool = True) -> tuple[Reader, ...]:
    """For each operation and kind; or one for each function."""
    found: list[Reader] = []
    for name, dialect in DIALECTS.items():
        operations = OPERATIONS if all_of_them else (OPERATIONS[0], GetSeed(), OPERATIONS[7], OPERATIONS[-1])
        found += [
            Reader(
                f"{name} submit {type(each).__name__} {getattr(each, 'action', '')}".strip(),
                lambda said, each=each, dialect=dialect: dialect.read_submit(said, each),
                SUBMITTED,
                paid=not (name == "mjproxy" and isinstance(each, GetSeed)),
            )
            for each in operations
        ]
        found += [
            Reader(f"{name} look {kind}".strip(), lambda said, kind=kind, d=dialect: d.read_look(said, kind), LOOKED)
            for kind in (KINDS if all_of_them else ("imagine", "describe", "shorten"))
        ]
        found.append(Reader(f"{name} proof", dialect.read_proof, Failure | None))
        found.append(Reader(f"{name} absence", lambda said, name=name: absence(said, name), Absent | Trouble | None))
    calls, many = DIALECTS["ttapi"].calls, DIALECTS["mjproxy"].many
    return (
        *found,
        Reader("ttapi check", calls.read_check, PromptCheck | Absent | Trouble),
        Reader("ttapi info", lambda said: calls.read_info(said, "a"), AccountInfo | Absent | Trouble),
        Reader("ttapi list", lambda said: calls.read_list(said, "a"), tuple | Absent | Trouble),
        Reader("mjproxy list-by-condition", lambda said: many.read(said, {"1": "describe"}), dict | Absent | Trouble),
    )


def texts(value: Any) -> Iterable[str]:
    """Every text in a value of ours, but for the provider's raw answer."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple | list):
        for each in value:
            yield from texts(each)
    elif isinstance(value, dict):
        yield from texts(list(value.values()))
    elif attrs.has(type(value)):
        yield from texts([getattr(value, a.name) for a in attrs.fields(type(value)) if a.name != "raw"])


def wrong(reader: Reader, response: HttpResponse, value: Any) -> str:
    """What is wrong with a reading; "" if nothing is."""
    if not isinstance(value, reader.kinds):
        return f"a {type(value).__name__}"
    failure = value if isinstance(value, Failure) else getattr(value, "failure", None)
    shown = [*texts(failure), getattr(value, "reason", "")] if failure or isinstance(value, PromptCheck) else []
    if not all(each.isprintable() for each in shown):
        return "words that a terminal would obey"
    try:
        "".join(texts(value)).encode()
    except UnicodeEncodeError:
        return "half a character"
    size = getattr(value, "size", None)
    if size is not None and min(size) < 1:
        return f"a picture of {size}"
    if isinstance(value, tuple) and not all(isinstance(each, ListedJob) for each in value):
        return "a list of something else"
    return dark(response, value) if reader.paid else ""


def dark(response: HttpResponse, value: Any) -> str:
    """A paid request that is refused, or to be sent again, without evidence; "" if it is not."""
    if isinstance(value, Unclear):
        return "" if value.failure.charged == "unknown" else "an unclear outcome that claims to know"
    if isinstance(value, Taken):
        return ""
    if response.status in DARK:
        return f"{type(value).__name__} with {response.status}"
    if value.failure.charged != "no":
        return "a refusal that may have been charged"
    if response.status not in (200, 201, 204, 503):
        return ""
    try:
        document = decode(response)
    except Garbled:
        return f"{type(value).__name__} of something unreadable with {response.status}"
    if not isinstance(document, dict):
        return f"{type(value).__name__} of no object with {response.status}"
    status, code = str(document.get("status")).strip().upper(), str(document.get("code", "")).strip()
    words = {"message", "description", "error"} & document.keys()
    return "" if status in NO or code in SAID_NO or words else f"{type(value).__name__} without a word of it"


@define
class Tally:
    """How many inputs each reader has seen, and what was wrong."""

    tried: Counter[str] = field(factory=Counter)
    surprises: list[str] = field(factory=list)
    slowest: float = 0.0

    def one(self, reader: Reader, response: HttpResponse) -> None:
        """Read once."""
        self.tried[reader.name] += 1
        begun = process_time()
        try:
            value = reader.read(response)
            took = process_time() - begun
            what = wrong(reader, response, value) or ("" if took < SLOW else f"{took:.1f} s")
            self.slowest = max(self.slowest, took)
        except Exception as exc:  # noqa: BLE001  # that it raises is what is looked for
            what = f"raised {exc!r:.200}"
        if what:
            self.surprises.append(f"{reader.name}: HTTP {response.status}: {what}: {response.body[:300]!r}")

    def huge(self, every: Iterable[Reader]) -> int:
        """Bodies as long as they may be: quick, and then once more for the most bytes that one reading takes."""
        most = 0
        for reader in every:
            for body in huge():
                response = HttpResponse(status=200, body=body)
                self.one(reader, response)
                if reader.name not in WEIGHED:
                    continue
                tracemalloc.start()
                with suppress(Exception):  # `one` has told
                    reader.read(response)
                most = max(most, tracemalloc.get_traced_memory()[1])
                tracemalloc.stop()
        if most > MUCH:
            self.surprises.append(f"{most} bytes for one reading")
        return most

    def cut(self, every: Iterable[Reader]) -> None:
        """Every sample of a reader's provider, cut after each of its bytes."""
        for reader in every:
            provider = reader.name.partition(" ")[0]
            for body in (body for name, body in SAMPLE_BODIES.items() if name.startswith(provider)):
                for end in range(len(body.rstrip())):
                    self.one(reader, HttpResponse(status=200, body=body[:end]))

    def some(self, every: tuple[Reader, ...], dice: random.Random, count: int) -> None:
        """`count` bodies, each under one status, for every reader."""
        for _, body in zip(range(count), bodies(dice), strict=False):
            response = HttpResponse(status=dice.choice(STATUSES), body=body, headers={"retry-after": "x"})
            for reader in every:
                self.one(reader, response)


def main() -> int:
    """See the module."""
    parser = argparse.ArgumentParser(description="every reader against bodies that no provider should send")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    tally, every, dice = Tally(), readers(), random.Random(options.seed)
    most = tally.huge(readers(all_of_them=False))
    tally.cut(every)
    end = perf_counter() + options.seconds
    while perf_counter() < end:
        tally.some(every, dice, 200)
    for name in sorted(tally.tried):
        print(f"{tally.tried[name]:>10,}  {name}")
    first = {each.partition(": b")[0]: each for each in reversed(tally.surprises)}
    print(*list(first.values())[:SHOWN], sep="\n")
    print(f"slowest reading {tally.slowest:.2f} s, most memory {most / 2**20:.0f} MiB")
    print(f"{sum(tally.tried.values()):,} inputs, {len(tally.surprises)} surprises (seed {options.seed})")
    return 1 if tally.surprises else 0


if __name__ == "__main__":
    sys.exit(main())
