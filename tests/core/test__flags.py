"""The table of flags: names that lead to one flag each, and what each takes."""

import pytest

from mjasync.core._flags import BY_NAME, FLAGS, Takes


def test_every_name_leads_to_one_flag():
    names = [name for flag in FLAGS for name in (flag.name, *flag.aliases)]

    assert sorted(set(names)) == sorted(names)
    assert sorted(names) == sorted(BY_NAME)
    assert all(name.isascii() and name.isalpha() and name.islower() for name in names)


def test_every_needed_reference_is_a_flag():
    assert {"sref", "cref", "oref"} == {flag.needs for flag in FLAGS if flag.needs}
    assert {"relax", "fast", "turbo"} == {flag.name for flag in FLAGS if flag.is_mode}


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("ar", ["16:9", "1:1", "100:37"], ["16x9", "16/9", "1.5:1", "0:1", "1:0", "16:9:1", "16", ":", "-1:2"]),
        ("v", ["6", "6.1", "5.2", "7", "8.2", "10"], ["abc", "0", "v6", "6.", "6.1.2", "-6", "100"]),
        ("niji", ["5", "6", "7"], ["cute", ""]),
        ("s", ["0", "250", "1000"], ["1001", "-1", "2.5", "x", "1" * 40]),
        ("chaos", ["0", "100"], ["101"]),
        ("weird", ["0", "3000"], ["3001"]),
        ("q", [".25", "0.25", "0.5", "1", "1.0", "2", "4"], ["3", "0", ".", "1.", "5"]),
        ("seed", ["0", "4294967295"], ["4294967296"]),
        ("stop", ["10", "100"], ["9", "101"]),
        ("iw", ["0", ".5", "3", "2.75"], ["3.01", "-1"]),
        ("cw", ["0", "100"], ["101"]),
        ("sw", ["0", "1000"], ["1001"]),
        ("ow", ["1", "1000"], ["0", "1001"]),
        ("sv", ["1", "7"], ["0", "10"]),
        ("sref", ["123", "random", "https://a.example/b.png", "123::2", "<https://a.example>"], ["cat", "a::2", ""]),
        ("style", ["raw", "cute", "4b"], ["raw,", ""]),
        ("no", ["hands"], [""]),
        ("p", ["ab12cd"], [""]),
        ("tile", [], ["x", "1"]),
    ],
)
def test_what_fits(name, good, bad):
    flag = BY_NAME[name]

    assert [] == [word for word in good if not flag.fits(word)]
    assert [] == [word for word in bad if flag.fits(word)]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ar", "two whole numbers with a colon, such as 16:9"),
        ("v", "a version number such as 7 or 6.1"),
        ("niji", "a version number such as 6"),
        ("stylize", "a whole number from 0 to 1000"),
        ("seed", "a whole number from 0 to 4294967295"),
        ("iw", "a number from 0 to 3"),
        ("quality", "one of 0.25, 0.5, 1, 2, 4"),
        ("sref", "an address or a code"),
        ("no", "words"),
        ("tile", "nothing"),
    ],
)
def test_what_is_wanted(name, expected):
    assert expected == BY_NAME[name].wants


def test_kinds():
    assert {"ar", "v", "niji"} <= {flag.name for flag in FLAGS if flag.is_particular}
    assert {"style", "motion"} == {flag.name for flag in FLAGS if flag.is_single and not flag.is_particular}
    assert {"p", "video"} == {flag.name for flag in FLAGS if flag.may_stand_alone and flag.takes is not Takes.NOTHING}
