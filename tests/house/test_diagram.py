"""The picture of the state machine and its table cannot part."""

import runpy
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def test_the_diagram_is_fresh():
    render = runpy.run_path(str(DOCS / "make_states.py"))["render"]

    assert render() == (DOCS / "states.md").read_text(encoding="utf-8"), (
        "run: python docs/make_states.py > docs/states.md"
    )
