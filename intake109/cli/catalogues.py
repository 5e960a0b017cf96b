"""Commands for the catalogue of services."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from intake109.cli.opening import DEFAULT_CONFIG, ConfigOption, load_config, plain_errors
from intake109.errors import IntakeError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from intake109.catalogue.contents import Kind
    from intake109.catalogue.difference import Change, Difference
    from intake109.catalogue.services import Catalogue, Service, Words
    from intake109.store.effective import Effective

app = typer.Typer(no_args_is_help=True, help="The catalogue of services.")
JsonOption = Annotated[bool, typer.Option("--json", help="Write JSON.")]


@app.command("list")
def list_services(
    sphere: Annotated[str, typer.Option(help="Only services of this sphere.")] = "",
    kind: Annotated[str, typer.Option(help="service, group, executor, curator, ask or sphere.")] = "service",
    as_json: JsonOption = False,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """List the services as they are now, or what they name: the files, with what was edited over them."""
    with plain_errors():
        from intake109.catalogue.contents import Kind
        from intake109.catalogue.services import SPHERES

        if sphere and sphere not in SPHERES:
            raise IntakeError(f"--sphere {sphere}: unknown; write one of {', '.join(SPHERES)}")
        if kind not in list(Kind):
            raise IntakeError(f"--kind {kind}: unknown; write one of {', '.join(Kind)}")
        catalogue = effective_of(config).catalogue
    if kind != Kind.SERVICE:
        _list_named(catalogue, Kind(kind), as_json)
        return
    past = catalogue.retired.services
    services = [one for one in (*catalogue.services.values(), *past.values()) if sphere in {"", one.sphere}]
    services.sort(key=lambda one: (SPHERES.index(one.sphere), one.code))
    if as_json:
        typer.echo(json.dumps([_shown(one, one.code in past) for one in services], ensure_ascii=False, indent=1))
        return
    for one in services:
        left = "  (retired)" if one.code in past else ""
        typer.echo(f"{one.code:10} {one.deadline:>5} {one.danger:8} {one.executor:24} {one.names.ru}{left}")


@app.command("diff")
def diff(
    folder: Annotated[Path | None, typer.Argument(help="Compare with this folder in place of the files.")] = None,
    as_json: JsonOption = False,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Show what the centre has made of the catalogue: how it differs from the files, or from another folder."""
    with plain_errors():
        from intake109.catalogue.difference import differences
        from intake109.catalogue.load import load

        now = effective_of(config)
        found = differences(load(folder) if folder else now.base, now.catalogue)
    if as_json:
        typer.echo(json.dumps([_told(one) for one in found], ensure_ascii=False, indent=1))
        return
    print_differences(found)


@app.command("check")
def check(
    folder: Annotated[Path | None, typer.Argument(help="Check this folder in place of the catalogue in use.")] = None,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Check the catalogue in use: structure, near-duplicate phrases and services. Status 1 if anything is wrong."""
    from intake109.catalogue.check import Severity
    from intake109.catalogue.check import check as look_over
    from intake109.catalogue.load import load

    with plain_errors():
        now = effective_of(config) if folder is None else None
        catalogue = now.catalogue if now else load(folder)
        remarks = look_over(catalogue)
    broken = [f"error: {problem}" for problem in (now.problems if now else ())]
    for remark in (*broken, *remarks):
        typer.echo(str(remark))
    edited = f", edited here: {now.edits}" if now and now.edits else ""
    typer.echo(f"{len(catalogue.services)} services{edited}, {len(broken) + len(remarks)} remarks")
    if broken or any(remark.severity is Severity.ERROR for remark in remarks):
        raise typer.Exit(1)


def _list_named(catalogue: Catalogue, kind: Kind, as_json: bool) -> None:
    from intake109.catalogue.contents import in_use, retired

    past = retired(catalogue, kind)
    named = {**in_use(catalogue, kind), **past}
    if as_json:
        shown = [{"code": code, "names": _words(words), "retired": code in past} for code, words in named.items()]
        typer.echo(json.dumps(shown, ensure_ascii=False, indent=1))
        return
    for code, words in named.items():
        left = "  (retired)" if code in past else ""
        typer.echo(f"{code:24} {words.ru} | {words.kk} | {words.en}{left}")


def print_differences(found: Sequence[Difference]) -> None:
    """Write what became of everything, a line each, with its fields below."""
    for one in found:
        typer.echo(f"{one.what:12} {one.kind:9} {one.code:12} {one.name}")
        for change in one.changes:
            typer.echo("\n".join(f"    {line}" for line in _lines(change)))
    typer.echo(f"{len(found)} differences")


def effective_of(config: Path) -> Effective:
    """Return the catalogue in use; where nobody has configured anything yet, that of the files."""
    from intake109.store.effective import effective

    is_fresh = config == DEFAULT_CONFIG and not config.exists()
    return effective(None if is_fresh else load_config(config))


def _shown(service: Service, is_retired: bool) -> dict[str, Any]:
    said = service.phrases
    return {
        "code": service.code,
        "sphere": service.sphere,
        "group": service.group.removeprefix(f"{service.sphere}."),
        "names": _words(service.names),
        "executor": service.executor,
        "danger": service.danger.value,
        "deadline": service.deadline,
        "deadline_source": service.deadline_source,
        "ask": list(service.ask),
        "answer": _words(service.answer) if service.answer else None,
        "phrases": {"ru": list(said.ru), "kk": list(said.kk), "other": list(said.other)},
        "retired": is_retired,
    }


def _words(words: Words) -> dict[str, str]:
    return {"ru": words.ru, "kk": words.kk, "en": words.en}


def _told(one: Difference) -> dict[str, Any]:
    changes = []
    for change in one.changes:
        if change.added or change.removed:
            told: dict[str, Any] = {"added": list(change.added), "removed": list(change.removed)}
        else:
            told = {"before": change.before, "after": change.after}
        changes.append({"field": change.field, **told})
    return {"what": one.what.value, "kind": one.kind.value, "code": one.code, "name": one.name, "changes": changes}


def _lines(change: Change) -> list[str]:
    if change.added or change.removed:
        came = [f"{change.field}: + {text}" for text in change.added]
        return [*(f"{change.field}: − {text}" for text in change.removed), *came]
    if not change.before and not change.after:
        return [f"{change.field}: in another order"]
    return [f"{change.field}: {change.before or '—'} → {change.after or '—'}"]
