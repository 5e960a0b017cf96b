"""Reads the room's own word lists, plain YAML that a person can review; every scalar is text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

_FOLDER = Path(__file__).parent / "data"
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # BaseLoader makes nothing but texts, lists and mappings


def word_list(name: str) -> Any:
    """Return the content of `data/<name>.yaml`."""
    text = (_FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=_LOADER)  # noqa: S506 - see above
