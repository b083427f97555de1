"""How one request is told: files or texts on stdout, what may be done next on stderr, one document for programs."""

import json

FAST = ["--sim", "--speed", "3000"]


def test_texts_are_numbered(call):
    code, out, err = call("shorten", "a very very beautiful red fox in a deep dark snow forest", *FAST)

    assert 0 == code
    assert [str(number) for number in range(1, 6)] == [line[:2].strip() for line in out.splitlines()]
    assert "next" not in err  # its world has ended


def test_texts_for_programs(call, alone):
    told = json.loads(call("describe", "https://a.example/a.png", "--account", "ttapi", "--json", *FAST)[1])

    assert ("outcome", True, 4, []) == (told["type"], told["ok"], len(told["texts"]), told["pictures"])
    assert ["imagine1", "imagine2", "imagine3", "imagine4"] == told["actions"]
    assert [] == list(alone.iterdir())  # no picture, no folder


def test_a_blend(call, alone):
    picture = call("imagine", "a cat", *FAST)[1].strip()
    code, out, _ = call("blend", picture, picture, "--shape", "portrait", "--upscale", "1", *FAST)

    assert (0, 2) == (code, len(out.splitlines()))
    assert "0001-blend-of-" in out


def test_a_shape_that_is_none(call):
    code, out, err = call("blend", "a.png", "b.png", "--shape", "round", *FAST)

    assert (2, "") == (code, out)
    assert "--shape 'round' cannot be used." in err


def test_how_to_go_on(call, keys, monkeypatch):
    _, _, err = call("imagine", "a cat", "--account", "ttapi", "--journal", "jobs.db")
    (job,) = json.loads(call("jobs", "--json", "--journal", "jobs.db")[1])["jobs"]

    assert f"next      mjasync press {job['id']} upscale1 --journal jobs.db" in err
    monkeypatch.setenv("MJASYNC_JOURNAL", "jobs.db")
    code, out, err = call("press", job["id"], "get_seed")
    assert (0, True) == (code, out.startswith("seed "))


def test_a_budget_that_stops_a_batch(call, alone, keys):
    assert 0 == call("imagine", "a cat", "--account", "ttapi", "--journal", "jobs.db")[0]
    (job,) = json.loads(call("jobs", "--json", "--journal", "jobs.db")[1])["jobs"]
    (alone / "p.txt").write_text("a dog\nan owl\na fox\n")
    budget = f"{job['quota'] * 3:g}"
    code, out, err = call("batch", "p.txt", "--account", "ttapi", "--journal", "jobs.db", "--budget", budget)

    assert (4, 3) == (code, keys.ledger.charged)
    assert "budget    it could not pay for 1 prompt: nothing of that was sent" in err
    assert (
        "go on     mjasync batch out/unsent.jsonl --mode fast --out out --account ttapi --journal jobs.db --budget MORE"
        in err
    )
    assert "QuotaExhausted: give a larger --budget, or none" in err
    assert f"budget    {budget} quota, 0 left; it could not pay for 1 prompt" in out
    assert 1 == len((alone / "out" / "unsent.jsonl").read_text().splitlines())
    code, out, _ = call("batch", "p.txt", "--account", "ttapi", "--journal", "jobs.db", "--budget", budget, "--json")
    summary = json.loads(out.splitlines()[-1])
    assert (4, 3, float(budget), 0) == (code, summary["unpaid"], summary["budget"], summary["left"])
