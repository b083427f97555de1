"""Every row of both contracts is a case of some test, or has a reason why it is not one of a dialect's."""

import pytest

from tests.dialects.contracts import NOT_HERE, kept, named, rows

NAMED = frozenset(named())
ROWS = tuple(rows())


@pytest.mark.parametrize("row", ROWS)
def test_a_row_is_kept_by_a_test_or_has_its_reason(row):
    assert kept(row, NAMED) is not (row in NOT_HERE), "name it in a test's id, or in NOT_HERE with the reason"


def test_rows_are_there_once_and_reasons_belong_to_rows():
    assert len(set(ROWS)) == len(ROWS) > 250
    assert set(NOT_HERE) <= set(ROWS)
    assert all(NOT_HERE.values())


def test_a_row_is_not_kept_by_a_longer_name():
    by = frozenset({"contracts_x §1 one", "contracts_x §1 two: more", "x §2 three, more"})

    assert all(kept(f"contracts_x {row}", by) for row in ("§1 one", "§1 two", "§2 three"))
    assert not any(kept(f"contracts_x {row}", by) for row in ("§1 on", "§1 tw", "§2", "§1 more"))
