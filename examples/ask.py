"""Ask the sample forum from Python: `python examples/ask.py`."""

import tempfile
from pathlib import Path

import assistant

with tempfile.TemporaryDirectory() as data, assistant.open(data) as forum:
    forum.ingest(Path(__file__).parent / "sample-forum")
    answer = forum.ask("How do we become a member?")
    print(answer.text)
    for citation in answer.citations:
        print(f"[{citation.number}] {citation.source.title}: {citation.link}")
    follow_up = forum.ask("And what does it cost?", history=[answer.turn])
    print(follow_up.text)
