import ast
from pathlib import Path

from mjasync import sim


def test_the_front_door_is_complete():
    assert len(sim.__all__) == len(set(sim.__all__))
    assert all(hasattr(sim, name) for name in sim.__all__)


def test_it_shares_nothing_but_the_wire_with_the_client():
    for path in Path(sim.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module.startswith("mjasync"):
                assert node.module == "mjasync.core.wire" or node.module.startswith("mjasync.sim"), path
