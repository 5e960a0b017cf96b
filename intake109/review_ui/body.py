"""Reading a request's body up to a limit: what is larger is refused before it fills the memory."""

from __future__ import annotations

from fastapi import Request


async def read(request: Request, limit_bytes: int) -> bytes | None:
    """Return the raw body, None if it is larger than the limit (or says that it will be)."""
    said = request.headers.get("content-length", "")
    if said.isascii() and said.isdigit() and int(said) > limit_bytes:
        return None
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit_bytes:
            return None
        chunks.append(chunk)
    return b"".join(chunks)
