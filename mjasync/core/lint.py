"""A second pair of eyes for prompts: what Midjourney would refuse, or read otherwise than it was meant.

An illegal prompt costs: resellers count to 30 of them a day, `--ar16:9` included, and then keep the money of the next.

Rule 1: lint says, the caller decides. It returns values, never raises on any text, and its time grows with the text.
Rule 2: only what is sure. A finding on a good prompt teaches people to look away.
"""

import difflib
import re
from collections.abc import Iterator, Sequence
from itertools import dropwhile, islice, pairwise

from attrs import evolve, frozen

from mjasync.core._flags import BY_NAME, Flag, Takes
from mjasync.core.permutations import scan

#: Findings on one prompt. Whoever has more will lint again.
MOST = 50
#: Hyphens, dashes and minus signs that editors put in the place of "--".
LONG_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
#: What ends a sentence or a quotation, and never a value.
_STRAY = ",.;:!)\"'\u2019\u201d\uff0c\u3002"
_WORD = re.compile(r"\S+")
_INNER = re.compile(r"--(?=[A-Za-z])")
_HEAD = re.compile(rf"([-{LONG_DASHES}]+)([A-Za-z]*)(.*)")
_DIGITS = "0123456789:."
_NAMES = [name for name in BY_NAME if len(name) > 1]


@frozen
class Finding:
    """One thing that is wrong.

    `code` is stable, such as `glued-value`; `what` says what is wrong and `hint` says what to write instead; `at` is an offset into the prompt;
    `flag` is the flag's name with its dashes, empty where the finding is about no flag.
    """

    code: str
    what: str
    hint: str
    at: int
    flag: str = ""

    def __str__(self) -> str:
        return f"{self.what} ({self.code} at character {self.at + 1}; {self.hint})"


def lint(prompt: str) -> tuple[Finding, ...]:
    """What is wrong with a prompt, in reading order; nothing for a good one. At most `MOST` findings."""
    uses = _uses(_words(prompt))
    alone = (finding for use in uses for finding in _alone(use))
    groups = _groups(prompt)
    if groups:
        # What stands in a group is seen only in the prompts that it makes, and so is what fits together.
        outside = (f for f in alone if not any(begin <= f.at <= end for begin, end in groups))
        several = "The prompt stands for several: it has a {…} group with choices."
        hint = "send the batch of mj.permutations(prompt)"
        found = [Finding("permutation", several, hint, groups[0][0]), *islice(outside, MOST)]
    else:
        found = [*islice(alone, MOST), *_twice(uses), *_versions(uses), *_weights(uses)]
    return tuple(sorted(found, key=lambda finding: finding.at)[:MOST])


# Reading: words, then flags with the words after them.


@frozen
class _Word:
    text: str
    at: int
    #: It stood glued to the word before.
    glued: bool = False


@frozen
class _Use:
    """A flag as it stands in a prompt. `flag` is None for a name that nobody knows, `wrong` the code for its head."""

    flag: Flag | None
    written: str
    at: int
    wrong: str = ""
    values: tuple[_Word, ...] = ()

    @property
    def name(self) -> str:
        """By our table."""
        return f"--{self.flag.name}" if self.flag else _short(self.written)

    @property
    def value(self) -> str:
        """Its first word."""
        return self.values[0].text if self.values else ""

    def finding(self, code: str, what: str, hint: str, at: int | None = None) -> Finding:
        """About this flag."""
        return Finding(code, what, hint, self.at if at is None else at, self.name)


def _words(prompt: str) -> list[_Word]:
    """Split at blanks, and before a flag that is glued to a word's end."""
    tokens = [(match[0], match.start()) for match in _WORD.finditer(prompt)]
    words = []
    for (text, at), (following, _) in pairwise([*tokens, ("", 0)]):
        cuts = [] if "://" in text else [m.start() for m in _INNER.finditer(text) if m.start()]
        begin = 0
        for cut, end in pairwise([*cuts, len(text)]):
            if _is_meant(text[cut - 1], text[cut + 2 : end], following if end == len(text) else ""):
                words.append(_Word(text[begin:cut], at + begin, begin > 0))
                begin = cut
        words.append(_Word(text[begin:], at + begin, begin > 0))
    return words


