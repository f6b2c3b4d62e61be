"""Check the zip archive that a document of an office program or an e-book is, before reading it."""

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from ingest.errors import ReadError

# A book of 500 pages has some 40 members, 10 MB of XML, and packs about ten to one.
_MAX_MEMBERS = 2000
_MAX_RECORDS = 20_000  # with those of the tables that a presentation embeds
_MAX_TOTAL = 100_000_000
_MAX_XML = 30_000_000  # a parsed tree takes some twenty times as much memory
_MAX_RATIO = 100
_BLOCK = 1 << 16
_RECORD = b"PK\x01\x02"  # begins each entry of a zip's directory
_ARCHIVES = (b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ")
_EMBEDDED = re.compile(r"(?:^|/)(?:embeddings|package)/|\.(?:wmz|emz|svgz)$")  # never opened here
_UNSAFE_NAME = re.compile(r"^/|^[A-Za-z]:|(?:^|/)\.\.(?:/|$)|[\x00-\x1f\\]")
_ENCODING = re.compile(rb"<\?xml[^>]{0,100}encoding\s*=\s*[\"']([\w.-]+)")
# In all of these, what begins a declaration looks the same; UTF-7 and EBCDIC would hide it.
_PLAIN_ENCODINGS = re.compile(
    rb"utf-?(?:8|16(?:le|be)?)|us-ascii|iso-8859-\d+|windows-125\d", re.IGNORECASE
)
_OLD_CONTAINER = b"\xd0\xcf\x11\xe0"  # which also wraps encrypted documents


ANY_DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
"""No program writes one into Office Open XML."""
OWN_DEFINITIONS = re.compile(
    rb"<!\s*(?:ENTITY|ELEMENT|ATTLIST|DOCTYPE[^>]{0,500}\[)", re.IGNORECASE
)
"""XHTML and the XML of OpenOffice 3 may name their standard by a DOCTYPE; it is never looked up."""


@dataclass(frozen=True, slots=True)
class ArchiveFormat:
    """A kind of archive.

    Attributes:
        name: What people call such a document.
        texts: How the names of its parts that are text end.
        forbidden: What no program puts into such a text.
        others: How the names of its parts end that have a format of their own, to be checked by
            whoever reads that.
    """

    name: str
    texts: tuple[str, ...] = (".xml", ".rels")
    forbidden: re.Pattern[bytes] = ANY_DOCTYPE
    others: tuple[str, ...] = ()


def open_checked(data: bytes, form: ArchiveFormat, *, name: str) -> Mapping[str, bytes]:
    """Return what is read of an archive that is safe to unpack; raise ReadError otherwise."""
    if data.startswith(_OLD_CONTAINER):
        reason = (
            "is encrypted, or in the format of Office 97; save it in today's format, without a"
            " password"
        )
        raise ReadError(name, reason)
    if data.count(_RECORD) > _MAX_RECORDS:  # before a directory of a million is read
        raise ReadError(name, f"holds more than {_MAX_RECORDS} parts")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_directory(archive, len(data), name)
            return _texts(archive, form, name)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as exc:
        reason = f"is damaged or not a {form.name} ({exc}); open it and save it again"
        raise ReadError(name, reason) from exc


def xml(content: bytes) -> etree._Element:
    """Return the tree of a part; raises XMLSyntaxError. Nothing outside it is ever looked at."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    return etree.fromstring(content, parser)


def _check_directory(archive: zipfile.ZipFile, size: int, name: str) -> None:
    members = archive.infolist()
    total = sum(member.file_size for member in members)
    names = [member.filename for member in members]
    if len(members) > _MAX_MEMBERS:
        raise ReadError(name, f"holds {len(members)} parts, more than {_MAX_MEMBERS}")
    if total > _MAX_TOTAL:
        reason = f"unpacks to {total // 10**6} MB, more than {_MAX_TOTAL // 10**6}"
        raise ReadError(name, reason)
    if total > _MAX_RATIO * size:
        raise ReadError(name, f"unpacks to {total // size} times its size, like a zip bomb")
    if len(set(map(str.casefold, names))) < len(names):
        raise ReadError(name, "holds two parts of one name; open it and save it again")
    if any(map(_UNSAFE_NAME.search, names)):
        raise ReadError(name, "holds a part whose name leads out of it, which can do harm")
    if any(member.flag_bits & 1 for member in members):
        raise ReadError(name, "is encrypted; save it without a password")
    if any(_is_special(member) for member in members):
        raise ReadError(name, "holds a link or a device, which can do harm; save it again")


def _is_special(member: zipfile.ZipInfo) -> bool:
    """Whether a member is a link, a device or the like, where the archive tells at all."""
    mode = member.external_attr >> 16
    return stat.S_IFMT(mode) not in {0, stat.S_IFREG, stat.S_IFDIR}


def _texts(archive: zipfile.ZipFile, form: ArchiveFormat, name: str) -> Mapping[str, bytes]:
    """Read all members, so that false sizes come out, and return those that are read."""
    parts: dict[str, bytes] = {}
    room, text_room = _MAX_TOTAL, _MAX_XML
    for member in archive.infolist():
        is_text = member.filename.lower().endswith(form.texts)
        is_other = not is_text and member.filename.lower().endswith(form.others)
        content = _read(archive, member, min(room, text_room) if is_text else room, name)
        room -= len(content)
        is_known = is_other or _EMBEDDED.search(member.filename.lower())
        if content.startswith(_ARCHIVES) and not is_known:
            raise ReadError(name, f"holds another archive ({member.filename}), which can do harm")
        if is_text:
            text_room -= len(content)
            _check_text(content, form, name)
        if is_text or is_other:
            parts[member.filename] = content
    return parts


def _check_text(content: bytes, form: ArchiveFormat, name: str) -> None:
    plain = content.replace(b"\x00", b"")  # of UTF-16, every other byte
    encoding = _ENCODING.search(plain[:200])
    if encoding and not _PLAIN_ENCODINGS.fullmatch(encoding[1]):
        raise ReadError(name, "is written in an encoding of no office program; save it again")
    if form.forbidden.search(plain):
        raise ReadError(name, "holds definitions of its own (DOCTYPE), which can do harm")


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo, room: int, name: str) -> bytes:
    content = bytearray()
    with archive.open(member) as stream:
        while block := stream.read(_BLOCK):
            content += block
            if len(content) > room:
                raise ReadError(name, f"holds more than {_MAX_XML // 10**6} MB of text; split it")
    return bytes(content)
