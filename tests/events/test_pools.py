"""What is told of a pool and of an account."""

import attrs

from mjasync.events import pools


def test_whatever_is_about_an_account_names_it():
    kinds = [each for each in vars(pools).values() if isinstance(each, type) and each.__module__ == pools.__name__]
    about = [each for each in kinds if issubclass(each, pools.AboutAccount | pools.AboutJob)]

    assert {"Opened", "Closed", "JournalBroke", "HookRang"} == {each.__name__ for each in set(kinds) - set(about)}
    assert all("account" in attrs.fields_dict(each) for each in about)
