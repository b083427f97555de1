"""Tokens out of the logs of the server that a receiver is mounted in: its own access log would print their paths."""

import logging
import re

from mjasync.core.tokens import LENGTH

_TOKEN = re.compile(rf"(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{{{LENGTH}}}(?![A-Za-z0-9_-])")


def masked(text: str) -> str:
    """The text without anything that looks like a token."""
    return _TOKEN.sub("***", text)


class MaskTokens(logging.Filter):
    """A filter that shows `/mj/***` where a record shows `/mj/TOKEN`.

    logging.getLogger("uvicorn.access").addFilter(mjasync.webhook.MaskTokens())
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Mask the record's text and its arguments; every record passes."""
        if isinstance(record.msg, str):
            record.msg = masked(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(masked(arg) if isinstance(arg, str) else arg for arg in record.args)
        for name in ("first_request_line", "request_path"):  # aiohttp's access log puts parts beside its text
            value = getattr(record, name, None)
            if isinstance(value, str):
                setattr(record, name, masked(value))
        return True
