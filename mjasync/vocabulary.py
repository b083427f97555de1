"""What can be set, as rows: for each setting its names, its form and its meaning.

`settings` reads by these rows; `mjasync config` and docs/configuration.md are made from them.

Rule 1: a row holds words and types only. What a value may be is decided by whoever takes it.
"""

from collections.abc import Mapping

from attrs import frozen

#: Looked for in the current folder only: a settings file further up could send a key where nobody expects it.
FILE = "mjasync.toml"
#: How a form is called in an error.
FORMS: Mapping[type, str] = {str: "a text", int: "a whole number", bool: "true or false", list: "a list of texts"}


@frozen(kw_only=True)
class Setting:
    """One setting: its name in the file and what it is."""

    name: str
    about: str
    #: What holds where nobody sets it, as it would stand in the file; "" for nothing at all.
    default: str = ""
    #: What it may look like in the file.
    example: str
    form: type = str
    #: The command line's option that goes before everything else.
    option: str = ""
    #: What `Account` calls it; "" for what never gets there under any name.
    argument: str = ""
    #: The environment has a variable for it, before the file.
    in_environment: bool = False

    def variable(self, table: str = "") -> str:
        """Its environment variable, for the first account of the table `table`; "" where it has none."""
        words = ("MJASYNC", table, self.name) if table else ("MJASYNC", self.name)
        return "_".join(words).upper() if self.in_environment else ""


#: What stands above all tables.
TOP = (
    Setting(
        name="mode",
        about="the speed mode of what is asked for without one: relax, fast or turbo",
        default='"fast"',
        example='"relax"',
        option="--mode",
        in_environment=True,
    ),
    Setting(
        name="journal",
        about="the file that keeps the jobs, so that they survive this process; without one they are in memory",
        example='"jobs.db"',
        option="--journal",
        in_environment=True,
    ),
    Setting(
        name="out",
        about="the folder for pictures of the command line",
        default='"out"',
        example='"pictures"',
        option="--out",
        in_environment=True,
    ),
)
_NAME = Setting(
    name="name",
    about="what the account is called; by default its provider, with a number from the second on",
    example='"main"',
    argument="name",
)
_KEY = Setting(
    name="key",
    about="the key itself; better key_env, which leaves it out of the file",
    example='"…"',
    argument="key",
    in_environment=True,
)
_KEY_ENV = Setting(
    name="key_env", about="the environment variable that has the key, instead of key", example='"MY_KEY"'
)
_MAX_JOBS = Setting(
    name="max_jobs",
    about="jobs in flight at most, from the moment before a submit leaves until the provider's job is over",
    default="10",
    example="5",
    form=int,
    argument="max_jobs",
)
_SHARED = Setting(
    name="shared",
    about="whether other processes use the key too; max_jobs is this one's share of its cap then",
    default="false",
    example="true",
    form=bool,
    argument="shared",
)
_MODES = Setting(
    name="modes",
    about="the modes that the account has; a job in another one goes to another account",
    default='["relax", "fast", "turbo"]',
    example='["fast", "turbo"]',
    form=list,
    argument="modes",
)


def _url(about: str, *, default: str, example: str) -> Setting:
    return Setting(name="url", about=about, default=default, example=example, argument="base_url", in_environment=True)


#: What stands in an account's table. `[[ttapi]]`, several times, is several accounts.
ACCOUNTS: Mapping[str, tuple[Setting, ...]] = {
    "ttapi": (
        _KEY_ENV,
        _KEY,
        _url(
            "the address; hosted accounts have a host of their own",
            default='"https://api.ttapi.io"',
            example='"https://api.ttapi.io"',
        ),
        _MAX_JOBS,
        _SHARED,
        _NAME,
        _MODES,
    ),
    "mjproxy": (
        _KEY_ENV,
        _KEY,
        _url("the relay's address; it has no default", default="", example='"https://relay.example"'),
        Setting(
            name="mode_path",
            about="the prefix that chooses the mode, with {mode} where the mode goes; empty for a relay without one",
            default='"/mj-{mode}"',
            example='"/{mode}"',
            argument="mode_path",
        ),
        Setting(
            name="auth",
            about="the header that carries the key: bearer or mj-api-secret",
            default='"bearer"',
            example='"mj-api-secret"',
            argument="auth",
        ),
        _MAX_JOBS,
        _SHARED,
        _NAME,
        _MODES,
    ),
}
#: Environment variables beside those of settings, and what reads them.
OTHER_VARIABLES: Mapping[str, str] = {
    "MJASYNC_LOCKS": "the folder for the locks on accounts, instead of the usual one (see `mjasync config path`)",
}


def variables() -> tuple[str, ...]:
    """Every environment variable of ours."""
    own = [row.variable() for row in TOP]
    own += [row.variable(table) for table, rows in ACCOUNTS.items() for row in rows]
    return (*filter(None, own), *OTHER_VARIABLES)
