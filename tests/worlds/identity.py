"""Which logical request a paid HTTP request stands for, read from the wire as a server would.

Rule 1: hooks and tokens are not part of a request; what is asked for is.
Rule 2: "" for what cannot be told apart: the text of a describe or shorten that two users may both pick.
"""

import hashlib
import json
from collections.abc import Set as AbstractSet

from mjasync.core.wire import HttpRequest


def identity_of(request: HttpRequest, name: str, prompts: AbstractSet[str]) -> str:
    """One text for one logical request, whichever account and provider it goes to; `prompts` are the plan's own."""
    try:
        body = json.loads(request.body or b"{}")
    except ValueError:
        return ""
    match name:
        case "imagine" | "shorten":
            own = f"{name} {body.get('prompt')}"
            return own if own in prompts else ""
        case "describe":
            return f"describe {_digest(body.get('base64'))}"
        case "blend":
            return f"blend {[_digest(one) for one in body.get('imgBase64Array') or body.get('base64Array') or ()]}"
        case "action":
            where, what = body.get("jobId") or body.get("taskId"), body.get("action") or body.get("customId")
            return f"action {where} {what}"
    return f"{name} {body.get('jobId') or body.get('taskId')}"


def _digest(text: object) -> str:
    return hashlib.sha1(str(text).rpartition(",")[2].encode()).hexdigest()[:12]
