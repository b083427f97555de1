"""Patience: how long to wait after a refusal or a look without news, and when to stop. For usual looks see `looking`.

Rule 1: time comes in as an argument and a delay goes out; nobody here knows what time it is.
Rule 2: chance comes in as `dice`, a number in [0, 1).
Rule 3: every number below has its reason beside it; this page is the only place that has one.
"""

from collections.abc import Mapping

from attrs import frozen

from mjasync.core.model import Mode

#: A timer that was set to a moment may ring a rounding before it: 2.986 - 0.986 is a hair under 2.
_HAIR = 1e-6

#: Two looks at one job are never closer than this (seconds), whatever is believed.
LEAST_GAP = 0.3
#: And never further apart, but for a provider that asks for more (`Retry-After`), or that calls back.
MOST_GAP = 60.0
#: A callback causes at most one look at its job in so many seconds, however often it rings.
BELL_GAP = 1.0


def has_lasted(seconds: float, *, since: float, now: float) -> bool:
    """True if what began at `since` has gone on for so many seconds, be it to a rounding of the clock."""
    return now - since >= seconds - _HAIR


def after_failed_look(failures: int, retry_after: float | None, dice: float) -> float:
    """Seconds until the next look when `failures` looks in a row brought nothing readable.

    `retry_after` is a floor: jitter goes on top, and a server that always says "1" is left alone for longer all the same.
    """
    grown = min(2.0 ** min(failures, 10), MOST_GAP)
    floor = min(retry_after or 0.0, RETRY_AFTER_LIMIT)
    return max(floor + dice * min(grown, floor), grown * (0.5 + 0.5 * dice), LEAST_GAP)


def once_answered(retry_after: float | None) -> float:
    """Seconds until a look may follow one that brought nothing, if the account has answered another one since."""
    return max(min(retry_after or 0.0, RETRY_AFTER_LIMIT), LEAST_GAP)


def after_refused_look(failures: int, retry_after: float | None, dice: float, *, left: float) -> float:
    """The same for a look that was refused for the account's key or quota, which a person has to mend first.

    The first one may be a server's slip; from the second on 1 to 15 minutes, but once more just before somebody gives
    up, `left` seconds from now.
    """
    usual = after_failed_look(failures, retry_after, dice)
    if failures < 2:
        return usual
    slow = min(REFUSED_GAP * 2.0 ** min(failures - 2, 10), REFUSED_MOST) * (1 + 0.1 * dice)
    return max(min(slow, left - LAST_LOOK), usual)


def paced(gap: float | None) -> float:
    """Seconds between two submits to an account that was asked too often, `gap` apart before (None: at once)."""
    return FIRST_PACE if gap is None else min(2 * gap, MOST_PACE)


def after_refusal(attempts: int, retry_after: float | None, dice: float) -> float:
    """Seconds that an account rests after it said "not now" for the `attempts`-th time in a row: 1 s to 30 s.

    `retry_after` is a floor that jitter never undercuts.
    """
    grown = min(2.0 ** min(attempts - 1, 10), 30.0) * (0.5 + 0.5 * dice)
    return grown + min(retry_after or 0.0, RETRY_AFTER_LIMIT)


