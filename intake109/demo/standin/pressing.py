"""Finding the button a citizen presses: by its data, else by what it says."""

import re

from intake109.demo.standin.asked import Asked
from intake109.demo.standin.ledger import Button, Entry, Ledger


def find_button(
    ledger: Ledger, channel: str, citizen: str, wanted: Asked, thread: str = "private"
) -> tuple[Entry, Button] | None:
    """Find the newest button that fits, or None.

    Data must be equal. Words may differ a little, since a script cannot know how the product words its buttons: one
    may contain the other, or both begin with the same word ("Нет, не исправлено" presses "Нет").
    """
    shown = [
        (entry, button)
        for entry in ledger
        if (entry.channel, entry.direction, entry.thread) == (channel, "to_citizen", thread)
        if thread != "private" or entry.citizen == citizen
        for row in entry.buttons
        for button in row
        if button.kind != "url"
    ][::-1]
    data, text = wanted.text("data"), wanted.text("text").lower()
    for entry, button in shown:
        if data and button.data == data:
            return entry, button
    for fits in (_contains, _begins_alike):
        for entry, button in shown:
            if text and fits(text, button.text.lower()):
                return entry, button
    return None


def _contains(wanted: str, shown: str) -> bool:
    return wanted in shown or shown in wanted


def _begins_alike(wanted: str, shown: str) -> bool:
    return re.findall(r"\w+", wanted)[:1] == re.findall(r"\w+", shown)[:1] != []
