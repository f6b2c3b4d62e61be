"""Check the zip archive that an Office document is, before anything is read from it."""

import io
import re
import zipfile
import zlib
from collections.abc import Mapping

from ingest.errors import ReadError

# A book of 500 pages has some 40 members, 10 MB of XML, and packs about ten to one.
_MAX_MEMBERS = 2000
_MAX_TOTAL = 100_000_000
_MAX_XML = 30_000_000  # a parsed tree takes some twenty times as much memory
_MAX_RATIO = 100
_BLOCK = 1 << 16
_ENCRYPTED = b"\xd0\xcf\x11\xe0"  # the old container, which also wraps encrypted documents
_DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def open_checked(data: bytes, *, name: str) -> Mapping[str, bytes]:
    """Return the XML parts of an archive that is safe to unpack; raise ReadError otherwise."""
    if data.startswith(_ENCRYPTED):
        reason = "is encrypted, or in the format of Word 97; save it as .docx without a password"
        raise ReadError(name, reason)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_directory(archive, len(data), name)
            return _xml_parts(archive, name)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as exc:
        reason = f"is damaged or not a Word document ({exc}); open it in Word and save it again"
        raise ReadError(name, reason) from exc


def _check_directory(archive: zipfile.ZipFile, size: int, name: str) -> None:
    members = archive.infolist()
    total = sum(member.file_size for member in members)
    if len(members) > _MAX_MEMBERS:
        raise ReadError(name, f"holds {len(members)} parts, more than {_MAX_MEMBERS}")
    if total > _MAX_TOTAL:
        reason = f"unpacks to {total // 10**6} MB, more than {_MAX_TOTAL // 10**6}"
        raise ReadError(name, reason)
    if total > _MAX_RATIO * size:
        raise ReadError(name, f"unpacks to {total // size} times its size, like a zip bomb")
    if len({member.filename for member in members}) < len(members):
        raise ReadError(name, "holds two parts of one name; open it in Word and save it again")
    if any(member.flag_bits & 1 for member in members):
        raise ReadError(name, "is encrypted; save it without a password")


def _xml_parts(archive: zipfile.ZipFile, name: str) -> Mapping[str, bytes]:
    """Read all members, so that false sizes come out, and return those that are XML."""
    parts: dict[str, bytes] = {}
    room, xml_room = _MAX_TOTAL, _MAX_XML
    for member in archive.infolist():
        is_xml = member.filename.lower().endswith((".xml", ".rels"))
        content = _read(archive, member, min(room, xml_room) if is_xml else room, name)
        room -= len(content)
        if is_xml:
            xml_room -= len(content)
            _refuse_doctype(content, name)
            parts[member.filename] = content
    return parts


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo, room: int, name: str) -> bytes:
    content = bytearray()
    with archive.open(member) as stream:
        while block := stream.read(_BLOCK):
            content += block
            if len(content) > room:
                raise ReadError(name, f"holds more than {_MAX_XML // 10**6} MB of text; split it")
    return bytes(content)


def _refuse_doctype(content: bytes, name: str) -> None:
    """Refuse document type definitions, in any encoding: no Office program writes one."""
    if _DOCTYPE.search(content.replace(b"\x00", b"")):
        raise ReadError(name, "holds a document type definition (DOCTYPE), which can do harm")
