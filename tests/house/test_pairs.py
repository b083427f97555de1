"""Every module has its test file, and every test file its module."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "mjasync"
TESTS = ROOT / "tests"
#: Folders of tests that belong to no single module.
OWN = {"house", "journeys", "samples", "typing"}


def file_of(module: Path) -> Path:
    """tests/core/test_slots.py for core/slots.py; the package's own file is named after the package."""
    inside = module.relative_to(PACKAGE)
    if inside.name == "__init__.py":
        return TESTS / inside.parent / f"test_{inside.parent.name or 'mjasync'}.py"
    return TESTS / inside.parent / f"test_{inside.stem}.py"


def has_code(module: Path) -> bool:
    """More than a docstring."""
    lines = module.read_text(encoding="utf-8").split('"""')
    return len(lines) != 3 or bool(lines[0].strip() or lines[2].strip())


MODULES = sorted(path for path in PACKAGE.rglob("*.py") if has_code(path))


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_module_has_its_tests(module):
    assert file_of(module).exists(), f"write {file_of(module).relative_to(ROOT)}"


def test_every_test_file_has_its_module():
    known = {file_of(module) for module in MODULES}
    files = {path for path in TESTS.rglob("test_*.py") if path.relative_to(TESTS).parts[0] not in OWN}

    assert files - known == set()
