"""Every fault that we know of has a test that proves what happens then, or a reason why it has none."""

import runpy
from pathlib import Path

from tests.house.faults import FAMILIES, FAULTS, WHY_NOT

DOCS = Path(__file__).parents[2] / "docs"
MAKE = runpy.run_path(str(DOCS / "make_faults.py"))
PROOFS = MAKE["proofs"]()


def test_the_table_is_whole():
    sizes = {letter: sum(fault[0] == letter for fault in FAULTS) for letter in FAMILIES}

    assert {"N": 18, "H": 23, "P": 26, "W": 12, "K": 23, "D": 15, "U": 17} == sizes
    assert {f"{letter}{number:02}" for letter, size in sizes.items() for number in range(1, size + 1)} == set(FAULTS)


def test_every_fault_has_a_test_or_a_reason():
    assert [] == [fault for fault in FAULTS if fault not in PROOFS and fault not in WHY_NOT]


def test_no_fault_has_both():
    assert [] == sorted(set(PROOFS) & set(WHY_NOT))


def test_no_unknown_fault_is_named():
    assert [] == sorted((set(PROOFS) | set(WHY_NOT)) - set(FAULTS))


def test_the_page_is_fresh():
    assert MAKE["render"]() == (DOCS / "faults.md").read_text(encoding="utf-8"), (
        "run: python docs/make_faults.py > docs/faults.md"
    )


def test_marks_are_found_without_running_anything():
    source = """
import nowhere
@pytest.mark.parametrize("a", [1, pytest.param(2, marks=pytest.mark.fault("N02"))])
@pytest.mark.fault("N01", "H01")
async def test_one(a): raise SystemExit

def test_two(): pass
"""

    assert {("N01", "test_one"), ("H01", "test_one"), ("N02", "test_one")} == set(MAKE["marked"](source))
