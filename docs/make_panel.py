"""The panel as a picture, from a real run: `python docs/make_panel.py > docs/panel.svg`.

A batch goes to both simulated providers on a clock that jumps, so the picture is the same every time. It names fonts
of the reader's machine only: nothing is fetched.
"""

import asyncio
import io
import sys
import tempfile
from pathlib import Path
from random import Random

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

import mjasync as mj
from mjasync.cli import report
from mjasync.cli.layout import picture
from mjasync.cli.panel import Panel
from mjasync.cli.prompts import Row
from mjasync.cli.run import Plan, Run
from mjasync.testing import Sim, run

WIDTH, HEIGHT = 118, 18
#: Pixels of a cell, as rich draws them.
CELL = (12.2, 24.4)
#: Virtual seconds after the start at which the picture is taken, and lines of results above the panel.
AT, ABOVE = 118, 2
SUBJECTS = (
    "a lighthouse at dusk, long exposure --ar 3:2",
    "red fox in snow, film grain",
    "夜の灯台と嵐の海、浮世絵風の木版画",
    "a paper boat on a flooded street, neon",
    "chess knight, veined marble, macro",
    "botanical plate of an imaginary fern",
    "an observatory above the clouds",
    "portrait of a beekeeper, 85 mm",
)
_HUES = [(240, 113, 120), (126, 211, 160), (230, 192, 110), (110, 168, 254), (199, 146, 234), (98, 204, 214)]
_DARK, _LIGHT, _GREY = (22, 24, 29), (222, 225, 230), (98, 104, 117)
THEME = TerminalTheme(_DARK, _LIGHT, [_DARK, *_HUES, _LIGHT], [_GREY, *_HUES, (255, 255, 255)])
FORMAT = """<svg class="{unique_id}" viewBox="0 0 WIDE HIGH" xmlns="http://www.w3.org/2000/svg" role="img"
 aria-labelledby="{unique_id}-title">
<title id="{unique_id}-title">The live panel of mjasync: ten boxes for each account's slots, and the jobs under way</title>
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono",
  "Noto Sans Mono CJK JP", monospace; font-size: {char_height}px; line-height: {line_height}px; }}
{styles}
</style>
<defs>{lines}</defs>
<rect fill="#16181d" stroke="#3a3f4a" x="1" y="1" width="FRAME_WIDE" height="FRAME_HIGH" rx="10"/>
<g transform="translate(18, 14)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g></g>
</svg>
"""


async def _story(out: Path) -> Text:
    """Results and the panel below them, at one moment of a run."""
    rows = [Row(n, SUBJECTS[n % len(SUBJECTS)], mj.Mode.FAST if n % 3 else mj.Mode.TURBO) for n in range(1, 49)]
    plan = Plan(rows=tuple(rows), mode=mj.Mode.FAST, out=out, tiles=lambda _: (2,))
    sim, said = Sim(seed=11), list[str]()
    sim.inject("lose_answer", on="submit", provider="ttapi", match="beekeeper")
    made = Panel(Console(file=io.StringIO(), width=WIDTH, height=HEIGHT), "mjasync batch · prompts.txt")
    async with mj.Pool(sim.ttapi(), sim.mjproxy(max_jobs=10), rng=Random(11)) as pool:
        async with made.watching(pool, len(rows)):
            going = asyncio.ensure_future(
                Run(plan, made, lambda end: said.append(report.line(end, Path("out")))).all(pool)
            )
            await asyncio.sleep(AT)
            view = made.view(pool, asyncio.get_running_loop().time())
            fine = [line for line in said if line.startswith("ok")][-ABOVE:]
            shown = Text("\n").join([*map(Text, fine), picture(view, WIDTH, HEIGHT)])
        await pool.aclose()
        going.cancel()
        await asyncio.gather(going, return_exceptions=True)
    return shown


def render() -> str:
    """The picture as SVG."""
    with tempfile.TemporaryDirectory() as folder:
        shown = run(_story(Path(folder)))
    shown = Text("\n").join([Text("$ mjasync batch prompts.txt --upscale 2", style="dim"), shown])
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    console.print(shown, no_wrap=True, overflow="ellipsis")
    wide, high = 36 + WIDTH * CELL[0], 28 + (shown.plain.count("\n") + 1) * CELL[1]
    sizes = {"FRAME_WIDE": wide - 2, "FRAME_HIGH": high - 2, "WIDE": wide, "HIGH": high}
    form = FORMAT
    for name, size in sizes.items():
        form = form.replace(name, f"{size:.1f}")
    return console.export_svg(title="mjasync", theme=THEME, code_format=form, unique_id="panel")


if __name__ == "__main__":
    sys.stdout.write(render())
