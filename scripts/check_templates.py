"""Templates: nothing that the Content-Security-Policy refuses, nothing that writes dates or numbers past l10n."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMMENT = re.compile(r"\{#.*?#\}|\{%\s*comment\b.*?%\}.*?\{%\s*endcomment\s*%\}|<!--.*?-->", re.DOTALL)
TAG = re.compile(r"<[a-zA-Z][^<>]*>", re.DOTALL)
# In the whole text.
ANYWHERE = {
    r"<style\b": "styles belong into static/css",
    r"\|\s*(date|time|timesince|timeuntil|naturaltime|naturalday)\b": "dates are written by `{% load l10n %}` filters",
    r"\|\s*(floatformat|intcomma|localize|unlocalize)\b": "numbers are written by `{% load l10n %}` filters",
    r"\|\s*safe\b|\{%\s*autoescape\s+off": "text must stay escaped; build markup with format_html",
    r"<script\b(?![^>]*\bsrc=)(?![^>]*application/json)": "a script without src is refused by the policy",
    r"javascript:": "a javascript: address is refused by the policy",
    r"\bhx-vals=[\"']js:": "hx-vals with js: is refused by the policy",
    r"\bhx-trigger=(\"[^\"]*\[|'[^']*\[)": "a trigger filter in [ ] needs eval, which the policy refuses",
}
# Inside one tag.
ATTRIBUTES = {
    r"\sstyle\s*=": "inline styles are refused by the policy; use a class",
    r"\son[a-z]+\s*=": "inline handlers are refused by the policy; use data-* and a module",
    r"\shx-on\b": "hx-on is an inline script; use data-* and a module",
}


def main() -> int:
    found = [line for path in sorted(ROOT.glob("templates/**/*")) if path.is_file() for line in problems(path)]
    print("\n".join(found) or "Templates are clean.")
    return 1 if found else 0


def problems(path: Path) -> Iterator[str]:
    text = COMMENT.sub(blanked, path.read_text())
    if path.suffix == ".txt":  # a mail in plain text has nothing to escape
        text = text.replace("{% autoescape off %}", "")
    for place, reason in sorted([*matches(text), *(inside_tags(text) if path.suffix == ".html" else ())]):
        line = text.count("\n", 0, place) + 1
        yield f"{path.relative_to(ROOT)}:{line}: {reason}"


def blanked(match: re.Match[str]) -> str:
    """Keeps the lines, so that the numbers of the following ones stay right."""
    return "\n" * match[0].count("\n")


def matches(text: str) -> Iterator[tuple[int, str]]:
    for pattern, reason in ANYWHERE.items():
        for match in re.finditer(pattern, text):
            yield match.start(), reason


def inside_tags(text: str) -> Iterator[tuple[int, str]]:
    for tag in TAG.finditer(text):
        for pattern, reason in ATTRIBUTES.items():
            if match := re.search(pattern, tag[0]):
                yield tag.start() + match.start(), reason


if __name__ == "__main__":
    sys.exit(main())
