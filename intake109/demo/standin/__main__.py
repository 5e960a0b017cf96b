"""`python -m intake109.demo.standin`: the stand-in on a port until Ctrl-C."""

import argparse
import json
import signal
import sys
import time
from pathlib import Path

import uvicorn

from intake109.demo.standin.app import create_app
from intake109.demo.standin.server import configured, listening
from intake109.demo.standin.world import World


def main() -> int:
    """Run; say where on the first line."""
    parser = argparse.ArgumentParser(prog="python -m intake109.demo.standin", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8110, help="0 takes a free one")
    parser.add_argument("--state", type=Path, help="write the ledger here when stopped, as JSON")
    parser.add_argument("--flood-limits", action="store_true", help="refuse calls above the platforms' limits")
    given = parser.parse_args()
    # Ids go on from the clock, so that a second run never reuses those of the first.
    world = World(serial=int(time.time()) - 1_790_000_000)
    bound = listening(given.host, given.port)
    world.ground.base_url = f"http://{given.host}:{bound.getsockname()[1]}"
    world.act(channel="city", act="settings", flood_limits=given.flood_limits)
    sys.stdout.write(f"demo city: {world.ground.base_url}/\n")
    sys.stdout.flush()
    # uvicorn stops, then raises the signal again; as an exit it lets the ledger be written first.
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(0))
    try:
        uvicorn.Server(configured(create_app(world))).run(sockets=[bound])
    except KeyboardInterrupt:
        pass
    finally:
        if given.state:
            _write(given.state, world)
    return 0


def _write(path: Path, world: World) -> None:
    """Replace the file in one step, so that a reader never sees half of it."""
    draft = path.with_suffix(".part")
    draft.write_text(json.dumps(world.ledger(), ensure_ascii=False, indent=1), encoding="utf-8")
    draft.replace(path)


if __name__ == "__main__":
    sys.exit(main())
