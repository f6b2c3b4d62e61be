import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.double_questions import questions_in


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        (
            "What is the deadline of the project call? And how much can each project receive?",
            ["What is the deadline of the project call?", "And how much can each project receive?"],
        ),
        (
            "hoeveel camera's komen er op de wegen en wat kost dat?",
            ["hoeveel camera's komen er op de wegen?", "wat kost dat?"],
        ),
        (
            "Wann beginnt das Treffen und wo findet es statt?",
            ["Wann beginnt das Treffen?", "wo findet es statt?"],
        ),
        ("And what does it cost? (become member)", None),
        (
            "En waar is het? En wat kost het? (algemene vergadering)",
            ["En waar is het? (algemene vergadering)", "En wat kost het? (algemene vergadering)"],
        ),
        ("who decides; what does it cost", ["who decides?", "what does it cost?"]),
        (
            "1) Who is the president? 2) What is the budget?",
            ["Who is the president?", "What is the budget?"],
        ),
        ("1. wer zahlt 2. wie viel kostet es", ["wer zahlt?", "wie viel kostet es?"]),
        ("What does article 3. say; and section 4?", None),
        ("Who is the mayor and president of the town?", None),
        ("What do members pay?", None),
        ("why? really?", None),
        ("comment et pourquoi", None),
        ("welche Städte und Gemeinden sind Mitglied?", None),
    ],
)
def test_two_questions_in_one_are_told_apart(text: str, asked: list[str] | None) -> None:
    assert questions_in(text) == (asked or [text])


@given(st.text(max_size=200))
def test_no_text_is_without_a_question(text: str) -> None:
    assert questions_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "Do you know where and when the meeting takes place?",
        "Who decides when and where the general assembly takes place?",
        "Can you explain how and why the fee was raised?",
        "Can you tell me how much and when members pay?",
        "Do you know where exactly and when it starts?",
        "Do you know where, when and how the vote is held?",
        "Pouvez-vous me dire où et quand se tient l'assemblée générale ?",
        "Savez-vous comment et pourquoi la cotisation a augmenté ?",
        "Wissen Sie, wo und wann die Versammlung stattfindet?",
        "Können Sie mir sagen, wie viel und wann man zahlt?",
        "Weet u waar en wanneer de vergadering plaatsvindt?",
        "Kunt u zeggen hoe en waarom het lidgeld stijgt?",
        "¿Sabe dónde y cuándo se celebra la asamblea?",
        "¿Puede decirme cómo y cuándo se paga?",
        "Sapete dove e quando si tiene l'assemblea?",
        "Può dirmi come e quando si paga la quota?",
        "Sabe onde e quando se realiza a assembleia?",
        "Pode dizer-me como e quando se paga a quota?",
    ],
)
def test_a_question_word_before_and_asks_nothing_alone(text: str) -> None:
    assert questions_in(text) == [text]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Who pays and who decides?", ["Who pays?", "who decides?"]),
        (
            "When does the bus come and what does it cost?",
            ["When does the bus come?", "what does it cost?"],
        ),
        (
            "Do you know who the mayor was and what he did?",
            ["Do you know who the mayor was?", "what he did?"],
        ),
        (
            "Où se tient l'assemblée et quand commence-t-elle ?",
            ["Où se tient l'assemblée?", "quand commence-t-elle ?"],
        ),
        ("Wat kost het en wanneer begint het?", ["Wat kost het?", "wanneer begint het?"]),
        ("¿Dónde es la asamblea y cuándo empieza?", ["¿Dónde es la asamblea?", "cuándo empieza?"]),
        ("Dov'è l'assemblea e quando comincia?", ["Dov'è l'assemblea?", "quando comincia?"]),
        ("Onde é a assembleia e quando começa?", ["Onde é a assembleia?", "quando começa?"]),
        (
            "¿Cuántos miembros hay y en cuántos países?",
            ["¿Cuántos miembros hay?", "en cuántos países?"],
        ),
        (
            "Combien de membres y a-t-il et dans combien de pays ?",
            ["Combien de membres y a-t-il?", "dans combien de pays ?"],
        ),
        ("Quantos membros há e em quantos países?", ["Quantos membros há?", "em quantos países?"]),
        (
            "Where and when is the meeting and what does it cost?",
            ["Where and when is the meeting?", "what does it cost?"],
        ),
    ],
)
def test_two_clauses_are_still_two_questions(text: str, asked: list[str]) -> None:
    assert questions_in(text) == asked
