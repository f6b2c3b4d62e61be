"""Whether a question asks for a number, a date or a duration, and whether a sentence has one. Pure.

In English, French, Dutch, German, Spanish, Italian and Portuguese; in any other language a question
never asks for one, and nothing is lost.
"""

import re

_ASKS = (
    r"how (?:many|much|long|often|old|far|fast|soon|large|big|high|late|early)",
    r"(?:until |since )?when",
    r"(?:what|which) (?:year|day|date|month|price|share|percentage|number|age)",
    r"combien",
    r"(?:depuis |jusqu['’]à )?quand",
    r"quel(?:le)?s? (?:année|jour|date|mois|prix|montant|part|pourcentage|nombre|âge|délai)",
    r"hoeveel",
    r"(?:sinds |tot )?wanneer",
    r"hoe (?:lang|vaak|ver|snel|oud|groot|hoog|laat|vroeg|breed)",
    r"welke? (?:jaar|dag|datum|maand|prijs|bedrag|percentage|aantal|leeftijd|termijn)",
    r"wie ?viele?",
    r"(?:seit |bis )?wann",
    r"wie (?:lange?|oft|weit|schnell|hoch|breit|alt|groß|spät|früh|teuer)",
    r"welche[mnrs]? (?:jahr|tag|datum|monat|preis|betrag|anteil|anzahl|alter|frist)",
    r"cuánt[oa]s?",
    r"(?:desde |hasta )?cuándo",
    r"quant[ioea]s?",
    r"(?:da |fino a |desde |até )?quando",
    r"(?:kost|kosten|kostet|gekostet|coûte|coûtent|coûté|costs?|cuesta|costa|custa)",
)
_NUMBERS = (
    r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|half|third|"
    r"quarter|twice|daily|weekly|monthly|yearly|un|une|deux|trois|quatre|cinq|"
    r"sept|huit|neuf|dix|onze|douze|moitié|tiers|quart|een|twee|drie|vier|vijf|"
    r"zes|zeven|acht|negen|tien|elf|twaalf|helft|derde|kwart|eine|zwei|drei|fünf|"
    r"sechs|sieben|neun|zehn|zwölf|hälfte|drittel|viertel|dos|tres|cuatro|cinco|"
    r"siete|ocho|nueve|diez|mitad|due|tre|quattro|cinque|sei|sette|otto|nove|"
    r"dieci|metà|dois|três|quatro|sete|oito|dez|metade"
)
_QUESTION = re.compile(rf"\b(?:{'|'.join(_ASKS)})\b", re.IGNORECASE)
_QUANTITY = re.compile(rf"\d|\b(?:{_NUMBERS})\b", re.IGNORECASE)


def asked_for(question: str) -> bool:
    """Tell whether the answer must hold a number, a date or a duration."""
    return bool(_QUESTION.search(question))


def stands_in(sentence: str) -> bool:
    """Tell whether a sentence holds one, in digits or in words."""
    return bool(_QUANTITY.search(sentence))
