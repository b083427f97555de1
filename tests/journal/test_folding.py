"""Records in the file's terms."""

import pytest

from mjasync.core.machine import IllegalMove, Resumed, Sending, Silence
from mjasync.core.model import Phase
from mjasync.journal.folding import fold, on_the_wall
from tests.journal.cases import LOST, asked, sent


def test_a_length_becomes_a_moment():
    record = fold("j", [(asked(), 100.0), (Sending("f"), 110.0), (Silence(LOST, 50.0), 120.0)])

    assert (Phase.LOST, 170.0, 110.0) == (record.phase, record.held_until, record.sent_at)
    assert Resumed() == on_the_wall(Resumed(), 5.0)


def test_a_history_that_cannot_be():
    with pytest.raises(IllegalMove):
        fold("j", [(event, 0.0) for event in sent("r")])
