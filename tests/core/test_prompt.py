"""A prompt as a value: how it is written, what it refuses, and that it reads back as it was meant."""

import pickle

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mjasync.core._flags import FLAGS, Takes
from mjasync.core.lint import lint
from mjasync.core.prompt import Prompt
from mjasync.errors import ConfigError

SETTINGS = settings(derandomize=True, deadline=None, database=None, max_examples=200)
URL = "https://example.com/a--v.png"


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, "a cat"),
        ({"stylize": 250, "v": "6.1", "ar": "16:9"}, "a cat --ar 16:9 --v 6.1 --stylize 250"),
        ({"ar": (16, 9)}, "a cat --ar 16:9"),
        ({"v": 6.1}, "a cat --v 6.1"),
        ({"v": 6.0}, "a cat --v 6.0"),
        ({"v": 7}, "a cat --v 7"),
        ({"niji": 6}, "a cat --niji 6"),
        ({"stylize": 0, "chaos": 0, "weird": 0, "seed": 0}, "a cat --stylize 0 --chaos 0 --weird 0 --seed 0"),
        ({"quality": 0.25, "iw": 2}, "a cat --quality 0.25 --iw 2"),
        ({"raw": True}, "a cat --raw"),
        ({"raw": True, "v": 7}, "a cat --v 7 --raw"),
        ({"raw": True, "v": 8.1}, "a cat --v 8.1 --raw"),
        ({"raw": True, "v": 6.1}, "a cat --v 6.1 --style raw"),
        ({"raw": True, "niji": 6}, "a cat --niji 6 --style raw"),
        ({"raw": False, "tile": False, "draft": False, "personalize": False}, "a cat"),
        ({"tile": True, "draft": True}, "a cat --tile --draft"),
        ({"no": "hands,  text"}, "a cat --no hands, text"),
        ({"no": ["hands", "text"]}, "a cat --no hands, text"),
        ({"no": ("red hats",)}, "a cat --no red hats"),
        ({"style": "cute"}, "a cat --style cute"),
        ({"sref": 1234}, "a cat --sref 1234"),
        ({"sref": "random", "sw": 10, "sv": 4}, "a cat --sref random --sw 10 --sv 4"),
        ({"sref": [1234, URL]}, f"a cat --sref 1234 {URL}"),
        ({"sref": f"1234::2 {URL}"}, f"a cat --sref 1234::2 {URL}"),
        ({"cref": URL, "cw": 0, "v": "6.0"}, f"a cat --v 6.0 --cref {URL} --cw 0"),
        ({"oref": URL, "ow": 400}, f"a cat --oref {URL} --ow 400"),
        ({"personalize": True}, "a cat --p"),
        ({"personalize": "ab12"}, "a cat --p ab12"),
        ({"personalize": ["ab12", "cd34"]}, "a cat --p ab12 cd34"),
        ({"exp": 10, "stop": 80}, "a cat --exp 10 --stop 80"),
        ({"flags": {"--new": 3, "other": True}}, "a cat --new 3 --other"),
        ({"flags": {"gone": False, "void": None}}, "a cat"),
        ({"flags": {"hd": True, "bs": 2, "new-one": [1, "b"]}}, "a cat --hd --bs 2 --new-one 1 b"),
        ({"flags": {"New": 2.5}}, "a cat --New 2.5"),
        ({"strict": True, "v": 7}, "a cat --v 7"),
    ],
)
def test_how_it_is_written(options, expected):
    prompt = Prompt(" a cat ", **options)

    assert expected == str(prompt)
    assert () == prompt.findings


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ({"ar": "16x9"}, "ar='16x9' is not a value of --ar."),
        ({"ar": (16.5, 9)}, "ar='16.5:9' is not a value of --ar."),
        ({"ar": (16, 9, 1)}, "ar='16:9:1' is not a value of --ar."),
        ({"ar": [16, 9]}, "ar=[16, 9] is not a value of --ar."),
        ({"ar": ""}, "ar='' is not a value of --ar."),
        ({"v": "abc"}, "v='abc' is not a value of --v."),
        ({"v": True}, "v=True is not a value of --v."),
        ({"v": float("nan")}, "v='nan' is not a value of --v."),
        ({"niji": True}, "niji=True is not a value of --niji."),
        ({"niji": -6}, "niji='-6' is not a value of --niji."),
        ({"stylize": 1001}, "stylize=1001 is not a value of --stylize."),
        ({"stylize": -1}, "stylize=-1 is not a value of --stylize."),
        ({"stylize": "250"}, "stylize='250' is not a value of --stylize."),
        ({"stylize": 2.0}, "stylize=2.0 is not a value of --stylize."),
        ({"stylize": False}, "stylize=False is not a value of --stylize."),
        ({"seed": 4294967296}, "seed=4294967296 is not a value of --seed."),
        ({"seed": 10**5000}, "seed=this int is not a value of --seed."),
        ({"v": 10**5000}, "v='this int' is not a value of --v."),
        ({"quality": 3}, "quality=3 is not a value of --quality."),
        ({"quality": float("inf")}, "quality=inf is not a value of --quality."),
        ({"iw": 3.5}, "iw=3.5 is not a value of --iw."),
        ({"raw": "yes"}, "raw='yes' is not a value of --raw."),
        ({"tile": 1}, "tile=1 is not a value of --tile."),
        ({"style": "raw cute"}, "style='raw cute' is not a value of --style."),
        ({"style": 4}, "style=4 is not a value of --style."),
        ({"no": " "}, "no=' ' is not a value of --no."),
        ({"no": []}, "no=() is not a value of --no."),
        ({"no": ["hands", ""]}, "no=('hands', '') is not a value of --no."),
        ({"no": ["hands", None]}, "no=('hands', None) is not a value of --no."),
        ({"no": 3}, "no=3 is not a value of --no."),
        ({"sref": "nice colours"}, "sref='nice colours' is not a value of --sref."),
        ({"sref": True}, "sref=True is not a value of --sref."),
        ({"sref": [10**5000]}, "sref=this tuple is not a value of --sref."),
        ({"personalize": b"ab"}, "personalize=b'ab' is not a value of --p."),
        ({"no": "x" * 99 + " --v 6"}, f"no='{'x' * 58}… has a flag in it."),
        ({"no": "hands --v 6"}, "no='hands --v 6' has a flag in it."),
        ({"no": "hands--v 6"}, "no='hands--v 6' has a flag in it."),
        ({"no": "hands —v 6"}, "no='hands —v 6' has a flag in it."),
        ({"no": "hands -v 6"}, "no='hands -v 6' has a flag in it."),
        ({"no": "hands - v 6"}, "no='hands - v 6' has a flag in it."),
        ({"flags": {"new": "3 --v 6"}}, "flags= --new '3 --v 6' has a flag in it."),
        ({"flags": {"new": {}}}, "flags= --new {} is not a value of --new."),
        ({"flags": {"bs": 3}}, "flags= --bs 3 is not a value of --bs."),
        ({"flags": {"--ar": "1:1"}}, "flags= has --ar, which has an argument of its own."),
        ({"flags": {"s": 5}}, "flags= has --s, which has an argument of its own."),
        ({"flags": {"P": True}}, "flags= has --P, which has an argument of its own."),
        ({"flags": {"v6": True}}, "flags= has 'v6', which cannot be a flag."),
        ({"flags": {"a b": True}}, "flags= has 'a b', which cannot be a flag."),
        ({"flags": {"": True}}, "flags= has '', which cannot be a flag."),
        ({"flags": {"n" * 30: True}}, f"flags= has '{'n' * 30}', which cannot be a flag."),
        ({"flags": ["--new"]}, "flags=['--new'] is not a mapping."),
        ({"flags": {3: True}}, "flags={3: True} is not a mapping."),
        ({"raw": True, "style": "cute"}, "raw= and style= are two styles."),
    ],
)
def test_what_is_refused(options, what):
    with pytest.raises(ConfigError) as caught:
        Prompt("a cat", **options)

    assert what == caught.value.what
    assert caught.value.hint


