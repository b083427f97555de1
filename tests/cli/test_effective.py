"""Each setting with its source, each account under the name that its sources have."""

from mjasync.cli import effective
from mjasync.settings import load


def test_values_and_sources(alone):
    (alone / "mjasync.toml").write_text(
        'mode = "turbo"\n[[ttapi]]\nkey = "kkkk"\n[[ttapi]]\nkey_env = "MINE"\nmax_jobs = 3\n'
    )
    found = load({"MINE": "a-key-of-mine-1234567890", "MJASYNC_OUT": "o"}, journal="j.db")

    top = [(row.name, row.value, row.source) for row in effective.top(found)]
    assert [("mode", "turbo", "mjasync.toml"), ("journal", "j.db", "argument"), ("out", "o", "MJASYNC_OUT")] == top
    first, second = ({row.name: row for row in own} for _, own in effective.accounts(found))
    assert ("***", "mjasync.toml") == (first["ttapi.key"].value, first["ttapi.key"].source)
    assert ("***7890", "MINE") == (second["ttapi-2.key"].value, second["ttapi-2.key"].source)
    assert (3, "mjasync.toml") == (second["ttapi-2.max_jobs"].value, second["ttapi-2.max_jobs"].source)
    assert (["relax", "fast", "turbo"], "default") == (second["ttapi-2.modes"].value, second["ttapi-2.modes"].source)


def test_without_anything_all_is_default(alone):
    assert {"default"} == {row.source for row in effective.top(load({}))}
    assert [] == list(effective.accounts(load({})))
