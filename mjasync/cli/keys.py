"""A key as people may see it: enough to tell two apart, too little to use.

Rule 1: this is the one place of the command line that reads a key, and it keeps nothing of it but its end.
"""

from mjasync.accounts import Secret

#: Of a key shorter than this nothing is shown: its end would be too much of it.
_LONG = 20
_SHOWN = 4


def masked(key: Secret) -> str:
    """Return `***` with the key's last four characters, where it is long enough."""
    return f"***{key.reveal()[-_SHOWN:]}" if len(key.reveal()) >= _LONG else "***"
