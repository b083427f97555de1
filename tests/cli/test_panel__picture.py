"""The picture in the README is of today's panel, and needs nothing of the network."""

import re
import runpy
from pathlib import Path

import pytest

pytest.importorskip("rich")

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.long
def test_the_picture_is_fresh():
    made = runpy.run_path(str(DOCS / "make_panel.py"))["render"]()

    assert made == (DOCS / "panel.svg").read_text(encoding="utf-8"), "python docs/make_panel.py > docs/panel.svg"


def test_the_picture_fetches_nothing():
    picture = (DOCS / "panel.svg").read_text(encoding="utf-8")

    assert ["http://www.w3.org/2000/svg"] == re.findall(r"https?://[^\"' )]+", picture)
    assert not re.search(r"url\((?!#)|@import|@font-face|<script|<image", picture)
