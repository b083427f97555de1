"""Every error of the command line and of the settings says what, why and what to do."""

import ast
from pathlib import Path

import pytest

import mjasync

PACKAGE = Path(mjasync.__file__).parent
FILES = [*sorted((PACKAGE / "cli").glob("*.py")), PACKAGE / "settings.py"]


def made(path):
    """The errors that a file makes: the line, and the names of the keywords."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        name = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
        if name.endswith("Error") and name != "FileExistsError" and node.args:
            yield node.lineno, {keyword.arg for keyword in node.keywords}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_error_has_three_parts(path):
    assert [] == [line for line, words in made(path) if not words >= {"why", "hint"}]


def test_errors_are_found():
    assert any(list(made(path)) for path in FILES)
