from mjasync.sim.gestures import GRID, REROLL, SINGLE, Gesture, offers


def test_a_grid_offers_its_tiles_and_a_single_everything_else():
    assert [(g.kind, g.tile) for g in offers("imagine")] == [
        *(("upscale", tile) for tile in (1, 2, 3, 4)),
        ("reroll", 0),
        *(("variation", tile) for tile in (1, 2, 3, 4)),
    ]
    assert offers("upscale") == SINGLE
    assert offers("zoom") == offers("pan") == offers("variation") == GRID
    assert offers("swap") == SINGLE
    assert offers("blend") == GRID
    assert not set(GRID) & set(SINGLE)
    assert REROLL in GRID


def test_texts_offer_as_many_as_there_are():
    assert offers("describe", 4) == tuple(Gesture("text", number, "describe") for number in (1, 2, 3, 4))
    assert len(offers("shorten", 2)) == 2
    assert offers("seed") == ()


def test_some_need_a_window():
    assert [g for g in (*GRID, *SINGLE) if g.needs_window] == [
        Gesture("variation", flavour="region"),
        Gesture("zoom", flavour="custom"),
    ]
    assert Gesture("text", 1, "describe").needs_window
