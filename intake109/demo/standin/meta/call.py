"""One call of the Graph API, taken apart."""

from dataclasses import dataclass
from datetime import datetime

from intake109.demo.standin.asked import Asked


@dataclass(frozen=True, slots=True)
class Call:
    """`GET /v25.0/{node}/{edge}?…` with who asks and when."""

    method: str
    node: str
    edge: str
    asked: Asked
    token: str
    now: datetime
