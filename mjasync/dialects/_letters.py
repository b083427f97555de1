"""Bytes to letters: JSON is UTF-8, and what some servers send is not quite."""

import json
import re

from mjasync.core.wire import HttpResponse

_CHARSET = re.compile(r"charset=\"?([\w-]{1,40})", re.IGNORECASE)
#: Encodings that JSON must not be in and sometimes is; in all of them its own signs are ASCII.
_CHARSETS = {
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "gb18030": "gb18030",
    "iso-8859-1": "cp1252",
    "windows-1252": "cp1252",
}
#: How objects and lists begin.
_OPENING = b"{["


def text_of(response: HttpResponse) -> str:
    """The body as text. One bad byte, as in a character cut in half, hides no job: no id, status or address has any."""
    body = response.body
    # What `detect_encoding` would find, too: without a mark or zeros in front it is UTF-8.
    usual = len(body) > 3 and body[0] in _OPENING and body[1]
    try:
        return body.decode("utf-8" if usual else json.detect_encoding(body), "surrogatepass")
    except UnicodeDecodeError:
        claimed = _CHARSET.search(response.headers.get("content-type", ""))
        return body.decode(_CHARSETS.get(claimed[1].lower(), "utf-8") if claimed else "utf-8", "replace")
