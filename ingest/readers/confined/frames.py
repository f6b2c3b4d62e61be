"""What the process that parses documents and the one that asked it say to each other.

Frames of bytes, each after its length; an answer is JSON, never a pickle. Whoever asked believes
nothing of it: a document may have taken over the process that read it.
"""

import json
import struct
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, BinaryIO

from assistant.domain.corpus import Kind
from assistant.domain.light_markdown import clean, is_visible
from ingest.readers.extract import (
    Extract,
    authors_of,
    language_of,
    place_of,
    translations_of,
    url_of,
)

READY = b"ready"
_MAX_REASON = 500  # characters; the longest of our own has 200
_MAX_TITLE = 2000
_MAX_FAULT = 600
_MAX_TRANSLATIONS = 1000
_MOST_PAGES = 1000
_MOST_UNSEEN = 1_000_000
_LENGTH = struct.Struct("!I")


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """What one document may cost.

    Attributes:
        cpu: Seconds of computing. A long article takes 0.1, a Word file of 360,000 words 2.3.
        wall: Seconds by the clock, since the machine may be busy.
        memory: Bytes of address space. That file takes 100 MB, the page with most tags 200 MB.
        text: Bytes of text that come of it. The Bible has 4 million.
    """

    cpu: float = 20.0
    wall: float = 30.0
    memory: int = 1 << 30
    text: int = 5_000_000


@dataclass(frozen=True, slots=True)
class ReadAnswer:
    """What came of a document.

    Attributes:
        extract: None where it cannot be read.
        reason: Why not, in words fit for staff.
        fault: What a parser raised; for the log.
        is_last: Whether the process ends with this answer.
    """

    extract: Extract | None = None
    reason: str = ""
    fault: str = ""
    is_last: bool = False


class FrameError(Exception):
    """A frame is cut short, longer than agreed, or does not hold what it should."""


def write_frame(stream: BinaryIO, content: bytes) -> None:
    """Write one frame; it is on its way when this returns."""
    stream.write(_LENGTH.pack(len(content)))
    stream.write(content)
    stream.flush()


def read_frame(stream: BinaryIO, *, longest: int) -> bytes:
    """Return one frame, waiting for it; raises FrameError if it is cut short or too long."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        msg = "no frame came"
        raise FrameError(msg)
    (length,) = _LENGTH.unpack(head)
    if length > longest:
        msg = f"a frame of {length} bytes, more than {longest}"
        raise FrameError(msg)
    content = stream.read(length)
    if len(content) < length:
        msg = "a frame was cut short"
        raise FrameError(msg)
    return content


def packed(answer: ReadAnswer) -> bytes:
    """Return an answer as JSON."""
    fields = asdict(answer)
    if answer.extract:
        fields["extract"] = _fields(answer.extract)
    return json.dumps(fields, ensure_ascii=False).encode("utf-8", "replace")


def unpacked(frame: bytes) -> ReadAnswer:
    """Return what `packed` wrote; raises FrameError where it holds anything else."""
    try:
        fields = json.loads(frame)
        return ReadAnswer(
            None if fields["extract"] is None else _extract(fields["extract"]),
            clean(_text(fields["reason"], _MAX_REASON)),
            clean(_text(fields["fault"], _MAX_FAULT)),
            fields["is_last"] is True,
        )
    except (ValueError, TypeError, KeyError, RecursionError) as exc:
        msg = f"no answer that can be believed ({type(exc).__name__})"
        raise FrameError(msg) from exc


def _fields(extract: Extract) -> dict[str, object]:
    return {
        **asdict(extract),
        "published": extract.published and extract.published.isoformat(),
        "changed": extract.changed and extract.changed.isoformat(),
        "kind": extract.kind and extract.kind.value,
        "translations": [
            [translation.language, translation.url] for translation in extract.translations
        ],
    }


def _extract(fields: dict[str, Any]) -> Extract:
    text = _text(fields["text"])
    translations = fields["translations"]
    if not is_visible(text) or len(translations) > _MAX_TRANSLATIONS:
        msg = "our readers leave out what nobody can see, and name few translations"
        raise ValueError(msg)
    kind = fields["kind"]
    return Extract(
        clean(_text(fields["title"], _MAX_TITLE)),
        text,
        published=_day(fields["published"]),
        language=language_of(fields["language"]),
        url=url_of(fields["url"]),
        kind=None if kind is None else Kind(kind),
        translations=translations_of([(language_of(a), url_of(b)) for a, b in translations]),
        authors=authors_of(fields["authors"]),
        replaced_by=place_of(fields["replaced_by"]),
        unseen=min(max(int(fields["unseen"]), 0), _MOST_UNSEEN),
        changed=_day(fields["changed"]),
        pictures=min(max(int(fields["pictures"]), 0), _MOST_UNSEEN),
        blank_pages=tuple(map(int, fields["blank_pages"][:_MOST_PAGES])),
        recognised_pages=tuple(map(int, fields["recognised_pages"][:_MOST_PAGES])),
    )


def _day(value: object) -> date | None:
    return None if value is None else date.fromisoformat(_text(value))


def _text(value: object, longest: int | None = None) -> str:
    if not isinstance(value, str):
        msg = "a text was expected"
        raise TypeError(msg)
    return value[:longest]
