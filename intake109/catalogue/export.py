"""Writes a catalogue as the folder of YAML files that `load` reads."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from typing import Any

import yaml

from intake109.catalogue.contents import Kind, content_of, in_use, retired, service_content
from intake109.catalogue.services import SPHERES, Catalogue

LISTS = {
    "curators.yaml": Kind.CURATOR,
    "spheres.yaml": Kind.SPHERE,
    "asks.yaml": Kind.ASK,
    "executors.yaml": Kind.EXECUTOR,
}
"""The files beside the services', by what they hold; what others name comes first."""
_BASE = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_WIDE = 10_000
"""A phrase stays on its line, however long: what is changed shows in one line of a difference."""


def files(catalogue: Catalogue) -> dict[str, str]:
    """Return the files by their path: all that can be edited, also what has left.

    The texts that are no appeals are left out: `load` takes them from the package.
    """
    found = {f"services/{sphere}.yaml": _sphere(catalogue, sphere) for sphere in SPHERES}
    found |= {path: _lines(catalogue, kind) for path, kind in LISTS.items()}
    return {path: text for path, text in found.items() if text}


def archive(catalogue: Catalogue, now: datetime) -> bytes:
    """Return the folder as a ZIP."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as folder:
        for path, text in files(catalogue).items():
            entry = zipfile.ZipInfo(f"catalogue/{path}", now.timetuple()[:6])
            entry.external_attr = 0o644 << 16
            folder.writestr(entry, text, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


class _Flow(dict[str, Any]):
    """A mapping on one line."""


class _FlowList(list[str]):
    """A list on one line."""


class _Dumper(_BASE):  # type: ignore[misc,valid-type]
    """Block style, with short things on one line."""


_Dumper.add_representer(
    _Flow, lambda dumper, data: dumper.represent_mapping("tag:yaml.org,2002:map", data, flow_style=True)
)
_Dumper.add_representer(
    _FlowList, lambda dumper, data: dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=True)
)


def _sphere(catalogue: Catalogue, sphere: str) -> str:
    groups = {
        code.removeprefix(f"{sphere}."): named
        for code, named in _all_named(catalogue, Kind.GROUP).items()
        if code.startswith(f"{sphere}.")
    }
    own = [service for service in catalogue.services.values() if service.sphere == sphere]
    left = [service for service in catalogue.retired.services.values() if service.sphere == sphere]
    if not groups and not own and not left:
        return ""
    written = sorted(
        [*((one, False) for one in own), *((one, True) for one in left)],
        key=lambda pair: pair[0].code,
    )
    services = []
    for service, is_retired in written:
        content = service_content(service) | ({"retired": "yes"} if is_retired else {})
        del content["sphere"]
        if "ask" in content:
            content["ask"] = _FlowList(content["ask"])
        services.append(content)
    return _dump({"sphere": sphere} | ({"groups": groups} if groups else {}) | {"services": services})


def _lines(catalogue: Catalogue, kind: Kind) -> str:
    named = _all_named(catalogue, kind)
    return _dump(named) if named else ""


def _all_named(catalogue: Catalogue, kind: Kind) -> dict[str, _Flow]:
    """Return what is written of everything of a kind, one line each; what has left stands behind the others."""
    used = {code: _Flow(content_of(catalogue, kind, code) or {}) for code in in_use(catalogue, kind)}
    left = sorted(retired(catalogue, kind))
    return used | {code: _Flow((content_of(catalogue, kind, code) or {}) | {"retired": "yes"}) for code in left}


def _dump(value: dict[str, Any]) -> str:
    text: str = yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=_WIDE)
    return text
