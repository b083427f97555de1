"""A canary token must not sing in anybody's access log."""

import asyncio
import logging

import aiohttp
import pytest
from aiohttp import web

from mjasync.webhook import MaskTokens
from mjasync.webhook.masking import masked
from mjasync.webhook.routes import routes
from tests.webhook.calling import JSON, TOKEN, Bell


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"POST /mj/{TOKEN} HTTP/1.1", "POST /mj/*** HTTP/1.1"),
        (f"/mj/{TOKEN}", "/mj/***"),
        (f'"{TOKEN}"', '"***"'),
        (f"/mj/{TOKEN}x", f"/mj/{TOKEN}x"),
        ("GET / HTTP/1.1", "GET / HTTP/1.1"),
    ],
)
def test_what_looks_like_a_token_is_masked(text, expected):
    assert expected == masked(text)


@pytest.mark.fault("W12")
def test_aiohttps_own_access_log_shows_none_with_it(caplog):
    logger = logging.getLogger("aiohttp.access")
    mask = MaskTokens()

    async def story():
        app = web.Application()
        app.add_routes(routes(Bell().door, "/mj"))
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}/mj/{TOKEN}"
        async with aiohttp.ClientSession() as http, http.post(url, data=b"{}", headers=JSON) as answer:
            assert 200 == answer.status
        await runner.cleanup()

    logger.addFilter(mask)
    try:
        with caplog.at_level(logging.INFO, logger="aiohttp.access"):
            asyncio.run(story())
    finally:
        logger.removeFilter(mask)

    shown = [record for record in caplog.records if record.name == "aiohttp.access"]
    assert 1 == len(shown)
    assert "POST /mj/*** HTTP/1.1" in shown[0].getMessage()
    assert TOKEN not in str(vars(shown[0]))


def test_uvicorns_way_of_logging_is_masked_too():
    record = logging.LogRecord(
        "uvicorn.access",
        logging.INFO,
        "",
        0,
        '%s - "%s %s HTTP/%s" %d',
        ("1.2.3.4:5", "POST", f"/mj/{TOKEN}", "1.1", 200),
        None,
    )

    assert MaskTokens().filter(record) is True
    assert '1.2.3.4:5 - "POST /mj/*** HTTP/1.1" 200' == record.getMessage()


def test_a_record_of_another_kind_passes():
    record = logging.LogRecord("a", logging.INFO, "", 0, ValueError("b"), None, None)

    assert MaskTokens().filter(record) is True
