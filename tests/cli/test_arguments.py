"""Help and version."""

import pytest

import mjasync


def test_version(call):
    assert call("--version") == (0, f"mjasync {mjasync.__version__}\n", "")


@pytest.mark.parametrize("command", [[], ["demo"], ["imagine"], ["batch"], ["sim"]])
def test_help(call, command):
    code, out, _ = call(*command, "--help")
    assert code == 0
    assert "usage: mjasync" in out
