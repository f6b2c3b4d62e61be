"""The composition root and the command line: everything is wired here, and only here."""

import argparse
import os
import sys

# Before any library is imported that would read them: nothing talks to anybody.
os.environ.update(
    ANONYMIZED_TELEMETRY="False",
    DO_NOT_TRACK="1",
    GRADIO_ANALYTICS_ENABLED="False",
    HF_HUB_DISABLE_TELEMETRY="1",
    HF_HUB_OFFLINE="1",
    LANGSMITH_TRACING="false",
    TOKENIZERS_PARALLELISM="false",
)

try:
    from assistant.errors import AssistantError
except ModuleNotFoundError:
    sys.exit("error: not installed; run `make install`, then use `.venv/bin/python app.py`")

import commands


