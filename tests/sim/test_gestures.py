from mjasync.sim.gestures import GRID, REROLL, SINGLE, Gesture, offers


def test_a_grid_offers_its_tiles_and_a_single_everything_else():
    assert [(g.kind, g.tile) for g in offers("imagine")] == [
        *(("upscale", tile) for tile in (1, 2, 3, 4)),
        ("reroll", 0),
        *(("variation", tile) for tile in (1, 2, 3, 4)),
    ]
    assert offers("upscale") == SINGLE
    assert offers("zoom") == offers("pan") == offers("variation") == GRID
    assert not set(GRID) & set(SINGLE)
    assert REROLL in GRID


def test_some_need_a_window():
    assert [g for g in (*GRID, *SINGLE) if g.needs_window] == [
        Gesture("variation", flavour="region"),
        Gesture("zoom", flavour="custom"),
    ]
