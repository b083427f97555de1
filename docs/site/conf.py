"""Sphinx's settings; `docs/make_site.py` puts this file beside the pages. Nothing here asks the network for anything."""

import mjasync

project = "mjasync"
author = "the mjasync maintainers"
copyright = author  # noqa: A001  # Sphinx's word
release = version = mjasync.__version__

extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["extra"]
myst_heading_anchors = 4
highlight_language = "none"
# An option of a command line keeps both of its dashes.
smartquotes = False

html_theme = "furo"
html_title = "mjasync"
html_static_path = ["site.css"]
html_css_files = ["site.css"]
html_extra_path = ["extra"]
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False
# Summaries are fetched, and a page that was opened from the disk must not fetch.
html_show_search_summary = False
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#0b6e6e", "color-brand-content": "#0b6e6e"},
    "dark_css_variables": {"color-brand-primary": "#5fd0c5", "color-brand-content": "#5fd0c5"},
    "sidebar_hide_name": False,
}
pygments_style = "friendly"
pygments_dark_style = "monokai"
# A signature has a `…` where a default is too long to show.
# The tables of the benchmarks go by their names, which are small headings.
suppress_warnings = ["misc.highlighting_failure", "myst.header"]
