"""What the view tests share: an htmx request, and the count of a page's queries."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import FirmClient

HTMX = {"HX-Request": "true"}


@pytest.fixture
def queries_of() -> Callable[[FirmClient, str], int]:
    """How many statements a page costs once the session is warm."""

    def count(client: FirmClient, url: str) -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            response: Any = client.get(url)
        assert response.status_code == 200
        return len([q for q in captured.captured_queries if "search_path" not in q["sql"]])

    return count
