"""Joins the CSS and JavaScript sources into the two files that a page loads: static/css/app.css, static/js/app.js.

    python scripts/build_assets.py           writes them
    python scripts/build_assets.py --check   fails when they are stale, or when a source breaks a rule of the look

The sources stay plain: every .js file is an ES module that runs as it is. Joined, the modules share one scope, so a
name stands at the top of one file only. board.js is left out: only the board page loads it.
"""

import hashlib
import json
import re
import sys
from pathlib import Path

STATIC = Path(__file__).resolve().parent.parent / "static"
STYLES = ["reset.css", "tokens.css", "base.css", "layout.css", "parts/*.css"]
ALONE = {"app.js", "board.js"}
LAYERS = "@layer reset, tokens, base, layout, parts;"


def styles() -> list[Path]:
    return [path for pattern in STYLES for path in sorted((STATIC / "css").glob(pattern))]


def scripts() -> list[Path]:
    return sorted(path for path in (STATIC / "js").glob("*.js") if path.name not in ALONE)


def joined_css() -> str:
    text = LAYERS + "\n".join(path.read_text("utf-8") for path in styles())
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r"\s*([{};,>])\s*", r"\1", text)
    text = re.sub(r":\s+", ":", text).replace(";}", "}")
    return text.replace("}", "}\n").strip() + "\n"  # one rule a line: a change stays readable


def joined_js() -> str:
    """Modules in order of name; imports of one another drop out because all share a scope."""
    text = "\n".join(path.read_text("utf-8") for path in scripts())
    text = re.sub(r'^import .* from "\./[\w-]+\.js";\n', "", text, flags=re.MULTILINE)
    text = re.sub(r"^export ", "", text, flags=re.MULTILINE)
    text = re.sub(r"^\s*//.*\n", "", text, flags=re.MULTILINE)
    return re.sub(r"^\s+", "", text, flags=re.MULTILINE)


def changed_vendor_files() -> list[str]:
    vendor = STATIC / "vendor"
    return [
        f"vendor/{name} is not the file that vendor.json names"
        for name, entry in json.loads((vendor / "vendor.json").read_text("utf-8")).items()
        if hashlib.sha256((vendor / name).read_bytes()).hexdigest() != entry["sha256"]
    ]


def main() -> int:
    targets = {STATIC / "css" / "app.css": joined_css(), STATIC / "js" / "app.js": joined_js()}
    if "--check" not in sys.argv:
        for path, text in targets.items():
            path.write_text(text, "utf-8")
    stale = [
        f"{path.relative_to(STATIC)} is stale: run scripts/build_assets.py"
        for path, text in targets.items()
        if not path.exists() or path.read_text("utf-8") != text
    ]
    problems = stale + changed_vendor_files()
    print("\n".join(problems), end="\n" if problems else "")
    return 1 if problems else 0


if __name__ == "__main__":
    raise SystemExit(main())
