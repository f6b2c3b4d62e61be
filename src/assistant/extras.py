"""The extras of this package: what each brings, and what to run where it is missing."""

from importlib import metadata

from assistant.domain.errors import SettingsError

PACKAGES = {
    "anthropic": ("langchain-anthropic", "1."),
    "mcp": ("mcp", "1."),  # the one that Gradio is written for
    "mistral": ("langchain-mistralai", "1."),
    "oidc": ("authlib", "1."),
    "ollama": ("langchain-ollama", "1."),
    "openai": ("langchain-openai", "1."),
    "postgresql": ("psycopg", "3."),
    "telemetry": ("opentelemetry-exporter-otlp-proto-grpc", "1."),
}
"""The package that each brings, and how the number of its version begins."""


def require(extra: str, setting: str) -> None:
    """Raise SettingsError, which names the setting, where the package of an extra is missing."""
    package, version = PACKAGES[extra]
    try:
        is_there = metadata.version(package).startswith(version)
    except metadata.PackageNotFoundError:
        is_there = False
    if not is_there:
        msg = f'{setting} needs an extra: run `.venv/bin/pip install -e ".[{extra}]"`, or unset it'
        raise SettingsError(msg)
