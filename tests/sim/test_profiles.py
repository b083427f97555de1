import pytest

from mjasync.sim import PROFILES, World
from mjasync.sim.profiles import find


def test_the_seed_is_the_first_and_differs_in_nothing():
    assert next(iter(PROFILES)) == "seed"
    assert PROFILES["seed"].switches() == {}
    assert World().profile is PROFILES["seed"]


def test_every_other_differs_in_something_of_its_own():
    switches = [tuple(sorted(profile.switches().items(), key=str)) for profile in PROFILES.values()]
    assert len({str(one) for one in switches}) == len(PROFILES)
    assert PROFILES["get-fetch"].switches() == {"ttapi.fetch_methods": ("GET",)}
    assert PROFILES["relay-15s"].switches()["mjproxy.refresh"] == 15.0


def test_each_says_in_a_line_what_it_is():
    for name, profile in PROFILES.items():
        assert profile.name == name
        assert 10 < len(profile.about) < 120
        assert "\n" not in profile.about


def test_an_unknown_name_is_told_the_known_ones():
    with pytest.raises(ValueError, match=r"'nobody'; there are seed, .*relay-15s"):
        World(profile="nobody")
    with pytest.raises(ValueError, match="no profile"):
        find("")


@pytest.mark.parametrize("name", PROFILES)
def test_a_grid_and_its_upscale_in_every_profile(in_profile, name):
    stage = in_profile(name)
    grid = stage.done("ttapi")
    assert stage.see("ttapi", grid).json["status"] == "SUCCESS"
    single = stage.press("ttapi", grid, "upsample2")
    stage.wait()
    assert stage.see("ttapi", single).json["data"]["cdnImage"].endswith(".png")

    task = stage.done("mjproxy")
    seen = stage.look(task).json
    assert seen["imageUrl"].endswith(".png")
    assert seen["status"] == ("IN_PROGRESS" if name == "frozen-100" else "SUCCESS")
    if name not in {"old-proxy", "frozen-100"}:
        other = stage.press("mjproxy", task, stage.button(task, "U2"))
        stage.wait()
        assert stage.look(other).json["status"] == "SUCCESS"
    assert stage.violations() == []
    assert stage.ledger.charged == (3 if name in {"old-proxy", "frozen-100"} else 4)


@pytest.mark.parametrize("name", PROFILES)
def test_every_profile_tells_the_same_story_twice(in_profile, name):
    stories = []
    for stage in (in_profile(name), in_profile(name)):
        ids = [stage.submit("ttapi"), stage.submit("mjproxy")]
        stage.clock.time = 40.0
        bodies = [stage.see("ttapi", ids[0]).body, stage.look(ids[1]).body]
        stories.append((ids, bodies, stage.ledger.as_json()))
    assert stories[0] == stories[1]
