"""Which layer may know which, and what never enters the layers that decide."""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "mjasync"

#: layer → the layers of ours that it may import.
LAW = {
    "errors": set(),
    "core": {"errors", "core"},
    "dialects": {"errors", "core", "dialects"},
    "images": {"errors", "core", "images"},
    "transport": {"core.wire", "core.patience", "core.pictures", "transport"},
    "journal": {"errors", "core", "journal"},
    # What a notebook shows: HTML from values, so that no kernel is needed to know what it says.
    "notebook": {"notebook"},
    # Requests in, answers out: of jobs it knows no more than the shape of a token.
    "webhook": {"core.tokens", "webhook"},
    "accounts": {"errors", "core", "transport"},
    # Rows of words: what can be set. Whoever tells people of settings reads them too.
    "vocabulary": set(),
    "settings": {"errors", "core", "accounts", "vocabulary"},
    # What is told: values; and who listens, each of which knows the values alone.
    "events": {"errors", "core", "events"},
    "logs": {"events"},
    "measures": {"core.model", "events"},
    "prometheus": {"errors", "events", "measures"},
    "otel": {"errors", "events", "measures"},
    # Pictures name the version that wrote them; the number alone, nothing else of the front door.
    "flow": {
        "__version__",
        "errors",
        "core",
        "events",
        "dialects",
        "transport",
        "journal",
        "accounts",
        "settings",
        "images",
        "notebook",
        "webhook",
        "logs",
        "flow",
    },
    # The same pool without `await`: it adds a thread, and decides nothing.
    "blocking": {"errors", "core", "flow", "blocking"},
    # Shows and reads back what `flow` brought, for the command line and the library alike; asks for nothing itself.
    "sheet": {"errors", "core", "flow", "sheet"},
    "sim": {"core.wire", "errors", "sim"},
    "testing": {"accounts", "sim", "testing"},
    # `journal.archive` is the view without a lock and a key; events and estimates are what it is made of.
    # `journal.survey` is what the doctor sees from outside.
    "cli": {
        "",
        "errors",
        "core.ids",
        "core.model",
        "core.machine",
        "core.ledger",
        "journal.archive",
        "journal.survey",
        "accounts",
        "settings",
        "vocabulary",
        "flow",
        "sheet",
        "transport.download",
        "sim",
        "cli",
    },
    "__main__": {"cli"},
    "": {"errors", "core", "accounts", "flow", "blocking", "images", "journal", "sheet"},
}
#: Packages of others that a layer may import, besides the standard library.
OTHERS = {
    "errors": set(),
    "core": {"attrs"},
    "dialects": {"attrs", "cattrs"},
    "images": {"attrs", "PIL"},
    "transport": {"aiohttp", "backoff"},
    "journal": {"attrs", "cattrs", "anyio"},
    "notebook": {"attrs"},
    "webhook": {"attrs", "aiohttp"},
    "accounts": {"attrs"},
    "vocabulary": {"attrs"},
    "settings": {"attrs"},
    "events": {"attrs"},
    "logs": {"attrs"},
    "measures": {"attrs"},
    "prometheus": {"attrs"},
    "otel": {"attrs", "opentelemetry"},
    "flow": {"attrs", "anyio"},
    "blocking": {"attrs"},
    "sheet": {"attrs"},
    "sim": {"attrs", "aiohttp"},
    "testing": {"anyio"},
    "cli": {"attrs", "rich", "PIL", "textual_image"},
    "__main__": set(),
    "": set(),
}
#: What would let a deciding layer wait, look at a clock, roll dice, touch a disk or write a log.
IMPURE = {
    "asyncio",
    "anyio",
    "time",
    "random",
    "os",
    "pathlib",
    "logging",
    "socket",
    "threading",
    "secrets",
    "datetime",
}
PURE = ("core", "dialects", "events", "measures", "notebook")


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def name_of(path: Path) -> str:
    """`core.slots` for mjasync/core/slots.py, "" for the front door."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def layer_of(name: str) -> str:
    return name.partition(".")[0]


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports(path: Path) -> tuple[str, ...]:
    """Every imported module at run time; blocks under TYPE_CHECKING are for readers only."""
    return tuple(_imports(path, tree_of(path)))


def _imports(path: Path, tree: ast.Module) -> Iterator[str]:
    hidden = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in hidden:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            if node.module in (
                "mjasync",
                "mjasync.core",
                "mjasync.sim",
                "mjasync.flow",
                "mjasync.cli",
                "mjasync.dialects",
                "mjasync.images",
                "mjasync.sheet",
            ):
                yield from (f"{node.module}.{alias.name}" for alias in node.names)
            else:
                yield node.module or ""


def allowed(name: str, law: set[str]) -> bool:
    return any(name == entry or name.startswith(f"{entry}.") for entry in law if entry) or (
        "" in law and "." not in name
    )


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_every_import_follows_the_law(path):
    layer = layer_of(name_of(path))
    for module in imports(path):
        head, _, rest = module.partition(".")
        if head == "mjasync":
            assert allowed(rest, LAW[layer]), f"{layer or 'the front door'} must not know {rest}"
        elif head not in sys.stdlib_module_names:
            assert head in OTHERS[layer], f"{layer} must not know {head}"


@pytest.mark.parametrize("path", [p for p in modules() if layer_of(name_of(p)) in PURE], ids=name_of)
def test_what_decides_is_pure(path):
    for module in imports(path):
        assert module.partition(".")[0] not in IMPURE
    for node in ast.walk(tree_of(path)):
        assert not isinstance(node, ast.Await | ast.AsyncFor | ast.AsyncWith | ast.AsyncFunctionDef)


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_no_function_hides_an_import_of_ours(path):
    for function in ast.walk(tree_of(path)):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(function):
                names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                assert not any(name.startswith("mjasync") for name in names), f"{function.name} imports {names}"


def test_each_borrowed_tool_has_one_address():
    users = {tool: set() for tool in ("backoff", "cattrs", "aiohttp")}
    for path in modules():
        for module in imports(path):
            head = module.partition(".")[0]
            if head in users and layer_of(name_of(path)) != "sim":
                users[head].add(name_of(path))

    assert users["backoff"] == {"transport.retry"}
    assert users["cattrs"] == {"dialects._reading", "journal.codec"}
    assert users["aiohttp"] == {"transport.http", "transport.download", "webhook.routes"}
