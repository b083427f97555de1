"""The documents as a site: built without a warning, complete, at peace with a browser, and silent on the network."""

import html.parser
import importlib.util
import re
import runpy
import shutil
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

ROOT = Path(__file__).parents[2]
MADE = runpy.run_path(str(ROOT / "docs" / "make_site.py"))
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
#: Kinds of elements that a browser fetches by itself.
FETCHED = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src"}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("docs/slots.md", "slots.md"),
        ("benchmarks/README.md", "benchmarks.md"),
        ("README.md", "index.md"),
        ("examples", "examples.md"),
        ("mjasync/errors.py", None),
    ],
)
def test_what_becomes_a_page(path, expected):
    assert expected == MADE["page_of"](path)


def test_links_are_turned_and_code_is_left_alone(tmp_path):
    text = (
        "[a](slots.md#who) [b](../benchmarks/README.md) [c](../LICENSE) [d](https://x.org)\n```\n[a](../README.md)\n```"
    )

    assert "[a](slots.md#who) [b](benchmarks.md) c [d](https://x.org)\n```\n[a](../README.md)\n```" == MADE["turned"](
        text, ROOT / "docs", tmp_path
    )


def test_pictures_come_along(tmp_path):
    text = MADE["turned"]("![p](../benchmarks/plots/makespan.svg)", ROOT / "docs", tmp_path)

    assert ("![p](makespan.svg)", True) == (text, (tmp_path / "makespan.svg").exists())


class Page(html.parser.HTMLParser):
    """What a page has and what it points at."""

    def __init__(self, path):
        super().__init__()
        self.ids, self.links, self.fetched = set(), [], []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.ids.add(given.get("id"))
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        if FETCHED.get(tag) in given:
            self.fetched.append(given[FETCHED[tag]])


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    pytest.importorskip("furo")
    folder = tmp_path_factory.mktemp("built") / "site"
    assert 0 == MADE["build"](folder), "Sphinx warned of something; see above"
    return folder


@pytest.fixture(scope="module")
def pages(site):
    return {path.name: Page(path) for path in site.glob("*.html")}


@pytest.mark.long
def test_every_page_is_there(pages):
    names = {path.stem for path in (ROOT / "docs").glob("*.md")} - {"README"} | {"index", "benchmarks", "changelog"}

    assert set() == {f"{name}.html" for name in names} - pages.keys()


@pytest.mark.long
def test_options_keep_their_dashes(site):
    page = (site / "cli.html").read_text(encoding="utf-8")

    assert ("with --sim" in page, "–sim" in page) == (True, False)


@pytest.mark.long
def test_no_link_of_the_site_is_dead(site, pages):
    dead = []
    for name, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme:
                continue
            target = unquote(parts.path) or name
            known = target in pages or (site / target).is_file()
            found = not parts.fragment or target not in pages or unquote(parts.fragment) in pages[target].ids
            dead += [] if known and found else [f"{name}: {link}"]

    assert [] == dead


@pytest.mark.long
def test_nothing_is_fetched_from_elsewhere(site, pages):
    assert [] == [url for page in pages.values() for url in page.fetched if re.match(r"(https?:)?//", url)]
    styles = "".join(path.read_text(encoding="utf-8") for path in site.rglob("*.css"))
    assert [] == re.findall(r"(?:@import|url\()\s*[\"']?(?:https?:)?//[^)\s]+", styles)


@pytest.fixture
def browser():
    if CHROMIUM is None or importlib.util.find_spec("playwright") is None:
        pytest.skip("needs playwright and the system's chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.mark.long
@pytest.mark.parametrize("width", [1440, 390])
def test_a_browser_is_at_peace_with_it(site, pages, browser, width):
    page = browser.new_page(viewport={"width": width, "height": 900})
    said, asked, wide = [], [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    for name in pages:
        page.goto((site / name).as_uri())
        wide += [name] if page.evaluate("document.documentElement.scrollWidth") > width else []
    page.goto(f"{(site / 'search.html').as_uri()}?q=upscale")
    page.wait_for_function("document.body.innerText.includes('Search finished')")

    assert ([], [], []) == (said, [url for url in asked if not url.startswith(("file:", "data:"))], wide)
    found = page.locator("#search-results li a").all_inner_texts()
    assert {"Chains", "Verbs"} <= set(found)
    assert any("Job.upscale" in text for text in found)
