"""Each module of the layers that decide, covered to 100 % of its branches by its own test files alone.

`python tests/house/own_coverage.py [MODULE…]`; prints a line for each module, and ends with 1 if one falls short.
"""

import ast
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

ROOT = Path(__file__).parents[2]
LAYERS = ("core", "dialects", "notebook")
AT_ONCE = 2
#: Instead of the project's configuration, whose `source` would overrule `--include`.
CONFIG = r"""[report]
exclude_also =
    if TYPE_CHECKING:
    raise NotImplementedError
    ^\s*\.\.\.$
"""


def modules() -> list[Path]:
    """Modules with code in them, of the deciding layers."""
    files = (path for layer in LAYERS for path in sorted((ROOT / "mjasync" / layer).rglob("*.py")))
    return [path for path in files if len(ast.parse(path.read_text(encoding="utf-8")).body) > 1]


def own_tests(module: Path) -> list[Path]:
    """tests/core/test_slots.py, and tests/core/test_slots__histories.py, for core/slots.py; so in packages within."""
    name = module.parent.name if module.stem == "__init__" else module.stem
    folder = ROOT / "tests" / module.parent.relative_to(ROOT / "mjasync")
    return [folder / f"test_{name}.py", *sorted(folder.glob(f"test_{name}__*.py"))]


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """A module of this very Python, at the root."""
    command = [sys.executable, "-m", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def shortfall(folder: Path, module: Path) -> str:
    """Run the module's own tests under coverage, and say what was missed or failed; nothing if all is well."""
    config = f"--rcfile={folder / 'coveragerc'}"
    data = f"--data-file={folder / module.parent.name}.{module.stem}"
    pytest = ("-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *own_tests(module))
    tests = run("coverage", "run", config, data, "--branch", f"--include={module}", *pytest)
    report = run("coverage", "report", config, data, f"--include={module}", "--fail-under=100", "--show-missing")
    if tests.returncode == 0 and report.returncode == 0:
        return ""
    return "\n".join(("", tests.stdout[-1500:], tests.stderr[-1500:], report.stdout, report.stderr))


def main() -> int:
    """All modules, or those named."""
    named = set(sys.argv[1:])
    chosen = [path for path in modules() if not named or path.stem in named]
    good = 0
    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor(AT_ONCE) as pool:
        folder = Path(name)
        (folder / "coveragerc").write_text(CONFIG, encoding="utf-8")
        for module, missed in zip(chosen, pool.map(partial(shortfall, folder), chosen), strict=True):
            print(f"{'SHORT' if missed else '100 %'} {module.relative_to(ROOT)}{missed}", flush=True)
            good += not missed
    print(f"{good} of {len(chosen)} modules")
    return 0 if good == len(chosen) else 1


if __name__ == "__main__":
    sys.exit(main())
