"""Bytes to typed wire values, or one error that names the field.

Providers' types drift: "100" and 100 and "100%", null and "" and absent, a list of texts and a list of objects. The
leaf hooks below are total, so that only a value of the wrong *kind* at the top is an error; ids are the exception,
because a rounded id would be somebody else's job.
"""

import json
import re
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from functools import cache
from math import isfinite
from typing import Any, NewType, Self, TypeVar

import cattrs

from mjasync.core.ids import is_id
from mjasync.core.wire import HttpResponse
from mjasync.dialects._letters import text_of

#: Free text; anything else reads as "".
Text = NewType("Text", str)
#: A provider's id as text: letters, digits and `_.:-`; integers keep every digit; "" where absent.
Id = NewType("Id", str)
#: A percentage 0 to 100, from 63, "63" or "63%"; None for anything else.
Percent = NewType("Percent", int)
#: A number, also from text.
Number = NewType("Number", float)
#: The non-empty texts of a list; of an object in it, its first telling field.
Words = NewType("Words", tuple[str, ...])
#: An object; anything else reads as {}.
Object = NewType("Object", dict[str, Any])
#: Addresses: a text, an object with a `url`, or a list of either; a number is none.
Links = NewType("Links", tuple[str, ...])
#: The objects of a list.
Objects = NewType("Objects", tuple[dict[str, Any], ...])

#: How nearly every answer writes them.
_PERCENTS = {f"{number}{sign}": number for number in range(101) for sign in ("", "%")}
_PERCENT = re.compile(r"(\d{1,3})(?:\.\d+)?\s*%?")
_TELLING = ("action", "name", "label", "customId", "url")
#: An address in foreign words: what follows its host may be a hook's token or a signature, and is not shown.
_ADDRESS = re.compile(r"(https?:\\?/\\?/[^\s/\\\"'<>?#]{1,255})[/\\?#][^\s\"'<>]*")
#: Letters beyond ASCII as JSON may write them; what is ASCII stays as it came, controls and keys included.
_ESCAPED = re.compile(r"(?:\\u(?!00[0-7])[0-9a-fA-F]{4})+")
#: Whole numbers below this are floats, too.
_EXACT = 2**53
#: Characters of a number that may be an id.
_LONGEST = 64
#: Values of one answer that are read, as commas and brackets count them: a list of a hundred jobs has ten thousand.
MOST_VALUES = 100_000
#: Characters of an unreadable body that an error shows.
SHOWN = 200
#: The most buttons of a job that are read: Discord shows 25 under a message.
MOST_ACTIONS = 100


T = TypeVar("T")


class Garbled(Exception):
    """A body that nobody can read; the text says where it broke."""


def decode(response: HttpResponse) -> Any:
    """The body as JSON, whatever its Content-Type claims; raises `Garbled`."""
    body = response.body
    # A body of fewer bytes need not be counted.
    if len(body) > MOST_VALUES and sum(map(body.count, (b",", b"[", b"{"))) > MOST_VALUES:
        raise Garbled(f"more than {MOST_VALUES} values; it starts: {start(response)}")
    try:
        return _DECODER.decode(text_of(response))
    except (ValueError, RecursionError) as exc:
        raise Garbled(f"{_not_json(response, exc)}; it starts: {start(response)}") from None


def glance(response: HttpResponse, telling: Collection[bytes]) -> Any:
    """The body as JSON where it says one of `telling`, which a job that goes on does; else, or if in doubt, None.

    Nothing hangs on what such a job tells but on its status: so that, and nothing else, may not be given twice.
    """
    body = response.body
    if len(body) > MOST_VALUES or not any(map(body.__contains__, telling)) or body.count(_STATUS) > 1:
        return None
    try:
        words = body.decode().rstrip(_BLANKS)
        document, end = _GLANCER.raw_decode(words)
    except (ValueError, RecursionError):
        return None
    return document if end == len(words) else None


def start(response: HttpResponse) -> str:
    """The first characters of a body, on one line, fit for an error text."""
    words = response.body[: 8 * SHOWN].decode("utf-8", "replace")
    return plain(_ESCAPED.sub(_letters, words), SHOWN) or "(empty)"


def _letters(escaped: "re.Match[str]") -> str:
    """What a row of JSON's escapes stands for; half a letter is "?"."""
    return str(json.loads(f'"{escaped[0]}"')).encode("utf-8", "replace").decode()


def plain(words: str, most: int) -> str:
    """Foreign words on one line, without anything that a terminal would obey."""
    return _ADDRESS.sub(r"\1/…", "".join(c if c.isprintable() else " " for c in words)).strip()[:most]


def structure(document: Any, shape: type[T]) -> T:
    """A JSON object as a wire class; raises `Garbled` with the path of what does not fit."""
    if not isinstance(document, dict):
        raise Garbled(f"a JSON {type(document).__name__} where an object belongs @ $")
    try:
        return _converter(detailed=False).structure(document, shape)
    except ValueError:
        return _explained(document, shape)


def _explained(document: dict[str, Any], shape: type[T]) -> T:
    """The same, slower: it knows the path of what does not fit."""
    try:
        return _converter(detailed=True).structure(document, shape)
    except (cattrs.BaseValidationError, ValueError) as exc:
        raise Garbled("; ".join(cattrs.transform_error(exc))) from None


