"""A few faults of the real system; `python -m tests.journal.strace_faults` tries all of them."""

import pytest

from tests.journal import strace_faults


@pytest.mark.long
@pytest.mark.fault("D03")
@pytest.mark.skipif(not strace_faults.available(), reason="needs strace; test_sqlite__disk.py has the same without it")
def test_what_the_kernel_refuses(tmp_path):
    faults, wrong = strace_faults.scenario(tmp_path, every=140)

    assert [] == wrong
    assert faults > 2
