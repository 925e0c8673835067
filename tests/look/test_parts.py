from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, RequestContext, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.utils import translation

from l10n.current import DEFAULT, PERSIAN, using
from l10n.templatetags import parts


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with using(DEFAULT), translation.override("en"):
        yield


def drawn(source: str, **context: Any) -> str:
    return Template(source).render(Context(context))


def test_icon_is_decoration_unless_it_has_a_label():
    assert drawn('{% icon "phone" %}') == (
        '<svg class="icon" aria-hidden="true"><use href="/static/icons.svg#phone"/></svg>'
    )
    assert drawn('{% icon "phone" label="Call <now>" %}') == (
        '<svg class="icon" role="img" aria-label="Call &lt;now&gt;"><use href="/static/icons.svg#phone"/></svg>'
    )


def test_icons_along_the_line_turn_round():
    assert 'class="icon icon-flip big"' in drawn('{% icon "arrow-next" "big" %}')


def test_unknown_icon_is_an_error():
    with pytest.raises(TemplateSyntaxError, match="No icon 'phne'"):
        drawn('{% icon "phne" %}')


@pytest.mark.parametrize(
    ("value", "maximum", "width"),
    [
        (62, 100, "62.0"),
        (3, 4, "75.0"),
        (9, 4, "100.0"),
        (-1, 4, "0.0"),
        (None, 4, "0.0"),
        (1, 0, "0.0"),
    ],
)
def test_meter_stays_on_its_rail(value: float | None, maximum: float, width: str):
    assert f'<rect class="fill" width="{width}" height="6"/>' in parts.meter(value, maximum)


def test_meter_mark_and_label():
    bar = drawn('{% meter 3 10 "3 of 10" tone="decide" mark=5 %}')
    assert 'class="meter decide"' in bar
    assert 'role="img" aria-label="3 of 10"' in bar
    assert '<rect class="mark" x="50.0"' in bar
    assert 'class="mark"' not in drawn("{% meter 3 10 %}")


@pytest.mark.parametrize(("percent", "tone"), [(80, "ok"), (79, "fair"), (50, "fair"), (49, "bad")])
def test_trust_takes_the_tone_of_its_share(percent: int, tone: str):
    shown = drawn("{% trust percent %}", percent=percent)
    assert f'class="meter {tone}"' in shown
    assert f'Data trust <span class="num">{percent}%</span>' in shown


def test_trust_in_persian_and_without_records():
    with using(PERSIAN), translation.override("fa"):
        assert 'اعتماد داده <span class="num">٪۶۲</span>' in drawn("{% trust 62 %}")
    assert drawn("{% trust nothing %}", nothing=None) == ""


def test_ring_says_its_score():
    assert 'aria-label="Score 82"' in drawn("{% ring 82 %}")
    assert 'stroke-dasharray="82.0 100"' in drawn("{% ring 82 %}")
    nothing = drawn('{% ring nothing "Mine" "small" %}', nothing=None)
    assert 'aria-label="Mine —"' in nothing
    assert "stroke-dasharray" not in nothing


def test_sparkline_leaves_out_what_is_missing():
    line = drawn("{% sparkline values %}", values=[1, None, 3, 2])
    assert 'points="0.0,22.0 66.7,2.0 100.0,12.0"' in line
    assert drawn("{% sparkline values %}", values=[None, 4]) == ""
    assert 'points="0.0,22.0 100.0,22.0"' in drawn("{% sparkline values %}", values=[7, 7])


def test_avatar_takes_first_and_last_word():
    assert drawn("{% avatar name %}", name="Sara M. Rezaei").endswith(">S\u200cR</span>")
    assert drawn("{% avatar name %}", name="سارا رضایی").endswith(">س\u200cر</span>")
    assert drawn("{% avatar name %}", name="<b>").endswith(">&lt;</span>")
    assert drawn("{% avatar name %}", name="").endswith("></span>")


class ContactForm(forms.Form):
    name = forms.CharField(label="Name", help_text="As they say it")
    kind = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    agreed = forms.BooleanField(required=False)
    file = forms.FileField(required=False)


def test_field_ties_hint_and_error_to_the_input():
    form = ContactForm({"name": ""})
    shown = drawn("{% field form.name %}", form=form)
    assert 'aria-describedby="id_name_helptext id_name_error"' in shown
    assert 'aria-invalid="true"' in shown
    assert '<p class="hint" id="id_name_helptext">As they say it</p>' in shown
    assert 'id="id_name_error"' in shown
    assert "This field is required." in shown
    assert '<label for="id_name">Name<span class="required" aria-hidden="true">*</span></label>' in shown


def test_field_of_an_untouched_form_is_quiet():
    shown = drawn("{% field form.name %}", form=ContactForm())
    assert "error" not in shown
    assert "wrong" not in shown


def test_radios_become_a_choice_group():
    shown = drawn('{% field form.kind variant="decide" label="Plan" %}', form=ContactForm({"kind": "b"}))
    assert '<div class="choice decide">' in shown
    assert shown.count('type="radio"') == 2
    assert shown.count("checked") == 1
    assert "<legend>Plan" in shown


def test_checkbox_and_file_have_their_own_shape():
    assert '<div class="field check ' in drawn("{% field form.agreed %}", form=ContactForm())
    assert '<div class="drop" data-drop>' in drawn("{% field form.file %}", form=ContactForm())


def test_hint_of_the_template_does_not_stay_on_the_form_class():
    assert "only here" in drawn('{% field form.kind hint="only here" %}', form=ContactForm())
    assert "only here" not in drawn("{% field form.kind %}", form=ContactForm())


def test_pagination_keeps_the_filter():
    request = RequestFactory().get("/deals/?q=kaveh&page=2")
    page = Paginator(range(95), 10).page(2)
    template = Template("{% pagination page %}")
    shown = template.render(RequestContext(request, {"page": page}))
    assert 'href="?q=kaveh&amp;page=3"' in shown
    assert '<span class="btn" aria-current="page">2</span>' in shown
    assert template.render(RequestContext(request, {"page": Paginator(range(5), 10).page(1)})).strip() == ""
