"""`python -m tests.soak --seconds S [--seed K] [--trace]`: one process works on, through one pool after another.

Every 5 s a line of figures; the last one is `soak: J jobs, F faults, RSS slope X MiB/10k jobs, V violations`; the exit
code is 1 if V is not 0. `--trace` names what memory was kept, which costs half of the speed.
"""

import argparse
import asyncio
import gc
import os
import sys
import tempfile
import tracemalloc
from pathlib import Path

from tests.kills.quick import QuickLoop
from tests.soak.run import SPEED, Soak


def main() -> int:
    """Run as asked; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--trace", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        os.environ["MJASYNC_LOCKS"] = str(Path(folder) / "locks")
        soak = Soak(Path(folder), seconds=arguments.seconds, seed=arguments.seed, trace=arguments.trace)
        with soak.provider(), asyncio.Runner(loop_factory=lambda: QuickLoop(soak.started, 0.0, SPEED)) as runner:
            runner.run(soak.run())
            gc.collect()
            violations = soak.verdict()
    for line in violations:
        print(f"VIOLATION {line}")
    print(soak.summary(violations))
    tracemalloc.stop()
    return int(bool(violations))


if __name__ == "__main__":
    sys.exit(main())
