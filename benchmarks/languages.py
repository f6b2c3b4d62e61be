"""Questions over a corpus of several languages, with and without centring the vectors.

    FORUM_EVAL_DATA=... .venv/bin/python benchmarks/languages.py

Every other paragraph of XQuAD in English, the rest in German, among the French ones of PIAF: half
of the questions find their paragraph in their own language, half only in the other. The constants
of centring were chosen on these very sets.
"""

import math
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from assistant import settings, wiring
from assistant.domain.corpus import Document, DocumentId
from assistant.evaluation import formats
from assistant.evaluation.sets import EvaluationSet
from assistant.language.detection import LanguageDetection
from assistant.language.sentences import sentence_spans
from vectorstore.search.centring import Centroids
from vectorstore.search.lexical import LexicalIndex
from vectorstore.search.ranking import FOREIGN_LEXICAL, fuse

Scores = NDArray[np.float32]


def main() -> None:
    """Print the table."""
    config = settings.load()
    if config.eval_data is None:
        sys.exit("FORUM_EVAL_DATA is not set: it names the folder with the data sets")
    german, english = formats.read(config.eval_data / "xquad" / "beir", LanguageDetection())
    (french,) = formats.read(config.eval_data / "piaf_fr" / "beir", LanguageDetection())
    documents = mixed(english, german) + list(french.documents)
    languages = [document.source.language for document in documents]
    embedder = wiring.load_embedder(config)
    texts = [document.text for document in documents]
    sentences = [sentences_of(document) for document in documents]
    owners = np.repeat(np.arange(len(documents)), [len(sentence) for sentence in sentences])
    chunks = embedder.embed_passages(texts)
    flat = embedder.embed_passages([sentence for each in sentences for sentence in each])
    centroids = Centroids.of(embedder)
    lexical = LexicalIndex.build(texts, languages)
    foreign = {
        code: np.array([language != code for language in languages]) for code in ("en", "de")
    }
    places = {document.id: place for place, document in enumerate(documents)}
    print(f"{'questions':10}{'vectors':12}{'all':>8}{'same':>8}{'other':>8}   nDCG@10")
    for questions, parallel in ((english, german), (german, english)):
        code = questions.name.rpartition(" ")[2]
        pairs = answers(questions, parallel, places)
        vectors = embedder.embed_queries([text for text, _ in pairs])
        words = np.stack([lexical.scores(text) for text, _ in pairs])
        gold = np.array([place for _, place in pairs])
        is_same = ~foreign[code][gold]
        for label, centre in (("as they are", False), ("centred", True)):
            some = centroids.centred(chunks, languages) if centre else chunks
            spread = [languages[owner] for owner in owners]
            parts = centroids.centred(flat, spread) if centre else flat
            shares = np.where(foreign[code], np.maximum(words, FOREIGN_LEXICAL), words)
            best = np.maximum.reduceat(vectors @ parts.T, first_of(owners), axis=1)
            scores = fuse(
                vectors @ some.T, best, shares if centre else words, np.zeros(1, np.float32)
            )
            gains = gain(scores, gold)
            row = (gains.mean(), gains[is_same].mean(), gains[~is_same].mean())
            print(f"{code:10}{label:12}" + "".join(f"{value:8.3f}" for value in row))


def mixed(english: EvaluationSet, german: EvaluationSet) -> list[Document]:
    """Return each paragraph once, in English and German by turns."""
    pairs = enumerate(zip(english.documents, german.documents, strict=True))
    return [pair[number % 2] for number, pair in pairs]


def sentences_of(document: Document) -> list[str]:
    """Return the sentences of a paragraph."""
    spans = sentence_spans(document.text, document.source.language)
    return [document.text[span.start : span.end] for span in spans]


def answers(
    questions: EvaluationSet, parallel: EvaluationSet, places: dict[DocumentId, int]
) -> list[tuple[str, int]]:
    """Return each question with the place of its paragraph, in whichever language it is there."""
    others = {case.id: case.relevant for case in parallel.cases}
    found = []
    for case in questions.cases:
        known = [
            places[each] for each in case.relevant | others.get(case.id, set()) if each in places
        ]
        if len(known) == 1:
            found.append((case.question, known[0]))
    return found


def first_of(owners: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where each document's sentences begin."""
    return np.concatenate([[0], np.flatnonzero(np.diff(owners)) + 1])


def gain(scores: Scores, gold: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return each question's nDCG@10, with one paragraph that answers."""
    own = scores[np.arange(len(gold)), gold]
    ranks = (scores > own[:, None]).sum(axis=1)
    return np.array([1 / math.log2(rank + 2) if rank < 10 else 0.0 for rank in ranks])  # noqa: PLR2004 - the measure's depth


if __name__ == "__main__":
    main()
