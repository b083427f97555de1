"""Build the documents as a site with a search: `python docs/make_site.py`, then open `docs/_build/site/index.html`.

Needs the extra `docs`. Pages are copied first, with their links turned to where they are in the site, so that the same
files read well at both places. The site asks for nothing from the network, and works from the disk.

Rule 1: a page is put in order in `docs/README.md`, and nowhere else.
"""

import ast
import re
import runpy
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
BUILD = DOCS / "_build"
_LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)")
_FENCE = re.compile(r"(^ *```.*?^ *```$)", re.MULTILINE | re.DOTALL)
_MERMAID = re.compile(r"^```mermaid\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_MOVE = re.compile(r"^\s*(\S+) --> ([^:\s]+)(?:: (.*))?$", re.MULTILINE)
#: Files outside of docs/ that are pages too: where they are → their title here.
_PROJECT = {
    "examples/README.md": "Examples",
    "benchmarks/README.md": "Benchmarks",
    "CHANGELOG.md": "Changelog",
    "CONTRIBUTING.md": "Contributing",
    "SECURITY.md": "Security",
}
#: What people may link to, and the page that has it.
_MEANT = {
    "README.md": "index.md",
    "docs/README.md": "index.md",
    "examples": "examples.md",
    "benchmarks": "benchmarks.md",
}


def page_of(path: str) -> str | None:
    """The page of the site that a file of the repository becomes; None for one that is no page."""
    if path in _PROJECT:
        return f"{_PROJECT[path].lower()}.md"
    if path in _MEANT:
        return _MEANT[path]
    folder, _, name = path.rpartition("/")
    return name if folder == "docs" and name.endswith(".md") else None


def turned(text: str, home: Path, into: Path) -> str:
    """The text of a page with its links turned; pictures that it shows are copied into the folder."""

    def link(match: re.Match[str]) -> str:
        shown, label, target = match.groups()
        path, _, anchor = target.partition("#")
        if not path or re.match(r"[a-z]+:", target):
            return match[0]
        real = (home / path).resolve()
        page = page_of(real.relative_to(ROOT).as_posix())
        if page:
            return f"{shown}[{label}]({page}{'#' + anchor if anchor else ''})"
        if shown or real.suffix in (".svg", ".png"):
            shutil.copyfile(real, into / real.name)
            return f"{shown}[{label}]({real.name})"
        if real.suffix == ".txt":  # lies beside the pages, see conf.py
            return f'<a href="{real.name}">{label}</a>'
        return label  # code is in the repository, not here

    parts = _FENCE.split(text)
    return "".join(part if part.lstrip().startswith("```") else _LINK.sub(link, part) for part in parts)


def _drawn(match: re.Match[str]) -> str:
    """A state diagram as a table: drawing it would take a script from elsewhere."""
    rows = [(start, word or "", end) for start, end, word in _MOVE.findall(match[1]) if "[*]" not in (start, end)]
    lines = [f"| `{start}` | {word} | `{end}` |" for start, word, end in rows]
    return "\n".join(["| from | what happens | to |", "|---|---|---|", *lines])


def examples() -> str:
    """A page of all examples."""
    lines = ["# Examples", "", "Each is run by the tests, against the simulator.", ""]
    files = (path for path in (ROOT / "examples").rglob("*.py") if path.name != "__init__.py")
    for path in sorted(files, key=lambda path: (len(path.parts), path)):
        source = path.read_text(encoding="utf-8")
        said = (ast.get_docstring(ast.parse(source)) or path.stem).split("\n\n")[0]
        lines += [
            f"## {path.relative_to(ROOT / 'examples').with_suffix('').as_posix()}",
            "",
            " ".join(said.split()),
            "",
            "```python",
            source.rstrip(),
            "```",
            "",
        ]
    return "\n".join(lines)


def index(groups: dict[str, list[tuple[str, str, str]]]) -> str:
    """The first page: what the README says shortest, cards of all groups, and the order of the pages."""
    front = (ROOT / "README.md").read_text(encoding="utf-8")
    said = {
        "EXAMPLE": re.findall(r"^```python\n.*?^```$", front, re.MULTILINE | re.DOTALL)[0],
        "NUMBERS": front.partition("<!-- makespan: written by python -m benchmarks --write -->\n")[2].partition(
            "<!-- end"
        )[0],
        "PANEL": "![Ten slots of an account, filled: the live panel.](../panel.svg)"
        if (DOCS / "panel.svg").exists()
        else "",
        "CARDS": "\n\n".join(_cards(groups)),
        "ORDER": "\n\n".join(_order(groups)),
    }
    return re.sub(
        r"\{\{(\w+)\}\}", lambda word: said[word[1]], (DOCS / "site" / "index.md").read_text(encoding="utf-8")
    )


def _cards(groups: dict[str, list[tuple[str, str, str]]]) -> Iterator[str]:
    for title, pages in groups.items():
        items = "\n".join(f"- [{name}](../{file}){': ' + about if about else ''}" for name, file, about in pages)
        yield f":::{{container}} card\n**{title}**\n\n{items}\n:::"


def _order(groups: dict[str, list[tuple[str, str, str]]]) -> Iterator[str]:
    project = [(title, page_of(path) or "", "") for path, title in _PROJECT.items()]
    for title, pages in {**groups, "The project": project}.items():
        items = "\n".join(f"{name} <{file.removesuffix('.md')}>" for name, file, _ in pages)
        yield f"```{{toctree}}\n:caption: {title}\n:hidden:\n\n{items}\n```"


def stage(into: Path) -> None:
    """Put every page into the folder, as Sphinx takes it."""
    shutil.rmtree(into, ignore_errors=True)
    into.mkdir(parents=True)
    groups = runpy.run_path(str(DOCS / "make_llms.py"))["groups"]()
    texts = {path: path.read_text(encoding="utf-8") for path in DOCS.glob("*.md") if path.name != "README.md"}
    texts |= {path: path.read_text(encoding="utf-8") for name in _PROJECT if (path := ROOT / name).exists()}
    own = texts.pop(ROOT / "examples" / "README.md", "")
    texts[ROOT / "examples" / "README.md"] = (
        own.rstrip() + "\n\n" + examples().partition("\n")[2] if own else examples()
    )
    texts[DOCS / "site" / "index.md"] = index(groups)
    for path, text in texts.items():
        name = page_of(path.relative_to(ROOT).as_posix()) or path.name
        body = turned(_MERMAID.sub(_drawn, text), path.parent, into)
        deep = "---\ntocdepth: 3\n---\n" if name == "api.md" else ""
        (into / name).write_text(deep + body, encoding="utf-8")
    for name in ("conf.py", "site.css"):
        shutil.copyfile(DOCS / "site" / name, into / name)
    (into / "extra").mkdir()
    for path in DOCS.glob("llms*.txt"):
        shutil.copyfile(path, into / "extra" / path.name)


def build(site: Path = BUILD / "site") -> int:
    """Build the site; warnings are errors. Returns the exit code."""
    source = site.parent / f"{site.name}-source"
    stage(source)
    doctrees = site.parent / f"{site.name}-doctrees"
    command = [
        sys.executable,
        "-m",
        "sphinx",
        "-W",
        "--keep-going",
        "-q",
        "-E",
        "-d",
        str(doctrees),
        str(source),
        str(site),
    ]
    return subprocess.run(command, check=False).returncode  # noqa: S603  # our own Python, our own folders


if __name__ == "__main__":
    code = build()
    print(BUILD / "site" / "index.html" if code == 0 else "the site was not built")
    sys.exit(code)
