"""What a user has set, and where: argument, then environment, then `mjasync.toml`, then default.

Rule 1: nothing else reads the environment or the settings file.
Rule 2: a setting that cannot be used is an error that names its place; a misspelled one too.

    mode = "fast"
    out = "out"
    journal = "jobs.db"

    [ttapi]                      # [[ttapi]] several times for several accounts
    key_env = "MY_TTAPI_KEY"     # or key = "…"; MJASYNC_TTAPI_KEY goes before both
    url = "https://api.ttapi.io"
    max_jobs = 10
    shared = false               # true: other processes use the key too, and max_jobs is this one's share
    name = "main"
    modes = ["fast", "turbo"]

    [mjproxy]                    # the same, and:
    mode_path = "/mj-{mode}"
    auth = "bearer"
"""

import os
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path
from tempfile import gettempdir
from typing import Any, TypeVar

from attrs import field, frozen

from mjasync.accounts import TTAPI, Account, MJProxy
from mjasync.core.model import Mode
from mjasync.errors import ConfigError
from mjasync.vocabulary import ACCOUNTS, FILE, FORMS, TOP, Setting

_KINDS: Mapping[str, type[Account]] = {"ttapi": TTAPI, "mjproxy": MJProxy}
_TOP = (*(row.name for row in TOP), *ACCOUNTS)
_FIELDS: Mapping[str, Mapping[str, Setting]] = {
    table: {row.name: row for row in rows} for table, rows in ACCOUNTS.items()
}
_T = TypeVar("_T")


@frozen(kw_only=True)
class Settings:
    """The effective settings. `sources` tells for each where it comes from, e.g. `{"mode": "MJASYNC_MODE"}`."""

    accounts: tuple[Account, ...] = ()
    mode: Mode = Mode.FAST
    journal: str | None = None
    out: str = "out"
    sources: Mapping[str, str] = field(factory=dict)


def load(
    environ: Mapping[str, str] | None = None,
    file: str | Path | None = None,
    *,
    mode: str | None = None,
    journal: str | None = None,
    out: str | None = None,
    accounts: bool = True,
) -> Settings:
    """Read the settings; the keyword arguments go before everything else.

    `environ` is the process's own by default, `file` is `./mjasync.toml` if there is one. With `accounts=False` no
    key is looked at (the simulator brings its own). Raises `ConfigError`; no account at all is not an error here.
    """
    places = _Places(os.environ if environ is None else environ, *_read(file))
    del environ  # crash reports show local variables
    chosen = places.text("mode", mode)
    return Settings(
        mode=_mode(chosen or Mode.FAST, places.sources["mode"]),
        journal=places.text("journal", journal),
        out=places.text("out", out) or "out",
        accounts=_discreetly(places) if accounts else (),
        sources=places.sources,
    )


def _discreetly(places: "_Places") -> tuple[Account, ...]:
    """Build the accounts; a refusal passes no frame with a key in it."""
    try:
        return places.accounts()
    except ConfigError as exc:
        error = exc.with_traceback(None)
        error.__context__ = None
    raise error


def no_accounts() -> ConfigError:
    """Return the error for whoever needs an account and found none."""
    return ConfigError(
        "No key is set, so there is no provider to ask.",
        why=f"neither MJASYNC_TTAPI_KEY nor MJASYNC_MJPROXY_KEY is set, and no ./{FILE} names an account",
        hint="set MJASYNC_TTAPI_KEY, or MJASYNC_MJPROXY_KEY and MJASYNC_MJPROXY_URL, or write a [ttapi] or [mjproxy] "
        f"table into {FILE}; --sim works without any key",
    )


def lock_folders(environ: Mapping[str, str] | None = None) -> tuple[Path, ...]:
    """Where this user's locks on accounts may be, the first that can be used: `MJASYNC_LOCKS` alone where it is set.

    Else beside other programs' state, which login shells and timers find alike, and then the folder for what is
    temporary, for users without a home that can be written.
    """
    known = os.environ if environ is None else environ
    if known.get("MJASYNC_LOCKS"):
        return (Path(known["MJASYNC_LOCKS"]).absolute(),)
    user = f"mjasync-{os.getuid()}" if hasattr(os, "getuid") else "mjasync"
    state = known.get("XDG_STATE_HOME") or known.get("LOCALAPPDATA") or ""
    folders = [Path(state) / "mjasync" / "locks"] if Path(state).is_absolute() else []
    if not folders:
        with suppress(RuntimeError):  # nobody knows where home is
            folders = [Path.home() / ".local" / "state" / "mjasync" / "locks"]
    return (*folders, Path(gettempdir()) / user)


