"""Every module has its test file, and every test file its module; further ones are named after it and an aspect."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "mjasync"
TESTS = ROOT / "tests"
#: Folders of tests that belong to no single module.
OWN = {
    "benchmarks",
    "cancel",
    "house",
    "journeys",
    "kills",
    "load",
    "model",
    "samples",
    "security",
    "soak",
    "typing",
    "worlds",
}


def file_of(module: Path) -> Path:
    """tests/core/test_slots.py for core/slots.py, in packages within too; a package's own file is named after it."""
    inside = module.relative_to(PACKAGE)
    if inside.name == "__init__.py":
        return TESTS / inside.parent / f"test_{inside.parent.name or 'mjasync'}.py"
    return TESTS / inside.parent / f"test_{inside.stem}.py"


def belongs(file: Path, plain: Path) -> bool:
    """Whether it is the module's plain test file, or one beside it for an aspect: test_slots__histories.py."""
    return file == plain or (
        file.parent == plain.parent and file.stem.removeprefix(f"{plain.stem}__") not in {"", file.stem}
    )


def has_code(module: Path) -> bool:
    """More than a docstring."""
    lines = module.read_text(encoding="utf-8").split('"""')
    return len(lines) != 3 or bool(lines[0].strip() or lines[2].strip())


MODULES = sorted(path for path in PACKAGE.rglob("*.py") if has_code(path))


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_module_has_its_tests(module):
    assert file_of(module).exists(), f"write {file_of(module).relative_to(ROOT)}"


def test_every_test_file_has_its_module():
    known = [file_of(module) for module in MODULES]
    files = [path for path in TESTS.rglob("test_*.py") if path.relative_to(TESTS).parts[0] not in OWN]

    assert [file for file in files if not any(belongs(file, plain) for plain in known)] == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("core/test_slots.py", True),
        ("core/test_slots__histories.py", True),
        ("core/test_slots__.py", False),
        ("core/test_slots_histories.py", False),
        ("core/test__slots.py", False),
        ("core/test_other__slots.py", False),
        ("flow/test_slots__histories.py", False),
    ],
)
def test_which_test_files_belong_to_a_module(name, expected):
    assert expected is belongs(TESTS / name, TESTS / "core" / "test_slots.py")
