"""A bare `gr.ChatInterface` over nothing, for benchmarks/page.py to compare with: PORT."""

import os
import sys
from collections.abc import Iterator

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

import gradio as gr

SENTENCES = (
    "The documents say:",
    "Castlebray has run a night bus on Fridays and Saturdays since May 2019.",
    "The line carries about 410 passengers a night and costs the town 6.20 euros per passenger.",
    "Night-time safety guide, 14 June 2022. That is all.",
)


def echo(message: str, history: list[object]) -> Iterator[str]:
    """Say the same to everything, in as many pieces as our answers come in."""
    del message, history
    for count in range(1, len(SENTENCES) + 1):
        yield " ".join(SENTENCES[:count])


if __name__ == "__main__":
    gr.ChatInterface(echo, title="Forum").launch(
        server_name="127.0.0.1", server_port=int(sys.argv[1]), quiet=True
    )
