"""What a caller asked for: parameters of one call, whatever way they came.

The Bot API takes the same parameter as query, form, multipart or JSON, numbers as digits in a string, objects as
JSON in a string; the Graph API is nearly as lenient. The handlers read through this, so the leniency stands in
one place.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from starlette.datastructures import UploadFile
from starlette.requests import Request

Json: TypeAlias = dict[str, object]


class MalformedError(Exception):
    """A parameter cannot be read as what it should be."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came in a multipart form."""

    name: str
    mime: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Asked:
    """Parameters by name, with readers by type."""

    values: Mapping[str, object]
    uploads: Mapping[str, Upload] = field(default_factory=dict)

    def given(self, name: str) -> bool:
        """Say whether the parameter came with something in it."""
        return self.values.get(name) not in (None, "")

    def text(self, name: str, default: str = "") -> str:
        """Read text; a number is taken as its digits."""
        value = self.values.get(name)
        if value is None:
            return default
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

    def integer(self, name: str, default: int = 0) -> int:
        """Read a whole number, also from digits in a string."""
        value = self.values.get(name)
        if value in (None, ""):
            return default
        try:
            return int(str(value))
        except ValueError as error:
            raise MalformedError(f"{name} is not an integer") from error

    def flag(self, name: str, default: bool = False) -> bool:
        """Read a truth value; "true", "True", "1" and "yes" are true."""
        value = self.values.get(name)
        if value is None:
            return default
        return str(value).lower() in {"true", "1", "yes"}

    def parsed(self, name: str) -> object:
        """Read a value that may be JSON in a string; None if absent."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value.strip() else None
        except ValueError:
            return value

    def part(self, name: str) -> "Asked":
        """Read a nested object; an absent one reads as empty."""
        value = self.parsed(name)
        return Asked(value if isinstance(value, dict) else {})

    def items(self, name: str) -> list[object]:
        """Read a list; an absent one reads as empty."""
        value = self.parsed(name)
        return value if isinstance(value, list) else []

    def parts(self, name: str) -> list["Asked"]:
        """Read a list of objects, leaving out what is none."""
        return [Asked(item) for item in self.items(name) if isinstance(item, dict)]


async def read(request: Request) -> Asked:
    """Gather what a request asks for: its query, overlaid by its body.

    Raises:
        MalformedError: the body says it is JSON and is not an object.
    """
    values: Json = dict(request.query_params)
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind == "application/json":
        values.update(_from_json(await request.body()))
    elif kind in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        uploads: dict[str, Upload] = {}
        async with request.form() as form:
            for name, value in form.multi_items():
                if isinstance(value, UploadFile):
                    mime = value.content_type or "application/octet-stream"
                    uploads[name] = Upload(value.filename or name, mime, await value.read())
                else:
                    values[name] = value
        return Asked(values, uploads)
    return Asked(values)


def _from_json(body: bytes) -> Json:
    if not body.strip():
        return {}
    try:
        value = json.loads(body)
    except ValueError as error:
        raise MalformedError("the body is not JSON") from error
    if not isinstance(value, dict):
        raise MalformedError("the body is not a JSON object")
    return value