class _Places:
    """Where settings can come from, and a note of where each did. An empty variable counts as not set."""

    def __init__(self, environ: Mapping[str, str], table: Mapping[str, Any], file: str) -> None:
        self.sources: dict[str, str] = {}
        self._environ = environ
        self._table = table
        self._file = file

    def text(self, name: str, argument: str | None) -> str | None:
        """Return a setting that is one text, or None for its default."""
        variable = f"MJASYNC_{name.upper()}"
        if argument is not None:
            return self._from("argument", name, argument)
        if self._environ.get(variable):
            return self._from(variable, name, self._environ[variable])
        if name not in self._table:
            self.sources[name] = "default"
            return None
        value = self._table[name]
        if not isinstance(value, str) or not value.strip():
            raise ConfigError(
                f"{self._file}: {name} = {value!r} cannot be used.",
                why="it is a text that is not blank",
                hint=f"write {name} = '…'",
            )
        return self._from(self._file, name, value)

    def accounts(self) -> tuple[Account, ...]:
        """Build every account that is named anywhere."""
        made: list[Account] = []
        for kind in _KINDS:
            tables = self._table.get(kind, [])
            tables = [tables] if isinstance(tables, Mapping) else tables
            if not isinstance(tables, list) or not all(isinstance(own, Mapping) for own in tables):
                raise ConfigError(
                    f"{self._file}: {kind} is not a table.",
                    why="an account has several settings",
                    hint=f"write [{kind}] above its settings",
                )
            # There is one set of variables for each provider: they belong to its first account.
            if not tables and any(self._environ.get(_variable(kind, name)) for name in ("key", "url")):
                tables = [{}]
            made += [self._account(kind, own, position) for position, own in enumerate(tables)]
        return tuple(made)

    def _account(self, kind: str, own: Mapping[str, Any], position: int) -> Account:
        label = f"{kind}-{position + 1}" if position else kind
        wanted = self._own(kind, label, own)
        for name, argument in (("key", "key"), ("url", "base_url")):
            variable = _variable(kind, name)
            if not position and self._environ.get(variable):
                wanted[argument] = self._from(variable, f"{label}.{name}", self._environ[variable])
            if not wanted.get(argument) and not (kind == "ttapi" and name == "url"):
                raise ConfigError(
                    f"The account {label} has no {name}.",
                    why=f"other settings of it are there, in {self._file} or the environment",
                    hint=f"set {variable}, or {name} under [{kind}] in {FILE}",
                )
        try:
            return _KINDS[kind](**wanted)
        except ConfigError as exc:
            place = self.sources.get(f"{label}.{_culprit(exc)}", f"{self._file}: [{kind}]")
            raise ConfigError(f"{place}: {exc.what}", why=exc.why, hint=exc.hint) from None

    def _own(self, kind: str, label: str, own: Mapping[str, Any]) -> dict[str, Any]:
        """Return what an account's table says, by the names that `Account` uses."""
        where = f"{self._file}: [{kind}]"
        _known(own, tuple(_FIELDS[kind]), where)
        if "key" in own and "key_env" in own:
            raise ConfigError(
                f"{where} has both key and key_env.", why="an account has one key", hint="keep one of them"
            )
        wanted: dict[str, Any] = {}
        for name, value in own.items():
            row = _FIELDS[kind][name]
            if not _is(value, row.form):
                raise ConfigError(
                    f"{where}: {name} must be {FORMS[row.form]}.",
                    why=f"it is {type(value).__name__}",
                    hint=f"mend {name} under [{kind}]",
                )
            if name == "key_env":
                wanted["key"] = self._from(value, f"{label}.key", self._environ.get(value, ""))
            elif value != "" or name == "mode_path":  # an empty prefix is one: none
                wanted[row.argument] = self._from(self._file, f"{label}.{name}", value)
        return wanted

    def _from(self, source: str, name: str, value: _T) -> _T:
        self.sources[name] = source
        return value


def _read(file: str | Path | None) -> tuple[Mapping[str, Any], str]:
    """Return the settings file as a table, and what to call it in an error."""
    path = Path(FILE if file is None else file)
    try:
        table = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        if file is None:
            return {}, FILE
        raise ConfigError(
            f"The settings file {str(path)!r} does not exist.",
            why="it was named, so it is needed",
            hint="check its name",
        ) from None
    except OSError as exc:
        why = exc.strerror or type(exc).__name__
        raise ConfigError(f"{path} cannot be read.", why=why, hint="make it a file that you may read") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path} is not UTF-8.", why="TOML is UTF-8", hint="save it as UTF-8") from None
    except tomllib.TOMLDecodeError as exc:
        raise ConfigError(f"{path} is not TOML.", why=str(exc)[:200], hint="write lines like mode = 'fast'") from None
    _known(table, _TOP, str(path))
    return table, str(path)


def _known(table: Mapping[str, Any], names: tuple[str, ...], place: str) -> None:
    for name in table:
        if name not in names:
            close = get_close_matches(name, names, n=1)
            raise ConfigError(
                f"{place}: {name!r} is not a setting.",
                why=f"there are {', '.join(names)}",
                hint=f"did you mean {close[0]!r}?" if close else "remove it",
            )


def _mode(value: str, source: str) -> Mode:
    word = value.strip().lower()
    if word not in tuple(Mode):
        close = get_close_matches(word, tuple(Mode), n=1)
        raise ConfigError(
            f"{source}: there is no mode {value!r}.",
            why=f"did you mean {str(close[0])!r}?" if close else "it is none of the three words",
            hint="use relax, fast or turbo",
        )
    return Mode(word)


def _is(value: object, form: type) -> bool:
    texts = not isinstance(value, list) or all(isinstance(item, str) for item in value)
    return isinstance(value, form) and isinstance(value, bool) is (form is bool) and texts


def _variable(kind: str, name: str) -> str:
    return f"MJASYNC_{kind.upper()}_{name.upper()}"


def _culprit(exc: ConfigError) -> str:
    """Which setting an account's own complaint is about."""
    return "key" if exc.what.startswith("The key") else "url" if exc.what.startswith("base_url") else ""
