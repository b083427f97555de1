"""Events as text that a later version still reads.

Rule 1: a field that is absent has its default, so that a later version may have more fields than an older one wrote;
a field that is not known, or of another type, is `Unreadable`: nothing is guessed.
Rule 2: what goes in is in the file's own terms (see `terms`): no picture's bytes, no moment of this process's clock.
"""

import json
import logging
import zlib
from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any, get_args, get_origin

import cattrs
from attrs import AttrsInstance, evolve
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override
from cattrs.strategies import configure_tagged_union

from mjasync.core.machine import Event, Saw
from mjasync.core.model import Extras, ImageURL, Mode, Snapshot, Status
from mjasync.core.operations import Dimensions, Operation
from mjasync.core.pictures import Picture

_LOGGER = logging.getLogger("mjasync.journal")
#: Bytes from which on a text is worth compressing: a provider's raw answer is, a submit is not.
_LONG = 400
#: The most bytes of one event; a raw answer is 2 MiB at most.
_LONGEST = 32 * 1024 * 1024

#: What is raised for a value that is not as it should be.
_UNFIT = (ValueError, TypeError, RecursionError)

KINDS: Mapping[str, type[Event]] = {kind.__name__: kind for kind in get_args(Event)}


class Unreadable(Exception):
    """A row that no version of this code wrote."""


def dump(event: Event) -> tuple[str, str | bytes]:
    """Its kind, and JSON: as text where it is short, compressed where it is long."""
    try:
        text = _text(_converter().unstructure(event, type(event)))
    except _UNFIT:
        if not isinstance(event, Saw) or not event.snapshot.raw:
            raise
        # Of all values only a provider's own answer may hold anything; a paid job's result is worth more than it.
        _LOGGER.warning("The raw answer to a look cannot be written down; the result is kept without it.")
        text = _text(_converter().unstructure(Saw(evolve(event.snapshot, raw={})), Saw))
    body = text.encode()
    return type(event).__name__, zlib.compress(body, 6) if len(body) >= _LONG else text


def _text(document: Any) -> str:
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    try:
        text.encode()
    except UnicodeEncodeError:  # half a character, cut by somebody: only escaped can it be written
        text = json.dumps(document, separators=(",", ":"))
    return text


def load(kind: object, data: object) -> Event:
    """The event; raises `Unreadable`."""
    if not isinstance(kind, str) or kind not in KINDS:
        raise Unreadable("an event of a kind that this version does not know")
    try:
        if isinstance(data, bytes):
            unpacking = zlib.decompressobj()
            data = unpacking.decompress(data, _LONGEST).decode()
        if not isinstance(data, str):
            raise Unreadable("an event that is not text")
        event: Event = _converter().structure(json.loads(data), KINDS[kind])
    except Exception as exc:  # what broken data makes a reader raise differs by its version
        raise Unreadable(f"an event {kind} that cannot be read ({type(exc).__name__})") from exc
    return event


def _exactly(kinds: tuple[type, ...], make: Callable[[Any], Any], value: Any, _: object) -> Any:
    """What JSON has for it, and nothing that merely could be turned into it."""
    if type(value) not in kinds:
        raise TypeError(f"a JSON {type(value).__name__} where {kinds[0].__name__} belongs")
    return make(value)


def _is_tuple(shape: Any) -> bool:
    origin: Any = get_origin(shape)
    return origin is tuple


def _as_tuple(converter: cattrs.Converter, shape: Any) -> Callable[[Any, Any], Any]:
    """A list of JSON as a tuple; text would pass as one letter by letter."""
    items = get_args(shape)

    def structure(value: Any, _: object) -> Any:
        if not isinstance(value, list) or (items[-1] is not Ellipsis and len(value) != len(items)):
            raise TypeError("not a list of so many")
        kinds = (items[0],) * len(value) if items[-1] is Ellipsis else items
        return tuple(converter.structure(item, kind) for item, kind in zip(value, kinds, strict=True))

    return structure


def _unstructure_picture(converter: cattrs.Converter) -> Callable[[Picture], Mapping[str, Any]]:
    plain = make_dict_unstructure_fn(
        Picture, converter, _cattrs_omit_if_default=True, data=override(omit=True), source=override(omit=True)
    )

    def unstructure(picture: Picture) -> Mapping[str, Any]:
        if picture.data or picture.source is not None:
            raise TypeError("a picture's bytes belong into a file")
        return plain(picture)

    return unstructure


def _as_it_is(value: Any) -> Any:
    return value


def _free_form(converter: cattrs.Converter, kind: type[AttrsInstance], name: str, *, optional: bool) -> None:
    """JSON of anybody's making stays as it is."""
    kinds = (dict, type(None)) if optional else (dict,)
    free: Any = {name: override(unstruct_hook=_as_it_is, struct_hook=partial(_exactly, kinds, _as_it_is))}
    converter.register_unstructure_hook(
        kind, make_dict_unstructure_fn(kind, converter, _cattrs_omit_if_default=True, **free)
    )
    converter.register_structure_hook(
        kind, make_dict_structure_fn(kind, converter, _cattrs_forbid_extra_keys=True, **free)
    )


@cache
def _converter() -> cattrs.Converter:
    """Leaf hooks first: a class hook freezes the hooks of its fields when it is made. Made when first wanted: it takes long."""
    converter = cattrs.Converter(omit_if_default=True, forbid_extra_keys=True, detailed_validation=False)
    converter.register_structure_hook(str, partial(_exactly, (str,), str))
    converter.register_structure_hook(int, partial(_exactly, (int,), int))
    converter.register_structure_hook(bool, partial(_exactly, (bool,), bool))
    converter.register_structure_hook(float, partial(_exactly, (float, int), float))
    for words in (Mode, Status, Dimensions):
        converter.register_structure_hook(words, partial(_exactly, (str,), words))
    converter.register_structure_hook(ImageURL, partial(_exactly, (str,), ImageURL))
    converter.register_unstructure_hook(ImageURL, str)
    converter.register_structure_hook_factory(_is_tuple, lambda shape: _as_tuple(converter, shape))
    converter.register_unstructure_hook(Picture, _unstructure_picture(converter))
    converter.register_structure_hook(
        Picture,
        make_dict_structure_fn(
            Picture,
            converter,
            _cattrs_forbid_extra_keys=True,
            data=override(omit=True),
            source=override(omit=True),
        ),
    )
    _free_form(converter, Extras, "account_filter", optional=True)
    _free_form(converter, Snapshot, "raw", optional=False)
    configure_tagged_union(Operation, converter, tag_name="is")
    return converter
