"""The tree of errors, as its page and the design draw it, and what each of them tells."""

import re
import traceback

import pytest
from attrs import frozen

from mjasync import errors
from mjasync.errors import BatchError, MJError

#: DESIGN §2, class -> bases.
TREE = {
    "MJError": (Exception,),
    "ConfigError": ("MJError", ValueError),
    "KeyReused": ("ConfigError",),
    "AccountBusy": ("ConfigError",),
    "ActionUnavailable": ("ConfigError",),
    "ProviderError": ("MJError",),
    "AuthError": ("ProviderError",),
    "QuotaExhausted": ("ProviderError",),
    "PromptRejected": ("ProviderError",),
    "InvalidRequest": ("ProviderError",),
    "JobFailed": ("ProviderError",),
    "JobLost": ("ProviderError",),
    "SubmitOutcomeUnknown": ("MJError",),
    "Unreachable": ("MJError",),
    "ProtocolError": ("MJError",),
    "DeadlineExceeded": ("MJError", TimeoutError),
    "NeedsInput": ("MJError",),
    "JobCancelled": ("MJError",),
    "ParentFailed": ("MJError",),
    "PoolClosed": ("MJError",),
    "JournalError": ("MJError",),
    "JournalBusy": ("JournalError",),
    "JournalCorrupt": ("JournalError",),
    "JournalWriteError": ("JournalError",),
}
OURS = [cls for cls in vars(errors).values() if isinstance(cls, type) and issubclass(cls, MJError)]


def test_the_tree_is_the_designs():
    found = {cls.__name__: cls.__bases__ for cls in OURS}

    assert found == {
        name: tuple(getattr(errors, base) if isinstance(base, str) else base for base in bases)
        for name, bases in TREE.items()
    }
    assert (ExceptionGroup,) == BatchError.__bases__


def test_the_page_draws_the_same_tree():
    drawn, path = {}, []
    for line in errors.__doc__.splitlines():
        if found := re.match(r"( *)\* (\w+)(?: \((\w+)\))?", line):
            depth = len(found[1]) // 4
            path[depth:] = [found[2]]
            drawn[found[2]] = (path[depth - 1] if depth else None, found[3])

    assert {*TREE, "BatchError"} == set(drawn)
    assert (None, "ExceptionGroup") == drawn.pop("BatchError")
    for name, (above, extra) in drawn.items():
        bases = [getattr(base, "__name__", base) for base in TREE[name]]
        assert (above is None and ["Exception"] == bases) or [above, *([extra] if extra else [])] == bases, name


@pytest.mark.parametrize("cls", OURS, ids=lambda cls: cls.__name__)
def test_every_error_carries_what_a_reader_needs(cls):
    job = object()
    error = cls("It broke.", why="a reason", hint="mend it", job=job, charged="yes", retryable=True)

    assert "It broke.\n  why   a reason\n  do    mend it" == str(error)
    assert ("It broke.", "a reason", "mend it", job, "yes", True) == (
        error.what,
        error.why,
        error.hint,
        error.job,
        error.charged,
        error.retryable,
    )
    assert cls.__doc__


@pytest.mark.parametrize("cls", OURS, ids=lambda cls: cls.__name__)
def test_what_is_not_known_is_not_said(cls):
    error = cls("It broke.")

    assert ("It broke.", ("It broke.",)) == (str(error), error.args)
    assert (None, "no", False, "", "") == (error.job, error.charged, error.retryable, error.hint, error.why)


@pytest.mark.parametrize(
    ("cls", "field", "value", "default"),
    [
        ("ActionUnavailable", "available", ("a", "b"), ()),
        ("PromptRejected", "word", "gore", None),
        ("DeadlineExceeded", "ticket", "t", None),
        ("JobCancelled", "outcome", "o", None),
        ("ParentFailed", "parent", "p", None),
        ("JournalWriteError", "result", "r", None),
        ("ProviderError", "status", 500, None),
        ("JobFailed", "code", "24", None),
        ("AuthError", "reason", "no", ""),
        ("JobLost", "request_id", "r", None),
    ],
)
def test_what_only_some_carry(cls, field, value, default):
    cls = getattr(errors, cls)

    assert value == getattr(cls("x", **{field: value}), field)
    assert default == getattr(cls("x"), field)


def test_a_list_of_actions_cannot_be_changed_later():
    names = ["a"]
    error = errors.ActionUnavailable("x", available=names)
    names.append("b")

    assert ("a",) == error.available


def test_old_habits_catch_the_new_errors():
    for cls, builtin in ((errors.KeyReused, ValueError), (errors.DeadlineExceeded, TimeoutError)):
        with pytest.raises(builtin):
            raise cls("x")
    assert not issubclass(errors.JobFailed, ValueError)


@frozen
class Outcome:
    error: Exception | None


def test_a_batch_error_keeps_its_outcomes_under_except_star():
    good = Outcome(None)
    bad = [Outcome(errors.JobFailed("a")), Outcome(errors.AuthError("b")), Outcome(errors.JobFailed("c"))]
    seen = {}
    try:
        raise BatchError.of("3 of 4 jobs failed", ok=[good], failed=bad)
    except* errors.JobFailed as group:
        seen["failed"] = group
    except* errors.AuthError as group:
        seen["auth"] = group

    assert [("a", "c"), ("b",)] == [tuple(str(error) for error in group.exceptions) for group in seen.values()]
    for group in seen.values():
        assert isinstance(group, BatchError)
        assert ((good,), tuple(bad), "3 of 4 jobs failed") == (group.ok, group.failed, group.message)


def test_a_batch_error_splits_and_prints():
    group = BatchError.of("1 failed", ok=[], failed=[Outcome(errors.JobFailed("boom", hint="retry"))])
    match, rest = group.split(errors.JobFailed)

    assert (BatchError, None) == (type(match), rest)
    text = "".join(traceback.format_exception(group))
    assert all(word in text for word in ("1 failed", "boom", "do    retry"))
    assert ((), ()) == (BatchError("m", [ValueError()]).ok, BatchError("m", [ValueError()]).failed)
