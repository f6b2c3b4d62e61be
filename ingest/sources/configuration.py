"""Read and change `forum.toml`, which lists the sources of documents.

Passwords are never in the file: a source names the environment variable that holds one.
"""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any

import tomlkit
from pydantic import Field, TypeAdapter, ValidationError
from tomlkit.exceptions import TOMLKitError

from assistant.domain.validation import in_words
from assistant.files import write_whole
from ingest.errors import SourceError
from ingest.sources.tables import (
    AnySource,
    Configuration,
    ConfiguredTable,
    FeedSource,
    FolderSource,
    Listed,
    Publishing,
    SitemapSource,
    WordPressSource,
    WxrSource,
)

_SOURCE: TypeAdapter[Listed] = TypeAdapter(Annotated[Listed, Field(discriminator="type")])
MODELS: Mapping[str, type[AnySource]] = {
    "folder": FolderSource,
    "wordpress": WordPressSource,
    "wxr": WxrSource,
    "feed": FeedSource,
    "sitemap": SitemapSource,
}


def load(path: Path) -> Configuration:
    """Return the configuration; relative paths in it start at its folder.

    Raises SourceError that lists every fault at once, each with file, source and key.
    """
    return _checked(path, _read(path).unwrap())


def add(path: Path, source: Mapping[str, Any]) -> Configuration:
    """Append a source to the file, made if need be; comments and order of the others stay.

    Raises SourceError if it cannot be used, and changes nothing then.
    """
    document = _read(path) if path.exists() else tomlkit.document()
    tables = document.setdefault("source", tomlkit.aot())
    table = tomlkit.table()
    for key, value in source.items():
        table[key] = value
    if not isinstance(tables, tomlkit.items.AoT):
        msg = f"{path}: source must be a list of [[source]] tables"
        raise SourceError(msg)
    tables.append(table)
    return _written(path, document)


def remove(path: Path, name: str) -> Configuration:
    """Take a source out of the file; its documents stay published until a run removes them.

    Raises SourceError if there is no such source.
    """
    load(path).source(name)
    document = _read(path)
    tables = document["source"]
    if isinstance(tables, tomlkit.items.AoT):
        index = next(at for at, table in enumerate(tables) if table.get("name") == name)
        del tables[index]
        if not len(tables):
            document.remove("source")
    return _written(path, document)


def faults(source: Mapping[str, Any]) -> dict[str, str]:
    """Return what is wrong with a source by itself, by key; under "" what concerns all of it."""
    try:
        _SOURCE.validate_python(source)
    except ValidationError as exc:
        return dict(_by_key(exc, MODELS.get(str(source.get("type")), AnySource)))
    return {}


def listed(source: Mapping[str, Any], folder: Path) -> Listed:
    """Return a source that has no faults; a relative path in it starts at the folder."""
    path = source.get("path")
    whole = {"path": str(placed(path, folder))} if isinstance(path, str) else {}
    return _SOURCE.validate_python({**source, **whole})


def placed(path: str, folder: Path) -> Path:
    """Return a path that starts at the folder, unless it is absolute or begins with a home."""
    try:
        return folder / Path(path).expanduser()
    except RuntimeError:  # the home of nobody: a path like any other, which is not there
        return folder / path


def _read(path: Path) -> tomlkit.TOMLDocument:
    try:
        return tomlkit.parse(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as exc:
        msg = f"cannot read {path}: {getattr(exc, 'strerror', None) or 'it is no UTF-8 text'}"
        raise SourceError(msg) from exc
    except TOMLKitError as exc:
        msg = f"{path} is no TOML: {exc}; mend that line"
        raise SourceError(msg) from exc


def _written(path: Path, document: tomlkit.TOMLDocument) -> Configuration:
    """Check a changed document and write it, whole or not at all."""
    text = tomlkit.dumps(document)
    configuration = _checked(path, tomlkit.parse(text).unwrap())
    try:
        write_whole(path, text, mode=path.stat().st_mode & 0o777 if path.exists() else 0o644)
    except OSError as exc:
        msg = f"cannot write {path}: {exc.strerror}; check its permissions"
        raise SourceError(msg) from exc
    return configuration


def _checked(path: Path, content: Mapping[str, Any]) -> Configuration:
    """Return the configuration, or raise all faults of the file together."""
    faults = [
        f"{key}: is not known{_meant(key, ('publishing', 'source'))}"
        for key in content
        if key not in {"publishing", "source"}
    ]
    publishing = Publishing()
    try:
        publishing = Publishing.model_validate(content.get("publishing", {}))
    except ValidationError as exc:
        faults += _faults("publishing", exc, Publishing)
    tables = content.get("source", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        faults.append("source: must be a list of [[source]] tables")
        tables = []
    sources: list[Listed] = []
    for number, table in enumerate(tables, start=1):
        label = f"source {str(table.get('name', number))!r}"
        if table.get("name") in {source.name for source in sources}:
            faults.append(f"{label}: name: is taken by a source above; give it another")
        try:
            sources.append(_SOURCE.validate_python(_placed(table, path.parent)))
        except ValidationError as exc:
            faults += _faults(label, exc, MODELS.get(str(table.get("type")), AnySource))
    if faults:
        raise SourceError("\n".join(f"{path}: {fault}" for fault in faults))
    return Configuration(publishing=publishing, sources=tuple(sources))


def _placed(table: Mapping[str, Any], folder: Path) -> Mapping[str, Any]:
    """Return a table whose path, if it has one, is absolute."""
    path = table.get("path")
    if not isinstance(path, str):
        return table
    if not path.strip():  # else it would be the folder of this file
        return {**table, "path": None}
    return {**table, "path": placed(path, folder).resolve()}


def _faults(label: str, exc: ValidationError, model: type[ConfiguredTable]) -> list[str]:
    return [
        f"{label}: {key}: {message}" if key else f"{label}: {message}"
        for key, message in _by_key(exc, model)
    ]


def _by_key(exc: ValidationError, model: type[ConfiguredTable]) -> Iterator[tuple[str, str]]:
    for error in exc.errors():
        parts = [str(part) for part in error["loc"] if part not in MODELS]
        key, message = ".".join(parts), in_words(error)
        if error["type"] == "extra_forbidden":
            message = f"is not known{_meant(key, model.model_fields)}"
        elif error["type"] == "missing":
            message = "is missing"
        elif error["type"] in {"union_tag_not_found", "union_tag_invalid"}:
            key, kinds = "type", ", ".join(MODELS)
            given = str(error["ctx"].get("tag", "")) if "ctx" in error else ""
            message = f"give one of {kinds}{_meant(given, MODELS)}"
        elif error["type"] == "string_pattern_mismatch" and key == "name":
            message = "give 1 to 40 small letters, digits or hyphens"
        yield key, message


def _meant(word: str, known: Iterable[str]) -> str:
    close = get_close_matches(word, list(known), n=1)
    return f"; did you mean {close[0]!r}?" if close else ""
