"""Recognise and read evaluation sets: BEIR, SQuAD, NoMIRACL, and golden questions."""

import csv
import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from assistant.domain.corpus import Document, DocumentId, Kind, Source
from assistant.domain.errors import InputError
from assistant.evaluation import golden_questions
from assistant.evaluation.sets import Case, EvaluationSet

DetectLanguage = Callable[[str], str]


def read(path: Path, detect_language: DetectLanguage) -> list[EvaluationSet]:
    """Return the sets that a path holds: a BEIR folder of several languages holds several.

    Raises InputError for what is none of the known forms.
    """
    try:
        sets = list(_sets(path, detect_language))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as exc:
        msg = (
            f"cannot measure on {path}: it is no BEIR folder (corpus.jsonl, queries.jsonl, qrels), "
            f"no SQuAD or NoMIRACL file and no YAML file of golden questions ({exc})"
        )
        raise InputError(msg) from exc
    if empty := next((each.name for each in sets if not each.cases), ""):
        msg = f"there is no question in {empty} of {path}; look whether its files belong together"
        raise InputError(msg)
    return sets


def _sets(path: Path, detect_language: DetectLanguage) -> Iterator[EvaluationSet]:
    if path.is_dir():
        for corpus in _beir_corpora(path):
            yield _beir(corpus, detect_language)
    elif path.suffix in {".yaml", ".yml"}:
        yield _golden(path)
    elif _plain_suffix(path) == ".jsonl":
        yield _nomiracl(path, detect_language)
    else:
        yield _squad(path, detect_language)


def _beir_corpora(folder: Path) -> list[Path]:
    found = sorted(folder.glob("*corpus.jsonl*"))
    if not found:
        msg = "there is no corpus.jsonl"
        raise ValueError(msg)
    return found


def _beir(corpus: Path, detect_language: DetectLanguage) -> EvaluationSet:
    folder, prefix = corpus.parent, corpus.name.partition("corpus.jsonl")[0]
    name = f"{folder.parent.name if folder.name == 'beir' else folder.name} {prefix.rstrip('.')}"
    documents = tuple(
        _document(entry["_id"], entry.get("title", ""), entry["text"], detect_language)
        for entry in _json_lines(corpus)
    )
    (queries,) = folder.glob(f"{prefix}queries.jsonl*")
    relevant = _qrels(folder, prefix)
    cases = tuple(
        Case(
            id=entry["_id"],
            question=entry["text"],
            language=detect_language(entry["text"]),
            relevant=frozenset(relevant[entry["_id"]]),
            answers=tuple(entry.get("answers") or ()),
        )
        for entry in _json_lines(queries)
        if entry["_id"] in relevant
    )
    return EvaluationSet(name.strip(), documents, cases)


def _qrels(folder: Path, prefix: str) -> dict[str, set[DocumentId]]:
    split = folder / "qrels" / "test.tsv"  # not what models are trained or tuned on
    named = folder / f"{prefix}qrels.tsv"
    others = sorted(folder.glob("qrels/*.tsv"))
    judgements = next((path for path in (named, split, *others) if path.is_file()), None)
    if judgements is None:
        msg = f"there are no judgements in {named.name} or qrels/test.tsv"
        raise ValueError(msg)
    relevant: dict[str, set[DocumentId]] = {}
    with judgements.open(encoding="utf-8") as file:
        for row in csv.reader(file, delimiter="\t"):
            if row[-1].isdigit() and int(row[-1]) > 0:
                relevant.setdefault(row[0], set()).add(DocumentId(row[-2]))
    return relevant


def _squad(path: Path, detect_language: DetectLanguage) -> EvaluationSet:
    documents: list[Document] = []
    cases: list[Case] = []
    for article in json.loads(_text(path))["data"]:
        for paragraph in article["paragraphs"]:
            name = f"{len(documents):06d}"
            title = str(article.get("title", "")).replace("_", " ")
            documents.append(_document(name, title, paragraph["context"], detect_language))
            for entry in paragraph["qas"]:
                answerable = bool(entry["answers"]) and not entry.get("is_impossible")
                wordings = dict.fromkeys(str(fields["text"]) for fields in entry["answers"])
                cases.append(
                    Case(
                        id=str(entry["id"]),
                        question=entry["question"],
                        language=detect_language(entry["question"]),
                        relevant=frozenset({DocumentId(name)}) if answerable else frozenset(),
                        answers=tuple(wordings) if answerable else (),
                        is_answerable=answerable,
                    )
                )
    return EvaluationSet(path.name.partition(".json")[0], tuple(documents), tuple(cases))


def _nomiracl(path: Path, detect_language: DetectLanguage) -> EvaluationSet:
    documents: dict[str, Document] = {}
    cases = []
    for entry in _json_lines(path):
        for fields in entry["passages"]:
            documents.setdefault(
                fields["docid"],
                _document(fields["docid"], fields["title"], fields["text"], detect_language),
            )
        cases.append(
            Case(
                id=str(entry["query_id"]),
                question=entry["query"],
                language=detect_language(entry["query"]),
                is_answerable=bool(entry["answerable"]),
            )
        )
    name = path.name.partition(".jsonl")[0]
    return EvaluationSet(f"nomiracl {name}", tuple(documents.values()), tuple(cases))


def _golden(path: Path) -> EvaluationSet:
    cases = tuple(
        Case(
            id=str(at),
            question=citation.question,
            language=citation.language,
            relevant=frozenset({DocumentId(citation.document)} if citation.document else ()),
            answers=(citation.quote,) if citation.quote else (),
            is_answerable=citation.is_answerable,
        )
        for at, citation in enumerate(golden_questions.load(path), start=1)
    )
    return EvaluationSet(path.name, (), cases)


def _document(name: str, title: str, text: str, detect_language: DetectLanguage) -> Document:
    source = Source(
        document_id=DocumentId(name),
        title=title,
        url=f"/documents/{name}",
        published=None,
        language=detect_language(text),
        kind=Kind.ARTICLE,
    )
    return Document(source, " ".join(text.split()))


def _json_lines(path: Path) -> Iterator[dict[str, Any]]:
    for line in _text(path).split("\n"):
        if line.strip():
            yield json.loads(line)


def _text(path: Path) -> str:
    if path.suffix == ".gz":
        with gzip.open(path, "rt", encoding="utf-8") as file:
            return file.read()
    return path.read_text(encoding="utf-8")


def _plain_suffix(path: Path) -> str:
    return Path(path.stem).suffix if path.suffix == ".gz" else path.suffix