def _is_meant(before: str, head: str, following: str) -> bool:
    """Whether `--head` inside a word is a flag: that of `well--known` is not."""
    name = head.rstrip(_DIGITS)
    flag = BY_NAME.get(name.lower())
    if flag is None or before == "-":
        return False
    return not before.isalnum() or (flag.is_particular and flag.fits(head[len(name) :] or following))


def _uses(words: Sequence[_Word]) -> list[_Use]:
    """All flags, each with the words up to the next one."""
    padded = [*words, _Word("", 0), _Word("", 0)]
    heads = [
        (i, use)
        for i, word in enumerate(words)
        if (use := _head(word, padded[i + 1].text, padded[i + 2].text)) is not None
    ]
    ends = [*(i for i, _ in heads), len(words)][1:]
    return [
        evolve(use, values=(*use.values, *words[i + (2 if use.wrong == "loose-dash" else 1) : end]))
        for (i, use), end in zip(heads, ends, strict=True)
    ]


def _head(word: _Word, following: str, then: str) -> _Use | None:
    """The flag that this word names, or was meant to name."""
    match = _HEAD.match(word.text)
    if match is None:
        return None
    dashes, name, rest = match.groups()
    if not name and not rest:
        return _loose(word, following, then)
    flag = BY_NAME.get(name.lower())
    if flag is None:
        is_flag = dashes == "--" and (name or rest[0].isalpha())
        return _Use(None, word.text, word.at, "unknown-flag") if is_flag else None
    value = rest.lstrip("=:")
    values = (_Word(value, word.at + len(word.text) - len(value)),) if value.strip(_STRAY) else ()
    use = _Use(flag, dashes + name, word.at, "", values)
    if dashes == "--":
        glued = ("glued-value" if values else "stray-punctuation") if rest else ""
        return evolve(use, wrong="glued-flag" if word.glued else glued)
    if not _is_meant_all_the_same(flag, name, value or following, is_glued=bool(rest), is_long=dashes != "-"):
        return None
    return evolve(use, wrong="single-dash" if dashes == "-" else "long-dash")


def _loose(word: _Word, following: str, then: str) -> _Use | None:
    """Dashes with a blank before the name: `-- ar 16:9`. A dash between two thoughts is not one of them."""
    flag = BY_NAME.get(following.lower())
    if flag is None or not flag.is_particular or not flag.fits(then):
        return None
    if len(following) == 1 and word.text != "--":
        return None
    return _Use(flag, f"{word.text} {following}", word.at, "loose-dash")


def _is_meant_all_the_same(flag: Flag, name: str, value: str, *, is_glued: bool, is_long: bool) -> bool:
    """Whether other dashes than two hyphens make a flag: those of `—and so on`, `-5` and `-c4` do not."""
    if flag.is_particular:
        return flag.fits(value.rstrip(_STRAY)) and (is_long or not is_glued or len(name) > 1)
    has_value = not flag.may_stand_alone and flag.fits(value) and value[0] != "-"
    return not is_glued and len(name) > 1 and (is_long or has_value)


# Findings on one flag.


def _alone(use: _Use) -> Iterator[Finding]:
    if use.flag is None:
        near = difflib.get_close_matches(use.written[2:22].lower(), _NAMES, 1, 0.7)
        hint = f"did you mean --{near[0]}?" if near else "take it out; a dash in a text has blanks on both sides"
        yield use.finding("unknown-flag", f"{use.name} is not a flag that Midjourney documents.", hint)
        return
    if use.wrong:
        what, hint = _HEADS[use.wrong]
        shown = f"{use.name} {_short(use.value)}" if use.values else use.name
        yield use.finding(use.wrong, what.format(_short(use.written)), hint.format(shown))
    if use.flag.is_mode:
        yield use.finding("mode-flag", f"{use.name} is a speed mode.", f"take it out, and say mode='{use.flag.name}'")
    if use.flag.name == "repeat":
        yield use.finding("repeat", "--repeat makes several jobs out of one.", "take it out, and send a batch")
    yield from _of_value(use, use.flag)


