"""`--dry-run`: everything that can be said without a request, and nothing more."""

import json

import pytest


@pytest.fixture
def prompts(alone):
    (alone / "p.csv").write_text('prompt,mode\na cat,fast\na dog --ar16:9,relax\n"a {red, blue} bird",\n')
    return alone


def test_without_a_key(call, prompts):
    code, out, _ = call("batch", "p.csv", "--dry-run", "--upscale", "1,2")

    assert 0 == code
    lines = out.splitlines()
    assert "dry run   12 jobs for 4 requests; nothing was sent" == lines[0]
    assert ["3", "imagine", "fast", "at", "ttapi", "or", "mjproxy"] == lines[1].split()
    assert ["2", "upscale", "relax", "at", "ttapi", "or", "mjproxy"] == lines[4].split()
    assert "accounts  none is set here" in out
    assert "quota     no price is known for 12 jobs, if all went to ttapi" in lines
    assert "doubtful  0002: The value is glued to --ar. (glued-value at character 7; write --ar 16:9)" in lines
    assert ["mjasync.toml", "p.csv"] != sorted(path.name for path in prompts.iterdir()) == ["p.csv"]


def test_for_programs(call, prompts):
    told = json.loads(call("batch", "p.csv", "--dry-run", "--json", "--budget", "7", "--mode", "turbo")[1])

    assert ("dry_run", "batch", 4, False, 7.0) == tuple(
        told[name] for name in ("type", "command", "jobs", "keys", "budget")
    )
    assert ["fast", "relax", "turbo", "turbo"] == [each["mode"] for each in told["requests"]]
    assert [(2, "glued-value")] == [(each["number"], each["code"]) for each in told["doubts"]]
    assert {"jobs": 4, "quota": None, "unknown": 4} == told["quota"]["ttapi"]


def test_prices_are_what_the_journal_was_told(call, past, alone):
    code, out, _ = call("imagine", "a cat", "--dry-run", "--upscale", "1", "--account", "ttapi", "--budget", "50")

    assert 0 == code
    prices = [job["quota"] for job in json.loads(call("jobs", "--json")[1])["jobs"] if job["phase"] == "done"]
    assert f"quota     about {sum(prices):g} for 2 jobs, if all went to ttapi" in out
    assert f"budget    50, of which {sum(prices):g} are spent in this journal" in out
    assert f"journal   {past.journal}" in out


def test_the_other_verbs(call, alone):
    assert "1  shorten   fast   at mjproxy" in call("shorten", "a very red fox", "--dry-run")[1]
    assert (
        "1  describe  turbo  at ttapi or mjproxy"
        in call("describe", "http://a.example/a.png", "--dry-run", "--mode", "turbo")[1]
    )
    blend = call("blend", "http://a.example/a.png", "http://a.example/b.png", "--dry-run", "--sim")[1]
    assert "1  blend     fast   at " in blend
    assert "accounts" not in blend


def test_a_journal_that_is_not_there_is_not_made(call, alone):
    assert 0 == call("imagine", "a cat", "--dry-run", "--journal", "jobs.db")[0]
    assert [] == list(alone.iterdir())


@pytest.mark.parametrize(
    ("words", "code", "expected"),
    [
        (["imagine", " ", "--dry-run"], 2, "The prompt is empty."),
        (["imagine", "a cat", "--dry-run", "--mode", "slow"], 2, "There is no mode"),
        (["imagine", "a cat", "--dry-run", "--account", "tapi"], 2, "--account 'tapi' is not set here."),
        (["shorten", "a cat", "--dry-run", "--account", "ttapi"], 3, "No account of this pool can do that."),
    ],
)
def test_what_the_run_would_refuse(call, words, code, expected):
    got, out, err = call(*words)

    assert (code, "") == (got, out)
    assert expected in err


def test_many_doubts_are_counted(call, alone):
    (alone / "p.txt").write_text("a cat --ar16:9\n" * 25)

    assert "doubtful  and 5 more" in call("batch", "p.txt", "--dry-run")[1]
