"""Reads a firm's story: who works there, what they sell, how they write. The files stand in `stories/`."""

import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent / "stories"
PASSWORD = "tasmim-demo"  # noqa: S105  (shown on the log-in page of the demo)
FIRMS = ("alborz", "riverside")


@dataclass(frozen=True)
class Story:
    """One story file. `unit` of a product's price range is a million toman or a thousand dollars."""

    data: dict[str, Any]

    @cached_property
    def firm(self) -> dict[str, Any]:
        return dict(self.data["firm"])

    @property
    def address(self) -> str:
        return str(self.firm["address"])

    @property
    def long_cycle(self) -> bool:
        return bool(self.firm["playbook"] == "b2b")

    def email(self, key: str) -> str:
        return f"{key}@{self.address}.example"

    def __getitem__(self, name: str) -> Any:
        return self.data[name]


def read(address: str) -> Story:
    """Raises FileNotFoundError for a firm that has no story."""
    with (FOLDER / f"{address}.toml").open("rb") as file:
        return Story(tomllib.load(file))