_HEADS = {
    "glued-value": ("The value is glued to {}.", "write {}"),
    "glued-flag": ("{} is glued to the word before.", "write a blank before {}"),
    "stray-punctuation": ("Punctuation follows {}.", "take it out: blanks alone separate flags"),
    "single-dash": ("{} does not begin with two hyphens.", "write {}"),
    "long-dash": ("{} does not begin with two hyphens.", "write {}"),
    "loose-dash": ("There is a blank after the dashes of {}.", "write {}"),
}


def _of_value(use: _Use, flag: Flag) -> Iterator[Finding]:
    if not use.values:
        if not flag.may_stand_alone:
            yield use.finding("missing-value", f"{use.name} has no value.", f"give {flag.wants}, or take it out")
        return
    if flag.takes in (Takes.WORDS, Takes.CODES):
        return
    first, *more = use.values
    if flag.takes is Takes.NOTHING:
        more = [first, *more]
    elif not flag.fits(first.text):
        if flag.fits(first.text.rstrip(_STRAY)):
            what, hint = _HEADS["stray-punctuation"]
            yield use.finding("stray-punctuation", what.format(f"{use.name}'s value"), hint, first.at)
        else:
            what = f"{use.name} takes no {_short(first.text)!r}."
            yield use.finding("bad-value", what, f"give {flag.wants}", first.at)
        return
    if flag.takes is Takes.REFERENCES:
        more = list(dropwhile(lambda word: flag.fits(word.text), more))
    if more:
        what = f"Text follows {use.name}: {_short(more[0].text)!r}."
        yield use.finding("text-after-flags", what, "put all text before the first flag", more[0].at)


# Findings on the whole.


def _groups(prompt: str) -> list[tuple[int, int]]:
    """First and last offset of each group that stands in no other."""
    groups: list[tuple[int, int]] = []
    depth = begin = 0
    for at in scan(prompt).marks:
        if prompt[at] == "{":
            begin = begin if depth else at
            depth += 1
        elif prompt[at] == "}":
            depth -= 1
            groups += [] if depth else [(begin, at)]
    return groups


def _twice(uses: Sequence[_Use]) -> Iterator[Finding]:
    seen: set[str] = set()
    for use in uses:
        if use.flag and use.name in seen and use.name != "--no":  # what is not wanted may be said twice
            yield use.finding("duplicate-flag", f"{use.name} is there twice.", "keep one of them")
        seen.add(use.name)


def _versions(uses: Sequence[_Use]) -> Iterator[Finding]:
    """Sources: seed 000 (`--cref` needs `--v 6.0`), Midjourney's pages of the references."""
    by_name = {use.name: use for use in reversed(uses)}
    models = [by_name[name] for name in ("--v", "--niji") if name in by_name]
    major = models[0].value.partition(".")[0] if models else ""
    if len(models) > 1:
        last = max(models, key=lambda use: use.at)
        yield last.finding("two-models", "--v and --niji choose two models.", "keep one of them")
    if "--cref" in by_name and major != "6":
        what = "--cref works with version 6 alone."
        yield by_name["--cref"].finding("reference-version", what, "add --v 6.0, or --niji 6")
    if "--oref" in by_name and "--v" in by_name and major in set("123456"):
        what = f"--oref does not work with --v {major}."
        yield by_name["--oref"].finding("reference-version", what, "write --v 7")


def _weights(uses: Sequence[_Use]) -> Iterator[Finding]:
    given = {use.name for use in uses}
    for use in uses:
        if use.flag and use.flag.needs and f"--{use.flag.needs}" not in given:
            what = f"{use.name} weighs a reference that is not there."
            yield use.finding("weight-alone", what, f"add --{use.flag.needs}, or take it out")


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"
