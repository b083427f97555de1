"""Write every generated page anew: `python docs/make_all.py`. The order matters to the last two only."""

import runpy
from pathlib import Path

DOCS = Path(__file__).parent


def main() -> None:
    """Run each `make_NAME.py` that a page `NAME.md` comes from, then those that read pages."""
    for path in sorted(DOCS.glob("make_*.py")):
        name = path.stem.removeprefix("make_")
        for page in (DOCS / f"{name}.md", DOCS / f"{name}.svg"):
            if not page.exists():
                continue
            page.write_text(runpy.run_path(str(path))["render"](), encoding="utf-8")
            print(page.relative_to(DOCS.parent))
    runpy.run_path(str(DOCS / "make_llms.py"), run_name="__main__")


if __name__ == "__main__":
    main()
