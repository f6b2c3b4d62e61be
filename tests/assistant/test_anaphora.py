"""Sentences that lean on the one before."""

import pytest

from assistant.anaphora import leans_back


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "They meet twice a year."), ("en", "It opened in 2019."),
        ("en", "This measure costs little."), ("fr", "Elle réunit douze villes."),
        ("fr", "Ces mesures sont gratuites."), ("fr", "Il a été élu en 2021."),
        ("nl", "Zij betalen de helft."), ("nl", "Deze maatregel werkt."),
        ("de", "Sie wurde 2020 gegründet."), ("de", "Diese Maßnahme wirkt."),
        ("es", "Ellos pagan."), ("it", "Questa misura costa poco."), ("pt", "Eles pagam."),
    ],
)  # fmt: skip
def test_a_pronoun_at_the_start_points_back(language: str, sentence: str) -> None:
    assert leans_back(sentence, language)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "It is important to light the street."), ("en", "The town pays."),
        ("en", "Theory helps."), ("fr", "Il faut éclairer la rue."), ("fr", "Il y a douze villes."),
        ("nl", "Zijn er kosten, dan betaalt de stad."), ("de", "Erst zahlt die Stadt."),
        ("de", "Es gibt zwölf Städte."), ("ja", "それは橋です。"),
    ],
)  # fmt: skip
def test_other_beginnings_do_not(language: str, sentence: str) -> None:
    assert not leans_back(sentence, language)
