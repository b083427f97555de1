"""Which addresses are public, and which are never opened."""

import socket

import pytest

from mjasync.transport import download
from mjasync.transport.download import Refused, is_public
from tests.transport.pictures import get


@pytest.mark.parametrize(
    ("host", "public"),
    [
        *[
            (host, True)
            for host in (
                "8.8.8.8",
                "1.1.1.1",
                "2606:4700::1111",
                "::ffff:8.8.8.8",
                "2002:808:808::1",
                "64:ff9b::8.8.8.8",
                "64:ff9b::808:808",
                "2001:0:4136:e378:8000:63bf:f7f7:f7f7",
            )
        ],
        *[
            (host, False)
            for host in (
                "127.0.0.1",
                "127.255.255.254",
                "0.0.0.0",
                "10.0.0.1",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "169.254.169.254",
                "100.64.0.1",
                "192.0.2.1",
                "192.0.0.192",
                "192.88.99.1",
                "168.63.129.16",
                "::ffff:168.63.129.16",
                "2001:20::1",
                "3fff::1",
                "198.18.0.1",
                "198.51.100.1",
                "203.0.113.1",
                "224.0.0.1",
                "239.255.255.250",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::127.0.0.1",
                "::8.8.8.8",
                "::ffff:127.0.0.1",
                "::ffff:10.0.0.1",
                "::ffff:169.254.169.254",
                "fc00::1",
                "fd00:ec2::254",
                "fe80::1",
                "fe80::1%eth0",
                "::1%lo",
                "fec0::1",
                "ff02::1",
                "ff0e::1",
                "2001:db8::1",
                "100::1",
                "::ffff:0:8.8.8.8",
                "::ffff:0:127.0.0.1",
                "4000::1",
                "64:ff9b::127.0.0.1",
                "64:ff9b::10.0.0.1",
                "64:ff9b::224.0.0.1",
                "64:ff9b:1::1",
                "2002:7f00:1::1",
                "2002:a00:1::1",
                "2001:0:4136:e378:8000:63bf:80ff:fffe",
                "2001:0:4136:e378:8000:63bf:3f57:fefe",
                "0177.0.0.1",
                "0x7f.0.0.1",
                "0x7f000001",
                "2130706433",
                "127.1",
                "localhost",
                "example.com",
                "",
                "[::1]",
                "８.8.8.8",
            )
        ],
    ],
)
def test_is_public(host, public):
    assert public is is_public(host)


@pytest.mark.fault("P14")
@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/x.png",
        "http://127.0.0.1:1/x.png",
        "http://0x7f000001/x.png",
        "http://0177.0.0.1/x.png",
        "http://2130706433/x.png",
        "http://127.1/x.png",
        "http://localhost/x.png",
        "http://[::1]/x.png",
        "http://[::ffff:127.0.0.1]/x.png",
        "http://[64:ff9b::7f00:1]/x.png",
        "http://169.254.169.254/latest/meta-data",
        "http://10.0.0.1/x.png",
        "http://0.0.0.0/x.png",
        "http://relay.example@127.0.0.1/x.png",
        "http://[::1",
        "http:///x.png",
        "http://127.0.0.1:99999/x.png",
        "http://a..b/x.png",
        "http://\x1bc/x.png",
        "http://a\u202eb/x.png",
        "http://a\x00.example/x.png",
        "file:///etc/passwd",
        "ftp://8.8.8.8/x",
        "data:image/png;base64,AAAA",
        "javascript:alert(1)",
    ],
)
def test_addresses_that_are_never_opened(url):
    fault, requests = get(url)

    assert (Refused, []) == (type(fault), requests)


@pytest.mark.fault("P14")
@pytest.mark.parametrize("target", [("127.0.0.1", 80), ("::1", 80, 0, 0), ("/tmp/socket",)])
def test_the_socket_itself_is_guarded(target):
    with pytest.raises(PermissionError, match="is not a public address"):
        download._guarded_socket((socket.AF_INET, socket.SOCK_STREAM, 6, "", target))


def test_a_public_socket_is_opened():
    with download._guarded_socket((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", 443))) as opened:
        assert (socket.AF_INET, socket.SOCK_STREAM) == (opened.family, opened.type)
