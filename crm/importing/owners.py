from django.utils.translation import gettext as _

from crm.importing.matching import Members
from crm.importing.plan import Cells, Setup
from crm.importing.values import Wrong
from members.models import User


def owner_of(cells: Cells, members: Members, setup: Setup) -> User | None:
    """The colleague named in the row; an unknown one is made, or reported and left out, as the user chose."""
    name = cells.text("owner", 120)
    if not name:
        return None
    try:
        found = members.find(name)
    except Wrong as error:
        cells.report("owner", str(error))
        return None
    if found is None and setup.creates("owners"):
        return members.make(name)
    if found is None:
        cells.report("owner", _("Nobody here has this name: imported without owner."))
    return found
