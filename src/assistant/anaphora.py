"""Sentences that lean on the one before: those that begin with a pronoun. Pure.

Only pronouns that point back are listed; "it is clear that", "il faut", "es gibt" point nowhere.
"""

import re

_LEANING = {
    "en": r"(?:he|she|they|these|those|this|such|its|his|her|their|"
    r"it(?! (?:is|was|will be|has been|seems|appears) (?:\w+ )?(?:that|to|clear|important)\b))",
    "fr": r"(?:elles?|ils|celles?-ci|celui-ci|ceux-ci|cela|leurs?|ces|cette|cet|"
    r"il(?! (?:y a|faut|est (?:\w+ )?(?:de|que)|s[’']agit|convient|importe|existe|suffit)\b))",
    "nl": r"(?:hij|zij|ze|dit|deze|hun|zijn (?!er\b)|dat (?=is|was|werd|heeft|kan|moet))",
    "de": r"(?:er|sie|dies(?:e[mnrs]?)?|ihre?|seine?|deren|dessen)",
    "es": r"(?:él|ellas?|ellos|est[aeo]s?|es[aeo]s?|dich[ao]s?|sus?)",
    "it": r"(?:egli|ella|essi|esse|loro|quest[aeio]|tal[ei]|il suo|la sua|i suoi|le sue)",
    "pt": r"(?:ele|ela|eles|elas|est[ae]s?|ess[ae]s?|isto|isso|seus?|suas?)",
}
_BEGINNINGS = {
    language: re.compile(rf"[\"'“«„(]?\s*{leaning}(?=\W)", re.IGNORECASE)
    for language, leaning in _LEANING.items()
}


def leans_back(sentence: str, language: str) -> bool:
    """Tell whether a sentence begins with a word whose meaning stands in the sentence before."""
    pattern = _BEGINNINGS.get(language)
    return pattern is not None and pattern.match(sentence) is not None
