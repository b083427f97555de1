"""Whole commands: what is printed where, what lies on disk, and the exit code."""

import asyncio
import json
import re
from pathlib import Path

from mjasync import Pool
from mjasync.settings import load

FAST = ["--sim", "--speed", "3000"]


def test_imagine(call, alone):
    code, out, err = call("imagine", "a black cat --ar 3:2", *FAST, "--upscale", "1,3", "--mode", "turbo")
    assert code == 0
    names = [Path(line) for line in out.splitlines()]
    assert [re.sub("-[0-9a-f]{8}-", "-ID-", path.name) for path in names] == [
        "0001-a-black-cat-ID-grid.png",
        "0001-a-black-cat-ID-upscale1.png",
        "0001-a-black-cat-ID-upscale3.png",
    ]
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in names)
    facts = [json.loads(path.with_suffix(".json").read_text()) for path in names]
    assert [fact["step"] for fact in facts] == ["imagine", "upscale1", "upscale3"]
    assert {fact["mode"] for fact in facts} == {"turbo"}
    assert facts[1]["lineage"][0]["job_id"] == facts[0]["job_id"]
    assert all(fact["simulated"] and fact["seconds"] >= 0 and fact["account"] for fact in facts)
    assert "the providers were simulated" in err
    assert "accepted" in err


def test_imagine_as_json(call):
    code, out, _ = call("imagine", "a black cat", *FAST, "--json", "--out", "new/folder")
    told = json.loads(out)
    assert code == 0
    assert (told["ok"], told["error"], told["prompt"], told["number"]) == (True, None, "a black cat", 1)
    assert Path(told["pictures"][0]["path"]).parent == Path("new/folder")
    assert Path(told["pictures"][0]["path"]).exists()


def test_imagine_that_is_refused(call):
    code, out, err = call("imagine", "a gore cat", *FAST, "--upscale", "all")
    assert (code, out) == (1, "")
    assert "gore" in err
    assert "  do    " in err


def test_batch(call, alone):
    (alone / "prompts.csv").write_text("prompt,mode\na cat,turbo\na gore cat,fast\n猫 \u202eevil,\n")
    code, out, err = call("batch", "prompts.csv", *FAST, "--upscale", "2", "--out", "pictures", "--mode", "turbo")
    lines, summary = out.split("\n\n")
    assert code == 1
    assert sorted(line[:12] for line in lines.splitlines()) == ["failed  0002", "ok      0001", "ok      0003"]
    assert re.search(r"ok      0001  turbo  \w+ +[\d.]+ s  pictures/0001-a-cat-\w{8}-upscale2.png", lines)
    assert re.search(r"failed  0002  fast .*PromptRejected: ", lines)
    assert "2 ok, 1 failed" in summary
    assert "4 in pictures" in summary
    assert "the providers were simulated" in summary
    assert "\u202e" not in out + err
    assert "do        PromptRejected: " in err
    assert sorted(path.suffix for path in (alone / "pictures").iterdir()) == [".json"] * 4 + [".png"] * 4


def test_batch_as_json_lines(call, alone):
    (alone / "p.jsonl").write_text('"a cat"\n{"prompt": "an owl \\u00e9", "mode": "turbo"}\n')
    code, out, _ = call("batch", "p.jsonl", *FAST, "--json", "--sheet")
    *outcomes, summary = map(json.loads, out.splitlines())
    assert code == 0
    assert sorted(outcome["prompt"] for outcome in outcomes) == ["a cat", "an owl é"]
    assert {outcome["type"] for outcome in outcomes} == {"outcome"}
    assert (summary["type"], summary["prompts"], summary["ok"], summary["jobs"]) == ("summary", 2, 2, 2)
    assert summary["simulated"] is True
    assert summary["looks_per_job"] > 0
    assert Path(summary["sheet"]) == Path("out/index.html")
    assert "Made with simulated providers" in Path("out/index.html").read_text()