#: A job whose looks are refused for its account's key is looked at after 1 minute, then 2, up to 15 (fault H06): a person
#: has to mend it first, and servers shut out addresses that go on knocking with a bad key.
REFUSED_GAP = 60.0
REFUSED_MOST = 900.0
#: Such a job has a last look so many seconds before it is given up.
LAST_LOOK = 5.0
#: An account that was held below its `max_jobs` may have one more job at once after so many seconds. A job takes about
#: a minute, so each step is tried by at least one whole job before the next; ten steps are ten minutes.
REGROWTH = 60.0
#: Until it has all of them back, an account that was asked too often is sent one job at a time, so many seconds apart,
#: and twice as many after each burst of refusals: the usual limits are one request a second and five a minute.
FIRST_PACE = 1.5
MOST_PACE = 12.0
#: What one account may spend on repeating free requests: its bucket holds so many tokens (AWS' SDKs: 500, for a host
#: that serves thousands of requests a second; here it is some requests a second),
RETRY_TOKENS = 50
#: a second try takes so many: after the bucket is empty, tries again are at most a fifth of what was answered,
RETRY_COST = 5
#: twice as many if the try before it ran out of time, because that holds a connection on both sides for long,
TIMEOUT_COST = 10
#: and whatever is answered brings so many back.
RETRY_EARNED = 1
#: A try that failed after so many seconds counts as one that ran out of time, whoever's patience it was.
TIMED_OUT = 10.0
#: A server that answers the first free look with 429 or 5xx is asked again so often (about three minutes).
PROOF_TRIES = 10
#: A bad account beside good ones is asked again after so many seconds.
PROOF_AGAIN = 30.0
#: A job that finds out whether a refused account takes any again may get no answer for very long: its slot is kept, and
#: the next one may try after so many seconds (an exchange takes 30).
PROBE_AGAIN = 60.0
#: A job that was refused so often goes to the end of the queue: it must not keep others from a slot for ever.
REFUSALS_IN_FRONT = 3
#: Looks that say "failed" without naming the job are believed after so many in a row, over `MISSING_SECONDS`.
DOUBTFUL_LOOKS = 5
#: A refusal that belongs to one job ("its parent is not ready at the relay yet") is tried again for so long:
#: relays refresh their table every 15 s.
NOT_YET = 45.0
#: A failure that names its reason and not its job is believed when it is still told after so many seconds.
CONFIRMED = 2.0
#: A submit that never left (no network) is tried so often before its job fails as `Unreachable`.
UNSENT_TRIES = 8
#: Looks that say "unknown id" are believed after so many in a row, over so many seconds:
#: providers answer so for a moment after accepting.
MISSING_LOOKS = 5
MISSING_SECONDS = 60.0
#: A finished job without a single picture is looked at again so often before it is believed: links can lag.
EMPTY_LOOKS = 5
EMPTY_GAP = 3.0
#: An answer to a window that was not taken ("queue full", no network) is sent again so often at most.
WINDOW_TRIES = 8
#: A job that shows a picture at 100 % and stays "running" for so long is finished: its relay stopped watching it.
FROZEN_SECONDS = 60.0
#: The account's own list is asked for a submit of unknown fate after 15 s and 60 s, then every 120 s: a list may lag.
FIRST_SWEEPS = (15.0, 45.0)
SWEEP_GAP = 120.0
#: Of each state so many pages of so many rows; of a page so many rows are looked at, the likely ones first.
SWEEP_PAGES = 3
SWEEP_ROWS = 100
SWEEP_LOOKS = 60
#: Seconds between two looks of a search: the account's other jobs are looked at meanwhile.
SWEEP_PACE = 0.3
#: A search for one job is one for all that are lost there; so old a one serves for the next of them.
SWEEP_FRESH = 10.0
#: An id that a callback has named for a job of unknown fate is looked at so often, until an answer can be read.
BELL_TRIES = 6
#: The token of a job that has ended is known for a day; of one of unknown fate, a week after it was sent.
TOKEN_LIFE, LOST_TOKEN_LIFE = 86_400.0, 7 * 86_400.0
#: After its quarantine a job of unknown fate is searched for every half hour, for as long as `AFTERLIFE`.
LATE_SWEEP = 1800.0
#: A job that was given up after it had been accepted is looked at once a minute for a day: a late result is paid for.
AFTERLIFE = 86_400.0
#: A request that left has arrived within so many seconds, or never will: no submit is waited for longer.
ON_ITS_WAY = 150.0
#: Jobs that a restarted process finds are looked at first within this many seconds for each of them.
RESUME_SPREAD = 0.2
#: Retry-After is honoured up to this many seconds.
RETRY_AFTER_LIMIT = 300.0


@frozen(kw_only=True)
class Limits:
    """How long a provider may take over one job. Seconds."""

    #: The provider's own time-out where it has one: the job ends by itself then.
    timeout: float
    #: How long the slot of a submit with an unknown outcome stays taken.
    quarantine: float

    @property
    def patience(self) -> float:
        """From the submit on, whoever awaits is told after this: the provider's own time-out and a minute."""
        return self.timeout + 60

    @property
    def give_up(self) -> float:
        """From the submit on, the job counts as lost after this, and its slot is lent again."""
        return 2 * self.timeout + 300

    def left(self, since: float) -> float:
        """Seconds until the next one of the two, `since` seconds after the submit; 0 after both."""
        return min((end - since for end in (self.patience, self.give_up) if end > since), default=0.0)


# TTAPI: `timeout` 300 to 1200 s, default 300, relax 600 (seed 000 line 75).
_TTAPI = {Mode.TURBO: 300.0, Mode.FAST: 300.0, Mode.RELAX: 600.0}
# midjourney-proxy's page names no limit. Stock relays give a job up (and refund it) one hour after the submit.
_MJPROXY = {Mode.TURBO: 900.0, Mode.FAST: 900.0, Mode.RELAX: 3600.0}
_TIMEOUTS: Mapping[str, Mapping[Mode, float]] = {"ttapi": _TTAPI, "mjproxy": _MJPROXY}
#: A request may sit in a proxy for a while before the provider's clock starts.
_MARGIN: Mapping[str, Mapping[Mode, float]] = {
    "ttapi": dict.fromkeys(Mode, 150.0),
    "mjproxy": {Mode.TURBO: 0.0, Mode.FAST: 0.0, Mode.RELAX: 300.0},
}


def limits(provider: str, mode: Mode, timeout: int | None) -> Limits:
    """How long this provider may take in this mode; `timeout` is what was sent, if anything was."""
    own = float(timeout or _TIMEOUTS[provider][mode])
    return Limits(timeout=own, quarantine=own + _MARGIN[provider][mode])
