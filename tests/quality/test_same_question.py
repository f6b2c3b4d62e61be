"""The same question in seven languages finds the same work."""

import pytest

from assistant.domain.corpus import Document, DocumentId
from vectorstore.publishing.library import Library

DOCUMENTS = 3
QUESTIONS = {
    "en/pages/become-a-member.html": {
        "en": "What does membership cost for a town?",
        "fr": "Combien coûte l'adhésion pour une ville ?",
        "nl": "Wat kost het lidmaatschap voor een stad?",
        "de": "Was kostet die Mitgliedschaft für eine Stadt?",
        "es": "¿Cuánto paga una ciudad para ser miembro?",
        "it": "Quanto paga una città per essere membro?",
        "pt": "Quanto custa a adesão para uma cidade?",
    },
    "en/articles/camera-surveillance-charter.html": {
        "en": "How long are images of the street cameras kept?",
        "fr": "Combien de temps les images des caméras de rue sont-elles conservées ?",
        "nl": "Hoe lang worden beelden van straatcamera's bewaard?",
        "de": "Wie lange werden Bilder der Straßenkameras aufbewahrt?",
        "es": "¿Cuánto tiempo se guardan las imágenes de las cámaras de la calle?",
        "it": "Per quanto tempo si conservano le immagini delle telecamere stradali?",
        "pt": "Durante quanto tempo se guardam as imagens das câmaras de rua?",
    },
    "en/recommendations/womens-safety-walks.html": {
        "en": "Who chooses the route of a women's safety walk?",
        "fr": "Qui choisit le parcours d'une marche exploratoire de femmes ?",
        "nl": "Wie kiest de route van een veiligheidswandeling met vrouwen?",
        "de": "Wer wählt die Strecke eines Sicherheitsspaziergangs mit Frauen?",
        "es": "¿Quién elige la ruta de un paseo de seguridad de mujeres?",
        "it": "Chi sceglie il percorso di una passeggiata di sicurezza delle donne?",
        "pt": "Quem escolhe o percurso de uma caminhada de segurança das mulheres?",
    },
    "fr/recommendations/rue-scolaire-circulation.html": {
        "en": "How long is a school street closed to cars?",
        "fr": "Combien de temps une rue scolaire est-elle fermée aux voitures ?",
        "nl": "Hoe lang is een schoolstraat dicht voor auto's?",
        "de": "Wie lange ist eine Schulstraße für Autos gesperrt?",
        "es": "¿Cuánto tiempo está cerrada a los coches una calle escolar?",
        "it": "Per quanto tempo una strada scolastica è chiusa alle auto?",
        "pt": "Durante quanto tempo uma rua escolar fica fechada aos carros?",
    },
    "en/articles/artificial-intelligence-urban-security.html": {
        "en": "How many alarms of the software in Rodenbrück were justified?",
        "fr": "Combien d'alarmes du logiciel de Rodenbrück étaient justifiées ?",
        "nl": "Hoeveel alarmen van de software in Rodenbrück waren terecht?",
        "de": "Wie viele Alarme der Software in Rodenbrück waren berechtigt?",
        "es": "¿Cuántas alarmas del programa en Rodenbrück estaban justificadas?",
        "it": "Quanti allarmi del software a Rodenbrück erano giustificati?",
        "pt": "Quantos alarmes do programa em Rodenbrück eram justificados?",
    },
}


@pytest.mark.parametrize(
    ("document", "language"),
    [(document, language) for document, asked in QUESTIONS.items() for language in asked],
)
def test_a_question_finds_its_work_in_any_language(
    sample_library: Library, document: str, language: str
) -> None:
    question = QUESTIONS[document][language]
    with sample_library.generation() as generation:
        work = {version.id for version in versions(sample_library, document)}
        passages = generation.search(question, limit=20, language=language)
        found = list(dict.fromkeys(passage.chunk.source.document_id for passage in passages))
        spoken = {
            version.source.language: version.id for version in versions(sample_library, document)
        }

    assert work & set(found[:DOCUMENTS])
    if language in spoken:
        assert spoken[language] in found[:DOCUMENTS]
        assert not (work - {spoken[language]}) & set(found)


def versions(sample_library: Library, document: str) -> list[Document]:
    """Return a document and its translations."""
    with sample_library.generation() as generation:
        own = generation.document(DocumentId(document))
        assert own
        others = [generation.document_at(translation.url) for translation in own.translations]
    return [own, *(other for other in others if other)]
