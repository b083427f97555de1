"""Secrets that sing: a key, a hook's token and a signed link, and where to listen for them.

The rows `receiver` and `console` of reliability.md §2.8 have no tests yet: neither exists.
"""

import base64
import json
import pickle
import traceback
from pathlib import Path
from types import ModuleType
from urllib.parse import quote

import attrs

#: A key of the ugliest legal shape: each of its spellings differs from the others.
KEY = 'canary+key/7f3a"\\c0ffee=='
#: What a hook's address and a picture's signature end with.
TOKEN = "t0ken-canary-5e1f0a77"
HOOK = f"https://me.example/hook/{TOKEN}?sig={TOKEN}"
SIGNATURE = "51gned-canary-9b2e"


def spellings(secret):
    """Plain, base64, in a URL, in JSON, in hexadecimal and as Python shows it; and both halves of it."""
    data = secret.encode()
    forms = [
        secret,
        base64.b64encode(data).decode(),
        quote(secret, safe=""),
        json.dumps(secret)[1:-1],
        data.hex(),
        repr(secret)[1:-1],
        secret[:10],
        secret[-10:],
    ]
    return tuple(dict.fromkeys(form for form in forms if form))


def heard(text, *secrets):
    """Every spelling of the secrets that a text, or the bytes of a file, holds."""
    text = text.decode("latin-1") if isinstance(text, bytes) else text
    return [spelling for secret in secrets for spelling in spellings(secret) if spelling in text]


def with_locals(error):
    """The traceback as crash reporters send it, chained errors included, but for the frames of the tests."""
    found, texts = [error], []
    while found:
        each = found.pop()
        frames = traceback.TracebackException.from_exception(each, capture_locals=True).stack
        texts += traceback.StackSummary.from_list([each for each in frames if "/tests/" not in each.filename]).format()
        texts.append("".join(traceback.format_exception_only(each)))
        found += [cause for cause in (each.__cause__, each.__context__) if cause is not None]
        found += getattr(each, "exceptions", ())
    return "\n".join(texts)


def shown(*roots):
    """The repr of every object of ours that can be reached, but for the secret itself and what plays the provider."""
    seen, queue, texts = set(), list(roots), []
    while queue:
        each = queue.pop()
        if id(each) in seen or isinstance(each, str | bytes | int | float | type | ModuleType | None):
            continue
        seen.add(id(each))
        ours = type(each).__module__.startswith("mjasync.")
        if ours and not type(each).__module__.startswith(("mjasync.sim", "mjasync.testing")):
            texts += [repr(each), *_exported(each)]
            queue += _inside(each)
        elif isinstance(each, dict):
            queue += each.values()
        elif isinstance(each, list | tuple | set | frozenset):
            queue += each
    return texts


def _inside(each):
    names = {name for kind in type(each).__mro__ for name in _slots(kind)} | set(getattr(each, "__dict__", ()))
    return [getattr(each, name) for name in names if hasattr(each, name)]


def _slots(kind):
    found = getattr(kind, "__slots__", ())
    return (found,) if isinstance(found, str) else found


def _exported(each):
    """As JSON and as a pickle, where that is possible at all."""
    texts = []
    if attrs.has(type(each)):
        texts.append(json.dumps(attrs.asdict(each, recurse=False), default=repr, skipkeys=True))
    try:
        texts.append(pickle.dumps(each).decode("latin-1"))
    except Exception as exc:  # noqa: BLE001  # most cannot be, and that must not tell either
        texts.append(str(exc))
    return texts


def on_disk(folder):
    """The bytes and the name of every file below a folder."""
    files = [path for path in Path(folder).rglob("*") if path.is_file()]
    return [path.read_bytes() for path in files] + [str(path) for path in files]


def journal_bytes(path):
    """All that a journal has on disk, with what lies beside it."""
    path = Path(path)
    return [each.read_bytes() for each in path.parent.glob(f"{path.name}*") if each.is_file()]
