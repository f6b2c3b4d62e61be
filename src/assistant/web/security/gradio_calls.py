"""What may be sent to Gradio's engine, in a declared shape: anything else never reaches it.

Gradio takes an object with a path, anywhere in what is sent, for a file: it would read it from the
disk or fetch it, and keep a copy. So only words, flat lists of words and plain values come to it.
Pure.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

PREFIX = "/gradio_api/"
JOIN = f"{PREFIX}queue/join"
CALL = re.compile(rf"{PREFIX}call/(?P<name>[a-z_]{{1,40}})")
"""Gradio's documented call of an endpoint by its name."""
HEARD = re.compile(rf"{PREFIX}call/[a-z_]{{1,40}}/(?P<event>[0-9a-f]{{32}})")
"""Where the answer to a call is heard."""

Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,64}$")]
"""A name as Gradio's clients make them, of a session or of an event."""
Value = str | bool | int | list[str] | None


@dataclass(frozen=True, slots=True)
class Text:
    """Words of at most so many characters."""

    longest: int

    def fits(self, value: Value) -> bool:
        """Whether this may be sent."""
        return isinstance(value, str) and len(value) <= self.longest

    def __str__(self) -> str:
        return f"words of at most {self.longest} characters"


@dataclass(frozen=True, slots=True)
class Texts:
    """A flat list of at most so many words, each of at most so many characters."""

    most: int
    longest: int

    def fits(self, value: Value) -> bool:
        """Whether this may be sent."""
        one = Text(self.longest)
        return isinstance(value, list) and len(value) <= self.most and all(map(one.fits, value))

    def __str__(self) -> str:
        return f"a list of at most {self.most} words of at most {self.longest} characters"


@dataclass(frozen=True, slots=True)
class Flag:
    """Yes or no."""

    def fits(self, value: Value) -> bool:
        """Whether this may be sent."""
        return isinstance(value, bool)

    def __str__(self) -> str:
        return "true or false"


@dataclass(frozen=True, slots=True)
class NumberField:
    """A whole number between two others."""

    least: int
    most: int

    def fits(self, value: Value) -> bool:
        """Whether this may be sent."""
        if isinstance(value, bool) or not isinstance(value, int):
            return False
        return self.least <= value <= self.most

    def __str__(self) -> str:
        return f"a whole number from {self.least} to {self.most}"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One value that an endpoint takes; without a default, it has to be sent."""

    shape: Text | Texts | Flag | NumberField
    default: Value = None


Shape = tuple[Parameter, ...]
"""What an endpoint takes, one after the other."""


@dataclass(frozen=True, slots=True)
class Endpoints:
    """The endpoints of the engine.

    Attributes:
        shapes: What each takes, by its name.
        names: The name of each, by the number that clients of Gradio call it by.
    """

    shapes: Mapping[str, Shape] = field(default_factory=dict)
    names: Mapping[int, str] = field(default_factory=dict)


class _Sent(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _Call(_Sent):
    """A call by name. The session is ours to give: see `Streams`."""

    data: list[Value]


class _Join(_Sent):
    """A call as clients of Gradio make it."""

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


def is_call(path: str) -> bool:
    """Whether what is sent to this path comes to Gradio."""
    return path.startswith(PREFIX)


def admitted(path: str, body: bytes, endpoints: Endpoints) -> bytes | None:
    """Return what to hand to Gradio, None for all that none of its clients would send.

    It is written anew from what was understood here, so that Gradio understands nothing else; what
    was not sent of the last parameters gets its default.
    """
    try:
        if called := CALL.fullmatch(path):
            return _written(_Call.model_validate_json(body), endpoints.shapes.get(called["name"]))
        if path == JOIN:
            join = _Join.model_validate_json(body)
            return _written(join, endpoints.shapes.get(endpoints.names.get(join.fn_index, "")))
        if path == f"{PREFIX}cancel":
            return _Cancel.model_validate_json(body).model_dump_json().encode()
    except ValidationError:
        pass
    return None


def _written(sent: _Call | _Join, shape: Shape | None) -> bytes | None:
    if shape is None or len(sent.data) > len(shape):
        return None
    data = [*sent.data, *(parameter.default for parameter in shape[len(sent.data) :])]
    if not all(part.shape.fits(value) for part, value in zip(shape, data, strict=True)):
        return None
    return sent.model_copy(update={"data": data}).model_dump_json(exclude_unset=True).encode()