@pytest.mark.parametrize("text", ["", " \n", None, 3, b"a cat"])
def test_a_prompt_has_text(text):
    with pytest.raises(ConfigError, match="is no text of a prompt"):
        Prompt(text)


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"stylize": 5000}, "Midjourney takes a whole number from 0 to 1000"),
        ({"raw": 1}, "Midjourney takes True or False"),
        ({"flags": {"v6": True}}, "it would be read as --v with a value"),
        ({"flags": {"6": True}}, ""),
        ({"no": "a --v"}, "'--v' would be read as one"),
    ],
)
def test_a_refusal_has_three_parts(options, why):
    with pytest.raises(ConfigError) as caught:
        Prompt("a cat", **options)

    assert why == caught.value.why


@pytest.mark.parametrize(
    ("text", "options", "code"),
    [
        ("a cat --ar16:9", {}, "glued-value"),
        ("a cat --ar 1:1", {"ar": "1:1"}, "duplicate-flag"),
        ("a cat", {"cref": URL}, "reference-version"),
        ("a cat", {"cw": 10}, "weight-alone"),
        ("a cat", {"v": 6, "niji": 6}, "two-models"),
        ("a cat", {"flags": {"fast": True}}, "mode-flag"),
        ("a cat --new 4", {"flags": {"newer": 3}}, "unknown-flag"),
        ("a {red, blue} cat", {}, "permutation"),
    ],
)
def test_strict_refuses_what_lint_finds(text, options, code):
    loose = Prompt(text, **options)
    with pytest.raises(ConfigError) as caught:
        Prompt(text, **options, strict=True)

    assert [code] == [finding.code for finding in loose.findings]
    assert f"strict=True refuses it ({code})" == caught.value.why
    assert loose.findings[0].what == caught.value.what


