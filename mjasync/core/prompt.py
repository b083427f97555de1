"""A prompt with its flags as values: checked where it is made, written in one way.

Rule 1: what a `Prompt` writes reads back as the same flags: no value can become a flag of its own.
Rule 2: names and ranges are the table's (`_flags`); which flags fit together is `lint`'s to say.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from string import ascii_letters
from typing import Any

from attrs import field, fields, frozen

from mjasync.core._flags import BY_NAME, FLAGS, Flag, Takes
from mjasync.core.lint import LONG_DASHES, Finding, lint
from mjasync.core.permutations import LIMIT, permutations
from mjasync.errors import ConfigError

Ratio = str | tuple[int, int]
Version = str | int | float
#: One or several.
Words = str | Sequence[str]
References = str | int | Sequence[str | int]
#: Of a flag that has no argument of its own; bool is among the numbers.
Value = float | References

_NAME = re.compile(r"[A-Za-z](?:[-_]?[A-Za-z0-9]){0,18}")
#: Arguments that are named otherwise than their flag.
_RENAMED = {"personalize": "p"}


def _ratio(value: Ratio | None) -> Any:
    """`(16, 9)` as `16:9`; anything else as it is, to be checked later."""
    return ":".join(map(_shown, value)) if isinstance(value, tuple) else value


def _version(value: Version | None) -> Any:
    """Numbers as text, so that 6.1 and "6.1" are one version."""
    return _shown(value) if type(value) in (int, float) else value


def _several(value: Value | None) -> Any:
    """A list as a tuple: what a frozen value holds stays as it is."""
    return tuple(value) if isinstance(value, list) else value


def _extra(value: Mapping[str, Value | None]) -> Mapping[str, Value]:
    """Our own copy, with names without their dashes."""
    given: Any = value
    if not isinstance(given, Mapping) or not all(isinstance(name, str) for name in given):
        raise ConfigError(f"flags={_shown(given)} is not a mapping.", hint="write flags={'--new': 3}")
    return {name.removeprefix("--"): _several(v) for name, v in given.items() if v is not None and v is not False}


@frozen(repr=False)
class Prompt:
    """A prompt with its flags: `mj.Prompt("a cat", ar="16:9", v="6.1", stylize=250)`; `str()` gives what is sent.

    Every argument is Midjourney's flag of that name; None leaves it out. `flags` takes any other, such as
    `{"--new": 3}`; True stands for a flag without a value, False and None for none. With `strict`, whatever `lint` finds is refused too.

    `ConfigError`: a value of the wrong kind, or outside the range that Midjourney documents.
    """

    #: What the picture shows, before the flags.
    text: str
    #: Width and height: "16:9" or (16, 9).
    ar: str | None = field(default=None, kw_only=True, converter=_ratio)
    #: Model version: 7, "6.1" or 6.1.
    v: str | None = field(default=None, kw_only=True, converter=_version)
    #: Version of the anime model: 6.
    niji: str | None = field(default=None, kw_only=True, converter=_version)
    #: Less of Midjourney's own taste; written as `--style raw` for versions before 7.
    raw: bool = field(default=False, kw_only=True)
    #: A named style of a version, such as "raw" or "cute".
    style: str | None = field(default=None, kw_only=True)
    #: 0 to 1000.
    stylize: int | None = field(default=None, kw_only=True)
    #: 0 to 100.
    chaos: int | None = field(default=None, kw_only=True)
    #: 0 to 3000.
    weird: int | None = field(default=None, kw_only=True)
    #: 0 to 100.
    exp: int | None = field(default=None, kw_only=True)
    #: 0.25, 0.5, 1, 2 or 4.
    quality: float | None = field(default=None, kw_only=True)
    #: 0 to 4294967295.
    seed: int | None = field(default=None, kw_only=True)
    #: Percent, 10 to 100.
    stop: int | None = field(default=None, kw_only=True)
    #: Weight of the pictures in the prompt, 0 to 3.
    iw: float | None = field(default=None, kw_only=True)
    #: Style references: addresses, codes or "random".
    sref: References | None = field(default=None, kw_only=True, converter=_several)
    #: Their weight, 0 to 1000.
    sw: int | None = field(default=None, kw_only=True)
    #: The version of style references, 1 to 9.
    sv: int | None = field(default=None, kw_only=True)
    #: Character references: addresses. Version 6 alone.
    cref: References | None = field(default=None, kw_only=True, converter=_several)
    #: Their weight, 0 to 100.
    cw: int | None = field(default=None, kw_only=True)
    #: Omni reference: an address. Version 7 on.
    oref: References | None = field(default=None, kw_only=True, converter=_several)
    #: Its weight, 1 to 1000.
    ow: int | None = field(default=None, kw_only=True)
    #: True for your own profile, or codes.
    personalize: bool | Words = field(default=False, kw_only=True, converter=_several)
    #: A picture whose edges meet.
    tile: bool = field(default=False, kw_only=True)
    #: A fast sketch. Version 7 on.
    draft: bool = field(default=False, kw_only=True)
    #: What must not be in the picture: "hands, text" or a list.
    no: Words | None = field(default=None, kw_only=True, converter=_several)
    #: Whatever else there is.
    flags: Mapping[str, Value] = field(factory=dict, kw_only=True, converter=_extra, hash=False)
    strict: bool = field(default=False, kw_only=True, eq=False)

    def __attrs_post_init__(self) -> None:
        text: object = self.text
        if not isinstance(text, str) or not text.strip():
            raise ConfigError(f"{_shown(text)} is no text of a prompt.", hint="say what the picture shows")
        for argument, flag, value in self._given():
            _check(argument, flag, value)
        for name, value in self.flags.items():
            _check_extra(name, value)
        if self.raw and self.style is not None:
            raise ConfigError("raw= and style= are two styles.", hint="leave one of them out")
        found = self.findings if self.strict else ()
        if found:
            raise ConfigError(found[0].what, why=f"strict=True refuses it ({found[0].code})", hint=found[0].hint)

    def __str__(self) -> str:
        words = [self.text.strip()]
        for _, flag, value in self._given():
            words += _flag_words(self._raw() if flag.name == "raw" else flag.name, flag, value)
        for name, value in self.flags.items():
            words += _flag_words(name, _unlisted(name), value)
        return " ".join(words)

    def __repr__(self) -> str:
        given = [f"{argument}{_shown(value)}" for argument, _, value in self._given()]
        given += [f"flags={_shown(self.flags)}"] if self.flags else []
        return f"Prompt({', '.join([_shown(self.text), *given])})"

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What `lint` says of it. Flags that were named on purpose in `flags` count as known."""
        meant = {f"--{name}" for name in self.flags}
        return tuple(found for found in lint(str(self)) if found.code != "unknown-flag" or found.flag not in meant)

    def permutations(self, *, limit: int = LIMIT) -> tuple[str, ...]:
        """The prompts that its `{…}` groups stand for; see `mj.permutations`."""
        return permutations(str(self), limit=limit)

    def _given(self) -> Iterator[tuple[str, Flag, Any]]:
        """Name, flag and value of every argument that is set, in the table's order."""
        for argument, flag in _ARGUMENTS.items():
            value = getattr(self, argument)
            if value is not None and not (value is False and flag.may_stand_alone):
                yield f"{argument}=", flag, value

    def _raw(self) -> str:
        """Versions 5.1 to 6.1 and niji 6 document `--style raw`, later ones `--raw`."""
        version = self.v or self.niji
        return "style raw" if version and int(version.partition(".")[0]) < 7 else "raw"


