"""Write `docs/faults.md`, the fault table with the tests that prove it: `python docs/make_faults.py > docs/faults.md`.

The tests are read, not run: a row's tests are those under `@pytest.mark.fault("N06")`.
"""

import ast
import runpy
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
TESTS = ROOT / "tests"

_HEAD = """# What may go wrong, and the test that proves what happens then

Made by `python docs/make_faults.py` from `@pytest.mark.fault("…")` on the tests; a test keeps it fresh.
"""
#: So many tests are named in a row; the rest are counted.
_SHOWN = 4


def marked(source: str) -> Iterator[tuple[str, str]]:
    """Every mark of one file: (id, name of the test)."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        calls = (call for decorator in node.decorator_list for call in ast.walk(decorator))
        for call in calls:
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "fault":
                yield from ((ast.literal_eval(word), node.name) for word in call.args)


def proofs() -> dict[str, list[str]]:
    """Id → its tests, as file::name."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(TESTS.rglob("test_*.py")):
        for fault, name in marked(path.read_text(encoding="utf-8")):
            test = f"{path.relative_to(TESTS)}::{name}"
            if test not in found[fault]:
                found[fault].append(test)
    return dict(found)


def render() -> str:
    """The whole page."""
    table = runpy.run_path(str(TESTS / "house" / "faults.py"))
    found, faults = proofs(), table["FAULTS"]
    proved = sum(fault in found for fault in faults)
    lines = [_HEAD, f"{proved} of {len(faults)} rows have a test; the others say why not."]
    for letter, family in table["FAMILIES"].items():
        rows = {fault: text for fault, text in faults.items() if fault[0] == letter}
        lines += ["", f"## {family}", "", "| id | fault | tests, below `tests/` |", "|---|---|---|"]
        lines += [f"| {fault} | {text} | {_cell(fault, found, table['WHY_NOT'])} |" for fault, text in rows.items()]
    return "\n".join(lines) + "\n"


def _cell(fault: str, found: dict[str, list[str]], why_not: dict[str, str]) -> str:
    tests = found.get(fault, [])
    if not tests:
        return f"*none: {why_not.get(fault, 'not said')}*"
    more = [f"and {len(tests) - _SHOWN} more"] if len(tests) > _SHOWN else []
    return "<br>".join([*(f"`{test}`" for test in tests[:_SHOWN]), *more])


if __name__ == "__main__":
    print(render(), end="")
