"""A prompts file is read as a whole; every bad line is named with its number."""

import io
from importlib import resources
from pathlib import Path

import pytest

from mjasync import Mode
from mjasync.cli.prompts import Row, doubts, read
from mjasync.cli.usage import UsageError


@pytest.fixture
def file(tmp_path):
    def make(name, content):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return make


def complaint(path):
    with pytest.raises(UsageError) as met:
        read(path)
    assert met.value.hint
    return str(met.value)


def test_txt(file):
    path = file("p.txt", "\ufeff# the list\n\n a black cat --ar 1:1 \r\n  # not a prompt\na 猫\n")
    assert read(path) == (Row(3, "a black cat --ar 1:1"), Row(5, "a 猫"))


def piped(monkeypatch, data):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))


def test_standard_input(monkeypatch):
    piped(monkeypatch, "# the list\na cat\n\na {red, blue} 猫\n".encode())
    assert read(Path("-")) == (Row(2, "a cat"), Row(4, "a red 猫"), Row(4, "a blue 猫"))


@pytest.mark.parametrize(("data", "words"), [(b"\n", "no prompts"), (b"a \xff", "not UTF-8"), (b"a\x00", "1 bad line")])
def test_what_is_wrong_with_standard_input(data, words, monkeypatch):
    piped(monkeypatch, data)
    text = complaint(Path("-"))
    assert words in text
    assert "<stdin>" in text


def test_no_standard_input(monkeypatch):
    monkeypatch.setattr("sys.stdin", None)
    assert "Standard input is closed" in complaint(Path("-"))


def test_only_line_feeds_count_as_lines(file):
    path = file("p.txt", "a\u2028b\na cat")
    assert [row.line for row in read(path)] == [1, 2]


def test_txt_names_every_bad_line(file):
    text = complaint(file("p.txt", "a cat\na \x00 b\nfine\nc \x1b d\n"))
    assert "2 bad lines" in text
    assert "line 2: The prompt has a control character (U+0000 at character 3)" in text
    assert "line 4:" in text
    assert "nothing was sent" in text


def test_many_bad_lines_are_counted(file):
    text = complaint(file("p.txt", "a\x01b\n" * 9))
    assert "line 5:" in text
    assert "and 4 more" in text
    assert "line 6:" not in text


def test_csv(file):
    path = file("p.CSV", '\ufeffPrompt , mode\n"a cat, sitting",turbo\n\na dog,\n"two\nlines",Relax\n')
    assert read(path) == (
        Row(2, "a cat, sitting", Mode.TURBO),
        Row(4, "a dog"),
        Row(5, "two\nlines", Mode.RELAX),
    )
    assert read(path)[0].item() == {"prompt": "a cat, sitting", "mode": Mode.TURBO}
    assert read(path)[1].item() == {"prompt": "a dog"}


@pytest.mark.parametrize("mark", [";", "\t"])
def test_csv_of_another_locale(file, mark):
    assert read(file("p.csv", f"prompt{mark}mode\na cat, sitting{mark}fast\n")) == (
        Row(2, "a cat, sitting", Mode.FAST),
    )


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("prompt\na cat, sitting\n", "line 2: 2 cells where the header has 1: put a prompt with a comma in quotes"),
        ("prompt,mode\na cat\n", "line 2: 1 cells where the header has 2"),
        ("prompt,mode\n,fast\n", "line 2: The prompt is empty"),
        ("prompt,mode\na cat,slow\n", "line 2: There is no mode 'slow'"),
        ("prompt,moode\na cat,fast\n", "line 1: 'moode' is not known, did you mean 'mode'?"),
        ("prompt,colour\na cat,red\n", "line 1: 'colour' is not known; there are prompt and mode"),
        ("prompt,prompt\na cat,b\n", "line 1: a column occurs twice"),
        ("a cat\na dog\n", "line 1: the header needs a column 'prompt'"),
        ('prompt\n"a cat\n', "not CSV"),
        ('prompt\na cat\n"a" dog\n', "line 3: not CSV"),
    ],
)
def test_bad_csv(file, content, expected):
    assert expected in complaint(file("p.csv", content))


def test_jsonl(file):
    path = file("p.jsonl", '"a cat"\n\n{"prompt": "a dog", "mode": "relax"}\n{"prompt": "an owl", "mode": null}\n')
    assert read(path) == (Row(1, "a cat"), Row(3, "a dog", Mode.RELAX), Row(4, "an owl"))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("{prompt: 1}", "line 2: not JSON (Expecting property name enclosed in double quotes at character 2)"),
        ("7", "line 2: neither a text nor an object"),
        ("[]", "line 2: neither a text nor an object"),
        ('{"prompt": 7}', "line 2: The prompt is int, not text"),
        ("{}", "line 2: The prompt is empty"),
        ('{"prompt": "a", "mode": 7}', "line 2: There is no mode '7'"),
        ('{"promt": "a"}', "line 2: 'promt' is not known, did you mean 'prompt'?"),
        ('"\\ud800"', "line 2: The prompt has a control character (U+D800"),
        ("[" * 200_000, "line 2: not JSON that can be used"),
        ("1" * 5000, "line 2: not JSON that can be used"),
    ],
)
def test_bad_jsonl(file, line, expected):
    assert expected in complaint(file("p.jsonl", f'"a cat"\n{line}\n'))


@pytest.mark.parametrize(
    ("name", "content"),
    [("p.txt", ""), ("p.txt", "\n# only this\n\n"), ("p.csv", ""), ("p.csv", "prompt,mode\n"), ("p.jsonl", "\n")],
)
def test_empty(file, name, content):
    assert "has no prompts" in complaint(file(name, content))


def test_not_utf8(file):
    text = complaint(file("p.txt", "fine\ncaf\u00e9\n".encode("latin-1")))
    assert "is not UTF-8" in text
    assert "line 2 has the byte 0xe9" in text


def test_missing_and_unreadable(tmp_path):
    assert "does not exist" in complaint(tmp_path / "none.txt")
    (tmp_path / "folder.txt").mkdir()
    assert "cannot be read" in complaint(tmp_path / "folder.txt")


@pytest.mark.parametrize("name", ["p.xlsx", "p", "p.json"])
def test_unknown_ending(file, name):
    assert ".txt (one prompt a line)" in complaint(file(name, "a cat"))


def test_the_shipped_file():
    with resources.as_file(resources.files("mjasync.cli").joinpath("prompts_demo.txt")) as path:
        rows = read(path)
    assert len(rows) == 24
    assert len({row.prompt for row in rows}) == 24


def test_a_prompt_with_choices_is_several_rows_of_its_line(tmp_path):
    path = tmp_path / "prompts.txt"
    path.write_text("a {red, blue} bird\na cat\n", encoding="utf-8")

    assert [(1, "a red bird"), (1, "a blue bird"), (2, "a cat")] == [(row.line, row.prompt) for row in read(path)]


@pytest.mark.parametrize("line", ["a {red, blue bird", "a " + "{a, b}" * 6])
def test_choices_that_cannot_be_expanded_are_a_bad_line(line, tmp_path):
    path = tmp_path / "prompts.txt"
    path.write_text(f"a cat\n{line}\n", encoding="utf-8")

    with pytest.raises(UsageError, match="line 2"):
        read(path)


def test_doubts_name_their_line():
    rows = (Row(3, "a cat"), Row(7, "a cat --ar16:9"))

    (doubt,) = doubts(rows)

    assert doubt.startswith("line 7: ")
    assert "glued-value" in doubt
