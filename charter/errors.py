class NoFreeSlot(Exception):
    """Three key decisions are in force; a fourth has to replace one of them."""
