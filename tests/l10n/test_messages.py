"""The tool that keeps the catalog."""

import polib
import pytest

from scripts import messages
from scripts.messages import Message


def test_code_is_read_with_contexts_and_plurals():
    source = """
_("one" " two")
label = gettext_lazy("lazy")
ngettext("%(n)s deal", "%(n)s deals", n)
pgettext("verb", "close")
npgettext("x", "a", "b", 2)
translation.gettext("attr")
_(name); gettext(f"no {name}"); other("no")
"""
    assert set(messages.messages_in_code(source)) == {
        Message("", "one two", ""),
        Message("", "lazy", ""),
        Message("", "%(n)s deal", "%(n)s deals"),
        Message("verb", "close", ""),
        Message("x", "a", "b"),
        Message("", "attr", ""),
    }


def test_templates_are_read_as_django_reads_them():
    source = """
{% translate "It's 5%" %} {% translate "close" context "verb" as x %}
{% blocktranslate trimmed with n=deal.name %}
  Hello {{ n }},
  welcome
{% endblocktranslate %}
{% blocktranslate count n=3 %}{{ n }} deal{% plural %}{{ n }} deals{% endblocktranslate %}
{{ _("inline") }} {% include "x" with label=_("label") %}
{% comment %}{% translate "no" %}{% endcomment %}
"""
    assert set(messages.messages_in_template(source, "x.html")) == {
        Message("", "It's 5%%", ""),
        Message("verb", "close", ""),
        Message("", "Hello %(n)s, welcome", ""),
        Message("", "%(n)s deal", "%(n)s deals"),
        Message("", "inline", ""),
        Message("", "label", ""),
    }


@pytest.mark.parametrize(
    ("original", "persian", "fault"),
    [
        ("x", "", "not translated"),
        ("%(n)s x", "فرصت", "placeholders differ"),
        ("x", "%(n)s فرصت", "placeholders differ"),
        ("x", "علي", "Arabic letter"),
        ("x", "3 فرصت", "ASCII digit"),
        ("x", "چرا?", "Latin punctuation"),
        ("x", "می شود", "half-space"),
        ("x", "فرصت ها", "half-space"),
        ("x", "سلام .", "space before punctuation"),
        ("x", "صبر کنید...", "three dots"),
    ],
)
def test_slips_are_caught(original, persian, fault):
    found = list(messages.faults(polib.POEntry(msgid=original, msgstr=persian)))
    assert len(found) == 1
    assert fault in found[0]


@pytest.mark.parametrize(
    ("original", "persian"),
    [
        ("%(n)s of 2", "%(n)s از ۲."),
        ("CSV or XLSX, UTF-8", "فایل CSV یا XLSX با UTF-8"),
        ("Hi <b>{name}</b>", "سلام <b>{name}</b>، خوش آمدید"),
        ("Loading…", "می‌آید…"),
    ],
)
def test_good_persian_passes(original, persian):
    assert list(messages.faults(polib.POEntry(msgid=original, msgstr=persian))) == []


def test_the_singular_may_say_one_without_its_number():
    entry = polib.POEntry(msgid="%(n)s deal", msgid_plural="%(n)s deals")
    entry.msgstr_plural = {0: "یک فرصت", 1: "%(n)s فرصت"}
    assert list(messages.faults(entry)) == []
    entry.msgstr_plural = {0: "یک فرصت", 1: "چند فرصت"}
    assert len(list(messages.faults(entry))) == 1


def test_what_left_the_code_waits_as_obsolete_and_comes_back():
    catalog = polib.POFile()
    assert messages.updated(catalog, {Message("", "a", ""), Message("", "b", "")}) == 2
    catalog.find("a").msgstr = "الف"
    assert messages.updated(catalog, {Message("", "b", "")}) == 1
    assert [entry.msgid for entry in messages.live(catalog)] == ["b"]
    assert messages.updated(catalog, {Message("", "a", ""), Message("", "b", "")}) == 1
    assert {entry.msgid: entry.msgstr for entry in messages.live(catalog)} == {"a": "الف", "b": ""}
    assert messages.updated(catalog, {Message("", "a", ""), Message("", "b", "")}) == 0
