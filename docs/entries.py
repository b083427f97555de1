"""What the reference says about one public name: its signature as it is written, its docstring, its parts.

Read from the source, so that it is the same under every Python. See make_api.py.
"""

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator
from enum import Enum
from functools import cache
from typing import Any, is_typeddict

from attrs import NOTHING, frozen

_WIDTH = 100
#: Public to the rest of the package, not to you: they have no underscore because another module of ours calls them.
INTERNAL = {
    "Account": {"headers", "masked", "owns", "rng", "signed", "transport"},
    "AccountLedger": {"plus"},
    "Batch": {"chains"},
    "BatchError": {"derive", "of"},
    "Estimate": {"plus"},
    "Job": {"close", "ended", "error_for_child", "now", "publish", "spec", "unread"},
}
#: Of these only some parts are for you.
SHOWN = {
    "SQLiteJournal": {"place"},
    "VirtualLoop": {"time"},
    "World": {"account", "inject"},
}
#: What you build yourself; the others are given to you.
BUILT = {"Pool", "TTAPI", "MJProxy", "SQLiteJournal", "Timeouts", "Looking", "Prompt", "Ticket", "Sim", "World"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


@frozen
class Part:
    """A field, property or method of a class: how it is written, and what it says."""

    name: str
    written: str
    text: str
    kind: str


def entry(name: str, thing: Any, *, room: str = "", brief: bool = False) -> list[str]:
    """The lines of `thing`, known as `name` in a room of its own, or at the front door; briefly, without its base's."""
    lines = [f"### {room}{name}", ""]
    if not inspect.isclass(thing):
        return [*lines, *_code(_call(_node(thing), name)), "", *_prose(inspect.getdoc(thing)), ""]
    if name in BUILT or issubclass(thing, BaseException | Enum) or is_typeddict(thing):
        lines += [*_code(_made(name, thing)), ""]
    lines += [*_prose(inspect.getdoc(thing)), ""]
    found = [] if issubclass(thing, BaseException) else list(parts(thing))
    if brief:
        base, own = thing.__mro__[1], set(thing.__annotations__)
        kept = [part for part in found if part.name in own]
        lines += (
            [f"Also the fields of [`{base.__name__}`](#{room.rstrip('.')}{base.__name__.lower()}).", ""]
            if base is not object and len(kept) < len(found)
            else []
        )
        found = kept
    fields = [part for part in found if part.kind == "field"]
    if fields:
        lines += ["| field | type | |", "|---|---|---|", *(_row(part) for part in fields), ""]
    for part in found:
        if part.kind != "field":
            lines += [f"#### {room}{name}.{part.name}", "", *_code(part.written), "", *_prose(part.text), ""]
    return lines


def parts(cls: type[Any]) -> Iterator[Part]:
    """The public parts of a class: its own first, then those that it inherits from classes of ours."""
    if issubclass(cls, Enum):
        yield from (Part(str(m.value), "", _word(cls, m.name), "field") for m in cls)
        return
    seen: set[str] = set()
    ours = [base for base in cls.__mro__ if base.__module__.startswith("mjasync")]
    hidden = set[str]().union(*(INTERNAL.get(base.__name__, set()) for base in ours))
    for base in ours or [cls]:
        for part in _own(base):
            shown = part.name in SHOWN.get(cls.__name__, {part.name}) and not part.name.startswith("_")
            if shown and part.name not in seen | hidden:
                seen.add(part.name)
                yield part


def _own(cls: type[Any]) -> Iterator[Part]:
    source = textwrap.dedent(inspect.getsource(cls))
    lines = source.splitlines()
    for node in _node(cls).body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            said, kind = _beside(lines, node), ast.unparse(node.annotation)
            if not kind.startswith("ClassVar"):
                yield Part(node.target.id, kind, said, "field")
        elif isinstance(node, Function):
            yield from _function(node)


def _function(node: Function) -> Iterator[Part]:
    how = {ast.unparse(decorator) for decorator in node.decorator_list}
    if how & {"overload"} or any(".setter" in word or ".default" in word or ".validator" in word for word in how):
        return
    text = ast.get_docstring(node) or ""
    if how & {"property", "cached_property"}:
        kind = ast.unparse(node.returns) if node.returns else "Any"
        yield Part(node.name, _unquoted(f"{node.name}: {kind}"), text, "property")
    else:
        yield Part(node.name, _call(node, node.name, bound="staticmethod" not in how), text, "method")


def _beside(lines: list[str], node: ast.stmt) -> str:
    """The `#:` comment behind a statement, or above it; behind a word of an enum any comment."""
    behind = lines[(node.end_lineno or node.lineno) - 1].encode()[node.end_col_offset :].decode()
    if behind.strip().startswith("#:" if isinstance(node, ast.AnnAssign) else "#"):
        return re.sub(r"  # .*", "", behind.strip().lstrip("#:").strip())
    said: list[str] = []
    for line in reversed(lines[: node.lineno - 1]):
        if not line.strip().startswith("#:"):
            break
        said.insert(0, line.strip().removeprefix("#:").strip())
    return " ".join(said)


def _word(cls: type[Any], name: str) -> str:
    source = textwrap.dedent(inspect.getsource(cls))
    lines = source.splitlines()
    for node in _node(cls).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
            return _beside(lines, node)
    return ""


@cache
def _node(thing: Any) -> Any:
    return ast.parse(textwrap.dedent(inspect.getsource(thing))).body[0]


def _made(name: str, cls: type[Any]) -> str:
    """How a class is called."""
    if is_typeddict(cls):
        return f"class {name}({', '.join(ast.unparse(base) for base in _node(cls).bases)})"
    if issubclass(cls, Enum | BaseException):
        return f"class {name}({', '.join(base.__name__ for base in cls.__bases__)})"
    if hasattr(cls, "__attrs_attrs__"):
        given = [_argument(field) for field in cls.__attrs_attrs__ if field.init and not field.alias.startswith("_")]
        keyword = ["*"] if any(field.kw_only for field in cls.__attrs_attrs__) else []
        plain = [text for text, kw in given if not kw]
        return _wrapped(f"{name}(", [*plain, *keyword, *(text for text, kw in given if kw)], ")")
    for base in (c for c in cls.__mro__ if c.__module__.startswith("mjasync")):
        for node in _node(base).body:
            if isinstance(node, Function) and node.name in ("__init__", "__new__"):
                node = ast.parse(ast.unparse(node)).body[0]
                node.returns = None  # type: ignore[union-attr]  # what was unparsed is a function again
                return _call(node, name)
    return f"class {name}"


def _argument(field: Any) -> tuple[str, bool]:
    kind = field.type if isinstance(field.type, str) else inspect.formatannotation(field.type)
    kind = re.sub(r"\b[a-z_]+(\.[a-z_]+)*\.(?=[A-Z])", "", kind)
    plain = f"{field.default!r}" if isinstance(field.default, str | int | float | None) else "…"
    return f"{field.alias}: {kind}" + ("" if field.default is NOTHING else f" = {plain}"), bool(field.kw_only)


def _call(node: Any, name: str, *, bound: bool = True) -> str:
    """The signature as it is written, without self."""
    given = node.args
    first = given.posonlyargs or given.args
    words = _unquoted(ast.unparse(given))
    if bound and first and first[0].arg in ("self", "cls"):
        words = words.removeprefix(first[0].arg).removeprefix(", ").removeprefix("/, ")
    word = "await " if isinstance(node, ast.AsyncFunctionDef) else ""
    back = _unquoted(f" -> {ast.unparse(node.returns)}") if node.returns else ""
    pieces = [
        re.sub(r"(?<=[\w\]\"')])=(?=[^=])", " = ", piece, count=1) if ":" in piece else piece for piece in _split(words)
    ]
    return _wrapped(f"{word}{name}(", pieces, f"){back}")


def _unquoted(words: str) -> str:
    """Annotations without the quotes of those that are read late."""
    return re.sub(r"(: |-> )'([^']+)'", r"\1\2", words)


def _split(words: str) -> list[str]:
    """Arguments apart, at the commas that are not within brackets."""
    pieces, depth = [""], 0
    for sign in words:
        depth += (sign in "([{") - (sign in ")]}")
        if sign == "," and depth == 0:
            pieces.append("")
        else:
            pieces[-1] += sign
    return [piece.strip() for piece in pieces if piece.strip()]


def _wrapped(head: str, pieces: list[str], tail: str) -> str:
    line = f"{head}{', '.join(pieces)}{tail}"
    return line if len(line) <= _WIDTH else "\n".join([head, *(f"    {piece}," for piece in pieces), tail])


def _code(text: str) -> list[str]:
    return ["```py", text.replace("'", '"'), "```"]


def _row(part: Part) -> str:
    kind = part.written.replace("|", "\\|").replace("'", "")
    return f"| `{part.name}` | {f'`{kind}`' if kind else ''} | {part.text} |"


def _prose(doc: str | None) -> list[str]:
    """A docstring as Markdown: what is indented is code."""
    lines: list[str] = []
    for block in re.split(r"\n\n+", inspect.cleandoc(doc or "")):
        whole = block.splitlines()
        if whole and all(line.startswith("    ") for line in whole):
            lines += ["```py", *(line[4:] for line in whole), "```", ""]
        else:
            lines += [*whole, ""]
    return lines[:-1]
