"""What a log line says, and what it must not say."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from logging.config import DictConfigurator
from typing import Any

import pytest
import structlog
from django.test import Client

from config import logs

ReadLines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Iterator[ReadLines]:
    """Log lines as production writes them."""
    made = DictConfigurator({"version": 1}).configure_formatter(dict(logs.LOGGING["formatters"]["json"]))
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(made)
    caplog.set_level(logging.INFO)
    caplog.set_level(logging.INFO, logger="django_structlog")
    logging.getLogger().addHandler(handler)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    logging.getLogger().removeHandler(handler)


def test_personal_data_is_taken_out(lines):
    structlog.get_logger("room").info(
        "mail_failed", to="سارا <sara@acme.example>", email="sara@acme.example", ip="10.0.0.7", deal=12
    )
    (line,) = lines()
    assert {key: line.get(key) for key in ("event", "to", "email", "ip", "deal", "level", "logger")} == {
        "event": "mail_failed",
        "to": "سارا <(e-mail)>",
        "email": None,
        "ip": None,
        "deal": 12,
        "level": "info",
        "logger": "room",
    }


def test_a_database_error_does_not_show_the_row(lines):
    try:
        raise ValueError('duplicate key "one_email"\nDETAIL:  Key (email)=(sara@acme.example) already exists.')
    except ValueError:
        logging.getLogger("plain").exception("failed")
    (line,) = lines()
    assert line["event"] == "failed"
    assert 'ValueError: duplicate key "one_email"\nDETAIL: (left out)' in str(line["exception"])
    assert "sara" not in json.dumps(line)


@pytest.mark.django_db
def test_a_request_is_logged_with_route_tenant_and_id_but_without_its_query(lines, visitor: Client):
    visitor.get("/accounts/login/?email=sara@acme.example&next=/secret/", headers={"user-agent": "Spy 1.0"})
    (line,) = [line for line in lines() if line["event"] == "request_finished"]
    assert (line["request"], line["code"], line["tenant"]) == ("GET /accounts/login/", 200, "acme")
    assert len(str(line["request_id"])) == 36
    assert "sara" not in json.dumps(line)
    assert "Spy" not in json.dumps(line)
