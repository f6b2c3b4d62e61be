"""Find the sentences that say most of a document. No input or output happens here."""

import numpy as np

from vectorstore.embedding.embedder import Vectors

REPETITION = 0.5
"""What likeness to a sentence already chosen takes away from likeness to the whole, as in maximal
marginal relevance (Carbonell and Goldstein 1998)."""

LEAD = 0.1
"""What the first sentence gains over the last: an article says first what it is about."""


SHORTEST = 40  # characters; shorter ones say little without those around them


def is_whole(sentence: str) -> bool:
    """Whether a sentence can stand alone: no row, no question, no start of a list."""
    return len(sentence) >= SHORTEST and " | " not in sentence and sentence[-1] not in ":?"


def central(sentences: Vectors, limit: int) -> list[int]:
    """Return the places of at most `limit` rows that are like the whole and unlike each other."""
    if not len(sentences):
        return []
    whole = sentences.mean(axis=0)
    worth = sentences @ (whole / (np.linalg.norm(whole) or 1.0))
    worth += LEAD * np.linspace(1, 0, len(sentences))
    likeness = np.zeros(len(sentences), np.float32)
    chosen: list[int] = []
    for _ in range(min(limit, len(sentences))):
        best = int(np.argmax(worth - REPETITION * likeness))
        chosen.append(best)
        worth[best] = -np.inf
        likeness = np.maximum(likeness, sentences @ sentences[best])
    return sorted(chosen)
