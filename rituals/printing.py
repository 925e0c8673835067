"""Minutes and the decision log on paper. WeasyPrint is imported only when something is printed: it is slow to load."""

from datetime import date, datetime
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from l10n.current import current
from rituals.models import Decision, Minutes
from rituals.screens_decisions import Row, minutes_items
from tenants.schema import current_tenant


def minutes_pdf(minutes: Minutes) -> bytes:
    """The PDF of one version in the language that is active."""
    return _print("rituals/pdf/minutes.html", minutes_context(minutes))


def minutes_context(minutes: Minutes) -> dict[str, Any]:
    content = minutes.content
    starts_at = datetime.fromisoformat(content["starts_at"])
    return {
        "minutes": minutes,
        "content": content,
        "starts_at": starts_at,
        "items": minutes_items(content, starts_at.astimezone(current().timezone).date()),
    }


def decisions_pdf(decisions: list[Decision], *, today: date) -> bytes:
    return _print("rituals/pdf/decisions.html", {"rows": [Row(row, today) for row in decisions], "today": today})


def _print(template: str, context: dict[str, Any]) -> bytes:
    from weasyprint import HTML

    language = current().language
    page = render_to_string(
        template,
        {**context, "tenant": current_tenant(), "lang": language, "dir": "rtl" if language == "fa" else "ltr"},
    )
    return cast(bytes, HTML(string=page, base_url=_folder_of("css/pdf.css").as_uri() + "/").write_pdf())


def _folder_of(path: str) -> Path:
    """Where the static files are as files: in the source tree, or where they were collected for production."""
    found = finders.find(path)
    return (Path(str(found)) if found else Path(settings.STATIC_ROOT) / path).parent.parent
