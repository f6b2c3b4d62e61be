"""What errors and reports say, known again by its form and said in another language."""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.languages import LANGUAGES, languages
from assistant.language.machinery import translated
from assistant.language.wording import DEFAULT

ROOT = Path(__file__).parents[3]
OTHERS = [each for each in LANGUAGES if each != DEFAULT]
FORMS = sorted(languages()["fr"].machinery)


def places(text: str) -> list[str]:
    return sorted(re.findall(r"\{(\w+)\}", text))


@pytest.mark.parametrize("language", OTHERS)
def test_each_language_has_all_messages_with_their_places(language: str) -> None:
    known = languages()[language].machinery

    assert sorted(known) == FORMS
    for form, words in known.items():
        assert places(words) == places(form)
        assert words != form


def messages(path: Path) -> Iterator[str]:
    """Yield the texts of a module, with `{}` where they are filled in, once with its constants."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    constants = {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name) and isinstance(node.value.value, str)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(part_of(part, {}) for part in node.values)
            yield "".join(part_of(part, constants) for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield re.sub(r"\{[^{}]*\}", "{}", node.value)


def part_of(part: ast.expr, constants: Mapping[str, str]) -> str:
    if isinstance(part, ast.Constant):
        return str(part.value)
    filled = part.value if isinstance(part, ast.FormattedValue) else part
    return constants.get(filled.id, "{}") if isinstance(filled, ast.Name) else "{}"


def test_each_message_is_one_that_is_made_somewhere() -> None:
    sources = [
        path for name in ("src", "ingest", "vectorstore") for path in (ROOT / name).rglob("*.py")
    ]
    made = {text.removeprefix("{}: ") for path in sources for text in messages(path)}

    assert [form for form in FORMS if re.sub(r"\{\w+\}", "{}", form) not in made] == []


KNOWN = {
    "no source is named 'minutes'; there are: site, uploads": (
        "aucune source ne s’appelle 'minutes' ; il y a : site, uploads"
    ),
    "there is no generation '000009'; there are 000001, 000002": (
        "il n’y a pas de version '000009' ; il y a 000001, 000002"
    ),
    "must be at most 60": "doit être au plus 60",
    "is encrypted; save it without a password": ("est chiffré ; enregistrez-le sans mot de passe"),
    "has 900 pages, more than 500; split it into several files": (
        "a 900 pages, plus de 500 ; partagez-le en plusieurs fichiers"
    ),
    "'minutes.doc' has the unknown format .doc; known are .docx": (
        "'minutes.doc' a le format inconnu .doc ; sont connus .docx"
    ),
    "https://town.test/: does not exist (404)": "https://town.test/ : n’existe pas (404)",
    "its robots.txt cannot be read, so nothing may be: the site is busy or down (503)": (
        "son robots.txt ne peut pas être lu, donc rien ne doit l’être : le site est surchargé ou"
        " en panne (503)"
    ),
    "is an old Word document; open it in Word or LibreOffice and save it as .docx": (
        "est un ancien document Word ; ouvrez-le dans Word ou LibreOffice et enregistrez-le en"
        " .docx"
    ),
    "pages without a text layer were not read (2, 3); run the file through OCR (text recognition)"
    " and bring it in again; 12 words that its readers cannot see were left out; look at the"
    " original": (
        "des pages sans texte n’ont pas été lues (2, 3) ; passez le fichier à la reconnaissance de"
        " caractères (OCR) et ajoutez-le de nouveau; 12 mots que ses lecteurs ne voient pas ont été"
        " laissés de côté ; regardez l’original"
    ),
}


@pytest.mark.parametrize("message", KNOWN)
def test_a_message_is_known_by_its_form_and_so_is_one_inside_it(message: str) -> None:
    said = translated(message, "fr") or ""

    assert said.replace("\N{NO-BREAK SPACE}", " ") == KNOWN[message]


@pytest.mark.parametrize("message", ["", "the moon is full", "a: b: c", "{reason}", "x" * 5000])
def test_what_has_no_words_is_nothing(message: str) -> None:
    assert translated(message, "fr") is None
    assert translated(message, "xx") is None


@given(
    st.lists(st.sampled_from(["{", "}", "{0}", "; ", ": ", "is ", "reason", "é", *FORMS[:40]])),
    st.sampled_from(OTHERS),
)
def test_any_text_is_taken(pieces: list[str], language: str) -> None:
    found = translated("".join(pieces), language)

    assert found is None or found
