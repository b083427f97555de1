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


def test_ctrl_c_while_it_is_still_being_loaded_is_no_traceback(monkeypatch, capsys):
    class HalfLoaded:
        @property
        def main(self):
            raise KeyboardInterrupt

    monkeypatch.setitem(sys.modules, "mjasync.cli.main", HalfLoaded())
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("mjasync", run_name="__main__")

    assert (ended.value.code, capsys.readouterr().err) == (130, "Interrupted.\n")
