"""What an account's free questions bring, as values."""

import attrs
import pytest

from mjasync.core.model import Status, Ticket
from mjasync.core.reports import AccountInfo, ListedJob, PromptCheck


def test_a_check_is_true_if_the_prompt_is_fine():
    assert PromptCheck(ok=True)
    assert not PromptCheck(ok=False, reason="banned")
    assert "" == PromptCheck(ok=True).reason


def test_what_an_account_does_not_say_is_none():
    info = AccountInfo(account="ttapi")

    assert (None, None, None, {}) == (info.balance, info.frozen, info.max_queue, info.raw)


def test_a_providers_own_answer_is_neither_shown_nor_compared():
    info = AccountInfo(account="ttapi", raw={"email": "a@b.example"})
    row = ListedJob(ticket=Ticket("ttapi", "1"), status=None, action="imagine", raw={"email": "a@b.example"})

    assert "a@b.example" not in repr((info, row))
    assert (AccountInfo(account="ttapi"), attrs.evolve(row, raw={})) == (info, row)


@pytest.mark.parametrize(
    "value",
    [
        PromptCheck(ok=True),
        AccountInfo(account="a", balance=1.0),
        ListedJob(ticket=Ticket("a", "1"), status=Status.DONE, action="imagine", images=()),
    ],
)
def test_values_compare_and_do_not_change(value):
    assert attrs.evolve(value) == value
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        value.anything = 1
