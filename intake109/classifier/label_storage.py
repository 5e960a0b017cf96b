"""Keeps a classifier of a centre's own labels in one file of arrays and JSON: nothing in it is ever executed."""

from __future__ import annotations

import json
import os
import tempfile
import zipfile
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, get_type_hints

import numpy as np
import scipy.sparse as sp

from intake109.classifier.features import Features
from intake109.classifier.labelled import LabelClassifier, Model
from intake109.classifier.storage import ModelFileError

_LAYOUT = "labels 1"
_SPARSE = ("data", "indices", "indptr", "shape")
Arrays = dict[str, np.ndarray[Any, Any]]


def save_labels(classifier: LabelClassifier, path: Path) -> None:
    """Write the classifier to `path`, whole or not at all.

    Raises:
        ModelFileError: the file cannot be written there.
    """
    vocabularies, weights = classifier.features.state()
    arrays: Arrays = {"idf": weights, "tilt": classifier.tilt}
    plain: dict[str, Any] = {}
    _take_apart("model", classifier.model, arrays, plain)
    head = {"layout": _LAYOUT, "vocabularies": vocabularies, "plain": plain}
    arrays["head"] = np.frombuffer(json.dumps(head, ensure_ascii=False).encode(), dtype=np.uint8)
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    except OSError as error:
        raise ModelFileError(f"{path}: cannot be written ({error}); name a file in a folder that exists") from error
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise ModelFileError(f"{path}: cannot be written ({error}); look at the disk") from error
    finally:
        part.unlink(missing_ok=True)


def restore_labels(path: Path) -> LabelClassifier:
    """Read what `save_labels` wrote.

    Raises:
        ModelFileError: there is no such file, or it is not one of ours, or of an older version.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        head = json.loads(arrays["head"].tobytes().decode())
        if head["layout"] != _LAYOUT:
            raise ValueError(f"layout {head['layout']}")
        model = _put_together("model", Model, arrays, head["plain"])
        return LabelClassifier(Features.restore(head["vocabularies"], arrays["idf"]), model, arrays["tilt"])
    except OSError as error:
        raise ModelFileError(
            f"{path}: cannot be read ({error.strerror}); name the file `train --keep-labels` wrote"
        ) from error
    except (ValueError, KeyError, TypeError, IndexError, zipfile.BadZipFile, EOFError) as error:
        problem = f"{path}: no model of labels, or of an older version ({type(error).__name__})"
        raise ModelFileError(f"{problem}; train it again with `train --keep-labels`") from error


def _take_apart(name: str, value: Any, arrays: Arrays, plain: dict[str, Any]) -> None:
    """Put every array of nested dataclasses into `arrays` and everything else into `plain`, by its path."""
    if is_dataclass(value):
        for field in fields(value):
            _take_apart(f"{name}.{field.name}", getattr(value, field.name), arrays, plain)
    elif sp.issparse(value):
        matrix = sp.csr_matrix(value)
        told = (_shrunk(matrix.data), matrix.indices, matrix.indptr, np.array(matrix.shape))
        arrays.update({f"{name}/{part}": array for part, array in zip(_SPARSE, told, strict=True)})
    elif isinstance(value, np.ndarray):
        arrays[name] = _shrunk(value)
    else:
        plain[name] = value


def _put_together(name: str, kind: Any, arrays: Arrays, plain: dict[str, Any]) -> Any:
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        parts = {
            field.name: _put_together(f"{name}.{field.name}", hints[field.name], arrays, plain)
            for field in fields(kind)
        }
        return kind(**parts)  # type: ignore[operator]
    if f"{name}/data" in arrays:
        data, indices, indptr, shape = (arrays[f"{name}/{part}"] for part in _SPARSE)
        matrix = sp.csr_matrix((data.astype(np.float32), indices, indptr), tuple(shape))
        matrix.check_format(full_check=True)
        return matrix
    if name in arrays:
        return arrays[name].astype(np.float32)
    value = plain[name]
    return tuple(value) if isinstance(value, list) else value


def _shrunk(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return weights with three digits where there are many; it halves the file and changes no suggestion."""
    is_large = array.size > 100_000 and np.abs(array).max() < np.finfo(np.float16).max
    return array.astype(np.float16) if is_large else array
