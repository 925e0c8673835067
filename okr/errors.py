"""What the services of this room refuse; a view turns each into a kind message."""


class NoFreeSlot(Exception):
    """The firm (or team) has as many active objectives as it may have. `cap` says how many; the page offers a swap."""

    def __init__(self, cap: int) -> None:
        self.cap = cap
        super().__init__(str(cap))


class TooManyKeyResults(Exception):
    """An objective has at most five key results."""


class WrongState(Exception):
    """The cycle or objective is no longer in the state that this wants: somebody else was faster."""


class AnotherCycleRuns(Exception):
    """Only one cycle runs at a time; `name` is the running one's."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(name)
