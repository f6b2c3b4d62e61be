"""What writing asks of a chat model, how often, and any model of LangChain by `provider:model`."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Protocol

from assistant.domain.errors import ChatModelError, SettingsError
from assistant.domain.watching import UNWATCHED
from assistant.writing.prompting import Message

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel


FAILURES = 3
"""After so many failures one after the other, a model is left alone for a while."""

PAUSE = 60.0  # seconds


class ChatModel(Protocol):
    """A chat model that only writes: it has no tools, and nothing it asks for is done."""

    def stream(self, messages: Sequence[Message]) -> Iterator[str]:
        """Yield what the model writes, piece by piece.

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


EXTRAS = {
    "openai": ("openai", "langchain_openai"),
    "ollama": ("ollama", "langchain_ollama"),
    "mistralai": ("mistral", "langchain_mistralai"),
    "anthropic": ("anthropic", "langchain_anthropic"),
}
"""The extra and the package of each provider."""

LONGEST = 700  # tokens of an answer
NO_KEY = "none"


Used = Callable[[int, int], None]
"""Hears how many tokens were sent and received, where a model tells them."""


def load(
    name: str, *, base_url: str, api_key: str, timeout: float, used: Used = UNWATCHED.used
) -> "LangChainModel":
    """Return the model; raises SettingsError for an unknown provider or a missing extra."""
    provider, _, model = name.partition(":")
    if provider not in EXTRAS or not model:
        known = ", ".join(f"{extra}:MODEL" for extra in EXTRAS)
        msg = f"FORUM_CHAT_MODEL={name}: it must be one of {known}"
        raise SettingsError(msg)
    extra, package = EXTRAS[provider]
    if find_spec(package) is None:
        msg = f'FORUM_CHAT_MODEL={name} needs an extra: run `pip install ".[{extra}]"`'
        raise SettingsError(msg)
    from langchain.chat_models import init_chat_model  # noqa: PLC0415 - seconds to import

    options: dict[str, Any] = {"timeout": timeout, "max_retries": 0, "temperature": 0}
    options |= {"base_url": base_url} if base_url else {}
    # A server of one's own mostly wants no key; OpenAI's library always does.
    key = api_key or (NO_KEY if base_url and provider == "openai" else "")
    options |= {"api_key": key} if key else {}
    options |= {"num_predict" if provider == "ollama" else "max_tokens": LONGEST}
    if provider == "ollama":
        options = {each: value for each, value in options.items() if each in _OLLAMA}
        options |= {"client_kwargs": {"timeout": timeout}}
    try:
        return LangChainModel(init_chat_model(model, model_provider=provider, **options), used)
    except Exception as exc:
        hint = "" if api_key else "; if it needs a key, set FORUM_CHAT_API_KEY"
        msg = f"FORUM_CHAT_MODEL={name} cannot be set up: {_first_line(exc)}{hint}"
        raise SettingsError(msg) from exc


_OLLAMA = {"base_url", "temperature", "num_predict"}


class LangChainModel:
    """A `BaseChatModel` as writing needs it; what it wants to call is ignored."""

    def __init__(self, model: "BaseChatModel", used: Used = UNWATCHED.used) -> None:
        self._model = model
        self._used = used

    def stream(self, messages: Sequence[Message]) -> Iterator[str]:
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
        finally:
            if sent or received:
                self._used(sent, received)


def _kind(exc: Exception) -> str:
    """Return what kind of failure it was; the rest may repeat the question, or the key."""
    status = getattr(exc, "status_code", None)
    return f"{type(exc).__name__}, HTTP {status}" if isinstance(status, int) else type(exc).__name__


def _first_line(exc: Exception) -> str:
    text = str(exc).strip().splitlines()
    return f"{type(exc).__name__}: {text[0][:200]}" if text else type(exc).__name__
