"""The page's few icons, drawn as lines so that they take the colour of the text beside them."""

from html import escape

_PATHS = {
    "telegram": ("M21 4 3 11.2l5.6 2 2 6.3 3-3.7 4.9 3.6z",),
    "whatsapp": ("M12 3a9 9 0 0 0-7.7 13.6L3 21l4.5-1.2A9 9 0 1 0 12 3z", "M9 8c.8 3.4 2.6 5.2 6 6"),
    "instagram": (
        "M7 3h10a4 4 0 0 1 4 4v10a4 4 0 0 1-4 4H7a4 4 0 0 1-4-4V7a4 4 0 0 1 4-4z",
        "M12 8.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7z",
    ),
    "back": ("M15 5l-7 7 7 7",),
    "send": ("M4 12 20 4l-5 16-3.5-6.5z",),
    "clock": ("M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z", "M12 7v5.5l3.5 2"),
    "pin": ("M12 21s7-6.2 7-11.5A7 7 0 0 0 5 9.5C5 14.8 12 21 12 21z", "M12 12a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z"),
    "file": ("M6 3h8l4 4v14H6z", "M14 3v4h4"),
    "voice": ("M12 4v16M8 8v8M4 11v2M16 7v10M20 10v4",),
    "eye": (
        "M3 3l18 18",
        "M10 5.3A9.5 9.5 0 0 1 21 12a13 13 0 0 1-2.5 3.3",
        "M6.5 6.800A13 13 0 0 0 3 12a9.5 9.5 0 0 0 11 6.6",
    ),
}


def icon(name: str, label: str = "") -> str:
    """Draw an icon; with a label it speaks for itself, without one it is decoration."""
    role = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    paths = "".join(f'<path d="{path}"/>' for path in _PATHS[name])
    return f'<svg class="icon" viewBox="0 0 24 24" {role}>{paths}</svg>'
