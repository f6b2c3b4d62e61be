"""A server that is told to stop ends in order, whatever its threads are in the middle of."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.end_to_end.conftest import a_free_port, wait_for
from vectorstore.publishing import private_copy

ENDS = {signal.SIGINT: (130, "interrupted\n"), signal.SIGTERM: (0, "")}
PATIENCE = 60  # seconds for the end of a server on a busy machine


@pytest.mark.parametrize(
    ("answers", "told"), [("/livez", signal.SIGINT), ("/readyz", signal.SIGTERM)]
)
def test_a_server_stopped_while_it_still_warms_up_ends_in_order_and_leaves_nothing(
    sample_data: Path, tmp_path: Path, answers: str, told: signal.Signals
) -> None:
    port = a_free_port()
    data = shutil.copytree(sample_data, tmp_path / "data")  # it keeps what is offered there
    command = [sys.executable, "app.py", "serve", "--data", str(data), "--port", str(port)]
    golden = str(ROOT / "examples" / "golden-questions.yaml")  # asked once it is ready
    ours = {"FORUM_GOLDEN_QUESTIONS": golden, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **ours},
        stderr=subprocess.PIPE,
        text=True,
        # A shell has what it runs in the background ignore Ctrl+C, and all that this starts.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no threads
    ) as server:
        wait_for(f"http://127.0.0.1:{port}{answers}", server)

        server.send_signal(told)
        _, errors = server.communicate(timeout=PATIENCE)

    assert (server.returncode, errors) == ENDS[told]
    # The process that verifies the store ends by itself, and removes its copy then.
    deadline = time.monotonic() + PATIENCE
    while list(tmp_path.glob(f"{private_copy.PREFIX}*")) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert list(tmp_path.glob(f"{private_copy.PREFIX}*")) == []
