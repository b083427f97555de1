"""What this mjasync runs on: Python, the packages it needs, the extras, SQLite, and who owns the module `backoff`."""

import platform
import re
import sqlite3
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib import metadata

from mjasync import __version__
from mjasync.cli.findings import Finding, Level

#: As in pyproject.toml; a test holds them together.
NEEDED: Mapping[str, str] = {
    "aiohttp": ">=3.14.1,<4",
    "attrs": ">=24.3",
    "cattrs": ">=25.2,<27",
    "anyio": ">=4.15,<5",
    "backoff": ">=2.2.1,<3",
}
#: The extras that people use: what each brings, and what for.
EXTRAS: Mapping[str, tuple[str, str, str]] = {
    "cli": ("rich", ">=14", "the live panel"),
    "images": ("Pillow", ">=11", "cut grids, masks, PIL images"),
    "terminal": ("textual-image", ">=0.12,<1", "pictures in the terminal"),
    "otel": ("opentelemetry-api", ">=1.30,<2", "traces and metrics"),
}
#: Distributions that bring a module `backoff`.
_BACKOFFS = ("backoff", "python-backoff")


def findings() -> Iterator[Finding]:
    """Everything about the installation. BLOCKS for the disk."""
    yield _python()
    yield _packages({name: _version(name) for name in NEEDED})
    yield _extras({extra: _version(row[0]) for extra, row in EXTRAS.items()})
    yield from clash(sorted(set(metadata.packages_distributions().get("backoff", ()))))
    yield Finding(
        name="sqlite",
        what=f"SQLite {sqlite3.sqlite_version}; journals are kept with journal_mode TRUNCATE and synchronous EXTRA, "
        "never with a WAL",
        facts={"version": sqlite3.sqlite_version, "journal_mode": "TRUNCATE", "synchronous": "EXTRA"},
    )


def _python() -> Finding:
    return Finding(
        name="python",
        what=f"mjasync {__version__} on {platform.python_implementation()} {platform.python_version()}, "
        f"{platform.platform()}",
        facts={
            "mjasync": __version__,
            "python": platform.python_version(),
            "implementation": platform.python_implementation(),
            "platform": platform.platform(),
            "executable": sys.executable,
        },
    )


def _packages(found: Mapping[str, str | None]) -> Finding:
    bad = {name: version for name, version in found.items() if version is None or not fits(version, NEEDED[name])}
    told = ", ".join(f"{name} {version or 'missing'}" for name, version in found.items())
    wanted = " ".join(f"'{name}{NEEDED[name]}'" for name in bad)
    return Finding(
        level=Level.BAD if bad else Level.OK,
        name="packages",
        what=told,
        why=f"{', '.join(bad)}: not what mjasync needs; something else has changed it" if bad else "",
        do=f"{sys.executable} -m pip install {wanted}" if bad else "",
        facts=dict(found),
    )


def _extras(found: Mapping[str, str | None]) -> Finding:
    there = [f"{extra} ({EXTRAS[extra][0]} {version})" for extra, version in found.items() if version]
    missing = [f"{extra} ({EXTRAS[extra][2]})" for extra, version in found.items() if not version]
    old = [extra for extra, version in found.items() if version and not fits(version, EXTRAS[extra][1])]
    wanted = " ".join(f"'{EXTRAS[extra][0]}{EXTRAS[extra][1]}'" for extra in old)
    wish = ",".join(extra for extra, version in found.items() if not version)
    more = f"not there: {', '.join(missing)}; pip install 'mjasync[{wish}]'" if missing else ""
    return Finding(
        level=Level.WARN if old else Level.OK,
        name="extras",
        what="; ".join(filter(None, [", ".join(there), more])),
        why=f"{', '.join(old)}: of another version than mjasync is tested with" if old else "",
        do=f"{sys.executable} -m pip install {wanted}" if old else "",
        facts=dict(found),
    )


def clash(owners: Sequence[str]) -> Iterator[Finding]:
    """A finding where another distribution than `backoff` has files in the module `backoff`."""
    if set(owners) <= {"backoff"}:
        return
    both = " and ".join(owners)
    yield Finding(
        level=Level.WARN,
        name="backoff",
        what=f"The module backoff comes from {both}.",
        why="the files of the one that was installed last lie over the other's, and uninstalling one breaks both"
        if len(owners) > 1
        else "mjasync is made for the distribution backoff, of which this one is a copy that goes its own way",
        do=f"{sys.executable} -m pip uninstall -y {' '.join(dict.fromkeys((*_BACKOFFS, *owners)))} && "
        f"{sys.executable} -m pip install 'backoff{NEEDED['backoff']}'",
        facts={"distributions": list(owners)},
    )


def fits(version: str, wanted: str) -> bool:
    """Whether a version keeps to bounds such as `>=3.14.1,<4`; what follows the numbers does not count."""
    return all(
        _numbers(version) >= _numbers(bound[2:]) if bound.startswith(">=") else _numbers(version) < _numbers(bound[1:])
        for bound in wanted.split(",")
    )


def _numbers(version: str) -> tuple[int, ...]:
    found = re.match(r"\d+(\.\d+)*", version)
    numbers = [int(part) for part in found[0].split(".")] if found else []
    while numbers and not numbers[-1]:  # 4 is 4.0
        numbers.pop()
    return tuple(numbers)


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
