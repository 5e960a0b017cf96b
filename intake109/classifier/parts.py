"""What training gives and the model file holds: features, models, and the pieces of both languages."""

from __future__ import annotations

from dataclasses import dataclass

from intake109.classifier.assignment import Assignment
from intake109.classifier.features import Features
from intake109.classifier.kinds import Logistic
from intake109.classifier.languages import Pieces


@dataclass(frozen=True, slots=True)
class Parts:
    """All trained parts of a classifier."""

    features: Features
    services: Assignment
    kind: Logistic
    incident: Logistic
    pieces: Pieces
