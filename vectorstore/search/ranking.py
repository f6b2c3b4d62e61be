"""How a chunk's scores become one. No input or output happens here."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from assistant.domain.corpus import Passage

CHUNK_SHARE = 0.5
"""The chunk's own similarity against its best sentence's. nDCG@10 on XQuAD en/de and PIAF fr:
chunk alone 0.966/0.949/0.774, half and half 0.982/0.974/0.822, sentence alone 0.974/0.968/-."""

LEXICAL_WEIGHT = 0.15
"""What full lexical coverage of the question adds to the similarity. nDCG@10 at 0.05, 0.10, 0.15,
0.20 and 0.30: en 0.985 0.987 0.988 0.988 0.987, de 0.979 0.980 0.980 0.979 0.977,
fr 0.854 0.860 0.864 0.863 0.860; the same within 0.002 with the three corpora in one."""

HEADING_WEIGHT = 0.1
"""What the similarity of the question with title and headings adds. Answering passage first by the
reader, of 206 members' questions on documents that training never saw, at 0, 0.1, 0.3 and 0.6:
0.73, 0.74, 0.71, 0.68; of 61 of a panel over 350 documents 45, 45, 45, 46."""

SENTENCE_LEXICAL_WEIGHT = 0.2
"""The same for one sentence. Right sentence of the right paragraph first, at 0, 0.1, 0.2, 0.3 and
0.5: XQuAD en 0.796 0.826 0.830 0.830 0.826, de 0.771 0.804 0.810 0.804 0.792."""

READ = 20
"""How many of the best passages are read sentence by sentence before the order stands."""

WORDING_WEIGHT = 0.2
"""What the passage gains where one sentence of it has meaning and words together. nDCG@10 at 0,
0.1, 0.17, 0.25, 0.35 and 0.5: XQuAD en 0.988 0.989 0.990 0.989 0.989 0.989, de 0.980 0.981 0.981
0.981 0.982 0.981, PIAF fr 0.865 0.868 0.868 0.868 0.866 0.864, golden questions 0.920 0.927 0.938
0.942 0.948 0.941; SQuAD 2, never tuned on, 0.938 0.938 0.939 0.940 0.940 0.935."""

FOREIGN_LEXICAL = 0.1
"""The lexical share that is given to a chunk in another language than the question, whose words
cannot match. At 0, 0.1 and 0.2 in the trial that chose it, mixed XQuAD as in `centring` with other
anchors: question and paragraph in one language 0.996 0.995 0.992 (en) 0.978 0.973 0.958 (de), in
two 0.747 0.823 0.871 and 0.864 0.898 0.924."""


@dataclass(frozen=True, slots=True)
class AskedQuery:
    """A query, its vector, and what each chunk covers of its words."""

    query: str
    vector: NDArray[np.float32]
    lexical: NDArray[np.float32]


def fuse(
    chunks: NDArray[np.float32],
    sentences: NDArray[np.float32],
    lexical: NDArray[np.float32],
    headings: NDArray[np.float32],
) -> NDArray[np.float32]:
    """Return one score a chunk: its similarity, its best sentence's, its words', its headings'."""
    dense = CHUNK_SHARE * chunks + (1 - CHUNK_SHARE) * sentences + HEADING_WEIGHT * headings
    fused: NDArray[np.float32] = (dense + LEXICAL_WEIGHT * lexical).astype(np.float32)
    return fused


def read(passage: Passage) -> Passage:
    """Return the passage with the score it has once its sentences' words are known."""
    if not passage.sentence_scores:
        return passage
    gain = max(passage.sentence_scores) - max(passage.sentence_similarities)
    return replace(passage, score=passage.score + WORDING_WEIGHT * gain)


def best_first(scores: NDArray[np.float32], limit: int) -> list[int]:
    """Return the positions of the `limit` highest scores, ties in their given order."""
    if len(scores) > limit:
        # Sorting 100,000 scores whole takes longer than the rest of a search.
        head = np.sort(np.argpartition(-scores, limit - 1)[:limit])
    else:
        head = np.arange(len(scores))
    order = head[np.argsort(-scores[head], kind="stable")]
    return [int(position) for position in order]
