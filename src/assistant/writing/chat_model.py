"""What writing asks of a chat model, how often, and any model of LangChain by `provider:model`."""

import math
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from assistant import extras
from assistant.domain.errors import ChatModelError, SettingsError
from assistant.writing.prompting import Message

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel


FAILURES = 3
"""After so many failures one after the other, a model is left alone for a while."""

PAUSE = 60.0  # seconds


@dataclass(frozen=True, slots=True)
class Usage:
    """How many tokens a model says that it was sent, and wrote."""

    sent: int
    received: int


class ChatModel(Protocol):
    """A chat model that only writes: it has no tools, and nothing it asks for is done."""

    def stream(self, messages: Sequence[Message]) -> Iterator[str | Usage]:
        """Yield what the model writes, piece by piece, and last what it used, where it tells.

        Raises ChatModelError where it cannot be reached, refuses the request or breaks off.
        """
        ...


class Breaker:
    """Keeps a model that fails from being asked again and again. Safe to use from threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._until = 0.0

    def is_open(self) -> bool:
        """Whether the model is to be left alone; after the pause one question tries it."""
        with self._lock:
            if self._failures < FAILURES:
                return False
            if self._clock() < self._until:
                return True
            self._until = self._clock() + PAUSE
            return False

    def succeeded(self) -> None:
        """Note that the model answered."""
        with self._lock:
            self._failures = 0

    def failed(self) -> None:
        """Note that it did not."""
        with self._lock:
            self._failures += 1
            self._until = self._clock() + PAUSE


AZURE = "azure_openai"
OLLAMA = "ollama"
EXTRAS = {
    "openai": "openai",
    AZURE: "openai",
    "mistralai": "mistral",
    "anthropic": "anthropic",
    OLLAMA: "ollama",
}
"""The extra of each provider."""

LONGEST = 700  # tokens of an answer
WINDOW = 8192
"""Tokens that Ollama is to keep in mind. By itself it keeps 4,096 on small machines, and cuts off
what is more without a word: four passages, the question and an answer can be more."""
NO_KEY = "none"


def load(
    name: str, *, base_url: str, api_key: str, timeout: float, api_version: str = ""
) -> "LangChainModel":
    """Return the model; raises SettingsError for an unknown provider or what it lacks."""
    provider, _, model = name.partition(":")
    if provider not in EXTRAS or not model:
        known = ", ".join(f"{each}:MODEL" for each in EXTRAS)
        msg = f"FORUM_CHAT_MODEL={name}: it must be one of {known}"
        raise SettingsError(msg)
    extras.require(EXTRAS[provider], f"FORUM_CHAT_MODEL={name}")
    if remedy := _lacking(provider, base_url=base_url, api_key=api_key, api_version=api_version):
        msg = f"FORUM_CHAT_MODEL={name} {remedy}"
        raise SettingsError(msg)
    from langchain.chat_models import init_chat_model  # noqa: PLC0415 - seconds to import

    options = _options(provider, base_url, api_key, timeout)
    if provider == AZURE:
        options |= {"azure_deployment": model, "api_version": api_version}
    try:
        return LangChainModel(init_chat_model(model, model_provider=provider, **options))
    except Exception as exc:
        msg = f"FORUM_CHAT_MODEL={name} cannot be set up: {_first_line(exc)}"
        raise SettingsError(msg) from exc


def _lacking(provider: str, *, base_url: str, api_key: str, api_version: str) -> str:
    """Return which setting must be set, "" where none is missing."""
    if provider == AZURE and not base_url:
        return (
            "needs the endpoint of your resource: set FORUM_CHAT_BASE_URL, such as "
            "https://NAME.openai.azure.com"
        )
    if provider == AZURE and not api_version:
        return (
            "needs the version of the API: set FORUM_CHAT_API_VERSION, such as 2024-10-21; "
            "Azure shows it beside the deployment"
        )
    # A server of one's own mostly wants none.
    if not api_key and provider != OLLAMA and (provider == AZURE or not base_url):
        return "needs a key: set FORUM_CHAT_API_KEY"
    return ""


def _options(provider: str, base_url: str, api_key: str, timeout: float) -> dict[str, Any]:
    """Return what each provider's library calls the same things."""
    # Without a key, the libraries would send one that they find in the environment.
    key = api_key or NO_KEY
    if provider == OLLAMA:
        headers = {"Authorization": f"Bearer {key}"}  # its library takes no key otherwise
        options: dict[str, Any] = {"client_kwargs": {"timeout": timeout, "headers": headers}}
        options |= {"num_predict": LONGEST, "num_ctx": WINDOW}
    else:
        options = {"max_tokens": LONGEST, "max_retries": 0, "api_key": key}
        options |= {"timeout": math.ceil(timeout) if provider == "mistralai" else timeout}
    if provider in {"openai", AZURE}:
        options |= {"stream_usage": True}  # by itself only at OpenAI's own address
    if base_url:
        options |= {"azure_endpoint" if provider == AZURE else "base_url": base_url}
    return options | {"temperature": 0}


class LangChainModel:
    """A `BaseChatModel` as writing needs it; what it wants to call is ignored."""

    def __init__(self, model: "BaseChatModel") -> None:
        self._model = model

    def stream(self, messages: Sequence[Message]) -> Iterator[str | Usage]:
        """Yield what the model writes; raises ChatModelError whatever its library raises."""
        pairs = [
            ("human" if message.role == "user" else message.role, message.text)
            for message in messages
        ]
        sent = received = 0
        try:
            for chunk in self._model.stream(pairs):
                if usage := getattr(chunk, "usage_metadata", None):
                    sent += usage.get("input_tokens") or 0
                    received += usage.get("output_tokens") or 0
                if text := chunk.text:
                    yield str(text)
        except Exception as exc:  # every provider has errors of its own
            msg = f"the chat model failed ({_kind(exc)})"
            raise ChatModelError(msg) from exc
        if sent or received:
            yield Usage(sent, received)


def _kind(exc: Exception) -> str:
    """Return what kind of failure it was; the rest may repeat the question, or the key."""
    answer = getattr(exc, "response", None)  # where the library at hand has it
    status = getattr(exc, "status_code", getattr(answer, "status_code", None))
    return f"{type(exc).__name__}, HTTP {status}" if isinstance(status, int) else type(exc).__name__


def _first_line(exc: Exception) -> str:
    text = str(exc).strip().splitlines()
    return f"{type(exc).__name__}: {text[0][:200]}" if text else type(exc).__name__