def test_permutations():
    prompt = Prompt("a {red, blue} cat", ar="1:1")

    assert ("a red cat --ar 1:1", "a blue cat --ar 1:1") == prompt.permutations()
    with pytest.raises(ConfigError):
        prompt.permutations(limit=1)


def test_it_is_a_value():
    one, same = (Prompt("a cat", v=v, no=no, flags={"new": 3}) for v, no in ((6.1, ["a"]), ("6.1", ("a",))))
    other = attrs.evolve(one, v=7)

    assert one == same
    assert hash(one) == hash(same)
    assert one == pickle.loads(pickle.dumps(one))
    assert "a cat --v 7 --no a --new 3" == str(other)
    assert "Prompt('a cat', v='6.1', no=('a',), flags={'new': 3})" == repr(one)
    assert "Prompt('a cat')" == repr(Prompt("a cat"))
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        one.v = "7"


def test_its_flags_are_its_own():
    given = {"new": 3}
    prompt = Prompt("a cat", flags=given)
    given["new"] = 4

    assert "a cat --new 3" == str(prompt)


def test_every_argument_is_a_flag_in_the_tables_order():
    arguments = [field.name.replace("personalize", "p") for field in attrs.fields(Prompt)][1:-2]

    assert arguments == [flag.name for flag in FLAGS][: len(arguments)]


def values(flag):
    """Every value of a flag that the table allows."""
    match flag.takes:
        case Takes.NOTHING:
            return st.booleans()
        case Takes.WHOLE:
            return st.integers(int(flag.least), int(flag.most))
        case Takes.NUMBER:
            return st.sampled_from(flag.one_of) if flag.one_of else st.sampled_from([0, 0.5, 1, 1.25, 3])
        case Takes.RATIO:
            return st.tuples(st.integers(1, 99999), st.integers(1, 99999))
        case Takes.WORD:
            return st.sampled_from(["cute", "4b", "raw"])
        case Takes.REFERENCES:
            return st.sampled_from([URL, "random", 123, [URL, "12::2"]])
        case Takes.CODES:
            return st.booleans() | st.sampled_from(["ab12", ["ab12", "cd34"]])
        case _:
            return st.text("abc d", min_size=1).filter(str.strip) | st.lists(st.sampled_from("abc"), min_size=1)


TABLE = {flag.name: flag for flag in FLAGS}
MODELS = st.sampled_from([{}, {"v": "6.0"}, {"v": 6.1}, {"v": 7}, {"v": 5}, {"niji": 6}])
REFERENCES = {"sref": ("sw", "sv"), "cref": ("cw",), "oref": ("ow",)}
PLAIN = [
    "ar", "stylize", "chaos", "weird", "exp", "quality", "seed", "stop", "iw", "tile", "draft", "no", "personalize"
]  # fmt: skip


@st.composite
def prompts(draw):
    """Any prompt whose flags fit together."""
    options = dict(draw(MODELS))
    major = str(options.get("v", options.get("niji", 7)))[0]
    names = draw(st.lists(st.sampled_from(PLAIN), unique=True))
    names += draw(st.sampled_from([[], ["raw"], ["style"]]))
    for reference, weights in REFERENCES.items():
        fits = {"sref": True, "cref": major == "6", "oref": major == "7" or "niji" in options}[reference]
        if fits and draw(st.booleans()):
            names += [reference, *draw(st.lists(st.sampled_from(weights), unique=True))]
    options |= {name: draw(values(TABLE["p" if name == "personalize" else name])) for name in names}
    text = draw(st.text("abc ,.'1:é猫-", min_size=1).filter(lambda text: text.strip(" -") and "-" not in text[:1]))
    return Prompt(text.replace("-", "a-b"), **options)


@SETTINGS
@given(prompts())
def test_a_valid_prompt_gives_no_finding(prompt):
    assert () == lint(str(prompt)) == prompt.findings
    assert str(prompt) == str(attrs.evolve(prompt, strict=True))
    assert (str(prompt),) == prompt.permutations()
