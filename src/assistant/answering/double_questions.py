"""Two questions in one: each wants its own answer. Pure."""

import re

_ASKING = (
    r"how|what|when|where|who|which|why|combien|quand|où|qui|quel(?:le)?s?|comment|pourquoi|que|"
    r"wie|was|wann|wo|wer|welche[rsnm]?|warum|hoeveel|wanneer|waar|wat|welke?|hoe|waarom|"
    r"cu[aá]nt[oa]s?|cu[aá]ndo|d[oó]nde|qui[eé]n|qu[eé]|c[oó]mo|cu[aá]l(?:es)?|"
    r"quando|quant[oiae]s?|dove|chi|come|quale?|onde|quem|como|qua(?:l|is)"
)
_END = re.compile(r"(?<=\?)\s+(?=\S)")
_JOINT = re.compile(
    rf",?\s+(?:and|et|und|en|y|e|ed)\s+(?=(?:(?:from|by|in|at|à|de|bis|seit|van|met|tot|in)\s+)?(?:{_ASKING})\b)",
    re.IGNORECASE,
)
FEWEST = 2
"""Words that a question has at least; less is part of the one beside it."""

MOST = 3


def questions_in(text: str) -> list[str]:
    """Return the questions that a text is made of, in order; one alone is the text itself."""
    whole = [word for part in _END.split(text) for word in _JOINT.split(part)]
    asked = [text.strip(" ,.") for text in whole]
    if not 1 < len(asked) <= MOST or any(len(text.split()) < FEWEST for text in asked):
        return [text]
    return [text if text.endswith("?") else f"{text}?" for text in asked]
