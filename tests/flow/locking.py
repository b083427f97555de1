"""Accounts that can be locked, for the tests of what locks them; nothing is sent with them."""

import mjasync as mj
from mjasync.flow.claims import Claims
from mjasync.journal import Opening

NOWHERE = "http://127.0.0.1:9"  # nothing is sent here
OPENING = Opening(now=lambda: 0.0, wall=lambda: 1_767_225_600.0, accounts={})


def ttapi(key="a-key-of-mine", **options):
    return mj.TTAPI(key=key, base_url=NOWHERE, **options)


def share(jobs=5, **options):
    return ttapi(max_jobs=jobs, shared=True, **options)


def claims(*accounts):
    return Claims({account.name or account.provider: account for account in accounts})


def held(*accounts):
    """Claims that are taken."""
    found = claims(*accounts)
    found.take(OPENING)
    return found