def _unlisted(name: str) -> Flag:
    return BY_NAME.get(name.lower()) or Flag(name=name, takes=Takes.CODES)


_OF_FLAG = {flag: argument for argument, flag in _RENAMED.items()}
_ARGUMENTS: Mapping[str, Flag] = {
    argument: flag
    for flag in FLAGS
    if (argument := _OF_FLAG.get(flag.name, flag.name)) in {a.name for a in fields(Prompt)}
}


def _flag_words(name: str, flag: Flag, value: Any) -> list[str]:
    return [f"--{name}", *(_values(flag, value) or ())]


def _values(flag: Flag, value: Any) -> list[str] | None:
    """A value as the words that are sent; None if it is of the wrong kind."""
    parts = value if isinstance(value, tuple) else (value,)
    if any(isinstance(part, int) and part.bit_length() > 64 for part in parts):
        return None
    match flag.takes, value:
        case ((Takes.NOTHING | Takes.CODES), bool()):
            return [] if value else None
        case _, bool():
            return None
        case ((Takes.RATIO | Takes.VERSION | Takes.WORD), str()):
            return [value]
        case (Takes.WHOLE, int()) | (Takes.NUMBER, int() | float()):
            return [str(value)]
        case (Takes.WORDS, str()) | (Takes.REFERENCES, str() | int()) | (Takes.CODES, str() | int() | float()):
            return str(value).split() or None
        case ((Takes.WORDS | Takes.REFERENCES | Takes.CODES), tuple()):
            several = [str(part).strip() for part in value if type(part) in (str, int)]
            if not several or len(several) < len(value) or not all(several):
                return None
            return (", " if flag.takes is Takes.WORDS else " ").join(several).split()
        case _:
            return None


def _check(argument: str, flag: Flag, value: Any) -> None:
    words = _values(flag, value)
    single = flag.is_single or flag.takes is Takes.REFERENCES
    if words is None or (single and not all(map(flag.fits, words))) or (flag.is_single and len(words) != 1):
        raise ConfigError(
            f"{argument}{_shown(value)} is not a value of --{flag.name}.",
            why=f"Midjourney takes {_wants(flag)}",
            hint="change it, or leave it out",
        )
    hidden = next(filter(_is_flag_like, words), None)
    if hidden is not None:
        raise ConfigError(
            f"{argument}{_shown(value)} has a flag in it.",
            why=f"{_shown(hidden)} would be read as one",
            hint="give each flag its own argument",
        )


def _is_flag_like(word: str) -> bool:
    """Strict on purpose: `lint` is slower to see a flag in a word, and never sees one in an address."""
    dashed = word[0] == "-" and not word[1:2].isdigit()
    return dashed or word[0] in LONG_DASHES or ("--" in word and "://" not in word)


def _wants(flag: Flag) -> str:
    return "True or False" if flag.takes is Takes.NOTHING else flag.wants


def _check_extra(name: str, value: Any) -> None:
    argument = next((a for a, flag in _ARGUMENTS.items() if flag is BY_NAME.get(name.lower())), None)
    if argument:
        raise ConfigError(f"flags= has --{name}, which has an argument of its own.", hint=f"write {argument}=")
    head = name[: len(name) - len(name.lstrip(ascii_letters))].lower()
    hidden = name.lower() not in BY_NAME and head in BY_NAME
    if not _NAME.fullmatch(name) or hidden:
        raise ConfigError(
            f"flags= has {_shown(name)}, which cannot be a flag.",
            why=f"it would be read as --{head} with a value" if hidden else "",
            hint='write {"--new": 3}: letters first, no blanks',
        )
    _check(f"flags= --{name} ", _unlisted(name), value)


def _shown(value: object) -> str:
    """A value in an error's text: never long, and never an error of its own."""
    try:
        text = repr(value)
    except ValueError:  # a number of thousands of digits
        return f"this {type(value).__name__}"
    return text if len(text) <= 60 else f"{text[:59]}…"
