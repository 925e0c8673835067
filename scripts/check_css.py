"""CSS: logical properties only, so that right-to-left needs no second style sheet."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
SIDE = "(left|right)"
PHYSICAL = {
    rf"(?<![\w-])(scroll-)?(margin|padding)-{SIDE}\s*:": "use -inline-start / -inline-end",
    rf"(?<![\w-])border-{SIDE}(-\w+)?\s*:": "use border-inline-start / border-inline-end",
    rf"(?<![\w-])border-(top|bottom)-{SIDE}-radius\s*:": "use border-start-start-radius and its sisters",
    rf"(?<![\w-]){SIDE}\s*:": "use inset-inline-start / inset-inline-end",
    rf"(?<![\w-])text-align\s*:\s*{SIDE}": "use start / end",
    rf"(?<![\w-])(float|clear)\s*:\s*{SIDE}": "use inline-start / inline-end",
}


def main() -> int:
    found = [line for path in sorted(ROOT.glob("static/css/**/*.css")) for line in problems(path)]
    print("\n".join(found) or "CSS is logical.")
    return 1 if found else 0


def problems(path: Path) -> Iterator[str]:
    text = COMMENT.sub(lambda match: "\n" * match[0].count("\n"), path.read_text())
    for pattern, advice in PHYSICAL.items():
        for match in re.finditer(pattern, text):
            line = text.count("\n", 0, match.start()) + 1
            yield f"{path.relative_to(ROOT)}:{line}: `{match[0].strip()}` is physical; {advice}"


if __name__ == "__main__":
    sys.exit(main())
