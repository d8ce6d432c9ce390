"""The one palette and type of pages, charts and sheets (docs/reference/look.md)."""

from __future__ import annotations

from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
FAMILY = "Be Vietnam Pro"

# Name -> (on paper, in dark mode). A page turns the first into the variable of that name.
PALETTE = {
    "ink": ("#1a1d1f", "#eceff0"),
    "grey-1": ("#555d61", "#b0b8bc"),
    "grey-2": ("#8a9296", "#7f888c"),
    "grey-3": ("#d9dddf", "#3a4245"),
    "paper": ("#ffffff", "#14181a"),
    "accent": ("#0b6b68", "#5cc4bf"),
    "amber": ("#8f5a00", "#e5b04f"),
    "brick": ("#a3341f", "#ef8a76"),
    "tint": ("#eef5f4", "#1c2a2a"),
}
INK, GREY_1, GREY_2, GREY_3, PAPER, ACCENT = (
    PALETTE[name][0] for name in ("ink", "grey-1", "grey-2", "grey-3", "paper", "accent")
)

# One hue, light to dark, for maps: five classes; text on the two darkest is white.
CLASSES = ("#dbeceb", "#a9d2cf", "#6fb3af", "#348d89", "#0a5552")
# Not of the palette: the classes keep their colours in dark mode, and so must the words on them.
ON_LIGHT, ON_DARK = "#16191b", "#fdfefe"
TEXT_ON_CLASS = (ON_LIGHT, ON_LIGHT, ON_LIGHT, ON_DARK, ON_DARK)
# What is drawn in this colour is hatched: unknown, which is not zero.
UNKNOWN = "#f1f2f3"
