"""What settings keep to themselves: a refusal passes no frame with a key in it."""

import traceback

import pytest

from mjasync.errors import ConfigError
from mjasync.settings import load

KEY = "canary+key/7f3a=="


@pytest.mark.parametrize("url", ["nowhere", "http://example.com", ""])
@pytest.mark.parametrize("provider", ["TTAPI", "MJPROXY"])
@pytest.mark.parametrize("place", ["environ", "file"])
def test_no_frame_of_a_refusal_holds_a_key(provider, url, place, tmp_path):
    file = tmp_path / "mjasync.toml"
    table = f"[{provider.lower()}]\nkey = '{KEY}'\nurl = '{url or '?'}'\n"
    file.write_text(table if place == "file" else "")
    environ = {f"MJASYNC_{provider}_KEY": KEY, f"MJASYNC_{provider}_URL": url or "?"} if place == "environ" else {}

    with pytest.raises(ConfigError) as caught:
        load(environ, file)

    stack = traceback.TracebackException.from_exception(caught.value, capture_locals=True).stack
    own = [frame for frame in stack if frame.filename != __file__]
    assert own
    assert KEY not in "".join(traceback.StackSummary.from_list(own).format())
    assert None is caught.value.__context__
