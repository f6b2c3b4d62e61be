"""What may be sent to Gradio: for each function of the page a declared shape, and nothing else.

Gradio takes an object with a path, anywhere in what is sent, for a file: it would read it from the
disk or fetch it, and keep a copy. So only words and flat lists of words come to it. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

PREFIX = "/gradio_api/"
JOIN = f"{PREFIX}queue/join"

Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,64}$")]
"""A name as Gradio's pages make them, of a session or of an event."""
Value = str | list[str] | None


@dataclass(frozen=True, slots=True)
class Nothing:
    """What the server knows itself; a page sends no value for it."""

    def fits(self, value: Value) -> bool:
        """Whether this may be sent."""
        return value is None


@dataclass(frozen=True, slots=True)
class Text:
    """Words of at most so many characters."""

    longest: int

    def fits(self, value: Value) -> bool:
        """Whether this may be sent."""
        return isinstance(value, str) and len(value) <= self.longest


@dataclass(frozen=True, slots=True)
class Texts:
    """A flat list of at most so many words, each of at most so many characters."""

    most: int
    longest: int

    def fits(self, value: Value) -> bool:
        """Whether this may be sent."""
        one = Text(self.longest)
        return isinstance(value, list) and len(value) <= self.most and all(map(one.fits, value))


Shape = tuple[Nothing | Text | Texts, ...]
"""What a function takes, one after the other."""
Shapes = Mapping[tuple[str, int], Shape]
"""By route, and by the number that a function has on the page."""


class _Sent(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _Join(_Sent):
    """A call of a function."""

    data: list[Value]
    fn_index: int
    session_hash: Name
    trigger_id: int | None = None
    event_data: str | None = Field(default=None, exclude=True)  # no function of ours asks for it


class _Cancel(_Sent):
    """The end of a call."""

    event_id: Name
    fn_index: int
    session_hash: Name


class _Reset(_Sent):
    """The same, as older pages say it."""

    event_id: Name


_ROUTES: Mapping[str, type[_Sent]] = MappingProxyType(
    {JOIN: _Join, f"{PREFIX}cancel": _Cancel, f"{PREFIX}reset": _Reset}
)


def is_call(path: str) -> bool:
    """Whether what is sent to this path comes to Gradio."""
    return path.startswith(PREFIX)


def admitted(path: str, body: bytes, shapes: Shapes) -> bytes | None:
    """Return what to hand to Gradio, None for all that no page of ours would send.

    It is written anew from what was understood here, so that Gradio understands nothing else.
    """
    try:
        sent = _ROUTES[path].model_validate_json(body)
    except (KeyError, ValidationError):
        return None
    if isinstance(sent, _Join) and not _fits(sent.data, shapes.get((path, sent.fn_index))):
        return None
    return sent.model_dump_json(exclude_unset=True).encode()


def _fits(data: list[Value], shape: Shape | None) -> bool:
    if shape is None or len(data) != len(shape):
        return False
    return all(part.fits(value) for part, value in zip(shape, data, strict=True))
