"""Makes static/icons.svg: the icons we use, out of the whole Lucide sprite (npm `lucide-static`, ISC).

    npm pack lucide-static@1.62.0 && tar xzf lucide-static-1.62.0.tgz
    python scripts/build_icons.py package

Give an icon a name here before `{% icon "name" %}` uses it; the tag refuses a name that the sprite does not have.
"""

import re
import sys
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "static" / "icons.svg"

# Our name, or "our-name=lucide-name" where the field's word is better than the picture's.
NAMES = """
today=sun leads=magnet customers=building-complex contact=user-round deals=handshake pipeline=square-kanban
meetings=calendar-clock decision=diamond decisions=notebook-text objectives=target quality=shield-check
people=users key-decisions=key-round workspace=settings-2 more=ellipsis menu search user=circle-user-round
log-out log-in language=languages theme=sun-moon sun moon monitor help=circle-question-mark

plus minus check x check-circle=circle-check x-circle=circle-x alert=triangle-alert info clock calendar
calendar-check calendar-plus bell flag link external-link download upload file file-spreadsheet print=printer
trash edit=pencil filter=list-filter sort=arrow-up-down list grip=grip-vertical undo=undo-2 refresh=refresh-cw
history=rotate-ccw-clock eye lock send

chevron-down chevron-up chevron-next=chevron-right chevron-previous=chevron-left arrow-next=arrow-right
arrow-previous=arrow-left arrow-up arrow-down

phone mail message=message-circle visit=map-pin note=sticky-note video money=banknote trend-up=trending-up
trend-down=trending-down activity gauge stalled=hourglass pushed=calendar-x delegate=user-round-check
defer=calendar-arrow-down forecast=chart-line drop=ban lightbulb inbox timer award play present=presentation copy
"""


def main(package: Path) -> None:
    sprite = (package / "sprite.svg").read_text("utf-8")
    symbols = dict(re.findall(r'<symbol id="([^"]+)" viewBox="0 0 24 24">(.*?)</symbol>', sprite, re.DOTALL))
    parts = []
    for entry in NAMES.split():
        name, _, source = entry.partition("=")
        drawing = re.sub(r"\s+", " ", symbols[source or name]).replace("> <", "><").replace(" />", "/>").strip()
        parts.append(f'<symbol id="{name}" viewBox="0 0 24 24">{drawing}</symbol>')
    licence = "<!-- Lucide 1.62.0, ISC licence, see static/icons.LICENSE -->"
    drawn = '<svg xmlns="http://www.w3.org/2000/svg">' + licence + "\n" + "\n".join(parts) + "\n</svg>\n"
    TARGET.write_text(drawn, "utf-8")
    TARGET.with_suffix(".LICENSE").write_text((package / "LICENSE").read_text("utf-8"), "utf-8")
    print(f"{len(parts)} icons, {len(drawn)} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
