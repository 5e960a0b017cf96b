"""Keeps trained parts in one file of arrays and JSON: nothing in it is ever executed when it is read."""

from __future__ import annotations

import json
import os
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp

from intake109.classifier.assignment import Assignment
from intake109.classifier.features import Features
from intake109.classifier.kinds import Logistic
from intake109.classifier.languages import Pieces
from intake109.classifier.linear import Linear
from intake109.classifier.parts import Parts
from intake109.errors import IntakeError

_LAYOUT = 2
_LINEARS = ("spheres", "services", "kind", "incident")


class ModelFileError(IntakeError):
    """A model file is missing, damaged or of another version: train anew."""

    permanent = True


def save(parts: Parts, path: Path) -> None:
    """Write the parts to `path`, whole or not at all: a reader never sees half a file."""
    vocabularies, weights = parts.features.state()
    models = _linears(parts)
    arrays: dict[str, np.ndarray[Any, Any]] = {"idf": weights}
    for name, linear in models.items():
        matrix = sp.csr_matrix(linear.weights)
        arrays[f"{name}_data"] = matrix.data.astype(np.float16)  # three digits are more than ten phrases can teach
        arrays[f"{name}_indices"] = matrix.indices.astype(np.int32)
        arrays[f"{name}_indptr"] = matrix.indptr.astype(np.int32)
        arrays[f"{name}_offsets"] = linear.offsets
    arrays["sphere_of"] = parts.services.sphere_of
    head = {
        "layout": _LAYOUT,
        "vocabularies": vocabularies,
        "classes": {name: linear.classes for name, linear in models.items()},
        "sharpness": [
            parts.services.sphere_sharpness,
            parts.services.service_sharpness,
            parts.kind.sharpness,
            parts.incident.sharpness,
        ],
        "dangerous": parts.dangerous,
        "pieces": [parts.pieces.kazakh, parts.pieces.russian],
    }
    arrays["head"] = np.frombuffer(json.dumps(head, ensure_ascii=False).encode(), dtype=np.uint8)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name_of_part = tempfile.mkstemp(dir=path.parent, suffix=".part")
    part = Path(name_of_part)
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def restore(path: Path) -> Parts:
    """Read what `save` wrote.

    Raises:
        ModelFileError: there is no such file, or it cannot be what `save` wrote.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            return _parts(arrays)
    except (OSError, ValueError, KeyError, TypeError, IndexError, zipfile.BadZipFile, EOFError) as error:
        raise ModelFileError(f"{path.name} cannot be read ({type(error).__name__}): it will be trained anew") from error


def _linears(parts: Parts) -> dict[str, Linear]:
    services = parts.services
    return dict(
        zip(_LINEARS, (services.spheres, services.services, parts.kind.linear, parts.incident.linear), strict=True)
    )


def _parts(arrays: Any) -> Parts:
    head = json.loads(arrays["head"].tobytes().decode())
    if head["layout"] != _LAYOUT:
        raise ValueError(f"layout {head['layout']}")
    features = Features.restore(head["vocabularies"], arrays["idf"])
    spheres, services, kind, incident = (_linear(arrays, name, head, features.width) for name in _LINEARS)
    sphere, service, kind_sharpness, incident_sharpness = head["sharpness"]
    return Parts(
        features,
        Assignment(spheres, services, arrays["sphere_of"], sphere, service),
        Logistic(kind, kind_sharpness),
        Logistic(incident, incident_sharpness),
        Pieces(*head["pieces"]),
        tuple(head["dangerous"]),
    )


def _linear(arrays: Any, name: str, head: dict[str, Any], width: int) -> Linear:
    classes = tuple(head["classes"][name])
    data = arrays[f"{name}_data"].astype(np.float32)
    weights = sp.csr_matrix((data, arrays[f"{name}_indices"], arrays[f"{name}_indptr"]), (width, len(classes)))
    weights.check_format(full_check=True)
    return Linear(classes, weights, arrays[f"{name}_offsets"])
