"""Training by hand: from the catalogue and the decisions, from a centre's own history; and going back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from intake109.cli.opening import DEFAULT_CONFIG, ConfigOption, build, load_config, plain_errors, writing
from intake109.errors import IntakeError

if TYPE_CHECKING:
    from intake109.bootstrap import House
    from intake109.classifier.label_map import Mapped
    from intake109.store.tables import ModelRow

app = typer.Typer()
_LISTED = 20
_LEFT_OUT_SHOWN = 30
_WHY = {
    "first": "trained from the catalogue alone",
    "better": "right more often on decisions neither had learnt, and missed no more incidents",
    "not_better": "not right more often than luck explains",
    "incidents_missed": "missed more incidents",
    "kind_worse": "took more appeals for something else, or the reverse",
    "top3_worse": "had the right service among its first three less often",
    "too_few": "too few new decisions to compare on: {have} of {need}",
    "edited": "the catalogue had changed",
    "asked": "asked for; there was too little to compare on",
    "night": "too little to compare on",
    "training": "the training process ended: {problem}",
    "killed": "the training was killed",
}


@app.command()
def train(
    from_: Annotated[Path | None, typer.Option("--from", help="A history of your own: JSONL or CSV, also .gz.")] = None,
    text: Annotated[str, typer.Option(help="The history's column of the text.")] = "",
    label: Annotated[str, typer.Option(help="The history's column of the label.")] = "",
    map_: Annotated[Path | None, typer.Option("--map", help="Two columns: label, code of a service or sphere.")] = None,
    keep_labels: Annotated[bool, typer.Option("--keep-labels", help="Learn the labels as they are, apart.")] = False,
    out: Annotated[Path | None, typer.Option(help="Where --keep-labels writes its model.")] = None,
    anyway: Annotated[bool, typer.Option("--anyway", help="Serve the new model even if it is not better.")] = False,
    back: Annotated[bool, typer.Option("--back", help="Let the model before the present one serve again.")] = False,
    list_: Annotated[bool, typer.Option("--list", help="Show the models and what became of each attempt.")] = False,
    forget: Annotated[str, typer.Option(help="Erase what this history file has taught.")] = "",
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Train from the catalogue and all decisions; the new model serves if it is better, in running processes too."""
    with plain_errors():
        if from_ is not None and not (text and label):
            raise IntakeError("--from: name its columns with --text and --label")
        if list_:
            _list(config)
        elif back:
            _go_back(config)
        elif forget:
            _forget(config, forget)
        elif from_ is not None and keep_labels:
            _keep_labels(config, from_, text, label, out)
        elif from_ is None and (keep_labels or map_ is not None or out is not None):
            raise IntakeError("--map, --keep-labels and --out go with --from: name a history")
        else:
            past = _mapped(config, from_, text, label, map_) if from_ else None
            with _house(config) as house:
                if past is not None and from_ is not None:
                    _keep(house, past, from_.name)
                _train(house, anyway)


@contextmanager
def _house(config: Path) -> Iterator[House]:
    house = build(config)
    try:
        yield house
    finally:
        house.close()


def _train(house: House, anyway: bool) -> None:
    from intake109.jobs.learning import Origin
    from intake109.progress import shown

    assert house.learning is not None
    with shown() as progress:
        row = house.learning.attempt(
            Origin.ASKED, lambda _what, share: progress("training", share), must_win=not anyway, few_will_do=True
        )
    typer.echo(_told(row))
    for name in ("first", "top3", "sphere", "kind", "incident_recall"):
        if row.challenger:
            typer.echo(f"    {name:16} {row.champion[name]:.3f} → {row.challenger[name]:.3f}")


def _mapped(config: Path, path: Path, text: str, label: str, map_: Path | None) -> Mapped:
    """Read a history and its map before anything is trained: a mistake is told at once."""
    from intake109.classifier import history
    from intake109.classifier.label_map import mapped, read_map
    from intake109.store.effective import effective

    rows, catalogue = history.read(path, text, label), effective(load_config(config)).catalogue
    meanings = read_map(map_, catalogue, path, rows) if map_ else {}
    found = mapped(rows, meanings, catalogue)
    if not found.rows:
        raise IntakeError(
            f"{path}: no label means a service or a sphere (the first is “{rows[0].label}”); "
            "give --map with two columns, label and code, or --keep-labels"
        )
    typer.echo(f"{len(found.rows)} of {len(rows)} rows mean a service or a sphere")
    for name, count in found.left_out[:_LEFT_OUT_SHOWN]:
        typer.echo(f"    left out: {count:6} × {name}")
    if len(found.left_out) > _LEFT_OUT_SHOWN:
        typer.echo(f"    … and {len(found.left_out) - _LEFT_OUT_SHOWN} labels more")
    return found


def _keep(house: House, past: Mapped, source: str) -> None:
    from intake109.store import examples

    with house.database.write() as session:
        new = examples.keep_history(session, source, past.rows, house.clock.now())
    typer.echo(f"{new} texts are new and kept")


def _keep_labels(config: Path, path: Path, text: str, label: str, out: Path | None) -> None:
    from intake109.classifier import history, labelled
    from intake109.classifier.label_storage import save_labels
    from intake109.progress import shown

    rows = history.read(path, text, label)
    target = out or load_config(config).storage.folder / "model" / "labels.npz"
    if out is None:
        target.parent.mkdir(parents=True, exist_ok=True)
    with shown() as progress:
        classifier = labelled.train([row.text for row in rows], [row.label for row in rows], progress)
    save_labels(classifier, target)
    typer.echo(f"{len(rows)} rows, {len(classifier.labels)} labels; use it with `intake109 classify --model {target}`")


def _list(config: Path) -> None:
    from intake109.store import models

    with writing(config) as session:
        rows, current = models.newest(session, _LISTED), models.serving(session)
        session.expunge_all()
    for row in rows:
        typer.echo(f"{'→' if current and row.id == current.id else ' '} {_told(row)}")
    if not rows:
        typer.echo("no model yet: the first is trained when the product starts")


def _go_back(config: Path) -> None:
    from intake109.clock import SystemClock
    from intake109.store import models

    with writing(config) as session:
        row = models.go_back(session, None, None, SystemClock().now())
    typer.echo(f"model {row.id} serves again; running processes take it over within seconds")


def _forget(config: Path, source: str) -> None:
    from intake109.store import examples

    with writing(config) as session:
        count = examples.forget_history(session, source)
    if not count:
        raise IntakeError(f"--forget {source}: no history of this name; give the file's name without its folder")
    typer.echo(f"{count} texts erased; models trained before still know them: train anew")


def _told(row: ModelRow) -> str:
    why = _WHY.get(row.reason, row.reason).format_map({"have": 0, "need": 0, "problem": "", **row.detail})
    at = row.trained_at.strftime("%Y-%m-%d %H:%M UTC")
    return f"{row.id:>4}  {at}  {row.outcome:9} {row.examples:>6} examples  {why}"
