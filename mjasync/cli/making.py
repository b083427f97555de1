"""What can be typed after the commands that ask providers for something: pictures, steps from one, words."""

from mjasync.cli import options
from mjasync.cli.options import JOB, Commands, Parser


def pictures(commands: Commands) -> None:
    """`demo`, `imagine`, `batch` and `blend`: pictures from nothing but what is typed."""
    demo = options.command(commands, "demo", "run a batch against simulated providers, and show it on a contact sheet")
    options.simulated(demo)
    options.out(demo)
    options.kept(demo)
    options.shown(demo, "the contact sheet")

    imagine = options.command(commands, "imagine", "make a grid of four pictures from a prompt")
    imagine.add_argument("prompt", metavar="PROMPT", help="what the pictures show, in quotes")
    _work(imagine, "the picture")

    batch = options.command(commands, "batch", "make pictures for every prompt of a file")
    batch.add_argument(
        "file",
        metavar="FILE",
        help=".txt (a prompt a line), .csv (header prompt,mode) or .jsonl; - reads prompts from standard input, one a line",
    )
    batch.add_argument("--sheet", action="store_true", help="also write a contact sheet, index.html")
    _work(batch, "the contact sheet (which is then written)")

    blend = options.command(commands, "blend", "merge two to five pictures into a grid")
    blend.add_argument(
        "images", nargs="+", metavar="PICTURE", help="a PNG, JPEG, WebP or GIF file, or an http(s) address"
    )
    blend.add_argument(
        "--shape", metavar="SHAPE", default="square", help="portrait (2:3), square (default) or landscape (3:2)"
    )
    _work(blend, "the picture")


def steps(commands: Commands) -> None:
    """`press` and `inpaint`: what begins from a picture that is there."""
    press = options.command(commands, "press", "press a button of a finished job; without ACTION, list its buttons")
    press.add_argument("job", metavar="JOB", help=JOB)
    press.add_argument(
        "action",
        nargs="?",
        metavar="ACTION",
        help="such as upscale2, vary_strong, zoom_2, pan_left, reroll, imagine1 after describe or shorten, get_seed",
    )
    press.add_argument("--prompt", metavar="PROMPT", help="for a button that opens a window: the words to use instead")
    press.add_argument("--mask", metavar="FILE", help="for vary_region: a black and white PNG; `inpaint` draws one")
    _step(press)

    inpaint = options.command(commands, "inpaint", "paint a part of a single picture again")
    inpaint.add_argument("job", metavar="JOB", help=f"{JOB}; a picture of its own, not a grid")
    inpaint.add_argument(
        "--rect",
        action="append",
        metavar="X,Y,W,H",
        help="what to paint again, from the top left: pixels 100,50,400,300, percent 10%%,5%%,40%%,30%% or parts of 1 "
        "0.1,0.05,0.4,0.3; may be given several times",
    )
    inpaint.add_argument("--mask", metavar="FILE", help="instead of --rect: a PNG as large as the picture, white there")
    inpaint.add_argument("--prompt", metavar="PROMPT", help="what it shall show (default: the picture's own prompt)")
    options.upscale(inpaint)
    _step(inpaint)


def words(commands: Commands) -> None:
    """`describe`, `shorten` and `check`: what answers in words."""
    describe = options.command(commands, "describe", "find four prompts for a picture")
    describe.add_argument("image", metavar="PICTURE", help="a PNG, JPEG, WebP or GIF file, or an http(s) address")
    shorten = options.command(commands, "shorten", "find out which words of a prompt matter (midjourney-proxy only)")
    shorten.add_argument("prompt", metavar="PROMPT", help="in quotes")
    for command in (describe, shorten):
        options.simulated(command)
        options.request(command)
        options.paid(command)
        options.dry(command)
        options.kept(command)

    check = options.command(commands, "check", "ask whether prompts would be taken, before they cost anything")
    check.add_argument("prompts", nargs="+", metavar="PROMPT", help="each in quotes")
    check.add_argument("--account", metavar="NAME", help="ask this one (default: the first that has such a check)")
    options.simulated(check)
    options.as_json(check)


def _work(parser: Parser, shown: str) -> None:
    options.simulated(parser)
    options.request(parser)
    options.upscale(parser)
    options.out(parser)
    options.shown(parser, shown)
    options.paid(parser)
    options.dry(parser)
    options.kept(parser)


def _step(parser: Parser) -> None:
    """It runs on its picture's account and in its mode, so neither can be chosen."""
    options.simulated(parser)
    options.out(parser)
    options.shown(parser, "the picture")
    options.paid(parser)
    options.kept(parser)
