"""Every Python block of the README and the docs runs, against the simulator; generated pages are fresh."""

import ast
import asyncio
import inspect
import logging
import re
import runpy
import tomllib
import types
from pathlib import Path

import pytest
from PIL import Image

import mjasync as mj
from mjasync.testing import Sim, VirtualLoop, run

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")


@pytest.fixture
def quiet_after():
    """Pages set up logging: that ends with the page."""
    root, ours = logging.getLogger(), logging.getLogger("mjasync")
    levels, handlers = (root.level, ours.level), root.handlers[:]
    yield
    root.handlers[:] = handlers
    root.setLevel(levels[0])
    ours.setLevel(levels[1])


@pytest.fixture
def simulated(monkeypatch, tmp_path, quiet_after):
    """Accounts of the documents live in a simulator, their pictures lie in the folder, and every loop jumps."""
    monkeypatch.chdir(tmp_path)
    for name, colour in (("photo.png", "teal"), ("other.jpg", "salmon")):
        Image.new("RGB", (96, 64), colour).save(name)
    sim = Sim(seed=1)
    made = {}

    def account(kind):
        def make(key=None, base_url=None, **options):
            if base_url and base_url.startswith("http://127.0.0.1"):
                return real[kind](key, base_url=base_url, **options)
            return made.setdefault((kind, base_url), getattr(sim, kind)())

        return make

    real = {"ttapi": mj.TTAPI, "mjproxy": mj.MJProxy}
    monkeypatch.setattr(mj, "TTAPI", account("ttapi"))
    monkeypatch.setattr(mj, "MJProxy", account("mjproxy"))
    monkeypatch.setattr(asyncio, "run", run_jumping)
    monkeypatch.setattr(asyncio.events, "new_event_loop", lambda: VirtualLoop(fed=True))
    return sim


def run_jumping(main):
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_python_block_runs(page, simulated):
    source = page.read_text(encoding="utf-8")
    names = {"__name__": "document"}
    blocks = [compiled(match, page, source) for match in BLOCK.finditer(source)]
    if any(code.co_flags & inspect.CO_COROUTINE for code in blocks):
        run_jumping(as_cells(blocks, names))
    else:
        for code in blocks:
            exec(code, names)
    for function in [value for value in names.values() if isinstance(value, types.FunctionType)]:
        if function.__module__ == "document" and inspect.iscoroutinefunction(function):
            call(function, simulated)


def compiled(match, page, source):
    """A block, with the page's line numbers."""
    before = source[: match.start(1)].count("\n")
    return compile("\n" * before + match[1], str(page), "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)


async def as_cells(blocks, names):
    """As a notebook's kernel runs its cells: all in one loop, with or without an await in them."""
    for code in blocks:
        waits = eval(code, names)
        if waits is not None:
            await waits


def call(function, sim):
    """Functions that want a pool get one; the rest were called by their own block."""
    wanted = list(inspect.signature(function).parameters)
    if not wanted or wanted[0] != "pool":
        return

    async def story():
        async with mj.Pool(sim.ttapi(), sim.mjproxy()) as pool:
            given = {"pool": pool, "prompts": ["a cat", "a dog", "a fox"], "prompt": "a cat"}
            await function(*(given[name] for name in wanted))

    run(story())


@pytest.mark.parametrize("page", ["api", "cli", "configuration", "errors", "observability"])
def test_generated_pages_are_fresh(page):
    render = runpy.run_path(str(ROOT / "docs" / f"make_{page}.py"))["render"]

    assert render() == (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8"), (
        f"run: python docs/make_{page}.py > docs/{page}.md"
    )


def test_errors_that_troubleshooting_quotes_are_ours():
    page = (ROOT / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "mjasync").rglob("*.py"))
    quoted = re.findall(r"^\| `([A-Z][^`…]+ [^`…]+\.)`", page, re.MULTILINE)

    assert len(quoted) > 1
    assert [] == [text for text in quoted if text not in source]


@pytest.mark.parametrize("name", ["llms.txt", "llms-full.txt"])
def test_what_machines_read_is_fresh(name):
    text = runpy.run_path(str(ROOT / "docs" / "make_llms.py"))["render"]()[name]

    assert text == (ROOT / "docs" / name).read_text(encoding="utf-8"), "run: python docs/make_all.py"


def test_every_error_has_a_row_and_a_mishap():
    made = runpy.run_path(str(ROOT / "docs" / "make_errors.py"))
    mishaps = runpy.run_path(str(ROOT / "docs" / "mishaps.py"))["STORIES"]
    names = {cls.__name__ for _, cls in made["tree"]()}

    assert names == made["ROWS"].keys()
    assert names == mishaps.keys() | {"MJError", "ProviderError"}  # bases that nothing raises itself
    assert names <= set(mj.__all__)


def test_the_front_pages_numbers_are_the_benchmarks_own():
    front = (ROOT / "README.md").read_text(encoding="utf-8")
    table = front.partition("--write -->\n")[2].partition("\n<!-- end -->")[0]

    assert table.count("|") > 20
    assert table in (ROOT / "benchmarks" / "README.md").read_text(encoding="utf-8"), "run: python -m benchmarks --write"


def test_extras_that_pages_name_exist():
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    named = {
        word
        for page in PAGES
        for text in re.findall(r"mjasync\[([\w,]+)\]", page.read_text("utf-8"))
        for word in text.split(",")
    }

    assert {"cli", "images"} <= named <= extras.keys()


def is_of_numbers(rows):
    """Whether most of a table's cells, but for its first column, are figures."""
    cells = [cell.strip() for row in rows[2:] for cell in row.strip("|").split("|")[1:] if cell.strip()]
    return len(cells) > 4 and sum(bool(re.match(r"[\d.,]+( ?[a-zA-Z%µ]+)?$", cell)) for cell in cells) * 2 > len(cells)


@pytest.mark.parametrize(
    "page", [*PAGES, ROOT / "benchmarks" / "README.md"], ids=lambda page: str(page.relative_to(ROOT))
)
def test_a_table_of_numbers_says_what_prints_it(page):
    text, found = page.read_text(encoding="utf-8"), []
    for section in re.split(r"^## ", text, flags=re.MULTILINE):
        tables = re.findall(r"(?:^\|.*\n)+", section, re.MULTILINE)
        found += [
            table.splitlines()[0]
            for table in tables
            if is_of_numbers(table.splitlines()) and "python -m benchmarks" not in text[:2000] + section
        ]

    assert [] == found


def test_the_pages_are_listed():
    listed = set(LINK.findall((ROOT / "docs" / "README.md").read_text(encoding="utf-8")))

    assert {page.name for page in (ROOT / "docs").glob("*.md")} - {"README.md"} <= listed


@pytest.mark.parametrize("example", sorted((ROOT / "examples").glob("*.py")), ids=lambda path: path.name)
def test_every_example_runs(example, simulated, capsys, monkeypatch):
    monkeypatch.setenv("MJASYNC_TTAPI_KEY", "key")
    monkeypatch.setenv("MJASYNC_MJPROXY_KEY", "key")
    monkeypatch.setenv("MJASYNC_MJPROXY_URL", "https://relay.example")
    source = example.read_text(encoding="utf-8")
    if "# %%" in source:
        cells = compile(source, str(example), "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        run_jumping(as_cells([cells], {"__name__": "__main__"}))
    else:
        runpy.run_path(str(example), run_name="__main__")

    assert capsys.readouterr().out.strip()
