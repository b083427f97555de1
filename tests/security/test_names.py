"""File names are generated: 10,000 hostile prompts, ids and steps end up in the folder, each in a file of its own."""

import asyncio
import os
import re
import tempfile
import unicodedata
from pathlib import Path
from random import Random

import attrs
import pytest

import mjasync as mj
from mjasync.sheet import saving
from mjasync.testing import Sim, run
from tests.sheet.test_saving import PNG, Done

PIECES = (
    *(
        "../",
        "..\\",
        "/",
        "\\",
        "/etc/passwd",
        "C:\\",
        "\\\\?\\C:\\",
        "\\\\server\\share",
        "~",
        "~root",
        ".",
        "..",
        "...",
    ),
    *("CON", "con.", "PRN", "AUX", "aux.png", "NUL", "nul ", "COM1", "com1.txt", "COM¹", "LPT9", "CONIN$", "CLOCK$"),
    *("\x00", "\n", "\r\n", "\t", "\x1b]0;x\x07", "\x1b[2J", "\x7f", "\x85", "\x9b31m", "\u2028", "\u202e", "\u2066"),
    *(
        "café",
        "cafe\u0301",
        "ﬁ",
        "Ⅷ",
        "．．／",
        "\u2024\u2024\u2215",
        "ａ",
        "\u00ad",
        "\u200b",
        "\ufeff",
        "👩‍🚀",
        "кот",
        "猫",
    ),
    *(
        "\ud800",
        "\udfff",
        "%2e%2e%2f",
        "%00",
        "-rf",
        "--out=/",
        " ",
        "  ",
        "'",
        '"',
        "`id`",
        "$(id)",
        "|",
        ";",
        "&",
        "*?<>",
    ),
    *(
        ":stream",
        "::$DATA",
        "desktop.ini",
        ".bashrc",
        ".git/config",
        "{mode}",
        "{{title}}",
        "%s",
        "\\N{DEL}",
        "İ",
        "ẞ",
        "K",
    ),
    *("a cat", "A CAT", "a-cat", "--ar 3:2", "x" * 300, "é" * 300, "w " * 2000, "0001", "index", "unsent", "1a2b3c4d"),
)
DEVICES = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|clock\$|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)", re.IGNORECASE)
EACH = 5000
MEMORY = Path("/dev/shm")


def hostile(seed):
    """A text made of the worst pieces, and sometimes 4 KB of one."""
    dice = Random(seed)
    while True:
        text = "".join(dice.choices(PIECES, k=dice.randint(0, 7)))
        yield (text * (4096 // max(len(text), 1) + 1))[:4096] if dice.random() < 0.02 else text


async def at_once(function, *arguments, **options):
    return function(*arguments, **options)


@pytest.fixture
def place(monkeypatch):
    """A folder with neighbours that nobody may touch; the speed of disk and threads is not what is tested."""
    monkeypatch.setattr(os, "fsync", lambda handle: None)
    monkeypatch.setattr(asyncio, "to_thread", at_once)
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as root:
        yield prepared(Path(root).resolve())


def prepared(tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    for name in ("passwd", "cat.png", ".bashrc", "x"):
        (tmp_path / name).write_text("a neighbour")
    (folder / "index.html").write_text("a neighbour")
    return folder


def check(folder, *, files):
    """Every file is a child of the folder under a name that is harmless everywhere; nobody was overwritten."""
    neighbours = [folder.parent / name for name in ("passwd", "cat.png", ".bashrc", "x")]
    assert sorted([folder, *neighbours]) == sorted(folder.parent.iterdir())
    assert {"a neighbour"} == {each.read_text() for each in [*neighbours, folder / "index.html"]}
    names = {path.name for path in folder.iterdir()} - {"index.html"}
    assert files == len(names)
    assert files == len({unicodedata.normalize("NFC", name).casefold() for name in names}), "also where case is not"
    for name in names:
        assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*\.(png|json)", name), name
        assert len(name) <= 120
        assert not DEVICES.match(name), name
    assert all(path.is_file() and not path.is_symlink() and path.stat().st_size for path in folder.iterdir())


@pytest.mark.long
@pytest.mark.fault("U16")
def test_the_command_lines_names(place):
    texts = hostile(1)

    async def story():
        for number in range(EACH):
            result = Done(next(texts) or None)
            # Few ids and few numbers, so that names do meet.
            result.job_id, result.prompt = next(texts) if number % 30 else "00112233", next(texts)
            picture = await saving.save(place, number % 500, next(texts), result, simulated=True, metadata=False)
            assert PNG == (place / picture.file).read_bytes()

    asyncio.run(story())
    check(place, files=2 * EACH)


class Pictures:
    """Gives each picture bytes of its own."""

    def __init__(self):
        self.given = 0

    async def picture(self, account, url):
        self.given += 1
        return PNG + bytes(self.given % 211) + self.given.to_bytes(4)


@pytest.mark.long
@pytest.mark.fault("U16")
def test_the_librarys_own_names(place):
    texts = hostile(2)

    async def story():
        async with mj.Pool(Sim(seed=4).ttapi()) as pool:
            result = await pool.imagine("a cat", get_u_images=True)
        for number in range(EACH // 4):
            own = attrs.evolve(result, job_id=next(texts) if number % 20 else "same", desk=desk)
            for path in await own.save_tiles(place):
                assert place == path.parent

    desk = Pictures()
    run(story())
    assert EACH == desk.given
    check(place, files=EACH)


def test_there_are_enough_of_them():
    assert 10_000 == 2 * EACH
    texts = hostile(1)
    assert EACH // 2 < len({next(texts) for _ in range(EACH)}), "and they differ"
