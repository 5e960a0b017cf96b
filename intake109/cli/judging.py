"""Commands that ask the classifier, or ask how good it is."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from intake109.cli.opening import DEFAULT_CONFIG, ConfigOption, load_config, plain_errors, write_file

if TYPE_CHECKING:
    from intake109.classifier.history import Labelled
    from intake109.classifier.trial import Outcome
    from intake109.progress import Progress

app = typer.Typer()


@app.command()
def classify(
    explain: Annotated[bool, typer.Option("--explain", help="Add which words spoke for the first service.")] = False,
    model: Annotated[Path | None, typer.Option(help="A model of own labels, written by `train --keep-labels`.")] = None,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Read texts (lines, or JSON lines with a `text`) on standard input and write verdicts as JSON lines."""
    from intake109.classifier.lines import classify_lines, label_lines
    from intake109.progress import shown

    with plain_errors():
        if model is not None:
            from intake109.classifier.label_storage import restore_labels

            lines = label_lines(restore_labels(model), sys.stdin)
        else:
            from intake109.bootstrap.serving import serving

            with shown() as progress:
                champion, catalogue = serving(load_config(config), progress)
            lines = classify_lines(champion, catalogue, sys.stdin, explain=explain)
        for line in lines:
            typer.echo(line)


@app.command()
def evaluate(
    test: Annotated[Path, typer.Argument(help="Labelled texts to score on: JSONL or CSV, also gzipped.")],
    text: Annotated[str, typer.Option(help="The column of the text.")],
    label: Annotated[str, typer.Option(help="The column of the label.")],
    train: Annotated[Path | None, typer.Option(help="Learn from this file's labels first.")] = None,
    model: Annotated[Path | None, typer.Option(help="A model of own labels, written by `train --keep-labels`.")] = None,
    json_: Annotated[Path | None, typer.Option("--json", help="Where to write the figures.")] = None,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Score the model that serves (labels are spheres or codes), or with --train or --model one of own labels."""
    from intake109.classifier import history
    from intake109.progress import shown

    with plain_errors():
        if train is not None and model is not None:
            raise typer.BadParameter("--train learns a model, --model takes one that was learnt: give one of the two")
        rows = history.read(test, text, label)
        with shown() as progress:
            if train is not None:
                from intake109.classifier.trial import try_history

                outcome = try_history(history.read(train, text, label), rows, progress)
            elif model is not None:
                from intake109.classifier.label_storage import restore_labels
                from intake109.classifier.trial import try_labels

                outcome = try_labels(restore_labels(model), rows, progress)
            else:
                outcome = _try_serving(test, rows, config, progress)
        figures = outcome.shown()
        if json_ is not None:
            write_file(json_, json.dumps(figures, ensure_ascii=False, indent=1))
    for name, value in figures.items():
        typer.echo(f"{name:20} {f'{value:.4f}' if isinstance(value, float) else value}")


def _try_serving(test: Path, rows: list[Labelled], config: Path, progress: Progress) -> Outcome:
    from intake109.bootstrap.serving import serving
    from intake109.classifier.trial import try_catalogue

    champion, catalogue = serving(load_config(config), progress)
    return try_catalogue(champion, catalogue, test, rows, progress)
