"""Questions that lean on the one before."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.followups import needs_history, says_nothing, standalone, topic
from assistant.language.languages import LANGUAGES


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("en", "And for minors?"), ("en", "Why?"), ("en", "Are they recorded?"),
        ("en", "What about schools?"), ("en", "Anything else?"), ("en", "How long did it take?"),
        ("fr", "Et pour les mineurs ?"), ("fr", "Pourquoi ?"), ("fr", "Où sont-elles ?"),
        ("fr", "Depuis quand est-elle ouverte ?"), ("fr", "Et à Gand ?"),
        ("nl", "En voor minderjarigen?"), ("nl", "Waarom?"), ("nl", "Hoeveel kosten ze?"),
        ("de", "Und für Jugendliche?"), ("de", "Wieso?"), ("de", "Wann wurde es eröffnet?"),
        ("de", "Wie sieht es mit Schulen aus?"), ("es", "¿Y para los menores?"),
        ("es", "¿Por qué?"), ("it", "E per i minori?"), ("it", "Perché?"),
        ("pt", "E para os menores?"), ("en", "150k"), ("fr", "et 15 000 ?"),
        ("es", "cuando fue elegida"), ("it", "Quando è stata eletta?"),
        ("pt", "Quando foi eleita?"), ("nl", "Is dat gratis?"),
        ("en", "In how many countries?"), ("fr", "Dans combien de pays ?"),
        ("nl", "In hoeveel landen?"), ("de", "In wie vielen Ländern?"),
        ("es", "¿En cuántos países?"), ("it", "In quanti paesi?"), ("pt", "Em quantos países?"),
    ],
)  # fmt: skip
def test_fragments_and_pronouns_need_the_history(language: str, question: str) -> None:
    assert needs_history(question, language)


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("en", "How long are the recordings of street cameras kept?"),
        ("en", "Is it possible to join the network as a region?"),
        ("en", "What do residents say when they walk home at night?"),
        ("en", "Are there trainings for street workers?"),
        ("fr", "La charte est-elle obligatoire ?"),
        ("fr", "Combien coûte l’adhésion ?"), ("fr", "Y a-t-il des formations pour les élus ?"),
        ("fr", "Qu’est-ce qu’une marche exploratoire ?"),
        ("nl", "Hoe wordt een stad lid van het netwerk?"),
        ("nl", "Zijn er opleidingen voor agenten?"),
        ("de", "Wie wird eine Stadt Mitglied?"), ("de", "Gibt es Schulungen für Streetworker?"),
        ("de", "Nennen Sie die Ziele der Charta"),
        ("es", "¿Cuánto cuesta la adhesión de una ciudad?"),
        ("it", "Quanto costa l'adesione di una città?"),
        ("pt", "Quanto custa a adesão de uma cidade?"),
        ("en", "In how many countries are there members?"),
        ("de", "In welchen Ländern gibt es Mitglieder?"),
        ("es", "¿Cuándo fue elegida la presidenta?"), ("it", "Quando è stata fondata la rete?"),
        ("nl", "Is bekend dat het zwembad dicht is?"), ("en", "Who won in 2019?"),
        ("ja", "なぜですか"),
    ],
)  # fmt: skip
def test_whole_questions_stand_alone(language: str, question: str) -> None:
    assert not needs_history(question, language)


POINTING = [
    ("en", "who"), ("en", "And then?"), ("en", "How many are there?"), ("fr", "quoi ?"),
    ("fr", "Et alors ?"), ("nl", "hoe dan"), ("nl", "Waarom niet?"), ("de", "Und dann?"),
    ("de", "Was ist das?"), ("es", "¿Y?"), ("es", "¿Por qué?"), ("it", "chi?"), ("pt", "E então?"),
]  # fmt: skip
TELLING = [
    ("en", "fees"), ("en", "Who decides?"), ("fr", "caméras"), ("nl", "Wat kost het?"),
    ("de", "Wer zahlt?"), ("es", "cuotas"), ("it", "Chi paga?"), ("pt", "Quem paga?"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text"), POINTING)
def test_a_text_that_only_points_says_nothing(language: str, text: str) -> None:
    assert says_nothing(text, language)


@pytest.mark.parametrize(("language", "text"), TELLING)
def test_a_text_that_names_something_says_something(language: str, text: str) -> None:
    assert not says_nothing(text, language)


def test_what_a_follow_up_leans_on_is_added_to_it() -> None:
    history = ["How long does Harrowmere keep the recordings of its street cameras?"]

    found = standalone("And for minors?", history, "en")

    assert found == "And for minors? (long Harrowmere keep recordings street cameras)"


def test_the_subject_is_carried_over_several_turns() -> None:
    first = "Who leads the safety walks?"
    second = standalone("And in Ghent?", [first], "en")

    assert standalone("Why?", [first, second], "en").endswith("(Ghent leads safety walks)")


@pytest.mark.parametrize(
    ("language", "earlier", "question", "understood"),
    [
        (
            "fr",
            "Combien coûte l’adhésion ?",
            "et pour une ville de 200 000 habitants ?",
            "et pour une ville de 200 000 habitants ? (coûte adhésion)",
        ),
        (
            "nl",
            "Wat kost het lidmaatschap?",
            "en voor een stad met 30.000 inwoners?",
            "lidmaatschap",
        ),
        (
            "en",
            "What does a town of 50,000 inhabitants pay?",
            "and for 120,000?",
            "and for 120,000? (town inhabitants pay)",
        ),
        (
            "en",
            "What does a town of 50,000 inhabitants pay?",
            "when is it due?",
            "when is it due? (town 50,000 inhabitants pay)",
        ),
        (
            "en",
            "How many burglaries did Ghent count in 2019?",
            "and Bruges?",
            "and Bruges? (burglaries Ghent count 2019)",
        ),
        (
            "fr",
            "Combien paie une ville de 200 000 habitants ?",
            "et pour les associations ?",
            "et pour les associations ? (paie ville habitants)",
        ),
    ],
)
def test_a_number_makes_no_question_of_its_own_and_takes_the_place_of_the_one_before(
    language: str, earlier: str, question: str, understood: str
) -> None:
    assert understood in standalone(question, [earlier], language)


def test_a_question_that_stands_alone_is_left_as_it_is() -> None:
    question = "How much does membership cost a small town?"

    assert standalone(question, ["Who leads the network?"], "en") == question


@given(st.text(max_size=200), st.sampled_from(LANGUAGES))
def test_without_a_history_nothing_is_ever_added(question: str, language: str) -> None:
    assert standalone(question, [], language) == question


@given(st.text(max_size=300), st.text(max_size=300), st.sampled_from(LANGUAGES))
def test_a_standalone_question_begins_with_what_was_asked_and_stays_short(
    question: str, earlier: str, language: str
) -> None:
    found = standalone(question, [earlier], language)

    assert found.startswith(question)
    added = found.removeprefix(question).strip(" ()")
    assert set(added.split()) <= set(topic(earlier, language))


EMPTY_OR_POLITE = [
    ("de", "Welche Daten speichern Sie?"),
    ("de", "Wie lautet Ihre Adresse?"),
    ("de", "Was kostet Ihre Mitgliedschaft?"),
    ("de", "Wo finde ich Ihre Satzung?"),
    ("de", "Wie kann ich Ihnen schreiben?"),
    ("de", "Wann hat Ihr Büro offen?"),
    ("de", "Was kostet es, Mitglied zu werden?"),
    ("de", "Wie lange dauert es, bis der Antrag bearbeitet ist?"),
    ("de", "Worum geht es in der Charta?"),
    ("de", "Ist es Pflicht, Mitglied zu sein?"),
    ("de", "Gibt es Schulungen für Streetworker?"),
    ("de", "Muss man Mitglied sein?"),
    ("de", "Muss ich Mitglied sein, um teilzunehmen?"),
    ("de", "Was kostet es teilzunehmen?"),
    ("en", "How much does it cost to become a member?"),
    ("en", "How long does it take to become a member?"),
    ("en", "How much would it cost a town to join?"),
    ("en", "How long does it take before I get an answer?"),
    ("en", "How does one become a member?"),
    ("en", "Why is it so expensive to join?"),
    ("en", "Does it matter whether the town is small?"),
    ("fr", "Combien cela coûte-t-il d’adhérer ?"),
    ("fr", "Combien ça coûte de devenir membre ?"),
    ("fr", "Combien coûte-t-il de devenir membre ?"),
    ("fr", "Vaut-il mieux adhérer en janvier ?"),
    ("fr", "Suffit-il de remplir le formulaire ?"),
    ("fr", "Peut-il y avoir plusieurs délégués ?"),
    ("it", "Ci si può iscrivere online?"),
    ("it", "Quanto ci vuole per iscriversi?"),
    ("it", "Chi ci può aiutare?"),
    ("it", "Lei può dirmi quanto costa la tessera?"),
    ("it", "Quanto tempo ci si mette?"),
    ("it", "Può Lei indicarmi la sede?"),
    ("nl", "Is het verplicht om lid te zijn?"),
    ("nl", "Moeten kinderen lid zijn?"),
    ("nl", "Hoeveel leden zijn er?"),
    ("nl", "Is het toegestaan om in het park te roken?"),
    ("nl", "Hoe lang duurt het om lid te worden?"),
    ("es", "¿Cómo les puedo contactar?"),
    ("es", "¿Cuánto se tarda en ser miembro?"),
    ("pt", "Como lhes posso escrever?"),
    ("pt", "Quanto custa ser membro?"),
]
OF_SOMETHING_BEFORE = [
    ("de", "Was kostet sie?"),
    ("de", "Wann wurde es eröffnet?"),
    ("de", "Wie lange dauert es?"),
    ("de", "Was kostet es?"),
    ("de", "Wer hat ihnen geholfen?"),
    ("de", "Und Ihre Kinder?"),
    ("de", "Wie hoch ist ihre Förderung?"),
    ("en", "And what does it cost?"),
    ("en", "How much does it cost?"),
    ("en", "How long does it take?"),
    ("en", "How long did it take?"),
    ("en", "Is it free?"),
    ("en", "Where can it be ordered?"),
    ("fr", "Combien ça coûte ?"),
    ("fr", "Est-il ouvert ?"),
    ("it", "Quanto costa questo?"),
    ("it", "E quanto ci costa?"),
    ("nl", "Wat kost het?"),
    ("nl", "Hoeveel kosten ze?"),
    ("nl", "En wat kost het?"),
    ("es", "¿Y cuánto cuesta?"),
    ("es", "¿Quién les ayuda?"),
    ("pt", "E quanto custa isso?"),
    ("pt", "Quem lhes paga?"),
    ("de", "Was kostet es zusammen?"),
]


@pytest.mark.parametrize(("language", "question"), EMPTY_OR_POLITE)
def test_a_pronoun_that_is_polite_or_stands_for_nothing_needs_no_history(
    language: str, question: str
) -> None:
    assert not needs_history(question, language)


@pytest.mark.parametrize(("language", "question"), OF_SOMETHING_BEFORE)
def test_the_same_pronoun_for_something_before_needs_the_history(
    language: str, question: str
) -> None:
    assert needs_history(question, language)


@pytest.mark.parametrize("table", [EMPTY_OR_POLITE, OF_SOMETHING_BEFORE])
def test_every_language_has_pronouns_of_both_kinds(table: list[tuple[str, str]]) -> None:
    assert {language for language, _ in table} == set(LANGUAGES)


def test_a_bare_question_adds_nothing_to_what_the_next_one_leans_on() -> None:
    found = standalone("By whom?", ["Why? (camera images kept)"], "en")

    assert found == "By whom? (camera images kept)"


def test_what_is_leaned_on_is_read_in_its_own_language() -> None:
    found = standalone("Und wer zahlt das?", ["How do we become a member?"], "de", "en")

    assert found == "Und wer zahlt das? (become member)"


def test_a_pronoun_behind_its_verb_is_no_subject() -> None:
    assert "elles" not in " ".join(topic("Les images sont-elles effacées ?", "fr"))


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("en", "is there one?"),
        ("fr", "où est celle-là ?"),
        ("nl", "wie mag het?"),
        ("de", "wo ist die?"),
        ("es", "¿y quién es?"),
        ("it", "e chi è?"),
        ("pt", "e quem é?"),
    ],
)
def test_a_question_that_names_nothing_leans_on_the_one_before(
    language: str, question: str
) -> None:
    assert standalone(question, ["Lampadario?"], language) == f"{question} (Lampadario)"