def test_demo(call, alone):
    code, out, _ = call("demo", "--speed", "2000", "--out", "shown")
    assert code == 0
    assert len(re.findall(r"^ok      \d{4}", out, re.MULTILINE)) == 24
    assert "24 ok, 0 failed · 48 jobs in" in out
    assert re.search(r"looks     [\d.]+ per job", out)
    assert re.search(r"slots     \d+% used while busy", out)
    assert "sheet     shown/index.html" in out
    assert "the providers were simulated" in out
    assert {mode for mode in ("turbo", "fast", "relax") if f"  {mode} " in out} == {"turbo", "fast"}
    assert {name for name in ("ttapi", "mjproxy") if f"  {name} " in out} == {"ttapi", "mjproxy"}
    page = (alone / "shown" / "index.html").read_text()
    assert page.count("<img ") == 48
    assert len(list((alone / "shown").glob("*.png"))) == 48


def test_a_real_provider(call, provider, monkeypatch):
    world, variables = provider()
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    code, out, err = call("imagine", "a black cat", "--upscale", "1")
    assert code == 0
    assert len(out.splitlines()) == 2
    assert variables["MJASYNC_TTAPI_URL"] in err
    assert variables["MJASYNC_TTAPI_KEY"] not in out + err
    assert "simulated" not in out + err
    assert json.loads(Path(out.splitlines()[0]).with_suffix(".json").read_text())["simulated"] is False
    assert world.ledger.charged == 2


def test_a_wrong_key(call, provider, monkeypatch):
    world, variables = provider()
    monkeypatch.setenv("MJASYNC_TTAPI_URL", variables["MJASYNC_TTAPI_URL"])
    monkeypatch.setenv("MJASYNC_TTAPI_KEY", "wrong-key-of-mine")
    code, out, err = call("imagine", "a black cat")
    assert (code, out) == (3, "")
    assert "wrong-key-of-mine" not in err
    assert "  do    " in err
    assert world.ledger.charged == 0


def test_a_picture_that_cannot_be_had(call, provider, monkeypatch):
    world, variables = provider()
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    world.inject("status", on="image", times=9, status=404)
    code, out, err = call("imagine", "a black cat")
    assert (code, out) == (1, "")
    assert "could not be downloaded" in err


def test_an_unknown_outcome(call, provider, monkeypatch):
    world, variables = provider()
    monkeypatch.setenv("MJASYNC_TTAPI_URL", variables["MJASYNC_TTAPI_URL"])
    monkeypatch.setenv("MJASYNC_TTAPI_KEY", variables["MJASYNC_TTAPI_KEY"])
    world.inject("lose_answer")
    code, out, _ = call("imagine", "a black cat", "--json")
    assert code == 5
    assert json.loads(out)["error"]["charged"] == "unknown"


def test_a_journal(call, alone, provider, monkeypatch):
    world, variables = provider()
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    (alone / "p.txt").write_text("a cat\na dog\n")
    code, _, err = call("batch", "p.txt", "--journal", "jobs.db", "--upscale", "1")
    assert code == 0
    assert "earlier" not in err
    assert not (alone / "jobs.db.runs").exists()
    monkeypatch.setenv("MJASYNC_JOURNAL", "jobs.db")
    told = json.loads(call("jobs", "--json")[1])
    assert {"done"} == {job["phase"] for job in told["jobs"]}
    assert 4 == len(told["jobs"]) == world.ledger.charged
    code, _, err = call("resume")
    assert (0, 4) == (code, world.ledger.charged)
    assert "Nothing was left to do." in err


def test_the_journal_of_the_settings_is_not_for_simulated_jobs(call, alone, monkeypatch):
    monkeypatch.setenv("MJASYNC_JOURNAL", "jobs.db")
    assert call("imagine", "a cat", *FAST)[0] == 0
    assert not (alone / "jobs.db").exists()
    assert call("imagine", "a cat", *FAST, "--journal", "sim.db")[0] == 0
    assert "a cat" in call("jobs", "--journal", "sim.db")[1]


def test_jobs_of_earlier_runs_are_named(call, alone, provider, monkeypatch):
    _, variables = provider()
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    async def begin():
        accounts = load().accounts
        async with Pool(*accounts, journal="jobs.db") as pool:
            pool.imagine("a held cat")
            await pool.aclose()

    asyncio.run(begin())
    code, _, err = call("imagine", "a cat", "--journal", "jobs.db")
    assert code == 0
    assert "earlier   1 job of earlier runs not over yet; afterwards or instead:" in err
    assert "          resume    mjasync resume --journal jobs.db" in err
    told = json.loads(call("jobs", "--json", "--journal", "jobs.db")[1])
    assert {"a held cat": "held", "a cat": "done"} == {job["prompt"]: job["phase"] for job in told["jobs"]}
