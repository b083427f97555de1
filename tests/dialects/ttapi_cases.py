"""What TTAPI's tests share: the seed's samples, and the shape of its refusals."""

from mjasync.dialects.ttapi import TTAPIDialect
from tests.dialects.cases import samples

BASE = "https://api.ttapi.io"
ID = "afa774a3-1aee-5aba-4510-14818d6875e4"
DIALECT = TTAPIDialect()

sample = samples("ttapi")


def failed(message, **more):
    return {"status": "FAILED", "message": message, "data": None, **more}
