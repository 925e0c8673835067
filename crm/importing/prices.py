"""A list of prices by product, which fills the missing amounts of open deals."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from crm.importing.fields import price_columns
from crm.importing.matching import squeezed
from crm.importing.plan import Cells
from crm.importing.readers import Unreadable, read_table
from crm.importing.values import Wrong, folded, read_amount
from l10n.current import current

MAX_PRODUCTS = 2000


def read_price_list(content: bytes, name: str) -> dict[str, Any]:
    """What is kept in a job's options: {"name": file name, "prices": [[product, amount as text], …]}.

    Raises Unreadable. Products without a readable price are left out.
    """
    table = read_table(content, name)
    columns = price_columns(table.headings)
    if columns is None:
        raise Unreadable(_("A price list needs a column for the product and one for its price."))
    product, price = columns
    prices = [[row.cells[product], amount] for row in table.rows() if (amount := _amount(row.cells[price]))]
    return {"name": name[:200], "prices": [pair for pair in prices if pair[0]][:MAX_PRODUCTS]}


def _amount(text: str) -> str:
    try:
        return str(read_amount(text, current())) if text else ""
    except Wrong:
        return ""


class Prices:
    def __init__(self, pairs: Sequence[Sequence[str]]) -> None:
        self._exact = {folded(product): Decimal(amount) for product, amount in pairs}
        self._loose = {squeezed(product): (product, Decimal(amount)) for product, amount in pairs}

    def fill(self, cells: Cells) -> Decimal | None:
        """The price of the row's product; what is spelt differently, or missing from the list, is reported."""
        product = cells.text("product")
        if not self._exact or not product:
            return None
        if (price := self._exact.get(folded(product))) is not None:
            return price
        if loose := self._loose.get(squeezed(product)):
            cells.report("product", _("Taken for “%(product)s” of the price list.") % {"product": loose[0]})
            return loose[1]
        cells.report("product", _("The price list has no such product: imported without amount."))
        return None
