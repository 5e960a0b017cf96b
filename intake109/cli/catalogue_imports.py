"""Commands that read a whole catalogue back, and take that back again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from intake109.cli.catalogues import app, effective_of, print_differences
from intake109.cli.opening import DEFAULT_CONFIG, ConfigOption, load_config, plain_errors, writing
from intake109.errors import IntakeError

__all__ = ["app"]


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="The ZIP of *Download*, one of its YAML files, or a folder.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")] = False,
    note: Annotated[str, typer.Option(help="Why: it is kept in the history of everything that changes.")] = "",
    leave: Annotated[
        bool, typer.Option("--retire-missing", help="Retire what the files leave out; without this it stays.")
    ] = False,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Read a whole catalogue, or a part of one, and write everything that it says otherwise, in one go."""
    with plain_errors():
        from intake109.catalogue.incoming import read, retirements
        from intake109.review_ui.catalogue import importing

        files = _files(file)
        now = effective_of(config)
        found = read(now.catalogue, files)
        entries = [*found.entries, *(retirements(now.catalogue, found.missing) if leave else ())]
        print_differences(importing.told(now.catalogue, entries))
        if found.missing and not leave:
            typer.echo(f"{len(found.missing)} not in the files: they stay (--retire-missing retires them)")
        if dry_run or not entries:
            typer.echo("nothing was saved")
            return
        if not note.strip():
            raise IntakeError("--note is missing: say why, it is kept in the history of everything that changes")
        import_id, n = _save(config, file.name, files, note, leave)
        typer.echo(f"saved as import {import_id}: {n} changes; `intake109 catalogue undo {import_id}` takes them back")


@app.command("undo")
def undo(
    import_id: Annotated[int, typer.Argument(help="The number that `catalogue import` gave.")],
    note: Annotated[str, typer.Option(help="Why.")] = "",
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Take a whole import back: what was before comes back in new versions, what was edited since stays."""
    with plain_errors():
        from intake109.catalogue.load import load
        from intake109.clock import SystemClock
        from intake109.review_ui.catalogue import importing

        load_config(config)
        with writing(config) as session:
            n = importing.undo(session, load(), import_id, None, note, SystemClock().now())
        typer.echo(f"import {import_id} is taken back: {n} changes")


def _save(config: Path, name: str, files: dict[str, bytes], note: str, leave: bool) -> tuple[int, int]:
    from intake109.catalogue.incoming import read
    from intake109.catalogue.load import load
    from intake109.clock import SystemClock
    from intake109.review_ui.catalogue import importing

    base, at = load(), SystemClock().now()
    with writing(config) as session:
        # Read once more inside the transaction: somebody may have edited since what was shown.
        catalogue, mark = importing.now_is(session, base)
        import_id = importing.keep(session, name, read(catalogue, files), mark, None, at)
        return import_id, importing.save(session, base, import_id, None, note, at, leave=leave)


def _files(file: Path) -> dict[str, bytes]:
    from intake109.catalogue import packing

    if file.is_dir():
        return packing.read_folder(file)
    try:
        with file.open("rb") as opened:
            return packing.opened(file.name, opened.read(packing.LARGEST_BYTES + 1))
    except OSError as error:
        raise IntakeError(f"{file}: cannot be read ({error.strerror}): check that it exists and its rights") from error
