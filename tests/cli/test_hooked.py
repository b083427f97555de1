"""`mjasync doctor --hook`: what it says of an address that leads to us, to nobody, or to somebody else."""

import json
import socket

import pytest

from mjasync.cli import hooked
from mjasync.flow.selfcall import Called


def free():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def found(call, *words):
    code, out, _ = call("doctor", "--sim", "--json", *words)
    return code, [each for each in json.loads(out)["findings"] if each["name"] == "hook"]


def test_an_address_that_leads_to_us(call):
    port = free()
    code, (hook,) = found(call, "--hook", f"http://127.0.0.1:{port}/mj", "--port", str(port))

    assert (0, "ok", 200) == (code, hook["level"], hook["facts"]["status"])
    assert f"leads to the receiver at 127.0.0.1:{port}" in hook["what"]


def test_one_that_leads_nowhere(call):
    code, (hook,) = found(call, "--hook", f"http://127.0.0.1:{free()}/mj", "--port", str(free()))

    assert (3, "bad", None) == (code, hook["level"], hook["facts"]["status"])
    assert hook["why"].startswith("no answer: ")
    assert hook["do"]


def test_a_port_that_is_taken(call):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        code, (hook,) = found(call, "--hook", "http://127.0.0.1:1/mj", "--port", port)

    assert (3, f"The receiver cannot listen on 127.0.0.1:{port}.") == (code, hook["what"])


def test_the_simulator_calls_back_at_both_providers(call):
    code, hooks = found(call, "--hook")

    assert (0, ["ok", "ok"]) == (code, [hook["level"] for hook in hooks])
    assert all(hook["facts"]["heard"] >= 1 for hook in hooks)


def test_without_an_address_and_without_the_simulator_it_says_how(call):
    code, _, err = call("doctor", "--hook")

    assert 2 == code
    assert "mjasync doctor --hook https://example.org/mj" in err


def test_nobody_is_called_offline(call):
    code, out, _ = call("doctor", "--json", "--offline", "--hook", "http://127.0.0.1:1/mj")

    assert 3 == code
    assert "hook" not in {each["name"] for each in json.loads(out)["findings"]}


@pytest.mark.parametrize(
    ("heard", "status", "why"),
    [(False, 404, "something else answered: HTTP 404"), (True, 502, "the receiver heard it, and the answer")],
)
def test_why_an_answer_is_not_enough(heard, status, why):
    seen = Called(heard=heard, status=status, fault="", seconds=0.1, at="127.0.0.1:8787")

    assert hooked._reason(seen)[0].startswith(why)
