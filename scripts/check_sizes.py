"""Sizes: a function has at most 60 lines and half of them fewer than 10; a file has at most 500 lines."""

import ast
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FUNCTION, MEDIAN, FILE = 60, 10, 500


def main() -> int:
    lengths: list[int] = []
    found: list[str] = []
    for path in sources():
        text = path.read_text()
        if (count := text.count("\n")) > FILE:
            found.append(f"{path.relative_to(ROOT)}: {count} lines; split it ({FILE} is the end)")
        for name, line, length in functions(text):
            lengths.append(length)
            if length > FUNCTION:
                found.append(f"{path.relative_to(ROOT)}:{line}: {name} has {length} lines ({FUNCTION} is the end)")
    median = statistics.median(lengths)
    if median >= MEDIAN:
        found.append(f"The median function has {median:.0f} lines; it should be under {MEDIAN}.")
    print("\n".join(found) or f"{len(lengths)} functions, median {median:.0f} lines, longest {max(lengths)}.")
    return 1 if found else 0


def sources() -> Iterator[Path]:
    """What git knows or would add, without migrations."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in listed.splitlines():
        path = ROOT / name
        if "migrations" not in path.parts and path.exists():
            yield path


def functions(text: str) -> Iterator[tuple[str, int, int]]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, node.lineno, (node.end_lineno or node.lineno) - node.lineno + 1


if __name__ == "__main__":
    sys.exit(main())
