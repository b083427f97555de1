"""Names are generated; nothing hostile can come through."""

import re

import pytest

from mjasync.sheet.names import SLUG_LIMIT, compact, parts, slug, stem

HOSTILE = [
    "../../etc/passwd",
    "C:\\windows\\system32",
    "con",
    "nul.txt",
    'a/b\\c:d*e?f"g<h>i|j',
    "\x00\x1b[31m",
    ".hidden",
    "trailing. ",
    "~root",
    "-rf /",
    "x" * 5000,
    "猫の絵",
    "",
    "--ar 3:2",
    "\u202egnp.exe",
]


@pytest.mark.fault("U16")
@pytest.mark.parametrize("step", [None, "upscale2", "../x", "MJ::JOB::upsample::1::" + "f" * 200, "猫"])
@pytest.mark.parametrize("prompt", HOSTILE)
def test_a_name_is_safe_whatever_the_prompt(prompt, step):
    name = stem(7, prompt, "1A2b3c4d5e6f7081", step)
    assert re.fullmatch(r"0007-[a-z0-9]+(-[a-z0-9]+)*", name)
    assert len(name) <= 4 + 1 + SLUG_LIMIT + 1 + 8 + 1 + 24


def test_a_name_tells_number_prompt_job_and_step():
    assert (
        stem(7, "A cute cat, it's café --ar 3:2 --v 7", "1a2b3c4d5e6f7081", None)
        == "0007-a-cute-cat-its-cafe-5e6f7081-grid"
    )
    assert stem(12345, "a cat", "x", "upscale_subtle") == "12345-a-cat-x-upscale-subtle"
    assert stem(1, "猫", "00ff", "猫") == "0001-picture-00ff-step"
    assert stem(1, "a cat", "", None) == "0001-a-cat-grid"


def test_a_dash_inside_a_prompt_is_no_parameter():
    assert slug("art--deco lamp") == "art-deco-lamp"
    assert stem(1, "art--deco lamp", "ab", None) == "0001-art-deco-lamp-ab-grid"


def test_a_slug_ends_at_a_word():
    text = slug("a very long prompt about lighthouses at dusk in the north sea")
    assert text == "a-very-long-prompt-about-lighthouses-at"
    assert slug("x" * 60) == "x" * SLUG_LIMIT


@pytest.mark.parametrize("prompt", HOSTILE)
def test_a_name_tells_whose_it_is(prompt):
    job_id = "1a2b3c4d5e6f7081"

    assert compact(job_id) in parts(f"{stem(7, prompt, job_id, 'upscale2')}.png")
    assert compact(job_id) in parts(f"{stem(7, prompt, job_id, None)}-2.png")
    assert compact(job_id) not in parts(f"{stem(7, prompt, 'f' * 16, None)}.json")
