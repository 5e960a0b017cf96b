"""Reading a request's body up to a limit: what is larger is refused before it fills the memory."""

from __future__ import annotations

from fastapi import Request


async def read(request: Request, limit_bytes: int, *, drain_bytes: int = 0) -> bytes | None:
    """Return the raw body, None if it is larger than the limit (or says that it will be).

    Args:
        drain_bytes: how much more is taken in and thrown away. A browser whose upload is cut off shows a broken
            connection instead of our answer.
    """
    said = request.headers.get("content-length", "")
    if not drain_bytes and said.isascii() and said.isdigit() and int(said) > limit_bytes:
        return None
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit_bytes + drain_bytes:
            return None
        if size <= limit_bytes:
            chunks.append(chunk)
    return b"".join(chunks) if size <= limit_bytes else None
