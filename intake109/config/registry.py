"""The city's own registry of appeals, to which some organisations' work goes and from which their answers come."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr

from intake109.config.section import Section


def _address(url: str) -> str:
    if url and not re.match(r"https?://[^/\s]+", url):
        raise ValueError("must be an address like https://registry.example.kz/api/appeals, or empty")
    return url


class Registry(Section):
    """Empty `url`: there is none. Secret: INTAKE109_REGISTRY_SECRET (signs both ways).

    `fields` renames what we send (our name: theirs), `services` and `statuses` translate codes: ours to theirs, and
    theirs to `in_work`, `answered` or `returned`.
    """

    url: Annotated[str, AfterValidator(_address)] = ""
    timeout_seconds: float = Field(default=20, gt=0, le=120)
    fields: dict[str, str] = Field(default_factory=dict)
    services: dict[str, str] = Field(default_factory=dict)
    statuses: dict[str, Literal["in_work", "answered", "returned"]] = Field(default_factory=dict)
    secret: SecretStr = SecretStr("")
