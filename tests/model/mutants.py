"""Deliberate mistakes, each with the search that must find it and the law that it must break.

A model that lets one of these pass proves nothing about the protocol that is right.
"""

from attrs import frozen

from tests.model.state import Scope


@frozen
class Mutant:
    """One mistake, as `wrong` in the moves names it."""

    wrong: str
    #: Beginning of the law that is broken, or "stuck".
    law: str
    scope: Scope


_ONE = Scope(name="one", kills=1)
_DISK = Scope(name="one, slow disk", kills=1, slow_disk=True)
_HOOK = Scope(name="one, hooks", kills=0, hooks=True)
_TWO = Scope(name="two", jobs=2, kills=0)
_WINDOW = Scope(name="window", kills=1, windows=True)
_CANCEL = Scope(name="one, cancels", kills=0, cancels=True, busy=True)
_CHAIN = Scope(name="chain", cast="chain", kills=1, slow_disk=True)

MUTANTS = (
    Mutant("no_intent", "I3", _DISK),
    Mutant("sent_unkept", "I3", Scope(name="one, failing disk", kills=1, slow_disk=True, failing_disk=True)),
    Mutant("sent_again", "I2", _ONE),
    Mutant("lost_asked_again", "I0", _ONE),
    Mutant("intent_forgotten", "I3", _ONE),
    Mutant("slot_freed_at_once", "I1b", _TWO),
    Mutant("expired_too_soon", "I1b", _TWO),
    Mutant("no_cap", "I1 ", _TWO),
    Mutant("error_is_refusal", "I3", _ONE),
    Mutant("error_is_retry", "I3", _ONE),
    Mutant("told_by_ring", "I4", _HOOK),
    Mutant("told_before_durable", "I5", _DISK),
    Mutant("hope_lost", "I5", _HOOK),
    Mutant("hope_without_end", "stuck", _HOOK),
    Mutant("body_believed", "I6", _HOOK),
    Mutant("late_answer", "I0", _HOOK),
    Mutant("adopted_without_its_end", "I1 ", Scope(name="two, hooks", jobs=2, kills=0, hooks=True)),
    Mutant("answered_again", "I2", _WINDOW),
    Mutant("answer_error_is_retry", "I3", _WINDOW),
    Mutant("answer_forgotten", "I3", _WINDOW),
    Mutant("answer_before_durable", "I3", Scope(name="window, slow disk", kills=1, windows=True, slow_disk=True)),
    Mutant("sent_after_cancel", "I2", _CANCEL),
    Mutant("cancel_frees_slot", "I1 ", Scope(name="two, cancels", jobs=2, kills=0, cancels=True)),
    Mutant("step_before_durable", "I10", _CHAIN),
    Mutant("step_asked_again", "I10", Scope(name="chain", cast="chain", kills=1)),
    Mutant("booked_twice", "I3", _ONE),
    Mutant("second_try_unbooked", "I2", Scope(name="tries", cast="tries", kills=0, person=True)),
)
