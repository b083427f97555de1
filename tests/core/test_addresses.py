"""Pictures that a relay names by half, against contracts_mjproxy §12."""

import pytest

from mjasync.core.addresses import placed
from mjasync.core.model import ImageURL, Snapshot, Status

BASE = "https://relay.example/v2/mj-fast"


@pytest.mark.parametrize(
    ("told", "whole"),
    [
        ("/mj/image/7?rand=1", "https://relay.example/mj/image/7?rand=1"),
        ("http://localhost:3000/mj/image/7", "https://relay.example/mj/image/7"),
        ("http://127.0.0.1/mj/image/7?sig=a%2Fb", "https://relay.example/mj/image/7?sig=a%2Fb"),
        ("http://localhost:3000/other/7", "http://localhost:3000/other/7"),
        ("http://localhost:3000/x?u=/mj/image/7", "http://localhost:3000/x?u=/mj/image/7"),
        ("https://relay.other/mj/image/7", "https://relay.other/mj/image/7"),
        ("//cdn.example/7.png", "//cdn.example/7.png"),
        ("https://img.example/7.png?ex=1&hm=2&", "https://img.example/7.png?ex=1&hm=2&"),
        ("http://[/mj/image/7", "http://[/mj/image/7"),
    ],
)
def test_an_address_becomes_whole(told, whole):
    url = ImageURL(told)

    seen = placed(Snapshot(status=Status.DONE, images=(url,), tiles=(url,) * 4, preview=url), BASE)

    assert (*[whole] * 5, whole) == (*seen.images, *seen.tiles, seen.preview)
    assert all(isinstance(each, ImageURL) for each in (*seen.images, *seen.tiles, seen.preview))


def test_what_names_no_picture_of_its_own_stays_as_it_is():
    seen = Snapshot(status=Status.RUNNING, preview=None)

    assert seen is placed(seen, BASE)
    mixed = Snapshot(status=Status.DONE, images=(ImageURL("/7"),), tiles=(ImageURL("https://img.example/1"),))
    assert (("https://relay.example/7",), ("https://img.example/1",)) == (
        placed(mixed, BASE).images,
        placed(mixed, BASE).tiles,
    )
