"""`python -m mjasync` is the command."""

import runpy
import sys

import pytest

import mjasync


def test_as_a_module(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["mjasync", "--version"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("mjasync", run_name="__main__")

    assert (ended.value.code, capsys.readouterr().out) == (0, f"mjasync {mjasync.__version__}\n")
