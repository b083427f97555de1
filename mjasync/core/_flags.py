"""Midjourney's flags: the one table that prompts are written with and read by.

Rule 1: a name, an alias or a range has its address here; `prompt` and `lint` hold none of their own.
Rule 2: where Midjourney's versions differ, the widest documented range holds: what passes here may still be refused,
but what is refused here never works.

Source: Midjourney's parameter list and the pages of its versions (docs.midjourney.com), told in our own words.
"""

import re
from collections.abc import Mapping
from enum import StrEnum

from attrs import frozen


class Takes(StrEnum):
    """What may follow a flag's name."""

    NOTHING = "nothing"
    WHOLE = "a whole number"
    NUMBER = "a number"
    RATIO = "two whole numbers with a colon, such as 16:9"
    VERSION = "a version number"
    WORD = "one word"
    #: Everything up to the next flag.
    WORDS = "words"
    #: One or more addresses of pictures, or codes.
    REFERENCES = "an address or a code"
    #: Nothing, or codes.
    CODES = "nothing, or codes"


_WHOLE = re.compile(r"[0-9]{1,12}")
_NUMBER = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,6})?|\.[0-9]{1,6}")
_RATIO = re.compile(r"0{0,4}[1-9][0-9]{0,4}:0{0,4}[1-9][0-9]{0,4}")
_VERSION = re.compile(r"[1-9][0-9]?(?:\.[0-9]{1,2})?")
#: Values so particular that a word before them is meant as their flag.
_PARTICULAR = frozenset({Takes.WHOLE, Takes.NUMBER, Takes.RATIO, Takes.VERSION})
#: Kinds of which one word is the whole value.
_SINGLE = _PARTICULAR | {Takes.WORD}


@frozen(kw_only=True)
class Flag:
    """One flag: `--name`, its other names, and what it takes."""

    name: str
    aliases: tuple[str, ...] = ()
    takes: Takes = Takes.NOTHING
    least: float = 0
    most: float = 0
    #: The only values, where a range does not say it.
    one_of: tuple[float, ...] = ()
    #: A weight's reference: the flag without which this one means nothing.
    needs: str = ""
    #: A speed mode, which the SDK's mode= decides.
    is_mode: bool = False

    @property
    def wants(self) -> str:
        """What it takes, for a reader: `a whole number from 0 to 1000`."""
        if self.one_of:
            return f"one of {', '.join(f'{n:g}' for n in self.one_of)}"
        if self.takes in (Takes.WHOLE, Takes.NUMBER):
            return f"{self.takes} from {self.least:.10g} to {self.most:.10g}"
        return {"v": "a version number such as 7 or 6.1", "niji": "a version number such as 6"}.get(
            self.name, str(self.takes)
        )

    @property
    def is_particular(self) -> bool:
        """True if hardly an English word would pass as its value."""
        return self.takes in _PARTICULAR

    @property
    def is_single(self) -> bool:
        """True if exactly one word is its value."""
        return self.takes in _SINGLE

    @property
    def may_stand_alone(self) -> bool:
        """True if it needs no value."""
        return self.takes in (Takes.NOTHING, Takes.CODES)

    def fits(self, word: str) -> bool:
        """Whether this one word is, or may begin, its value."""
        match self.takes:
            case Takes.NOTHING:
                return False
            case Takes.WHOLE:
                return bool(_WHOLE.fullmatch(word)) and self._within(float(word))
            case Takes.NUMBER:
                return bool(_NUMBER.fullmatch(word)) and self._within(float(word))
            case Takes.RATIO:
                return bool(_RATIO.fullmatch(word))
            case Takes.VERSION:
                return bool(_VERSION.fullmatch(word))
            case Takes.REFERENCES:
                return _is_reference(word)
            case Takes.WORD:
                return word.split() == [word] and word[-1].isalnum()
            case _:
                return bool(word)

    def _within(self, number: float) -> bool:
        return number in self.one_of if self.one_of else self.least <= number <= self.most


def _is_reference(word: str) -> bool:
    """An address, a code (it has a digit) or `random`; a weight may follow, as in `1234::2`."""
    head = word.partition("::")[0]
    return "/" in word or head == "random" or any(c.isdigit() for c in head)


#: In the order in which a prompt is written.
FLAGS = (
    Flag(name="ar", aliases=("aspect",), takes=Takes.RATIO),
    Flag(name="v", aliases=("version",), takes=Takes.VERSION),
    Flag(name="niji", takes=Takes.VERSION),
    Flag(name="raw"),
    Flag(name="style", takes=Takes.WORD),
    Flag(name="stylize", aliases=("s",), takes=Takes.WHOLE, most=1000),
    Flag(name="chaos", aliases=("c",), takes=Takes.WHOLE, most=100),
    Flag(name="weird", aliases=("w",), takes=Takes.WHOLE, most=3000),
    Flag(name="exp", takes=Takes.WHOLE, most=100),
    Flag(name="quality", aliases=("q",), takes=Takes.NUMBER, one_of=(0.25, 0.5, 1, 2, 4)),
    Flag(name="seed", takes=Takes.WHOLE, most=4294967295),
    Flag(name="stop", takes=Takes.WHOLE, least=10, most=100),
    Flag(name="iw", takes=Takes.NUMBER, most=3),
    Flag(name="sref", takes=Takes.REFERENCES),
    Flag(name="sw", takes=Takes.WHOLE, most=1000, needs="sref"),
    Flag(name="sv", takes=Takes.WHOLE, least=1, most=9, needs="sref"),
    Flag(name="cref", takes=Takes.REFERENCES),
    Flag(name="cw", takes=Takes.WHOLE, most=100, needs="cref"),
    Flag(name="oref", takes=Takes.REFERENCES),
    Flag(name="ow", takes=Takes.WHOLE, least=1, most=1000, needs="oref"),
    Flag(name="p", aliases=("personalize", "profile"), takes=Takes.CODES),
    Flag(name="tile"),
    Flag(name="draft"),
    Flag(name="no", takes=Takes.WORDS),
    # Known, but without an argument of their own in `Prompt`.
    Flag(name="repeat", aliases=("r",), takes=Takes.WHOLE, least=1, most=40),
    Flag(name="sameseed", takes=Takes.WHOLE, most=4294967295),
    Flag(name="video", takes=Takes.CODES),
    Flag(name="motion", takes=Takes.WORD),
    Flag(name="end", takes=Takes.WORDS),
    Flag(name="bs", takes=Takes.NUMBER, one_of=(1, 2, 4)),
    *(Flag(name=name) for name in ("hd", "sd", "loop", "stealth", "public", "test", "testp", "creative")),
    *(Flag(name=name) for name in ("upbeta", "uplight", "upanime")),
    *(Flag(name=name, is_mode=True) for name in ("relax", "fast", "turbo")),
)

#: Every name and alias, in lower case.
BY_NAME: Mapping[str, Flag] = {name: flag for flag in FLAGS for name in (flag.name, *flag.aliases)}
