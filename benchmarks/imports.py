"""What importing mjasync adds to `import aiohttp`, in fresh processes.

CPU of the whole process, as the kernel counts it; rounds alternate, and what counts is the median of the rounds'
differences, in milliseconds and as a share of what aiohttp's own import takes beyond an empty process.
"""

import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from statistics import median

from benchmarks.report import Goal, Report

#: Milliseconds that the front door may add, and its share of aiohttp's own import.
MOST_MS, MOST_SHARE = 60.0, 0.3
_NOTHING, _AIOHTTP = "an empty process", "import aiohttp"
_PROGRAMS = {
    _NOTHING: "pass",
    _AIOHTTP: "import aiohttp",
    "import mjasync": "import aiohttp, mjasync",
    "mjasync.TTAPI": "import aiohttp, mjasync; mjasync.TTAPI",
    "mjasync.Pool": "import aiohttp, mjasync; mjasync.Pool",
    "from mjasync import *": "import aiohttp\nfrom mjasync import *",
}


def _milliseconds(program: str, environment: Mapping[str, str]) -> float:
    """CPU of a fresh process."""
    child = os.posix_spawn(sys.executable, [sys.executable, "-c", program], environment)
    _, status, usage = os.wait4(child, 0)
    assert status == 0, program
    return (usage.ru_utime + usage.ru_stime) * 1e3


def _rounds(count: int) -> list[dict[str, float]]:
    """By name, in each round; the first, which compiles, is thrown away."""
    with tempfile.TemporaryDirectory() as folder:
        here = {"PYTHONPATH": str(Path(__file__).parents[1]), "PYTHONPYCACHEPREFIX": folder}
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | here
        found = [
            {name: _milliseconds(program, environment) for name, program in _PROGRAMS.items()} for _ in range(count + 1)
        ]
    return found[1:]


def measure(*, quick: bool) -> Report:
    """Interleaved fresh processes."""
    found = _rounds(7 if quick else 21)
    rows, added, shares = [], {}, {}
    for name in _PROGRAMS:
        added[name] = median(each[name] - each[_AIOHTTP] for each in found)
        own = median(each[_AIOHTTP] - each[_NOTHING] for each in found)
        shares[name] = added[name] / own
        whole = median(each[name] for each in found)
        over = () if name in (_NOTHING, _AIOHTTP) else (f"{added[name]:.0f}", f"{shares[name]:.2f}")
        rows.append((name, f"{whole:.0f}", *(over or ("", ""))))
    return Report(
        title="Importing",
        head=("program", "ms of CPU", "ms over aiohttp", "share of aiohttp's own"),
        rows=tuple(rows),
        goals=(
            Goal(name="import_ms", value=added["import mjasync"], op="<=", goal=MOST_MS),
            Goal(name="import_share", value=shares["import mjasync"], op="<=", goal=MOST_SHARE),
            Goal(name="import_pool_share", value=shares["mjasync.Pool"], op="<=", goal=1.0),
        ),
        notes=("Each program imports aiohttp first. Names of mjasync are fetched when they are first used.",),
    )
