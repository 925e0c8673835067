from collections.abc import Iterator

import pytest

from l10n.current import DEFAULT, PERSIAN, Formats, using


@pytest.fixture
def fa() -> Iterator[Formats]:
    with using(PERSIAN):
        yield PERSIAN


@pytest.fixture
def en() -> Iterator[Formats]:
    with using(DEFAULT):
        yield DEFAULT