class _Written(float):
    """A number with a point or an exponent, which remembers how it was written: an id must not be rounded."""

    __slots__ = ("literal",)

    literal: str

    def __new__(cls, literal: str) -> Self:
        self = super().__new__(cls, literal)
        self.literal = literal[: _LONGEST + 1]
        return self

    @property
    def digits(self) -> str:
        """The digits of a whole number, else ""."""
        return _whole(self.literal)


def _whole(literal: str) -> str:
    """The digits of a number that is whole, "" for any other and for what is too long to be an id."""
    if len(literal) > _LONGEST:
        return ""
    try:
        exact = Decimal(literal)
    except ArithmeticError:  # an exponent of twenty digits
        return ""
    if exact.adjusted() > _LONGEST or exact != exact.to_integral_value():
        return ""
    return f"{exact:f}".partition(".")[0]


def _no_constant(word: str) -> Any:
    raise ValueError(f"{word} is not JSON")


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; two different words for one status or id would let the reader choose, so they are refused."""
    document = dict(pairs)
    if len(document) != len(pairs):
        names = [name for name, _ in pairs]
        twice = {name for name in ("status", "code", "result", "jobId", "job_id") if names.count(name) > 1}
        if twice:
            raise ValueError(f"{twice.pop()} is given twice")
    return document


#: Made once: `json.loads` with options makes one for every call.
_DECODER = json.JSONDecoder(parse_float=_Written, parse_constant=_no_constant, object_pairs_hook=_pairs)
#: The same without a look at what is given twice.
_GLANCER = json.JSONDecoder(parse_float=_Written, parse_constant=_no_constant)
_BLANKS, _STATUS = " \t\n\r", b'"status"'


def _not_json(response: HttpResponse, exc: Exception) -> str:
    """What it is instead; a relay serves its console's page for every path that it does not know."""
    if response.body.lstrip()[:1] == b"<":
        return "a web page, not JSON"
    return f"not JSON ({_short(exc)})"


def _short(exc: Exception) -> str:
    return "nested too deep" if isinstance(exc, RecursionError) else str(exc)[:80]


def text(value: Any, _: object = None) -> str:
    """Text as it is (half a character, cut by a provider, as "?"), numbers as their digits, all else as ""."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "replace").decode()
    if isinstance(value, _Written):
        return value.digits or str(float(value))
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def identifier(value: Any, _: object = None) -> str:
    """An id as text, "" for null and ""; a number with a point is one only if it is whole as it was written."""
    if value is None or value == "":
        return ""
    value = value.digits if isinstance(value, _Written) else value
    digits = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if is_id(digits):
        return digits
    raise ValueError("not an id: it must be text or a whole number")


def percent(value: Any, _: object = None) -> int | None:
    """0 to 100 from 63, "63" or "63%"; None for null, "" and words such as "paused"."""
    if isinstance(value, str) and value in _PERCENTS:
        return _PERCENTS[value]
    match = _PERCENT.fullmatch(text(value).strip())
    return min(int(match[1]), 100) if match else None


def number(value: Any, _: object = None) -> float | None:
    """A number from 3 or "3"; None for anything that is none, "nan" and "inf" included."""
    if type(value) is int and -_EXACT < value < _EXACT:
        return float(value)
    try:
        found = float(text(value))
    except ValueError:
        return None
    return found if isfinite(found) else None


def words(value: Any, _: object = None) -> tuple[str, ...]:
    """The non-empty texts of a list or a lone text; of an object in it, its first telling field."""
    if not isinstance(value, list):
        value = [value]
    try:
        plainly = "".join(value).isascii()
    except TypeError:
        plainly = False
    if not plainly:
        value = [_telling(item) if isinstance(item, dict) else text(item) for item in value]
    return tuple(filter(None, value))


def _telling(item: Mapping[str, Any]) -> str:
    return next((text(item[name]) for name in _TELLING if item.get(name)), "")


def links(value: Any, _: object = None) -> tuple[str, ...]:
    """The addresses of a text, of an object with a `url`, or of a list of either."""
    items = value if isinstance(value, list) else [value]
    urls = (item.get("url") if isinstance(item, dict) else item for item in items)
    return tuple(text(url) for url in urls if isinstance(url, str) and url)


def pixels(width: float | None, height: float | None) -> tuple[int, int] | None:
    """Width and height of a picture; None for what no picture has."""
    return (int(width), int(height)) if width and height and width >= 1 and height >= 1 else None


def _object(value: Any, _: object = None) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _objects(value: Any, _: object = None) -> tuple[dict[str, Any], ...]:
    return tuple(item for item in value if isinstance(item, dict)) if isinstance(value, list) else ()


#: How a leaf is read, whatever stands there; cattrs names the type as well.
_LEAVES: Mapping[Any, Callable[[Any, object], Any]] = {
    Text: text,
    Id: identifier,
    Percent: percent,
    Percent | None: percent,
    Number: number,
    Number | None: number,
    Words: words,
    Object: _object,
    Links: links,
    Objects: _objects,
}


@cache
def _converter(*, detailed: bool) -> cattrs.Converter:
    """Leaf hooks first: a class hook freezes the hooks of its fields when it is made."""
    converter = cattrs.Converter(detailed_validation=detailed)
    for leaf, read in _LEAVES.items():
        converter.register_structure_hook(leaf, read)
    return converter
