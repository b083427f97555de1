"""What `--json` prints is what docs/cli.md says of it: no field more, none less."""

import ast
import json
import runpy
from pathlib import Path

import pytest

from mjasync.cli import farewell, report
from mjasync.cli.findings import Level

ROOT = Path(__file__).parents[2]
SHAPES = runpy.run_path(str(ROOT / "docs" / "shapes.py"))["SHAPES"]
PAGE = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
FAST = ["--sim", "--speed", "3000"]


def documents(out):
    found = [json.loads(line) for line in out.splitlines()]
    for document in found:
        assert set(SHAPES[document["type"]][1]) | {"type"} == set(document), document["type"]
    return {document["type"]: document for document in found}


def test_every_type_that_is_printed_is_in_the_table():
    printed = set()
    for path in (ROOT / "mjasync" / "cli").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Dict):
                pairs = zip(node.keys, node.values, strict=True)
                printed |= {
                    value.value
                    for key, value in pairs
                    if isinstance(key, ast.Constant) and key.value == "type" and isinstance(value, ast.Constant)
                }
    assert printed == set(SHAPES)


def test_a_run(call, alone):
    (alone / "p.txt").write_text("a cat\na dog\n")
    assert {"outcome"} == set(documents(call("imagine", "a cat", *FAST, "--json")[1]))
    assert {"outcome", "summary"} == set(documents(call("batch", "p.txt", *FAST, "--json")[1]))
    assert {"error"} == set(documents(call("imagine", " ", *FAST, "--json")[1]))


def test_what_is_free(call, alone):
    (alone / "p.txt").write_text("a cat\n")
    assert {"dry_run"} == set(documents(call("batch", "p.txt", "--dry-run", "--json")[1]))
    assert {"check"} == set(documents(call("check", "a cat", *FAST, "--json")[1]))


def test_a_journal(call, past):
    assert {"buttons"} == set(documents(call("press", past.jobs["done"].id, "--json")[1]))
    jobs = documents(call("jobs", "--json")[1])["jobs"]["jobs"]
    words = SHAPES["jobs"][1]["jobs"]
    assert all(f"`{name}`" in words for job in jobs for name in job)
    documents(call("show", jobs[0]["id"], "--json")[1])
    documents(call("ledger", "--json")[1])


def test_going_on(call, provider, monkeypatch):
    _, variables = provider()
    for name, value in {**variables, "MJASYNC_JOURNAL": "jobs.db"}.items():
        monkeypatch.setenv(name, value)
    call("imagine", "a cat", "--json")
    found = documents(call("resume", "--json")[1])["resume"]
    assert 0 == found["unknown"]


def test_a_decision(call, past):
    out = call("reconcile", past.jobs["lost"].id, "--declare-lost", "--json")[1]
    assert {"declare-lost"} == {each["decision"] for each in documents(out).values()}


def test_an_interruption():
    documents(json.dumps(farewell.as_json("jobs.db", [], 0)))


def test_this_machine(call):
    found = documents(call("doctor", "--sim", "--json")[1])["doctor"]
    assert {"level", "name", "what", "why", "do", "facts"} == {name for each in found["findings"] for name in each}
    for words in (["config"], ["config", "path"], ["config", "init"]):
        documents(call(*words, "--json")[1])


def test_the_page_explains_every_finding_and_shows_one_as_it_is(call):
    explained = PAGE.partition("| name | what is looked at |")[2].partition("\n\n")[0]
    shown = PAGE.partition("$ mjasync doctor\n")[2].partition("```")[0].splitlines()
    names = {each["name"] for each in documents(call("doctor", "--sim", "--json")[1])["doctor"]["findings"]}
    assert [name for name in names if f"`{name}`" not in explained] == []
    heads = [line.split()[:2] for line in shown[:-1] if not line.startswith(" ")]
    assert names == {name for _, name in heads}
    bad = sum(level == Level.BAD for level, _ in heads)
    assert f"{len(heads)} things looked at: 0 to know, {bad} to mend" == shown[-1]


def test_the_page_has_every_exit_code():
    table = PAGE.partition("## Exit codes")[2].partition("\n## ")[0]
    codes = (report.OK, report.SOME_FAILED, report.USAGE, report.CONFIG, report.QUOTA, report.UNKNOWN)
    assert all(f"\n| {code} |" in table for code in codes)
    assert f"\n| {report.INTERRUPTED}, 143 |" in table


@pytest.mark.parametrize("level", Level)
def test_the_levels_are_named(level):
    assert f"`{level}`" in PAGE
