"""Write the documents for machines that read: `python docs/make_llms.py` writes `llms.txt` and `llms-full.txt`.

`llms.txt` is a table of contents (https://llmstxt.org), `llms-full.txt` the pages themselves, one after the other. Both
follow `docs/README.md`, which is where pages are put in order.
"""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
#: Groups of pages that a reader in a hurry may skip: listed, and not in the whole.
_OPTIONAL = ("Inside",)
#: For people who work on the tests.
_LEFT_OUT = ("faults.md",)
_ITEM = re.compile(r"^- \[([^\]]+)\]\(([^)#]+\.md)\)(?:: (.*))?$", re.MULTILINE)


def groups() -> dict[str, list[tuple[str, str, str]]]:
    """Title of a group → its pages: title, file, what it is about."""
    parts = re.split(r"^## (.+)\n", (DOCS / "README.md").read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return {title: _ITEM.findall(text) for title, text in zip(parts[::2], parts[1::2], strict=True)}


def contents() -> str:
    """The table of contents."""
    front = (ROOT / "README.md").read_text(encoding="utf-8")
    summary = re.search(r"^\*\*(.+?)\*\*$", front, re.MULTILINE)
    lines = ["# mjasync", "", f"> {summary[1] if summary else ''}", "", _NOTES]
    for title, pages in groups().items():
        lines += ["", f"## {'Optional' if title in _OPTIONAL else title}", ""]
        lines += [f"- [{name}]({file}){': ' + about if about else ''}" for name, file, about in pages]
    return "\n".join(lines) + "\n"


def whole() -> str:
    """All pages, each under a line that names its file."""
    kept = [
        f"docs/{file}"
        for title, pages in groups().items()
        for _, file, _ in pages
        if title not in _OPTIONAL and file not in _LEFT_OUT
    ]
    files = ["README.md", *kept]
    return "\n".join(f"<!-- {file} -->\n\n{(ROOT / file).read_text(encoding='utf-8').strip()}\n" for file in files)


_NOTES = """An asyncio SDK (Python 3.11+) for two paid image APIs: TTAPI and midjourney-proxy behind a relay. All pages in one file:
[llms-full.txt](llms-full.txt). What to know before writing code with it:

- `import mjasync as mj`; `async with mj.Pool(mj.TTAPI(key="...")) as pool:` opens accounts; a pool belongs to one event loop.
- Verbs return a `Job` at once and are not coroutines: `job = pool.imagine("a cat"); result = await job`.
- Steps chain: `await pool.imagine("a cat").upscale(2).zoom(1.5)`; never poll, never sleep, never limit concurrency.
- Cancelling an await ends the wait, not the paid job; `await job.cancel()` says what became of the money.
- `SubmitOutcomeUnknown` is not to be retried: the first request may have been charged.
- Tests: `from mjasync.testing import Sim, run`; no key, no network, virtual time."""


def render() -> dict[str, str]:
    """File name → text."""
    return {"llms.txt": contents(), "llms-full.txt": whole()}


if __name__ == "__main__":
    for name, text in render().items():
        (DOCS / name).write_text(text, encoding="utf-8")
        print(f"docs/{name}: {len(text.encode()) // 1024} KB")
