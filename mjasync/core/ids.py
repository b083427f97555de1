"""What a provider's id of a job can be: one rule for what is answered, what a callback names, and what people type."""

import re
from typing import TypeGuard

#: UUIDs (seed 000 line 107) and whole numbers (seed 001 line 94), and what is like them: an id is part of an address.
_ID = re.compile(r"(?!.*\.\.)[A-Za-z0-9_][A-Za-z0-9_.:,-]{0,127}")
#: The same in words.
RULE = "an id has 1 to 128 letters, digits and - _ . : , and begins with a letter or digit"


def is_id(value: object) -> TypeGuard[str]:
    """Return whether a text can be an id."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None
