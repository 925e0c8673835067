"""The Persian catalog: `update` it from the code, `merge` translations in, `check` it, `compile` it.

Needs no gettext tools: templates are read by Django's own lexer, code by `ast`. The catalog is sorted and carries no
line numbers, so that two people's translations merge quietly. Every command takes a lock.

    messages.py update          put new messages in, mark those no longer used as obsolete
    messages.py merge FILE.po   update, then fill in what FILE translates (FILE wins)
    messages.py check           fail on what is missing, wrong or badly typed
    messages.py compile         write django.mo when it is older than django.po
    messages.py missing         print what has no Persian yet, as a .po to fill in and merge
"""

import argparse
import ast
import fcntl
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import polib
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
CATALOG = ROOT / "locale" / "fa" / "LC_MESSAGES" / "django.po"
# Messages of Django and allauth that users meet and that are missing or stiff in their own Persian catalogs.
BORROWED = ROOT / "locale" / "borrowed.txt"
SKIPPED = {"tests", "scripts", "static", "locale", "docs", "staticfiles", "node_modules", "deploy"}
HEADER = {
    "Project-Id-Version": "Tasmim",
    "Language": "fa",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=n > 1;",
}


class Message(NamedTuple):
    context: str
    singular: str
    plural: str


class Shape(NamedTuple):
    """Where a gettext function has its context, singular and plural; None for not at all."""

    context: int | None
    singular: int
    plural: int | None


SHAPES = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), Shape(None, 0, None)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), Shape(None, 0, 1)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), Shape(0, 1, None)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), Shape(0, 1, 2)),
}
LITERAL = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
TEMPLATE_CALL = re.compile(rf"\b(_|n?p?gettext)\(({LITERAL}(?:\s*,\s*{LITERAL})*)", re.DOTALL)


# --- Finding messages ---------------------------------------------------------------------------------------------
def messages_in_project() -> set[Message]:
    found = set(borrowed())
    for path in source_files():
        text = path.read_text("utf-8")
        found.update(messages_in_code(text) if path.suffix == ".py" else messages_in_template(text, str(path)))
    return found


def borrowed() -> Iterator[Message]:
    if BORROWED.exists():
        for line in BORROWED.read_text("utf-8").splitlines():
            if line and not line.startswith("#"):
                yield Message("", line.replace("\\n", "\n"), "")


def source_files() -> Iterator[Path]:
    for folder, subfolders, names in os.walk(ROOT):
        subfolders[:] = [name for name in subfolders if name not in SKIPPED and not name.startswith(".")]
        if "migrations" in Path(folder).parts:
            continue
        for name in names:
            in_templates = "templates" in Path(folder).relative_to(ROOT).parts
            if name.endswith(".py") or (in_templates and name.endswith((".html", ".txt"))):
                yield Path(folder) / name


