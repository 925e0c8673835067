"""The pairs of tokens that carry text, at WCAG AA (4.5 : 1) in both themes. Formulas: CSS Color 4, WCAG 2.2."""

import re
from math import cos, radians, sin
from pathlib import Path

import pytest
from django.conf import settings

TOKENS = (Path(settings.BASE_DIR) / "static" / "css" / "tokens.css").read_text("utf-8")
COLOUR = r"(#fff|oklch\([^)]*\))"
BOTH = {
    name: (light, dark) for name, light, dark in re.findall(rf"--([\w-]+): light-dark\({COLOUR}, {COLOUR}\);", TOKENS)
}
PLAIN: dict[str, str] = dict(re.findall(rf"--([\w-]+): {COLOUR};", TOKENS))
GROUNDS = ["paper", "surface", "sunken", "hover"]
PAIRS = [
    *((ink, ground) for ink in ("ink", "ink-2", "ink-3") for ground in GROUNDS),
    *((f"{tone}-ink", ground) for tone in ("act", "bad", "ok", "wait", "saffron") for ground in ("paper", "surface")),
    *((f"{tone}-ink", f"{tone}-soft") for tone in ("act", "bad", "ok", "wait", "saffron")),
    *(("ink", f"{tone}-soft") for tone in ("act", "bad", "ok", "wait", "saffron")),
    *(("ink-2", f"{tone}-soft") for tone in ("act", "saffron")),
    ("on-act", "act"),
    ("on-act", "act-hover"),
    ("on-saffron", "saffron"),
    ("on-saffron", "saffron-hover"),
]


def colour(name: str, theme: int) -> str:
    return BOTH[name][theme] if name in BOTH else PLAIN[name]


def linear(value: str) -> tuple[float, float, float]:
    """Linear sRGB, clipped to the gamut."""
    if value == "#fff":
        return 1, 1, 1
    lightness, chroma, hue = map(float, value.removeprefix("oklch(").rstrip(")").split()[:3])
    a, b = chroma * cos(radians(hue)), chroma * sin(radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short
    return min(max(red, 0), 1), min(max(green, 0), 1), min(max(blue, 0), 1)


def ratio(one: str, other: str) -> float:
    def luminance(value: str) -> float:
        red, green, blue = linear(value)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_formula_against_known_colours():
    black, white = "oklch(0 0 0)", "oklch(1 0 0)"
    assert ratio(black, white) == pytest.approx(21, abs=0.01)
    # CSS `green` (#008000) on white, as any checker says.
    assert ratio("oklch(0.51975 0.17686 142.495)", "#fff") == pytest.approx(5.14, abs=0.02)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_text_can_be_read(ink: str, ground: str, theme: int):
    assert ratio(colour(ink, theme), colour(ground, theme)) >= 4.5


def test_browsers_without_light_dark_see_the_light_theme():
    assert {name: pair[0] for name, pair in BOTH.items()} == {name: PLAIN[name] for name in BOTH}
