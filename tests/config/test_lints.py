"""The project's own lints find what they are for."""

from pathlib import Path

import pytest

from scripts import check_css, check_dependencies, check_sizes, check_templates


@pytest.mark.parametrize(
    "markup",
    [
        '<p style="color: red">x</p>',
        "<style>p { color: red }</style>",
        "<script>alert(1)</script>",
        '<a onclick="go()">x</a>',
        '<a href="javascript:go()">x</a>',
        '<a hx-on:click="go()">x</a>',
        "<a hx-vals='js:{a: 1}'>x</a>",
        "<a hx-trigger=\"keyup[key=='k']\">x</a>",
        "{{ deal.due|date }}",
        '{{ deal.due | date:"Y" }}',
        "{{ deal.amount|floatformat:2 }}",
        "{{ note|safe }}",
    ],
)
def test_refused_markup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, markup: str):
    monkeypatch.setattr(check_templates, "ROOT", tmp_path)
    page = tmp_path / "page.html"
    page.write_text(f"<p>fine</p>\n{{# a comment may say style= #}}\n{markup}\n")
    assert [line.split(": ")[0] for line in check_templates.problems(page)] == ["page.html:3"]


def test_good_markup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(check_templates, "ROOT", tmp_path)
    page = tmp_path / "page.html"
    page.write_text(
        '<script src="{% static "app.js" %}" defer></script><p class="only">{{ deal.due|day }} online=1</p>'
    )
    assert list(check_templates.problems(page)) == []


@pytest.mark.parametrize(
    "rule",
    ["margin-left: 1rem", "padding-right:0", "left: 0", "text-align: right", "float: left", "border-left: 0",
     "border-left-color: red", "border-top-left-radius: 2px"],
)  # fmt: skip
def test_refused_css(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rule: str):
    monkeypatch.setattr(check_css, "ROOT", tmp_path)
    sheet = tmp_path / "a.css"
    sheet.write_text(f"/* left: 0 */\n.a {{ {rule}; }}\n")
    assert [line.split(": `")[0] for line in check_css.problems(sheet)] == ["a.css:2"]


def test_good_css(tmp_path: Path):
    sheet = tmp_path / "a.css"
    sheet.write_text(".a { margin-inline-start: 0; inset-inline-end: 1px; --left: 1; text-align: start; }")
    assert list(check_css.problems(sheet)) == []


def test_lengths_of_functions():
    assert list(check_sizes.functions("def a():\n    b()\n    c()\n\nasync def d(): pass\n")) == [
        ("a", 1, 3),
        ("d", 5, 1),
    ]


def test_every_dependency_is_explained_and_locked():
    assert [*check_dependencies.without_reason(), *check_dependencies.bad_locks()] == []
