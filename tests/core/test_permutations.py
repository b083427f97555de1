"""Permutations: what a group is, in which order its prompts come, and what is refused before any is made."""

import itertools
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mjasync.core.permutations import LIMIT, permutations, scan
from mjasync.errors import ConfigError

SETTINGS = settings(derandomize=True, deadline=None, database=None, max_examples=200)

plain = st.text(st.characters(exclude_characters="{},\\"), max_size=12)
groups = st.lists(plain, min_size=2, max_size=4)


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("a bird", ("a bird",)),
        ("", ("",)),
        ("a {red, blue} bird", ("a red bird", "a blue bird")),
        ("{red,blue}", ("red", "blue")),
        ("a {red, green} {cat, dog}", ("a red cat", "a red dog", "a green cat", "a green dog")),
        ("a bird --ar {3:2, 16:9} --s 5", ("a bird --ar 3:2 --s 5", "a bird --ar 16:9 --s 5")),
        ("a bird {--v 6.1, --niji 6}", ("a bird --v 6.1", "a bird --niji 6")),
        # Midjourney's own example of a comma that separates nothing
        (r"{red, pastel\, yellow} bird", ("red bird", "pastel, yellow bird")),
        # and of nested groups
        (
            "a {stone, oil painting} of a {gull {on a pier, on a beach}, poodle}",
            (
                "a stone of a gull on a pier",
                "a stone of a gull on a beach",
                "a stone of a poodle",
                "a oil painting of a gull on a pier",
                "a oil painting of a gull on a beach",
                "a oil painting of a poodle",
            ),
        ),
        ("{ a ,\n b\t}", ("a", "b")),
        ("a {tabby, } cat", ("a tabby cat", "a  cat")),
        ("{,}", ("", "")),
        ("{a, a}", ("a", "a")),
        ("{{a, b}, c}", ("a", "b", "c")),
        ("{{a, b} , {c, d}}", ("a", "b", "c", "d")),
        ("{x {, y} , z}", ("x", "x y", "z")),
        # no choice, no group
        ("a {red} bird", ("a {red} bird",)),
        ("{}", ("{}",)),
        ('{"scene": "a cat"}', ('{"scene": "a cat"}',)),
        (r"a \{red, blue\} bird", (r"a \{red, blue\} bird",)),
        ("{ {a, b} }", ("{ a }", "{ b }")),
        ("{red} {a, b}", ("{red} a", "{red} b")),
        (r"\{x\} {a, \}}", ("{x} a", "{x} }")),
        ("one, two {a, b}, three", ("one, two a, three", "one, two b, three")),
        (r"C:\cats {a, b}", (r"C:\cats a", r"C:\cats b")),
    ],
)
def test_prompts_of_a_text(prompt, expected):
    assert expected == permutations(prompt)


@SETTINGS
@given(st.lists(st.tuples(plain, groups), max_size=3), plain)
def test_the_count_is_the_product_and_the_order_is_reading_order(parts, end):
    prompt = "".join(f"{text}{{{','.join(choices)}}}" for text, choices in parts) + end
    choices = [[text + choice.strip() for choice in choices] for text, choices in parts]
    expected = tuple("".join(picked) + end for picked in itertools.product(*choices))

    assert expected == permutations(prompt, limit=64)


@SETTINGS
@given(st.text(max_size=30).filter(lambda text: not text.endswith("\\")))
def test_escaped_text_comes_back_as_it_was(text):
    escaped = re.sub(r"([{},])", r"\\\1", re.sub(r"\\(?=[{},])", "", text))
    text = re.sub(r"\\(?=[{},])", "", text)

    assert (text.strip(), "x") == permutations(f"{{{escaped},x}}")


@SETTINGS
@given(st.text("{},\\a ", max_size=40))
def test_any_text_gives_prompts_or_a_refusal(text):
    found = scan(text)
    try:
        made = permutations(text, limit=1_000_000)
    except ConfigError:
        assert found.loose is not None
    else:
        assert found.count == len(made)
        assert bool(found.marks) is (len(made) > 1)


@pytest.mark.parametrize(
    ("prompt", "brace"),
    [
        ("a {red, blue bird", "'{' at character 3"),
        ("a red, blue} bird", "'}' at character 12"),
        ("{a, {b, c}", "'{' at character 1"),
        ("{a, b}} {", "'}' at character 7"),
        ("}{", "'}' at character 1"),
    ],
)
def test_a_brace_without_partner_is_refused(prompt, brace):
    with pytest.raises(ConfigError) as caught:
        permutations(prompt)

    assert brace == caught.value.why
    assert "close or remove it" in caught.value.hint


@pytest.mark.parametrize(
    ("prompt", "limit", "count"),
    [
        ("{a, b, c}", 2, "3"),
        ("{a,b}" * 6, LIMIT, "64"),
        ("{a,b}" * 1000, LIMIT, "more than 1000000"),
        ("{a," * 30000 + "}" * 30000, LIMIT, "30001"),
        ("{{a,b}" + "{a,b}" * 30 + ",c}", LIMIT, "more than 1000000"),
    ],
    ids=["one above", "product", "hostile product", "hostile nest", "inside a group"],
)
def test_too_many_are_counted_and_not_made(prompt, limit, count):
    with pytest.raises(ConfigError) as caught:
        permutations(prompt, limit=limit)

    assert f"The prompt stands for {count} prompts." == caught.value.what
    assert f"{limit} is the limit; every one of them is a paid job" == caught.value.why


def test_the_limit_is_inclusive_and_may_be_raised():
    assert LIMIT == len(permutations("{" + ",".join("a" * LIMIT) + "}"))
    assert 64 == len(permutations("{a,b}" * 6, limit=64))


def test_depth_is_no_danger():
    deep = "{" * 50_000 + "}" * 50_000
    nest = "{a," * 900 + "b" + "}" * 900

    assert (deep,) == permutations(deep)
    assert ("a",) * 900 + ("b",) == permutations(nest, limit=901)


@pytest.mark.parametrize("prompt", [None, 3, b"{a, b}", ["{a, b}"]])
def test_a_prompt_is_text(prompt):
    with pytest.raises(ConfigError, match=f"The prompt is {type(prompt).__name__}, not text"):
        permutations(prompt)


@pytest.mark.parametrize("limit", [0, -1, True, 2.0, "40", None])
def test_a_limit_is_a_number_of_prompts(limit):
    with pytest.raises(ConfigError, match="is not a number of prompts"):
        permutations("{a, b}", limit=limit)


def test_a_scan_says_where_the_groups_are():
    found = scan("a {b} {c, {d, e}} }")

    assert (6, 8, 10, 12, 15, 16) == found.marks
    assert 3 == found.count
    assert 18 == found.loose
