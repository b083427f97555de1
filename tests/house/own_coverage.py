"""Each module of the layers that decide, covered to 100 % of its branches by its own test file alone.

`python tests/house/own_coverage.py [MODULE…]`; prints a line for each module, and ends with 1 if one falls short.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
LAYERS = ("core", "dialects")


def modules() -> list[Path]:
    """Modules with code in them, of the deciding layers."""
    files = (path for layer in LAYERS for path in sorted((ROOT / "mjasync" / layer).glob("*.py")))
    return [path for path in files if "import" in path.read_text(encoding="utf-8")]


def own_tests(module: Path) -> Path:
    """tests/core/test_slots.py for core/slots.py."""
    name = module.parent.name if module.stem == "__init__" else module.stem
    return ROOT / "tests" / module.parent.name / f"test_{name}.py"


def is_covered(module: Path, folder: str) -> bool:
    """Run the module's own tests under coverage, and say what was missed."""
    data = f"--data-file={folder}/{module.parent.name}.{module.stem}"
    run = [sys.executable, "-m", "coverage", "run", data, "--branch", f"--include={module}", "-m"]
    tests = subprocess.run(
        [*run, "pytest", "-q", "-x", str(own_tests(module))], cwd=ROOT, capture_output=True, text=True, check=False
    )
    told = [sys.executable, "-m", "coverage", "report", data, "--fail-under=100", "--show-missing"]
    report = subprocess.run(told, cwd=ROOT, capture_output=True, text=True, check=False)
    good = tests.returncode == 0 and report.returncode == 0
    print(f"{'100 %' if good else 'SHORT'} {module.relative_to(ROOT)}")
    if not good:
        print(tests.stdout[-1500:], report.stdout, sep="\n")
    return good


def main() -> int:
    """All modules, or those named."""
    named = set(sys.argv[1:])
    with tempfile.TemporaryDirectory() as folder:
        results = [is_covered(path, folder) for path in modules() if not named or path.stem in named]
    print(f"{sum(results)} of {len(results)} modules")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
