from crm.importing.plan import Cells


def full_name(cells: Cells, limit: int = 120) -> str:
    """The name of a person, in one column or in two."""
    return cells.text("name", limit) or " ".join(
        part for part in (cells.text("first_name", 60), cells.text("last_name", 59)) if part
    )
