import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings

from l10n.templatetags.parts import DIRECTIONAL, icon_names
from scripts import build_assets

ROOT = Path(settings.BASE_DIR)
STATIC = ROOT / "static"


def packed(*names: str) -> int:
    return sum(len(gzip.compress((STATIC / name).read_bytes(), 9)) for name in names)


def test_built_files_are_fresh():
    assert (STATIC / "css" / "app.css").read_text("utf-8") == build_assets.joined_css()
    assert (STATIC / "js" / "app.js").read_text("utf-8") == build_assets.joined_js()
    assert build_assets.changed_vendor_files() == []


def test_a_changed_source_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for folder in ("css/parts", "js", "vendor"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "vendor" / "vendor.json").write_text('{"a.js": {"sha256": "0"}}')
    (tmp_path / "vendor" / "a.js").write_text("changed")
    (tmp_path / "css" / "reset.css").write_text("@layer reset { a { color : red ; } }")
    (tmp_path / "js" / "one.js").write_text('import { two } from "./two.js";\n  // why\nexport const one = two;\n')
    monkeypatch.setattr(build_assets, "STATIC", tmp_path)
    monkeypatch.setattr("sys.argv", ["build_assets.py"])
    assert build_assets.main() == 1  # the vendor file
    assert (tmp_path / "js" / "app.js").read_text() == "const one = two;\n"
    assert (tmp_path / "css" / "app.css").read_text().endswith("@layer reset{a{color :red}\n}\n")
    (tmp_path / "js" / "one.js").write_text("const other = 1;\n")
    monkeypatch.setattr("sys.argv", ["build_assets.py", "--check"])
    assert build_assets.main() == 1
    assert (tmp_path / "js" / "app.js").read_text() == "const one = two;\n"


def test_first_visit_leaves_room_for_the_page():
    """130 kB is the whole budget; a page of 20 kB must fit in as well."""
    fonts = sum((STATIC / "fonts" / name).stat().st_size for name in ("vazirmatn.woff2", "inter.woff2"))
    assert fonts + packed("css/app.css", "js/app.js", "vendor/htmx-4.0.1.min.js", "icons.svg") <= 110_000


def test_javascript_stays_small():
    assert packed("js/app.js", "vendor/htmx-4.0.1.min.js") <= 25_000


def test_templates_name_icons_that_exist():
    used = {
        name
        for path in (ROOT / "templates").rglob("*.html")
        for name in re.findall(r'{% icon "([\w-]+)"|icon="([\w-]+)"', path.read_text("utf-8"))
        for name in name
        if name
    }
    assert used - icon_names() == set()
    assert DIRECTIONAL - icon_names() == set()
    assert len(icon_names()) <= 95
