"""The languages, each a file: complete, and enough by itself."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.language.languages import (
    LANGUAGES,
    Language,
    in_all,
    languages,
    leans_on_what_stands_before,
)
from tests.conftest import ROOT

DATA = ROOT / "src" / "assistant" / "language" / "data"

ESPERANTO = {
    "order": 99,
    "locale": "eo",
    "and": "kaj",
    "telling_words": "kiel kie kiu kiom estas la mi ni por en kun membro iĝi",
    "question_words": "kiel|kie|kiu|kiom",
}
SEEN_BY_IT = """
from datetime import date
from assistant.answering.double_questions import questions_in
from assistant.answering.requests import Want, understood
from assistant.language.dates import dateline
from assistant.language.detection import LanguageDetection
from assistant.language.languages import LANGUAGES
from assistant.language.spelling import corrected
from assistant.language.wording import wording
from assistant.web.pages.templating import LANGUAGES as OF_THE_PAGES
from ingest.readers.extract import kind_of

assert LANGUAGES == OF_THE_PAGES == (*("en", "fr", "nl", "de", "es", "it", "pt"), "eo")
assert wording("eo")("page.heading") == "Kion vi volas scii?"
assert "marto" in wording("eo").day(date(2022, 3, 12)).lower()
assert LanguageDetection()("kiel mi iĝi membro", fallback="eo") == "eo"
assert understood("Saluton!", "eo", date(2026, 1, 1)).want is Want.GREETING
assert questions_in("Kiom ĝi kostas kaj kie ni aliĝas?") == ["Kiom ĝi kostas?", "kie ni aliĝas?"]
assert kind_of("rekomendoj").value == "recommendation"
assert dateline("Bruselo, 12 marto 2022 – La urbo ...") == date(2022, 3, 12)
"""


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_language_has_what_english_has(code: str) -> None:
    ours, english = languages()[code], languages()["en"]

    for part in ("requests", "catalogue", "checks", "kinds", "personal"):
        assert set(getattr(ours, part)) == set(getattr(english, part)), part
    assert len(ours.anchors) == len(english.anchors)
    assert ours.function_words
    assert ours.telling_words


def test_a_pattern_of_all_languages_has_that_of_each() -> None:
    assert all(each.answer_headings in in_all("answer_headings") for each in languages().values())


def test_a_field_that_is_missing_is_named() -> None:
    with pytest.raises(ValueError, match="locale"):
        Language.model_validate({"code": "eo"})


def test_adding_a_language_is_adding_its_file(tmp_path: Path) -> None:
    copied = tmp_path / "assistant"
    shutil.copytree(ROOT / "src" / "assistant", copied, ignore=shutil.ignore_patterns("*.pyc"))
    english = json.loads((DATA / "en.json").read_text("utf-8"))
    made_up = english | ESPERANTO
    made_up["wording"]["page.heading"] = "Kion vi volas scii?"
    made_up["requests"]["greeting"] = "saluton"
    made_up["kinds"]["recommendation"] = "rekomendo(?:j)?"
    (copied / "language" / "data" / "eo.json").write_text(json.dumps(made_up), "utf-8")

    run = subprocess.run(
        [sys.executable, "-c", SEEN_BY_IT],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stderr


LEANING = {
    "en": ("It costs 40 euros.", "These towns pay nothing.", "However, the fee is waived."),
    "fr": ("Il coûte 40 euros.", "Cette évaluation est publiée.", "Toutefois, c’est gratuit."),
    "nl": (
        "Dit kost 40 euro.",
        "Daarnaast is er subsidie.",
        "Met dezelfde straffen wordt gestraft",
    ),
    "de": ("Sie kostet 40 Euro.", "Daneben gibt es Zuschüsse.", "Diese Städte zahlen nichts."),
    "es": ("Esta medida es gratuita.", "Además, hay ayudas.", "Sin embargo, se paga."),
    "it": ("Questa misura è gratuita.", "Inoltre ci sono aiuti.", "Pertanto si paga."),
    "pt": ("Esta medida é gratuita.", "Além disso, há apoios.", "No entanto, paga-se."),
}
STANDING = {
    "en": (
        "Italy pays 40 euros.",
        "It is forbidden to film.",
        "This guide is for towns.",
        "1. Apply.",
    ),
    "fr": ("Il est interdit de filmer.", "Il y a deux tarifs.", "Les villes paient.", "Yonne"),
    "nl": ("Het is verboden te filmen.", "De stad betaalt.", "Zonder aanvraag gaat het niet."),
    "de": (
        "Es gibt zwei Tarife.",
        "Die Stadt zahlt.",
        "Das Formular liegt bei.",
        "Sie können sich hier anmelden.",
    ),
    "es": ("La ciudad paga.", "Su solicitud se estudia.", "Después de la asamblea se vota."),
    "it": ("La città paga.", "Mai di domenica.", "Suolo pubblico"),
    "pt": ("A cidade paga.", "Estação central", "Masmorra"),
}


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_sentence_that_needs_the_one_before_it_is_known_by_how_it_begins(code: str) -> None:
    assert all(leans_on_what_stands_before(each, code) for each in LEANING[code])
    assert not [each for each in STANDING[code] if leans_on_what_stands_before(each, code)]
