"""What a question asks for (a number, money, a duration, a name) and what has it. Pure.

In English, French, Dutch, German, Spanish, Italian and Portuguese; in any other language a question
never asks for one, and nothing is lost.
"""

import itertools
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
    r"dieci|metà|dois|três|quatro|sete|oito|dez|metade|"
    r"fifteen|twenty|thirty|forty|fifty|sixty|ninety|quinze|vingt|trente|quarante|cinquante|"
    r"vijftien|twintig|dertig|veertig|vijftig|zestig|fünfzehn|zwanzig|dreißig|vierzig|fünfzig|"
    r"quince|veinte|treinta|cuarenta|cincuenta|quindici|venti|trenta|quaranta|cinquanta|"
    r"vinte|trinta|quarenta|cinquenta"
)
_ASKS_MONEY = (
    r"costs?|prices?|fees?|how expensive|how much (?:money|funding)",
    r"how much [^?]{1,80}\b(?:pay|paid|spend|spent|earn|lose|lost)",
    r"coût(?:e|ent|ait|er|é|era)?s?|prix|tarifs?|montant|cotisation|combien d['’]argent",
    r"combien [^?]{1,80}\b(?:payer|pai?e|paient|payé|dépens\w+|perdu|reçoi\w+)",
    r"kost|kosten|gekost|prijs|prijzen|tarief|bedrag|hoeveel (?:\w+ )?geld",
    r"hoeveel [^?]{1,80}\b(?:betal\w+|betaald|uitgegeven|verloren)",
    r"kostete?n?|kostet|gekostet|preise?|teuer|gebühr(?:en)?|betrag|wie ?viel geld",
    r"wie ?viel [^?]{1,80}\b(?:bezahl\w+|zahl\w+|gezahlt|ausgegeben|verloren)",
    r"cuestan?|costó|costaron|costar|coste|precios?|tarifas?|cuánto dinero",
    r"(?-i:costan?)|costo|prezz[io]|tariff[ae]|quanto denaro|quanti soldi",
    r"custam?|custou|custar|custo|preços?|quanto dinheiro",
)
_CURRENCY = (
    r"(?:euros?|EUR|€|(?:US-?)?dollars?|USD|\$|£|GBP|pounds?|sterling|livres?|Pfund|"
    r"francs?|Franken|CHF|DM|Mark|lir[ae]|kroner|kronor|złoty|zlotys?|yens?)"
)
_SCALE = (
    r"(?:thousand|million(?:en|es|s)?|billion(?:en|s)?|Millionen|Milliarden|Mio\.|Mrd\.|"
    r"milliards?|mille|duizend|miljoen|miljard|mil|millones|milioni|miliardi|milhões)"
)
_MONEY_QUESTION = re.compile(rf"\b(?:{'|'.join(_ASKS_MONEY)})\b", re.IGNORECASE)
_MONEY = re.compile(
    rf"{_CURRENCY}\s?\d|\d[\d.,\s]{{0,20}}(?:{_SCALE}\s)?(?:de |d['’]|di )?{_CURRENCY}(?!\w)",
    re.IGNORECASE,
)
_QUESTION = re.compile(rf"\b(?:{'|'.join(_ASKS)})\b", re.IGNORECASE)
_QUANTITY = re.compile(rf"\d|\b(?:{_NUMBERS})\b", re.IGNORECASE)


_ASKS_DURATION = (
    r"how long|how much time|how many (?:days|weeks|months|years|hours|minutes)",
    r"combien (?:de (?:temps|jours|semaines|mois|minutes)|d['’](?:ans|années|heures))|quelle durée",
    r"hoe ?lang|hoeveel (?:tijd|dagen|weken|maanden|jaar|uur|uren|minuten)",
    r"wie ?lange?|wie ?viele? (?:zeit|tage|wochen|monate|jahre|stunden|minuten)",
    r"cuánt[oa]s? (?:tiempo|días|semanas|meses|años|horas|minutos)",
    r"quant[ioea]s? (?:tempo|giorni|settimane|mesi|anni|ore|minuti|dias|semanas|meses|anos|horas)",
)
_DURATION_QUESTION = re.compile(rf"\b(?:{'|'.join(_ASKS_DURATION)})\b", re.IGNORECASE)
_UNITS = (
    r"seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?|nights?|"
    r"secondes?|heures?|jours?|semaines?|mois|ans?|années?|nuits?|"
    r"seconden?|minuten|uur|uren|dagen|dag|weken|week|maanden|maand|jaar|jaren|nachten|"
    r"Sekunden?|Minuten?|Stunden?|Tagen?|Tag|Wochen?|Monaten?|Monat|Jahren?|Jahr|Nächten?|"
    r"segundos?|minutos?|horas?|días?|semanas?|mes|meses|años?|noches?|"
    r"secondi|minut[oi]|or[ae]|giorn[oi]|settiman[ae]|mes[ei]|ann[oi]|nott[ei]|"
    r"dias?|mês|anos?|noites?"
)
_DURATION = re.compile(
    rf"(?:\d|\b(?:{_NUMBERS}|a|an|few|several))[ \u00a0-](?:\w+[ \u00a0])?(?:{_UNITS})\b",
    re.IGNORECASE,
)

_WHO = re.compile(
    # Dutch "wie" is German for "how"; the verbs beside it tell them apart.
    r"\b(?:who|whom|whose|qui|wer|wem|wen|wessen|quién(?:es)?|chi|quem|"
    r"wie (?:is|zijn|heeft|hebben|wordt|werd|werden|mag|moet|betaalt|leidt|zit|gaf|schreef))\b",
    re.IGNORECASE,
)
ARTICLE = 3  # letters: the, die, les, het, los, gli
_WORD = re.compile(r"\w[\w'’-]*")


def asks_for_quantity(question: str) -> bool:
    """Tell whether the answer must hold a number, a date or a duration."""
    return bool(_QUESTION.search(question))


def holds_quantity(sentence: str) -> bool:
    """Tell whether a sentence holds one, in digits or in words."""
    return bool(_QUANTITY.search(sentence))


def asks_for_money(question: str) -> bool:
    """Tell whether the answer must say what something costs, or how much money there is."""
    return bool(_MONEY_QUESTION.search(question))


def holds_money(sentence: str) -> bool:
    """Tell whether a sentence holds an amount with its currency."""
    return bool(_MONEY.search(sentence))


def asks_for_duration(question: str) -> bool:
    """Tell whether the answer must say how long something takes."""
    return bool(_DURATION_QUESTION.search(question))


def holds_duration(sentence: str) -> bool:
    """Tell whether a sentence holds a number of days, years or another unit of time."""
    return bool(_DURATION.search(sentence))


def asks_for_name(question: str) -> bool:
    """Tell whether the answer must name a person or a body."""
    return bool(_WHO.search(question))


def holds_new_name(sentence: str, question: str) -> bool:
    """Tell whether a sentence has two capitalised words in a row that the question has not.

    Two, because German writes every noun with a capital; and none of up to three letters, which
    is where articles at the start of a sentence end.
    """
    asked = {word.casefold() for word in _WORD.findall(question)}
    new = [
        len(word) > ARTICLE and word[0].isupper() and word.casefold() not in asked
        for word in _WORD.findall(sentence)
    ]
    return any(first and second for first, second in itertools.pairwise(new))
