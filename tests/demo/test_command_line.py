"""The stand-in as a process of its own, which outlives the product and leaves its ledger behind."""

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest


@contextlib.contextmanager
def started(command: list[str]) -> Iterator[subprocess.Popen[str]]:
    """Start a process that does not outlive the block: `Popen` alone would wait for it for ever when a test fails."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.slow
def test_the_ledger_is_written_when_the_process_is_told_to_stop(tmp_path: Path) -> None:
    state = tmp_path / "ledger.json"
    command = [sys.executable, "-m", "intake109.demo.standin", "--port", "0", "--state", str(state)]
    with started(command) as process:
        assert process.stdout is not None
        url = process.stdout.readline().rpartition(" ")[2].strip()
        fields = {"channel": "telegram", "act": "message", "citizen": "asel", "text": "Яма"}
        httpx.post(f"{url}_city/act", json=fields, trust_env=False).raise_for_status()

        process.terminate()
        code = process.wait(10)

    assert code == 0
    assert [line["text"] for line in json.loads(state.read_text(encoding="utf-8"))] == ["Яма"]
