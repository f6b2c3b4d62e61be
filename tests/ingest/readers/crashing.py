"""A process that starts ingestions and lets each be killed at a point of its way.

It reads one JSON line a run and forks for it, so that the libraries are loaded once:
`{"data": DIR, "forum": DIR, "point": "module:function:before", "call": 1}`, or with `"after": 0.2`
for a kill after so many seconds, or with `"largest_file": 4096` for a disk that takes no more. It
answers with how the run ended: -9 killed, 0 well, 3 with an error of ours, 1 with any other.
"""

import importlib
import json
import os
import resource
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

# What a run loads on its way, loaded before the fork.
import ingest.readers.markdown
import vectorstore.search.chroma
from assistant.domain.errors import AssistantError
from assistant.records.database import Database
from assistant.records.edits import EditStore
from ingest.ingestion import Ingestion
from ingest.pipeline import Options
from tests.builders import unwatched
from tests.fakes import HashEmbedder
from vectorstore.publishing import verification
from vectorstore.publishing.library import Library

assert ingest.readers.markdown
assert vectorstore.search.chroma


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def arm(point: str, call: int) -> None:
    """Have this process killed before or after the given call of a function."""
    module, path, when = point.split(":")
    holder: Any = importlib.import_module(module)
    *parents, name = path.split(".")
    for parent in parents:
        holder = getattr(holder, parent)
    wrapped: Callable[..., object] = getattr(holder, name)
    calls = 0

    def wrapper(*args: object, **more: object) -> object:
        nonlocal calls
        calls += 1
        if when == "before" and calls == call:
            die()
        result = wrapped(*args, **more)
        if when == "after" and calls == call:
            die()
        return result

    setattr(holder, name, wrapper)


def an_ingestion(data: Path) -> Ingestion:
    embedder = HashEmbedder()
    library = Library(data, lambda: embedder, model=embedder.name, verify=verification.examine)
    return Ingestion(
        data=data,
        index=library,
        edited=EditStore(Database(data)),
        detect_language=lambda _: "en",
        crawl=lambda *_: NotImplemented,
        examine=lambda _draft, _published: [],
        watch=unwatched,
    )


def run(order: dict[str, Any]) -> None:
    if "point" in order:
        arm(order["point"], order["call"])
    elif "after" in order:
        killer = threading.Timer(order["after"], die)
        killer.daemon = True
        killer.start()
    else:
        resource.setrlimit(resource.RLIMIT_FSIZE, (order["largest_file"],) * 2)
    an_ingestion(Path(order["data"])).ingest([order["forum"]], Options())


def ended(order: dict[str, Any]) -> int:
    try:
        run(order)
    except AssistantError:
        return 3
    except BaseException:  # noqa: BLE001 - the fork must not go on as its parent
        traceback.print_exc()
        return 1
    return 0


def main() -> None:
    for line in sys.stdin:
        child = os.fork()
        if not child:
            os._exit(ended(json.loads(line)))
        _, status = os.waitpid(child, 0)
        print(  # noqa: T201 - it answers
            -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status), flush=True
        )


if __name__ == "__main__":
    main()
