"""The values that travel between the rooms. Frozen, no behaviour beyond small derived facts, no I/O.

Words as in the design: an *event* is one raw delivery; a *mention* is what one citizen said; a *verdict* is what the
classifier says of it; an *outgoing* message is owed to the outside.
"""

from intake109.model.incoming import (
    Attachment,
    Author,
    Batch,
    Deletion,
    DeliveryState,
    DeliveryStatus,
    Event,
    Incoming,
    Lookup,
    Message,
    Noted,
    Parent,
    Point,
    Press,
    Reachability,
    Unreadable,
)
from intake109.model.outgoing import (
    Button,
    Enclosure,
    Outgoing,
    Receipt,
)
from intake109.model.verdict import (
    IncidentSign,
    Place,
    ServiceGuess,
    Span,
    Verdict,
)
from intake109.model.words import (
    AttachmentKind,
    Channel,
    Kind,
    Language,
)

__all__ = [
    "Attachment",
    "AttachmentKind",
    "Author",
    "Batch",
    "Button",
    "Channel",
    "Deletion",
    "DeliveryState",
    "DeliveryStatus",
    "Enclosure",
    "Event",
    "IncidentSign",
    "Incoming",
    "Kind",
    "Language",
    "Lookup",
    "Message",
    "Noted",
    "Outgoing",
    "Parent",
    "Place",
    "Point",
    "Press",
    "Reachability",
    "Receipt",
    "ServiceGuess",
    "Span",
    "Unreadable",
    "Verdict",
]
