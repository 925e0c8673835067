"""Who measures, and how a figure is told: name, value, unit, name of the target."""

from collections.abc import Callable

PASSWORD = "bench-bench-bench"
EMAIL = "bench@bench.example"
Tell = Callable[[str, float, str, str], None]
