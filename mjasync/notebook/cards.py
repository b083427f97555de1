"""Cards and tables, as HTML and as words, for a notebook.

Rule 1: whatever did not come from this file is escaped, in text and in attributes alike.
Rule 2: no script, no style sheet, no key; of addresses only `http` and `https` ones are followed.
Rule 3: colour is the reader's own, and never the only sign.
"""

from collections.abc import Sequence
from html import escape
from urllib.parse import urlsplit

from attrs import frozen

#: Rows of a table; a batch of thousands would be sent to the browser again with every change.
MOST_ROWS = 50
_MOST_TEXT = 2000
_BUTTON = "display:inline-block;margin:0 .6em .3em 0;white-space:nowrap"


@frozen(kw_only=True)
class Card:
    """What is shown of one job. Empty parts are left out."""

    #: What it does, such as `upscale2`, and its prompt.
    title: str
    prompt: str = ""
    #: Phase, mode, account, seconds: small words on one line.
    facts: Sequence[str] = ()
    #: 0 to 1; None where nobody knows, or it is over.
    progress: float | None = None
    #: Address of the picture, or of a preview of it.
    picture: str = ""
    #: Pairs of a button's label and the Python call for it.
    buttons: Sequence[tuple[str, str]] = ()
    #: Pairs of a text that the job brought and the call that makes a picture from it.
    texts: Sequence[tuple[str, str]] = ()
    #: What went wrong, or what one should know: a line each.
    notes: Sequence[str] = ()


@frozen(kw_only=True)
class Row:
    """One prompt of a batch."""

    number: int
    prompt: str
    #: How it stands, in words.
    state: str
    picture: str = ""


@frozen(kw_only=True)
class Table:
    """A batch; of more than `MOST_ROWS` rows the first are shown."""

    title: str
    rows: Sequence[Row]
    notes: Sequence[str] = ()


Shown = Card | Table


def bundle(*shown: Shown) -> dict[str, str]:
    """Both forms, by their MIME types: what `_repr_mimebundle_` returns."""
    return {
        "text/plain": "\n".join(words(each) for each in shown),
        "text/html": "".join(page(each) for each in shown),
    }


def words(shown: Shown) -> str:
    """For wherever no page can be shown."""
    if isinstance(shown, Table):
        rows = [f"{row.number:>4}  {row.prompt}  {row.state}" for row in shown.rows[:MOST_ROWS]]
        lines = [shown.title, *rows, *_rest(shown), *shown.notes]
    else:
        progress = [] if shown.progress is None else [f"{shown.progress:.0%}"]
        lines = [
            " · ".join([" ".join(filter(None, (shown.title, shown.prompt))), *shown.facts, *progress]),
            *([shown.picture] if shown.picture else []),
            *shown.notes,
            *(f"{call}  {text}" for text, call in shown.texts),
            *([", ".join(call for _, call in shown.buttons)] if shown.buttons else []),
        ]
    return "\n".join(_plain(line) for line in lines)


def page(shown: Shown) -> str:
    """As HTML."""
    return f'<div class="mjasync">{_table(shown) if isinstance(shown, Table) else _card(shown)}</div>'


def html(text: object) -> str:
    """Text as HTML: escaped, without characters that no page may hold, not endless."""
    return escape(_plain(str(text)), quote=True)


def _plain(text: str) -> str:
    shown = text if len(text) <= _MOST_TEXT else f"{text[:_MOST_TEXT]}…"
    return "".join(c if c.isprintable() else " " for c in shown)


def _card(shown: Card) -> str:
    parts = [
        _picture(shown.picture, shown.prompt, "max-width:min(100%,512px);max-height:512px"),
        f"<div><b>{html(shown.title)}</b> {html(shown.prompt)}</div>",
        _small(" · ".join(shown.facts)),
        _bar(shown.progress),
        *(f"<div>{html(note)}</div>" for note in shown.notes),
        _listed(shown.texts),
        _pressable(shown.buttons),
    ]
    return "".join(parts)


def _table(shown: Table) -> str:
    lines = [
        f'<tr><td style="text-align:right">{row.number}</td>'
        f"<td>{_picture(row.picture, row.prompt, 'width:96px')}</td>"
        f'<td style="text-align:left">{html(row.prompt)}</td><td style="text-align:left">{html(row.state)}</td></tr>'
        for row in shown.rows[:MOST_ROWS]
    ]
    head = "<tr><th></th><th>picture</th><th>prompt</th><th>how it stands</th></tr>"
    notes = "".join(f"<div>{html(note)}</div>" for note in (*_rest(shown), *shown.notes))
    return f"<div><b>{html(shown.title)}</b></div><table><thead>{head}</thead><tbody>{''.join(lines)}</tbody></table>{notes}"


def _rest(shown: Table) -> list[str]:
    more = len(shown.rows) - MOST_ROWS
    return [f"and {more} more"] if more > 0 else []


def is_link(url: str) -> bool:
    """Whether a page may follow the address."""
    try:
        return urlsplit(url).scheme in ("http", "https")
    except ValueError:
        return False


def _picture(url: str, words: str, style: str) -> str:
    """By its address: the notebook's file stays small, and the provider is asked by the reader's browser alone."""
    if not url:
        return ""
    if not is_link(url):
        return _small(url)
    image = f'<img src="{html(url)}" alt="{html(words)}" style="{style}" loading="lazy" referrerpolicy="no-referrer">'
    return f'<div><a href="{html(url)}" target="_blank" rel="noopener noreferrer">{image}</a></div>'


def _small(text: str) -> str:
    return f"<div><small>{html(text)}</small></div>" if text else ""


def _bar(progress: float | None) -> str:
    if progress is None:
        return ""
    whole = min(max(progress, 0.0), 1.0)
    return f'<div><progress max="100" value="{whole * 100:.0f}"></progress> {whole:.0%}</div>'


def _listed(texts: Sequence[tuple[str, str]]) -> str:
    lines = "".join(f"<li><code>{html(call)}</code> {html(text)}</li>" for text, call in texts)
    return f'<ol style="list-style:none;padding:0">{lines}</ol>' if lines else ""


def _pressable(buttons: Sequence[tuple[str, str]]) -> str:
    shown = "".join(
        f'<span style="{_BUTTON}"><code>{html(call)}</code> <small>{html(label)}</small></span>'
        for label, call in buttons
    )
    return f"<div>{shown}</div>" if shown else ""
