from typing import Any

import pytest
from django.template import Context, Template
from django.urls import NoReverseMatch, reverse
from django.utils import translation

from l10n.links import address


def drawn(text: str, **context: Any) -> str:
    return Template(text).render(Context(context))


@pytest.mark.parametrize(
    ("view", "numbers"), [("crm:deals", ()), ("crm:deal", (7,)), ("crm:deal", (987_654_300,)), ("pipeline:move", (12,))]
)
def test_an_address_is_what_reversing_gives(view: str, numbers: tuple[int, ...]):
    assert address(view, *numbers) == reverse(view, args=numbers)
    assert address(view, *numbers) == reverse(view, args=numbers)


def test_an_unknown_view_is_an_error():
    with pytest.raises(NoReverseMatch):
        address("crm:nothing")
    with pytest.raises(NoReverseMatch):
        drawn("{% url 'crm:deal' %}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{% url 'crm:deal' pk %}", "/deals/7/"),
        ("{% url name pk %}", "/deals/7/"),
        ("{% url 'crm:deal' pk=pk %}", "/deals/7/"),
        ("{% url 'crm:deal' '8' %}", "/deals/8/"),
        ("{% url 'dataquality:fix' 'opportunity' pk field %}", "/quality/fixes/opportunity/7/amount/"),
        ("{% url 'crm:deal' pk as it %}[{{ it }}]", "[/deals/7/]"),
        ("{% url 'crm:nothing' as it %}[{{ it }}]", "[]"),
    ],
)
def test_the_tag_writes_addresses(text: str, expected: str):
    assert drawn(text, pk=7, name="crm:deal", field="amount") == expected


def test_words_follow_the_language_of_the_moment():
    template = Template("{% translate 'Deals' %}{% translate 'Deals' as it %}/{{ it }}/{% translate word %}")

    def said(language: str) -> str:
        with translation.override(language):
            return template.render(Context({"word": "Stage"}))

    assert [said("en"), said("fa"), said("en")] == ["Deals/Deals/Stage", "فرصت‌ها/فرصت‌ها/مرحله", "Deals/Deals/Stage"]


def test_a_context_and_noop_are_kept():
    with translation.override("fa"):
        assert drawn("{% translate 'Deals' noop %}{% trans '100% & more' %}") == "Deals100% & more"
