"""What the classifier says of a mention."""

from __future__ import annotations

from dataclasses import dataclass

from intake109.model.words import Kind, Language


@dataclass(frozen=True, slots=True)
class ServiceGuess:
    """A service of the catalogue with its calibrated probability, 0…1."""

    code: str
    sphere: str
    probability: float


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` ≤ i < `end` of a text and why they matter (a rule's name, `place`)."""

    start: int
    end: int
    why: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where the problem is, as found in the text; empty parts were not found.

    `key` is the normalised form by which two texts about one house meet, e.g. `абая 10`; empty if there is no house.
    `text` is what was said, `normalised` how the city's papers write it: canonical names of the centre's gazetteer.
    Latitude and longitude are degrees, known only of what the gazetteer places on the map.
    `street_key` and `district_key` are where two texts meet that name no house; the district may be the street's.
    """

    text: str = ""
    street: str = ""
    house: str = ""
    district: str = ""
    landmark: str = ""
    key: str = ""
    spans: tuple[Span, ...] = ()
    flat: str = ""
    normalised: str = ""
    latitude: float | None = None
    longitude: float | None = None
    street_key: str = ""
    district_key: str = ""


@dataclass(frozen=True, slots=True)
class IncidentSign:
    """Danger to life: `score` 0…1; `flag` once it counts as an incident; `reasons` are the words that spoke for it."""

    flag: bool = False
    score: float = 0.0
    reasons: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the classifier says of a mention.

    Attributes:
        kind_probability: calibrated probability of `kind`, 0…1.
        appeal_probability: calibrated probability that it is an appeal, whatever `kind` says.
        services: up to five, the most probable sphere's first; empty when the classifier is unsure of all.
        spans of `incident` and `place` index `text`, which is what was classified (own words and the parent's).
    """

    kind: Kind
    kind_probability: float
    appeal_probability: float
    services: tuple[ServiceGuess, ...]
    incident: IncidentSign
    language: Language
    place: Place
    text: str
    model: str = ""
