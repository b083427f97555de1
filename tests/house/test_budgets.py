"""No file over 300 lines, no function over 40: when a file asks for a map, the house is redrawn."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted(
    path for folder in ("mjasync", "tests", "benchmarks", "examples", "docs") for path in (ROOT / folder).rglob("*.py")
)
FILE_LINES = 300
FUNCTION_LINES = 40


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_keep_their_budgets(path):
    source = path.read_text(encoding="utf-8")

    lines = len(source.splitlines())
    assert lines <= FILE_LINES, f"{lines} lines: split it by what it is responsible for"
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= FUNCTION_LINES, f"{node.name} has {length} lines: it holds more than one thought"
