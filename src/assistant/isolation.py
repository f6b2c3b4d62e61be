"""Keeps libraries from talking to anybody outside. To be called before any of them is imported."""

import os
from collections.abc import Iterator
from contextlib import contextmanager


def isolate() -> None:
    """Switch off what libraries would send; they read it when they are imported.

    numpy multiplies little here: it does not divide it between threads that wait for each other.
    """
    os.environ.update(
        ANONYMIZED_TELEMETRY="False",
        DO_NOT_TRACK="1",
        GRADIO_ANALYTICS_ENABLED="False",
        GRADIO_ANALYTICS_CACHE_FREQUENCY=str(10**9),  # it would load pandas to count for nobody
        GRADIO_ANALYTICS_MAX_EVENTS="100",
        HF_HUB_DISABLE_TELEMETRY="1",
        HF_HUB_OFFLINE="1",
        LANGCHAIN_TRACING_V2="false",
        LANGSMITH_TRACING="false",
        LANGSMITH_TRACING_V2="false",
        OPENBLAS_NUM_THREADS="1",
        ORT_DISABLE_TELEMETRY="1",
        OTEL_SDK_DISABLED="true",
    )


@contextmanager
def traces_allowed() -> Iterator[None]:
    """Let the sender of traces that is made meanwhile send: an operator has said whereto."""
    os.environ["OTEL_SDK_DISABLED"] = "false"
    try:
        yield
    finally:
        os.environ["OTEL_SDK_DISABLED"] = "true"
