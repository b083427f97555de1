"""Write `docs/configuration.md` from what reads settings: `python docs/make_configuration.py > docs/configuration.md`."""

import ast
import inspect
import re
import runpy
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import NOTHING, fields

import mjasync as mj
from mjasync.cli.config import template
from mjasync.vocabulary import ACCOUNTS, OTHER_VARIABLES, TOP, Setting

DOCS = Path(__file__).parent
_MARK = re.compile(r"^<!-- (\w+) -->$", re.MULTILINE)
#: Variables of others that matter, and how.
_OTHERS = {
    "XDG_STATE_HOME": "below it are the locks on accounts, where `MJASYNC_LOCKS` is not set (else `~/.local/state`)",
    "NO_COLOR": "no colours in the live panel",
    "SSL_CERT_FILE, SSL_CERT_DIR": "whom certificates are checked by, as everywhere in Python",
    "HTTP_PROXY, HTTPS_PROXY, ALL_PROXY": "not used: an account's key goes to its own server only",
}


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _settings(rows: Sequence[Setting], table: str = "") -> Iterator[str]:
    yield f"| in {f'`[{table}]`' if table else 'the file'} | variable | {'' if table else 'option | '}default | meaning |"
    yield "|---|---|---|---|" if table else "|---|---|---|---|---|"
    for row in rows:
        cells = [f"`{row.name}`", _code(row.variable(table)), *([] if table else [_code(row.option)])]
        yield f"| {' | '.join([*cells, _code(row.default), _cell(row.about)])} |"


def _code(word: str) -> str:
    return f"`{_cell(word)}`" if word else "–"


def _variables() -> Iterator[str]:
    yield "| variable | meaning |"
    yield "|---|---|"
    yield from (f"| `{name}` | {_cell(about)} |" for name, about in OTHER_VARIABLES.items())
    yield from (f"| {', '.join(map(_code, name.split(', ')))} | {about} |" for name, about in _OTHERS.items())


def _options(cls: type[Any]) -> Iterator[str]:
    """The keyword options of a class: type and default by its signature, meaning by its docstring."""
    about = _meanings(inspect.getdoc(cls) or "")
    written = _annotations(cls)
    yield "| option | type | default | meaning |"
    yield "|---|---|---|---|"
    for name, default in _defaults(cls).items():
        yield f"| `{name}=` | `{_cell(written[name])}` | {_default(default)} | {_cell(about.get(name, ''))} |"


def _defaults(cls: type[Any]) -> dict[str, Any]:
    if hasattr(cls, "__attrs_attrs__"):
        return {each.name: each.default for each in fields(cls) if each.init}
    given = inspect.signature(cls).parameters.values()
    return {each.name: each.default for each in given if each.kind is inspect.Parameter.KEYWORD_ONLY}


def _default(value: object) -> str:
    return "–" if value is NOTHING or value is inspect.Parameter.empty else f"`{value!r}`"


def _annotations(cls: type[Any]) -> dict[str, str]:
    """Types as they are written, the same under every Python."""
    (node,) = ast.parse(inspect.getsource(cls)).body
    if not isinstance(node, ast.ClassDef):
        return {}
    own = {
        each.target.id: ast.unparse(each.annotation)
        for each in node.body
        if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
    }
    for each in node.body:
        if isinstance(each, ast.FunctionDef) and each.name == "__init__":
            own |= {arg.arg: ast.unparse(arg.annotation) for arg in each.args.kwonlyargs if arg.annotation}
    return own


def _meanings(text: str) -> dict[str, str]:
    """What a docstring says of each name: from a sentence that begins with it to the next such sentence."""
    whole = " ".join(text.split())
    starts = list(re.finditer(r"(?:(?<=^)|(?<=[.)] ))`(\w+)`(?=:| )", whole))
    ends = [found.start() for found in starts[1:]] + [len(whole)]
    told = {found[1]: whole[found.end() : end].strip() for found, end in zip(starts, ends, strict=True)}
    return {name: text.removeprefix(":").strip() for name, text in told.items()}


def _fields(cls: type[Any]) -> Iterator[str]:
    """The same for a class whose fields have comments."""
    parts = runpy.run_path(str(DOCS / "entries.py"))["parts"]
    said = {part.name: part for part in parts(cls) if part.kind == "field"}
    yield "| option | type | default | meaning |"
    yield "|---|---|---|---|"
    for name, default in _defaults(cls).items():
        if name in said:
            part = said[name]
            yield f"| `{name}=` | `{_cell(part.written)}` | {_default(default)} | {_cell(part.text)} |"


def _accounts() -> Iterator[str]:
    yield "| in the file | argument | of |"
    yield "|---|---|---|"
    seen: dict[tuple[str, str], list[str]] = {}
    for table, rows in ACCOUNTS.items():
        for row in rows:
            if row.argument:
                seen.setdefault((row.name, row.argument), []).append("TTAPI" if table == "ttapi" else "MJProxy")
    yield from (f"| `{name}` | `{argument}=` | {' and '.join(of)} |" for (name, argument), of in seen.items())


_PARTS: Mapping[str, Callable[[], Iterator[str]]] = {
    "top": lambda: _settings(TOP),
    "ttapi": lambda: _settings(ACCOUNTS["ttapi"], "ttapi"),
    "mjproxy": lambda: _settings(ACCOUNTS["mjproxy"], "mjproxy"),
    "variables": _variables,
    "file": lambda: iter(template().rstrip("\n").splitlines()),
    "pool": lambda: _options(mj.Pool),
    "accounts": _accounts,
    "timeouts": lambda: _fields(mj.Timeouts),
    "looking": lambda: _options(mj.Looking),
}


def render() -> str:
    """The whole page."""
    template_ = (DOCS / "templates" / "configuration.md").read_text(encoding="utf-8")
    return _MARK.sub(lambda found: "\n".join(_PARTS[found[1]]()), template_)


if __name__ == "__main__":
    print(render(), end="")
