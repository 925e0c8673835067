"""What the services of fields refuse."""


class BudgetSpent(Exception):
    """Seven fields are asked of this entity; an eighth has to replace one of them."""


class SlotsTaken(Exception):
    """The entity has five own fields; a sixth has to replace one of them."""


class AlreadyAsked(Exception):
    """A rule asks for this field already."""


class CannotGuard(Exception):
    """Only a deal's own field can be needed, and only from an open or won stage on."""


class NeedsChoices(Exception):
    """A field of choices has at least two."""


class LabelTaken(Exception):
    """Another field of this entity is called the same."""
