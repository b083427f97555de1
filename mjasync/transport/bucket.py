"""What may be spent on repeating free requests to one account: a bucket of tokens.

Rule 1: a first try is always free; only trying again costs, more if the try before it ran out of time.
Rule 2: what is answered brings a little back. So when a server is down or drowning, tries again come to an end
within seconds, and from then on they are at most a small share of what it still answers.
Rule 3: one bucket for each account, whatever is asked: the account's server is what has to be spared.
"""

from mjasync.core import patience


class Bucket:
    """One account's bucket. It begins full."""

    def __init__(self) -> None:
        self._tokens = patience.RETRY_TOKENS

    def __repr__(self) -> str:
        return f"Bucket({self._tokens} of {patience.RETRY_TOKENS})"

    @property
    def tokens(self) -> int:
        """What is left, from 0 to `patience.RETRY_TOKENS`."""
        return self._tokens

    def spend(self, *, timed_out: bool) -> bool:
        """Pay for one more try; False, and nothing is taken, if there is not enough left."""
        cost = patience.TIMEOUT_COST if timed_out else patience.RETRY_COST
        if self._tokens < cost:
            return False
        self._tokens -= cost
        return True

    def earn(self) -> None:
        """The server answered."""
        self._tokens = min(self._tokens + patience.RETRY_EARNED, patience.RETRY_TOKENS)
