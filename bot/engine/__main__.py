"""`python -m bot.engine`: one engine process, told everything by its environment."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bot.engine import logs
from bot.engine.server import serve
from bot.engine.settings import EngineRefused, settings_from

if TYPE_CHECKING:
    from bot.engine.engine import Engine


def main(actions: str = "bot.actions") -> int:
    """Run with the actions of that package until the parent is gone; 2 if the engine refused to start."""
    try:
        settings = settings_from(os.environ)
    except EngineRefused as refusal:
        print(f"engine refused to start: {refusal}", file=sys.stderr)
        return 2
    logs.configure()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # A message is a few hundred rows: threads that share that sum wait for each other longer than they add.
    for threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ.setdefault(threads, "1")
    asyncio.run(serve(settings, partial(_load, actions=actions)))
    return 0


def _load(model: Path, actions: str) -> Engine:
    # Rasa takes ten seconds to import; the door answers meanwhile.
    from bot.engine.engine import Engine

    engine = Engine(model, actions)
    logs.configure()
    # Rasa and the model stay for good: half a million objects that no collection needs to walk again.
    gc.collect()
    gc.freeze()
    return engine


if __name__ == "__main__":
    sys.exit(main())
