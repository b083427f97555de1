"""`python -m tests.worlds --seeds N --first K [--jobs P]`: run worlds, and say what broke.

The last line is `N worlds, F faults, V violations`; the exit code is 1 if V is not 0. `--hash` prints every world's
hash, `--show SEED` one world's plan and log, `--memory` leaves out kills and files, `--rings` lets callbacks come.
"""

import argparse
import multiprocessing
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator

from tests.worlds.misfortunes import ALL
from tests.worlds.ringing import KINDS
from tests.worlds.story import Verdict, play
from tests.worlds.telling import Told, told, trouble_of


def main() -> int:
    """Run as asked; the exit code."""
    arguments = _arguments()
    if arguments.show is not None:
        return _show(play(arguments.show, journals=not arguments.memory, rings=arguments.rings))
    begun, fired, worlds, broken = time.monotonic(), Counter[str](), 0, 0
    for world in _played(arguments):
        worlds += 1
        fired += world.fired
        if arguments.hash:
            print(world.seed, world.digest)
        if world.trouble:
            broken += world.trouble.count("\n  rule ")
            print(world.trouble, flush=True)
        if worlds % 1000 == 0:
            speed = worlds / (time.monotonic() - begun)
            print(f"{worlds} worlds, {broken} violations, {speed:.1f} worlds/s", file=sys.stderr, flush=True)
    seconds = time.monotonic() - begun
    print(f"{worlds / seconds:.1f} worlds/s, {worlds / seconds / arguments.jobs:.1f} for each process, {seconds:.0f} s")
    print(", ".join(f"{kind} {fired[kind]}" for kind in (*ALL, *(KINDS if arguments.rings else ()))))
    print(f"{worlds} worlds, {fired.total()} faults, {broken} violations")
    return int(broken > 0)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.worlds", description=__doc__)
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--hash", action="store_true")
    parser.add_argument("--memory", action="store_true")
    parser.add_argument("--rings", action="store_true")
    parser.add_argument("--show", type=int)
    return parser.parse_args()


def _played(arguments: argparse.Namespace) -> Iterator[Told]:
    seeds = range(arguments.first, arguments.first + arguments.seeds)
    work = [(seed, not arguments.memory, arguments.rings) for seed in seeds]
    if arguments.jobs == 1:
        yield from map(told, work)
        return
    with multiprocessing.get_context("spawn").Pool(arguments.jobs, maxtasksperchild=5000) as pool:
        yield from pool.imap(told, work, chunksize=20)


def _show(verdict: Verdict) -> int:
    print(verdict.plan)
    print("\n".join(verdict.chronicle.about(most=10**6)))
    print(trouble_of(verdict))
    return int(bool(verdict.violations))


if __name__ == "__main__":
    if os.environ.get("PYTHONHASHSEED") != "0":
        # Sets of text have another order in every process else.
        os.environ["PYTHONHASHSEED"] = "0"
        os.execv(sys.executable, [sys.executable, "-m", "tests.worlds", *sys.argv[1:]])
    sys.exit(main())