def messages_in_code(source: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and (shape := SHAPES.get(_name(node.func))):
            yield from _message(shape, [_text(argument) for argument in node.args])


def messages_in_template(source: str, origin: str) -> Iterator[Message]:
    for match in TEMPLATE_CALL.finditer(templatize(source, origin=origin)):
        arguments: list[str | None] = list(ast.literal_eval(f"[{match[2]}]"))
        yield from _message(SHAPES[match[1]], arguments)


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _text(argument: ast.expr) -> str | None:
    return argument.value if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else None


def _message(shape: Shape, arguments: list[str | None]) -> Iterator[Message]:
    parts = ["" if place is None else arguments[place] if place < len(arguments) else None for place in shape]
    if parts[1] and None not in parts:
        yield Message(*(part or "" for part in parts))


# --- The catalog --------------------------------------------------------------------------------------------------
@contextmanager
def locked() -> Iterator[None]:
    CATALOG.parent.mkdir(parents=True, exist_ok=True)
    folder = os.open(CATALOG.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def read(path: Path = CATALOG) -> polib.POFile:
    return polib.pofile(str(path), encoding="utf-8", check_for_duplicates=False) if path.exists() else polib.POFile()


def write(catalog: polib.POFile) -> None:
    catalog.sort(key=lambda entry: (entry.obsolete, entry.msgid.casefold(), entry.msgid, entry.msgctxt or ""))
    catalog.wrapwidth = 0
    catalog.metadata, catalog.header = HEADER, ""
    partial = CATALOG.with_suffix(".partial")
    partial.write_text(str(catalog) + "\n", "utf-8")
    partial.replace(CATALOG)


def key(entry: polib.POEntry) -> Message:
    return Message(entry.msgctxt or "", entry.msgid, entry.msgid_plural or "")


def updated(catalog: polib.POFile, wanted: set[Message]) -> int:
    """Puts the catalog right in place; the number of messages that came or went."""
    changes = 0
    known = {}
    for entry in list(catalog):
        if key(entry) in known:
            catalog.remove(entry)
            continue
        known[key(entry)] = entry
        entry.occurrences, entry.comment, entry.tcomment, entry.flags = [], "", "", _flags(entry)
        if entry.obsolete == (key(entry) in wanted):
            entry.obsolete, changes = key(entry) not in wanted, changes + 1
    for message in wanted - known.keys():
        catalog.append(new_entry(message))
        changes += 1
    return changes


def _flags(entry: polib.POEntry) -> list[str]:
    return ["fuzzy"] if "fuzzy" in entry.flags else []


def new_entry(message: Message) -> polib.POEntry:
    entry = polib.POEntry(msgid=message.singular, msgctxt=message.context or None)
    if message.plural:
        entry.msgid_plural, entry.msgstr_plural = message.plural, {0: "", 1: ""}
    return entry


def is_translated(entry: polib.POEntry) -> bool:
    texts = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
    return bool(texts) and all(texts) and "fuzzy" not in entry.flags


# --- Checks -------------------------------------------------------------------------------------------------------
PLACEHOLDER = re.compile(r"%\([^)]*\)[sd]|%[sd]|\{[^{}]*\}")
NOT_PROSE = re.compile(rf"{PLACEHOLDER.pattern}|%%|<[^>]+>|&[a-z]+;|https?://\S+")
SLIPS = {
    re.compile("[يكى٤٥٦]"): "Arabic letter or digit; Persian has ی ک ۴ ۵ ۶",
    re.compile(r"(?<![A-Za-z0-9.\-])[0-9]+(?![A-Za-z0-9\-])"): "ASCII digit; write ۰-۹",
    re.compile("[?;]|(?<![A-Za-z]),"): "Latin punctuation; Persian has ؟ ؛ ،",
    re.compile(r"(?:^|\s)ن?می\s"): "«می» is joined by a half-space",
    re.compile(r"\sها(?:ی|یی|یم|یت|یش)?(?:\s|$)"): "«ها» is joined by a half-space",
    re.compile(r"\s[،؛؟!:.](?:\s|$)"): "space before punctuation",
    re.compile(r"\u200c\s|\s\u200c|\u200c$|  "): "loose half-space or double space",
    re.compile(r"\.\.\."): "three dots; write …",
}


def faults(entry: polib.POEntry) -> Iterator[str]:
    if not is_translated(entry):
        yield "not translated" if "fuzzy" not in entry.flags else "fuzzy"
        return
    for form, text in enumerate(entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]):
        original = entry.msgid_plural or entry.msgid
        # The singular may say «یک» instead of the number.
        allowed_to_miss = entry.msgid_plural and form == 0
        wanted, given = set(PLACEHOLDER.findall(original)), set(PLACEHOLDER.findall(text))
        if given - wanted or (wanted - given and not allowed_to_miss):
            yield f"placeholders differ: {sorted(wanted ^ given)}"
        if (original[:1] == "\n", original[-1:] == "\n") != (text[:1] == "\n", text[-1:] == "\n"):
            yield "line break at the start or end differs"
        prose = NOT_PROSE.sub("•", text)
        yield from (f"{advice}: {text!r}" for slip, advice in SLIPS.items() if slip.search(prose))


# --- Commands -----------------------------------------------------------------------------------------------------
def update() -> int:
    catalog = read()
    changes = updated(catalog, messages_in_project())
    write(catalog)
    print(f"{changes} messages came or went; {sum(1 for e in live(catalog) if not is_translated(e))} have no Persian.")
    return 0


def live(catalog: polib.POFile) -> list[polib.POEntry]:
    return [entry for entry in catalog if not entry.obsolete]


def merge(path: Path) -> int:
    catalog = read()
    updated(catalog, messages_in_project())
    entries = {key(entry): entry for entry in live(catalog)}
    merged = 0
    for given in read(path):
        if given.obsolete or not is_translated(given):
            continue
        entry = entries.get(key(given))
        if entry is None:
            print(f"not in the code: {given.msgid!r}" + (f" ({given.msgctxt})" if given.msgctxt else ""))
            continue
        entry.msgstr, entry.msgstr_plural, entry.flags = given.msgstr, dict(given.msgstr_plural), []
        merged += 1
    write(catalog)
    print(f"{merged} translations merged.")
    return 0


def check() -> int:
    catalog = read()
    changes = updated(catalog, messages_in_project())
    lines = [f"{entry.msgid!r}: {fault}" for entry in live(catalog) for fault in faults(entry)]
    if changes:
        lines.append(f"{changes} messages came or went since the last `scripts/messages.py update`.")
    print("\n".join(lines) or f"{len(live(catalog))} messages, all in Persian.")
    return 1 if lines else 0


def compile_catalog() -> int:
    compiled = CATALOG.with_suffix(".mo")
    if CATALOG.exists() and (not compiled.exists() or compiled.stat().st_mtime_ns < CATALOG.stat().st_mtime_ns):
        partial = compiled.with_suffix(".partial-mo")
        read().save_as_mofile(str(partial))
        partial.replace(compiled)
    return 0


def missing() -> int:
    catalog = read()
    updated(catalog, messages_in_project())
    for entry in live(catalog):
        if not is_translated(entry):
            print(entry.__unicode__(wrapwidth=0))
    return 0


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["update", "merge", "check", "compile", "missing"])
    parser.add_argument("file", nargs="?", type=Path)
    given = parser.parse_args(arguments)
    with locked():
        if given.command == "merge":
            if not given.file or not given.file.exists():
                parser.error("merge needs the .po file to merge in")
            return merge(given.file)
        return {"update": update, "check": check, "compile": compile_catalog, "missing": missing}[given.command]()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
