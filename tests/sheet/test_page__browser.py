"""The contact sheet in a real browser, from the disk: what can be done with it, and that it asks nobody for anything."""

import shutil
from pathlib import Path

import pytest
from PIL import Image

from mjasync.sheet.page import Sheet, render
from tests.sheet.test_page import card, picture

CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.long


def wall(count):
    """So many cards: a grid and its tile; every third one failed."""
    grid = {"job_id": "id-imagine", "step": "imagine", "ticket": "ttapi:cd"}
    cards = []
    for number in range(1, count + 1):
        told = {"number": number, "prompt": f"cat {number} --ar 3:2"}
        made = told | {"account": ("ttapi", "mjproxy")[number % 2], "size": (60, 40)}
        pictures = (picture(file="grid.png", **made), picture("upscale2", file="up.png", lineage=(grid, grid), **made))
        failed = number % 3 == 0
        cards.append(card(**told, mode="turbo", trouble="PromptRejected: gore") if failed else card(*pictures, **told))
    return cards


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sheet")
    Image.new("RGB", (60, 40), "teal").save(folder / "grid.png")
    Image.new("RGB", (60, 40), "salmon").save(folder / "up.png")
    for count in (0, 1, 24, 300):
        sheet = Sheet(title="a sheet", cards=wall(count))
        (folder / f"{count}.html").write_text(render(sheet), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def browser():
    sync_api = pytest.importorskip("playwright.sync_api")
    if CHROMIUM is None:
        pytest.skip("needs the system's chromium")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def visit(browser, folder):
    """Open a page; at the end nothing was said on the console, and nothing asked for but files of its folder."""
    said, asked, contexts = [], [], []

    def visit(count=24, **options):
        context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}} | options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto((folder / f"{count}.html").as_uri())
        return page

    yield visit
    for context in contexts:
        context.close()
    assert [] == said
    assert {f"{folder.as_uri()}/"} == {url.rpartition("/")[0] + "/" for url in asked}


def visible(page):
    return page.locator(".card:visible").count()


def test_the_filter(visit):
    page = visit()
    assert 24 == visible(page)

    page.keyboard.press("/")
    page.keyboard.type("cat 13")
    assert 1 == visible(page)
    assert "1 of 24" == page.locator("form output").text_content()
    page.keyboard.press("Control+A")
    page.keyboard.type("no such thing")
    assert 0 == visible(page)
    page.get_by_role("button", name="Show all").click()
    assert 24 == visible(page)
    page.get_by_label("Ended").select_option("failed")
    assert 8 == visible(page)
    page.get_by_label("Ended").select_option("ok")
    page.get_by_label("Account").select_option("ttapi")
    assert 8 == visible(page)
    page.get_by_label("Account").select_option("")
    page.get_by_label("Ended").select_option("")
    page.get_by_label("Mode").select_option("turbo")
    assert 8 == visible(page)


def test_two_pictures_are_compared_by_keyboard(visit):
    page = visit()
    marks = page.locator(".pick-button")
    for number in (0, 1):
        marks.nth(number).focus()
        page.keyboard.press("Enter")
    page.get_by_role("button", name="Compare", exact=True).press("Enter")

    dialog = page.get_by_role("dialog", name="Compare two pictures")
    assert dialog.is_visible()
    sources = dialog.locator("img").evaluate_all("e => e.map(i => i.src)")
    assert ["grid.png", "up.png"] == [Path(src).name for src in sources]
    dialog.get_by_label("Slider").check()
    cut = dialog.get_by_label("How much of the first picture")
    cut.focus()
    page.keyboard.press("ArrowRight")
    assert "51" == cut.input_value()
    page.keyboard.press("Escape")
    assert not dialog.is_visible()
    page.get_by_role("button", name="Clear").click()
    assert not page.locator(".tray").is_visible()


def test_a_picture_is_shown_large(visit):
    page = visit()
    page.locator(".shot").first.click()

    dialog = page.get_by_role("dialog", name="Picture", exact=True)
    assert dialog.is_visible()
    first = dialog.locator("img").get_attribute("src")
    page.keyboard.press("ArrowRight")
    assert first != dialog.locator("img").get_attribute("src")
    page.keyboard.press("Escape")
    assert not dialog.is_visible()


#: The contrast of each text on the ground that is really behind it (WCAG 2): pairs that fall short of 4.5.
CONTRAST = """() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgb = (colour) => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = (c) => c.slice(0, 3).map((v) => v / 255).map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (e) => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c[3] === 255) return c; } return [255, 255, 255, 255]; };
  const short = [];
  for (const e of document.querySelectorAll("h1, h2, p, dt, dd, summary, label span, footer, .no, .flags")) {
    if (!e.textContent.trim() || !e.checkVisibility() || e.closest(".picture, .shot, dialog, .tray")) continue;
    const [a, b] = [light(rgb(getComputedStyle(e).color)), light(ground(e))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) short.push(e.className + " " + e.textContent.trim().slice(0, 30));
  }
  return short;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_both_themes_can_be_read_and_the_switch_remembers(visit, scheme):
    page = visit(color_scheme=scheme)
    ground = "getComputedStyle(document.body).backgroundColor"
    before = page.evaluate(ground)
    assert [] == page.evaluate(CONTRAST)

    page.get_by_label("Theme").select_option({"light": "dark", "dark": "light"}[scheme])
    assert before != page.evaluate(ground)
    assert [] == page.evaluate(CONTRAST)
    page.reload()
    assert before != page.evaluate(ground)


@pytest.mark.parametrize("count", [0, 1, 24, 300])
@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_is_wider_than_the_screen(visit, count, width):
    page = visit(count, viewport={"width": width, "height": 800})

    assert width == page.evaluate("document.documentElement.scrollWidth")
    assert count == visible(page)
    assert page.evaluate("[...document.images].every((i) => i.alt || i.closest('dialog'))")


def test_without_scripts_all_of_it_is_there(visit):
    page = visit(java_script_enabled=False)

    assert 24 == visible(page)
    assert 16 == page.locator(".card:visible a.shot img[alt*=upscale]").count()
    assert not page.get_by_role("search").is_visible()
    assert page.get_by_text("gore").first.is_visible()


def test_on_paper_there_are_pictures_and_no_controls(visit):
    page = visit()
    page.emulate_media(media="print")

    assert 24 == visible(page)
    assert not page.get_by_role("search").is_visible()
    assert 0 == page.locator(".pick-button:visible").count()
    assert page.pdf()[:4] == b"%PDF"
