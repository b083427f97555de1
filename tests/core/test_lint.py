"""Lint: good prompts give nothing, bad ones say what to write, and no text is too much."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mjasync.core._flags import FLAGS
from mjasync.core.lint import LONG_DASHES, MOST, Finding, lint

SETTINGS = settings(derandomize=True, deadline=None, database=None, max_examples=300)

GOOD = [
    "a cat",
    "",
    "  \n ",
    "a black cat --ar 1:1",
    "a cat sitting on a wall --ar 16:9 --v 6.1 --stylize 250",
    "a lighthouse at dusk, oil on canvas, thick brush strokes --v 7 --raw --s 50",
    "portrait of an old sailor, 85mm, f/1.8, Kodak Portra 400 --ar 4:5 --style raw --v 6.0",
    "well--known faces, self-made hats, 3-4 people",
    "a quiet street -- just rain and neon -- at night --ar 21:9",
    "a man — no hat — smiling",
    "she waits — v 3 of the story",
    "the years 1914–1918, a collage",
    "rock—paper—scissors as knights",
    "temperature -5 degrees, frost on a window",
    "A --> B --> C, a flow chart on a blackboard",
    "---------- a divider ---------- and a cat",
    'a shop sign that says "--50% SALE--" in red',
    "i-- and i++ as street art, code on a wall",
    "x-ray of a hand, t-shirt design, sci-fi",
    "a plastic toy -c4 label, studio light",
    "product shot, e-ink tablet -s3 edition",
    "a list: - bread - butter - jam",
    "chess pieces, marble --no people, text, watermark --ar 3:2",
    "vibrant tulips --no red",
    "still life --no fruit --ar 2:3 --chaos 20 --weird 500",
    "https://example.com/a--v.png a cat in this style --iw 2",
    "https://cdn.example/x.png https://cdn.example/y.png --ar 1:1",
    "<https://s.mj.run/abc> a robot --iw .5",
    "a knight --cref https://example.com/k.png --cw 100 --v 6.0",
    "a knight --cref https://example.com/k.png https://example.com/l.png --cw 0 --v 6.1",
    "a maid --niji 6 --cref https://example.com/m.png",
    "a fox --sref https://example.com/s.png --sw 250",
    "a fox --sref 1234567890",
    "a fox --sref random --sv 6 --v 7",
    "a fox --sref 12345::2 https://example.com/s.png::1 --sw 1000",
    "a chair --oref https://example.com/c.png --ow 400 --v 7",
    "a chair --oref https://example.com/c.png",
    "hot:: dog:: --ar 1:1",
    "hot::2 dog::-0.5 in a bun --v 5.2",
    "a girl in the rain --niji 5 --style expressive",
    "a girl in the rain --niji 6 --style raw --ar 9:16",
    "a quick idea --draft --v 7",
    "seamless leaves pattern --tile",
    "my own taste --p",
    "my own taste --p ab12cd3 --s 300",
    "my own taste --profile ab12cd3 m7268",
    "a city --quality .25 --seed 4294967295 --stop 80",
    "a city --q 4 --exp 25 --v 7",
    "a city --aspect 7:4 --version 5.1 --s 1000 --c 100 --w 3000",
    "A CITY --AR 16:9 --V 6.1",
    "一只黑猫，水墨画 --ar 3:4 --niji 6",
    "ein Kätzchen im Schnee, ganz nah --ar 5:4",
    "un gato, fotografía de estudio --v 6.1",
    "a neon sign 'OPEN 24/7', wet asphalt --ar 16:9",
    "isometric room, low-poly, c4d render, octane --v 5",
    'logo with the text "a:b" and (brackets) [too] --ar 1:1',
    "json {\"scene\": 'a cat'} as text --ar 1:1",
    "a {red} bird",
    r"a set \{a, b\} on a blackboard",
    "a wave\nin the style of Hokusai\t--ar 3:2\n--v 6",
    "emoji 🐈‍⬛ on a roof --ar 1:1",
    "a cat --hd --v 8.1",
    "a cat --stealth --v 7",
    "https://example.com/a.png --video --motion low --loop",
]


@pytest.mark.parametrize("prompt", GOOD)
def test_a_good_prompt_gives_nothing(prompt):
    assert () == lint(prompt)


def codes(prompt):
    return [f"{finding.code} {finding.flag} {finding.at}".replace("  ", " ") for finding in lint(prompt)]


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        # glued
        ("a cat --ar16:9", ["glued-value --ar 6"]),
        ("a cat --v6.1 --niji6", ["glued-value --v 6", "glued-value --niji 13", "two-models --niji 13"]),
        ("a cat --ar=16:9", ["glued-value --ar 6"]),
        ("a cat --ar:16:9", ["glued-value --ar 6"]),
        ("a cat --ar16x9", ["glued-value --ar 6", "bad-value --ar 10"]),
        ("a cat--ar 16:9", ["glued-flag --ar 5"]),
        ("a cat --ar 16:9--v 6", ["glued-flag --v 15"]),
        ("a cat --ar 16:9--v6--s250", ["glued-flag --v 15", "glued-flag --stylize 19"]),
        ("a cat.--raw", ["glued-flag --raw 6"]),
        ("a cat (--ar 16:9)", ["glued-flag --ar 7", "stray-punctuation --ar 12"]),
        ("a cat, --raw, --v 6.1.", ["stray-punctuation --raw 7", "stray-punctuation --v 18"]),
        ('"a cat --ar 16:9"', ["stray-punctuation --ar 12"]),
        ("a cat --ar, 16:9", ["stray-punctuation --ar 6"]),
        # dashes
        ("a cat —ar 16:9", ["long-dash --ar 6"]),
        ("a cat –v 6", ["long-dash --v 6"]),
        ("a cat —ar16:9", ["long-dash --ar 6"]),
        ("a cat —raw", ["long-dash --raw 6"]),
        ("a cat —no dogs", ["long-dash --no 6"]),
        ("a cat ---ar 16:9", ["long-dash --ar 6"]),
        ("a cat ——ar 16:9", ["long-dash --ar 6"]),
        ("a cat -ar 16:9", ["single-dash --ar 6"]),
        ("a cat -v 6.1 -s 50", ["single-dash --v 6", "single-dash --stylize 13"]),
        ("a cat -ar16:9", ["single-dash --ar 6"]),
        ("a cat -no dogs", ["single-dash --no 6"]),
        ("a cat -ar 16:9, please", ["single-dash --ar 6", "stray-punctuation --ar 10"]),
        ("a cat -- ar 16:9", ["loose-dash --ar 6"]),
        ("a cat — ar 16:9", ["loose-dash --ar 6"]),
        ("a cat -- v 6", ["loose-dash --v 6"]),
        # values
        ("a cat --ar", ["missing-value --ar 6"]),
        ("a cat --ar --v 6", ["missing-value --ar 6"]),
        ("a cat --niji", ["missing-value --niji 6"]),
        ("a cat --no", ["missing-value --no 6"]),
        ("a cat --ar 16x9", ["bad-value --ar 11"]),
        ("a cat --ar 16：9", ["bad-value --ar 11"]),
        ("a cat --ar 1.5:1", ["bad-value --ar 11"]),
        ("a cat --stylize 5000", ["bad-value --stylize 16"]),
        ("a cat --chaos 101 --seed x", ["bad-value --chaos 14", "bad-value --seed 25"]),
        ("a cat --v abc", ["bad-value --v 10"]),
        ("a cat --sref nice colours", ["bad-value --sref 13"]),
        ("a cat --q 3", ["bad-value --quality 10"]),
        # names
        ("a cat --stlyize 50", ["unknown-flag --stlyize 6"]),
        ("a cat --and a dog", ["unknown-flag --and 6"]),
        ("a cat --zoom2", ["unknown-flag --zoom2 6"]),
        ("a cat --风格 raw", ["unknown-flag --风格 6"]),
        ("a cat --fast", ["mode-flag --fast 6"]),
        ("a cat --relax --turbo", ["mode-flag --relax 6", "mode-flag --turbo 14"]),
        ("a cat --repeat 4", ["repeat --repeat 6"]),
        # places
        ("a cat --ar 16:9 on a wall", ["text-after-flags --ar 16"]),
        ("--ar 16:9 a cat", ["text-after-flags --ar 10"]),
        ("a cat --tile seamless", ["text-after-flags --tile 13"]),
        ("a cat --v 6 https://example.com/a.png", ["text-after-flags --v 12"]),
        ("a cat --sref 123 456 in blue", ["text-after-flags --sref 21"]),
        ("a cat --ar 1:1 --ar 2:1", ["duplicate-flag --ar 15"]),
        ("a cat --s 1 --stylize 2 --s 3", ["duplicate-flag --stylize 12", "duplicate-flag --stylize 24"]),
        ("a cat --foo --foo", ["unknown-flag --foo 6", "unknown-flag --foo 12"]),
        # what fits together
        ("a cat --cref https://a.b/c.png", ["reference-version --cref 6"]),
        ("a cat --cref https://a.b/c.png --v 7", ["reference-version --cref 6"]),
        ("a cat --cref https://a.b/c.png --niji 5", ["reference-version --cref 6"]),
        ("a cat --oref https://a.b/c.png --v 6.1", ["reference-version --oref 6"]),
        ("a cat --cw 10", ["weight-alone --cw 6"]),
        ("a cat --sw 10 --sv 4", ["weight-alone --sw 6", "weight-alone --sv 14"]),
        ("a cat --ow 10", ["weight-alone --ow 6"]),
        ("a cat --v 6 --niji 6", ["two-models --niji 12"]),
        ("a cat --niji 6 --v 6", ["two-models --v 15"]),
        # groups
        ("a {red, blue} bird", ["permutation 2"]),
        ("a bird --ar {3:2, 16:9} --s 5", ["permutation 12"]),
        ("a bird {--v 6.1, --niji 6}", ["permutation 7"]),
        ("a {red, {dark, light} blue} {bird, cat} --ar16:9", ["permutation 2", "glued-value --ar 40"]),
        ("{a, b} }", ["permutation 0"]),
    ],
)
def test_what_is_found(prompt, expected):
    assert expected == codes(prompt)


@pytest.mark.parametrize("dash", LONG_DASHES)
def test_every_long_dash_is_seen(dash):
    assert ["long-dash --ar 6"] == codes(f"a cat {dash}ar 16:9")


@pytest.mark.parametrize(
    ("prompt", "what", "hint"),
    [
        ("a cat --ar16:9", "The value is glued to --ar.", "write --ar 16:9"),
        ("a cat—x –v 6", "–v does not begin with two hyphens.", "write --v 6"),
        ("a cat -- ar 16:9", "There is a blank after the dashes of -- ar.", "write --ar 16:9"),
        ("a cat --raw,", "Punctuation follows --raw.", "take it out: blanks alone separate flags"),
        ("a cat --v", "--v has no value.", "give a version number such as 7 or 6.1, or take it out"),
        ("a cat --s 5000", "--stylize takes no '5000'.", "give a whole number from 0 to 1000"),
        ("a cat --stlyize 5", "--stlyize is not a flag that Midjourney documents.", "did you mean --stylize?"),
        ("a cat --turbo", "--turbo is a speed mode.", "take it out, and say mode='turbo'"),
        ("a cat --cref https://a.b", "--cref works with version 6 alone.", "add --v 6.0, or --niji 6"),
        ("a {b, c}", "The prompt stands for several: it has a {…} group with choices.", None),
        (f"a cat --v {'x' * 99}", f"--v takes no '{'x' * 39}…'.", None),
    ],
)
def test_a_finding_says_what_to_write(prompt, what, hint):
    finding = lint(prompt)[0]

    assert what == finding.what
    assert hint in (None, finding.hint)


def test_an_unknown_flag_without_a_neighbour():
    assert lint("a cat --qqqqqq")[0].hint.startswith("take it out")


def test_a_finding_as_text():
    finding = Finding("missing-value", "--v has no value.", "give one", 6, "--v")

    assert "--v has no value. (missing-value at character 7; give one)" == str(finding)


words = st.sampled_from(
    [f"--{name}" for flag in FLAGS for name in (flag.name, *flag.aliases)]
    + [
        "--",
        "—",
        "-ar",
        "—v",
        "16:9",
        "6",
        "250",
        "a",
        "cat,",
        "--x",
        "{a,",
        "b}",
        "::2",
        "https://a.b/c",
        "--ar1:1",
        "\n",
    ]
)


@SETTINGS
@given(st.text() | st.text("-–—{},:.'av69 \n") | st.lists(words).map(" ".join) | st.lists(words).map("".join))
def test_lint_is_total(prompt):
    found = lint(prompt)

    assert found == lint(prompt)
    assert [finding.at for finding in found] == sorted(finding.at for finding in found)
    for finding in found:
        assert 0 <= finding.at < len(prompt)
        assert finding.what
        assert finding.hint
        assert not finding.flag or finding.flag.startswith(("-", *LONG_DASHES))


@SETTINGS
@given(st.text("abcdefgh ,.'()\"12:;!?", max_size=60))
def test_text_without_dashes_and_braces_gives_nothing(prompt):
    assert () == lint(prompt)


@pytest.mark.parametrize(
    "bit",
    [
        "--v ",
        "--x ",
        "--v",
        "x--v",
        "x--v ",
        "-",
        "a",
        "{a,b}",
        "{",
        "--ar 16:9 ",
        "1 ",
        "—",
        ".--",
        "--a",
        "9" * 50,
        "-v ",
    ],
)
def test_lint_is_quick_on_long_texts(bit):
    prompt = "--sref " + bit * (100_000 // len(bit))
    began = time.process_time()
    found = lint(prompt)

    assert time.process_time() - began < 10
    assert len(found) <= MOST
