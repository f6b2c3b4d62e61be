"""What is added to the vectors of questions."""

import numpy as np
import pytest

from vectorstore.embedding.embedder import Vectors, as_unit_rows
from vectorstore.embedding.onnx_embedder import OnnxEmbedder
from vectorstore.embedding.question_adapter import QuestionAdapter
from vectorstore.search.centring import Centroids

ASKED = {
    "Whom do I ring when a street lamp is broken?": (
        "Faults are taken by the technical service, 01632 960 111, day and night."
    ),
    "Combien paie une petite commune pour adhérer ?": (
        "La cotisation s'élève à 400 euros par an jusqu'à 5 000 habitants."
    ),
    "Wie wird man Mitglied des Netzwerks?": (
        "Der Antrag geht mit einem Beschluss des Rates an das Sekretariat."
    ),
    "Waarom werd het alcoholverbod weer ingetrokken?": (
        "De rechtbank vond niet bewezen dat drinkers de overlast veroorzaken."
    ),
    "¿Hasta cuándo se pueden presentar proyectos?": "El plazo se cierra el 15 de marzo a mediodía.",
    "Chi decide se si mettono altre telecamere?": (
        "L'autorizzazione spetta alla giunta, sentito il garante."
    ),
    "O que acontece se eu faltar à reunião?": (
        "Três ausências seguidas sem justificação levam à perda do mandato."
    ),
}
"""Questions, each with what answers it in other words."""

LANGUAGES = ("en", "fr", "de", "nl", "es", "it", "pt")


def test_what_answers_in_other_words_stands_out_more_than_by_likeness(
    builtin_embedder: OnnxEmbedder,
) -> None:
    questions, answers = list(ASKED), list(ASKED.values())
    raw = builtin_embedder.embed_passages(answers)
    passages = Centroids.of(builtin_embedder).centred(raw, LANGUAGES)

    def lead(vectors: Vectors) -> float:
        scores = vectors @ passages.T
        own = np.diag(scores)
        others = (scores.sum(axis=1) - own) / (len(own) - 1)
        return float((own - others).mean())

    by_likeness = lead(builtin_embedder.embed_texts(questions))

    assert by_likeness > 0
    assert lead(builtin_embedder.embed_queries(questions)) > 1.3 * by_likeness


def test_layers_that_learnt_nothing_leave_a_question_where_it_was() -> None:
    vectors = as_unit_rows(np.random.default_rng(5).standard_normal((3, 8)))
    weights = {
        "into": np.ones((8, 4), np.float16),
        "into_bias": np.ones(4, np.float16),
        "out": np.zeros((4, 8), np.float16),
        "out_bias": np.zeros(8, np.float16),
    }

    assert QuestionAdapter(weights)(vectors) == pytest.approx(vectors, abs=1e-6)


def test_questions_have_unit_length(builtin_embedder: OnnxEmbedder) -> None:
    lengths = np.linalg.norm(builtin_embedder.embed_queries(list(ASKED)), axis=1)

    assert lengths == pytest.approx(np.ones(len(ASKED)), abs=1e-4)


def test_no_questions_are_no_rows(builtin_embedder: OnnxEmbedder) -> None:
    assert builtin_embedder.embed_queries([]).shape == (0, builtin_embedder.dimension)
