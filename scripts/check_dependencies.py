"""Dependencies: each has its reason in pyproject.toml, and both locks carry hashes and no addresses."""

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAME = re.compile(r"^[a-zA-Z0-9][\w.-]*", re.MULTILINE)
LOCKED = re.compile(r"^([a-zA-Z0-9][\w.-]*)==", re.MULTILINE)


def main() -> int:
    found = [*without_reason(), *bad_locks()]
    print("\n".join(found) or "Dependencies are explained and locked.")
    return 1 if found else 0


def without_reason() -> Iterator[str]:
    reasons = set(tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["tasmim"]["why"])
    wanted = set(NAME.findall(read("runtime.in"))) | set(NAME.findall(read("dev.in")))
    for name in sorted(wanted - reasons):
        yield f"requirements: {name} has no reason in [tool.tasmim.why] of pyproject.toml"
    for name in sorted(reasons - wanted):
        yield f"pyproject.toml: [tool.tasmim.why] explains {name}, which is not required"


def bad_locks() -> Iterator[str]:
    for kind in ("runtime", "dev"):
        lock = read(f"{kind}.txt")
        missing = set(NAME.findall(read(f"{kind}.in"))) - set(LOCKED.findall(lock))
        if missing:
            yield f"requirements/{kind}.txt lacks {', '.join(sorted(missing))}: run `make lock`"
        if re.search(r"https?://|--(extra-)?index-url|--find-links", lock):
            yield f"requirements/{kind}.txt names an address"
        blocks = re.split(r"^(?=[a-zA-Z0-9])", lock, flags=re.MULTILINE)
        yield from (
            f"requirements/{kind}.txt: {block.split()[0]} has no hash"
            for block in blocks
            if LOCKED.match(block) and "--hash=sha256:" not in block
        )


def read(name: str) -> str:
    return (ROOT / "requirements" / name).read_text()


if __name__ == "__main__":
    sys.exit(main())
