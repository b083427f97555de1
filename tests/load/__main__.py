"""`python -m tests.load [--requests N] [--seconds S] [--face aiohttp|fastapi]`: a service under load, on this machine.

N requests (1,000) await pictures at once; with `--seconds` whoever was answered asks again until then. The last line is
`load: N requests, D disconnected, C charged, V violations`; the exit code is 1 if V is not 0.
"""

import argparse
import cProfile
import logging
import os
import pstats
import sys
import tempfile
import time
from pathlib import Path

from tests.load.run import Load
from tests.load.service import FACES


def main() -> int:
    """Run as asked; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__)
    parser.add_argument("--requests", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=0.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--face", choices=sorted(FACES), default="aiohttp")
    parser.add_argument("--profile", action="store_true", help="name what the service's process spent its time on")
    arguments = parser.parse_args()
    # What the log would say on stderr is judged by `Load`, with everything else that it hears.
    logging.getLogger("mjasync").addHandler(logging.NullHandler())
    with tempfile.TemporaryDirectory(prefix="load-") as folder:
        os.environ["MJASYNC_LOCKS"] = str(Path(folder) / "locks")
        options = {"requests": arguments.requests, "seconds": arguments.seconds, "seed": arguments.seed}
        load = Load(Path(folder), **options, face=arguments.face)
        profile = cProfile.Profile(time.thread_time)
        if arguments.profile:
            profile.enable()
        violations = load.play()
        profile.disable()
    if arguments.profile:
        pstats.Stats(profile).sort_stats("tottime").print_stats(30).sort_stats("cumtime").print_stats("mjasync", 60)
    for line in violations:
        print(f"VIOLATION {line}")
    print(load.summary(violations))
    return int(bool(violations))


if __name__ == "__main__":
    sys.exit(main())
