"""Makes static/fonts: small variable subsets for the browser, and plain full files for PDF.

    npm pack vazirmatn@33.0.3 inter-ui@4.1.1, unpack both, then
    python scripts/build_fonts.py VAZIRMATN_FOLDER INTER_FOLDER

The browser files are cut to the letters and the weights that the pages use. The PDF files stay whole: WeasyPrint
sets subset Persian fonts with wrong glyphs.
"""

import shutil
import sys
from io import BytesIO
from pathlib import Path

from fontTools.subset import Options, Subsetter, parse_unicodes
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

TARGET = Path(__file__).resolve().parent.parent / "static" / "fonts"
# Persian letters and marks, digits of both kinds, ZWNJ and direction marks, quotation marks, rial sign.
PERSIAN = (
    "0020-0022,0025,0028-0029,002B-002F,003A,0060C,061B,061F,0621-063A,0640-0655,0660-066C,0670,067E,0686,0698,06A9,"
    "06AF,06C0,06CC,06D4-06D5,06F0-06F9,00A0,00AB,00BB,00B7,00D7,200C-200F,2010-2014,2018-201D,2026,2066-2069,FDFC,"
    "FE8D-FE8E,FEFB-FEFC"
)
LATIN = (
    "0020-007E,00A0-00FF,0131,0152-0153,02C6,02DA,02DC,2010-2014,2018-201E,2020-2022,2026,2030,2032-2033,2039-203A,"
    "2044,20AC,2122,2190-2193,21B5,2212,2215,00D7"
)


def pinned(path: Path, **axes: float | tuple[float, float]) -> TTFont:
    """The variable font with its axes cut down. Written out and read again: the subsetter needs its tables packed."""
    whole = instantiateVariableFont(TTFont(path), axes)
    whole.flavor = None
    packed = BytesIO()
    whole.save(packed)
    packed.seek(0)
    return TTFont(packed)


def subset(font: TTFont, codes: str, features: str, target: str) -> None:
    options = Options()
    options.flavor = "woff2"
    options.layout_features = features.split(",")
    options.hinting = False
    options.name_IDs = [0, 1, 2, 13, 14]
    work = Subsetter(options)
    work.populate(unicodes=parse_unicodes(codes))
    work.subset(font)
    font.flavor = "woff2"
    font.save(TARGET / target)
    print(target, (TARGET / target).stat().st_size)


def main(vazirmatn: Path, inter: Path) -> None:
    (TARGET / "pdf").mkdir(parents=True, exist_ok=True)
    persian = pinned(vazirmatn / "fonts/webfonts/Vazirmatn[wght].woff2", wght=(400, 700))
    subset(persian, PERSIAN, "init,medi,fina,isol,rlig,liga,calt,ccmp,mark,mkmk,kern,locl,tnum", "vazirmatn.woff2")
    latin = pinned(inter / "variable/InterVariable.woff2", wght=(400, 700), opsz=14)
    subset(latin, LATIN, "kern,calt,ccmp,locl,tnum,case,mark", "inter.woff2")
    for weight in ("Regular", "Medium", "Bold"):
        shutil.copy(vazirmatn / f"fonts/webfonts/Vazirmatn-{weight}.woff2", TARGET / "pdf")
        shutil.copy(inter / f"web/Inter-{weight}.woff2", TARGET / "pdf")
    shutil.copy(vazirmatn / "OFL.txt", TARGET / "vazirmatn.OFL.txt")
    shutil.copy(inter / "LICENSE.txt", TARGET / "inter.OFL.txt")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
