"""Personal data is taken out of what members typed; what they ask stays readable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.records.redaction import redacted


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Write to jan.peeters@gent.example please", "Write to [e-mail] please"),
        ("Appelez-moi au 0470 12 34 56 svp", "Appelez-moi au [telephone] svp"),
        ("Meine Nummer ist +49 30 901820, danke", "Meine Nummer ist [telephone], danke"),
        ("bel me op 02/512.34.57 aub", "bel me op [telephone] aub"),
        ("Mon compte BE68 5390 0754 7034 a été débité", "Mon compte [number] a été débité"),
        ("IBAN NL91ABNA0417164300?", "IBAN [number]?"),
        ("rijksregisternummer 85.07.30-033.28", "rijksregisternummer [number]"),
        ("mi DNI es 54362315K", "mi DNI es [number]"),
        ("codice fiscale RCCMNL83S18D969H", "codice fiscale [number]"),
        ("card 4111 1111 1111 1111 refused", "card [number] refused"),
        ("seen from 192.168.13.7 yesterday", "seen from [number] yesterday"),
        ("look at https://forum.example/u/me?token=1", "look at [link]"),
        ("Hi, my name is Sofie Jansens, can we join?", "Hi, my name is [name], can we join?"),
        ("je m'appelle karim benali et je veux adhérer", "je m'appelle [name] et je veux adhérer"),
        ("Ik heet Jan de Smet en zoek hulp", "Ik heet [name] en zoek hulp"),
        ("Hello, this is Anna Smith from Ghent", "Hello, this is [name] from Ghent"),
        ("Ich bin der Peter Müller aus Bonn", "Ich bin der [name] aus Bonn"),
        ("Merci d'avance, signé Jean Dupont", "Merci d'avance, signé [name]"),
        ("Was sagt Frau Dr. Müller dazu?", "Was sagt Frau Dr. [name] dazu?"),
        ("El señor García López dijo que no", "El señor [name] dijo que no"),
        ("j'habite 12 rue de la Loi à Bruxelles", "j'habite [address] à Bruxelles"),
        ("ik woon in de Kerkstraat 14b te Gent", "ik woon in de [address] te Gent"),
        ("Bahnhofstraße 7, 50667 Köln", "[address], 50667 Köln"),
        ("abito in via Roma 15, Torino", "abito in [address], Torino"),
        ("my house at 21 High Street is dark", "my house at [address] is dark"),
    ],
)
def test_personal_data_is_replaced_by_what_it_was(typed: str, kept: str) -> None:
    assert redacted(typed) == kept


@pytest.mark.parametrize(
    "question",
    [
        "How do we become a member?",
        "What does a town of 50,000 inhabitants pay in 2024?",
        "Quelle cotisation pour une commune de 1 250 000 habitants ?",
        "What happened between 2019 and 2024 in the centre?",
        "Was kostet die Teilnahme am 12.03.2024 um 14:30 Uhr?",
        "Which events take place during 2024?",
        "Apply via the website within 10 days?",
        "Is article 12 of the law of 21 March 2007 still in force?",
        "Wo finde ich den Artikel 4.2.1 der Satzung?",
        "Qui est le président du forum ?",
        "Hoeveel camera's hangen er op het plein?",
        "La place de l'Europe est-elle éclairée ?",
        "¿Cuánto cuesta la cuota de 2.500 euros?",
        "What is the telephone number of the secretariat?",
        "Is the road safer since 2021, and the street lighting?",
        "Who signed the charter on cameras?",
        "What is this? This is what I ask.",
        "En la calle hay 3 cámaras nuevas",
    ],
)
def test_what_is_asked_stays(question: str) -> None:
    assert redacted(question) == question


def test_several_kinds_in_one_text_are_all_taken_out() -> None:
    typed = "my name is Eva Roth, eva@roth.example, +49 30 901820, Hauptstraße 3"
    assert redacted(typed) == "my name is [name], [e-mail], [telephone], [address]"


@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    assert isinstance(redacted(text), str)


@given(st.emails(), st.text(max_size=30))
def test_an_address_never_stays(address: str, around: str) -> None:
    assert address not in redacted(f"{around} {address} {around}")


@given(st.integers(100_000_000, 10**19))
def test_a_long_number_never_stays(number: int) -> None:
    assert str(number) not in redacted(f"my number {number} is it")
