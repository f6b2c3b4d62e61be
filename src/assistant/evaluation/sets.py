"""What is measured on: documents, and questions with what is expected of them."""

from dataclasses import dataclass

from assistant.domain.corpus import Document, DocumentId


@dataclass(frozen=True, slots=True)
class Case:
    """One question.

    Attributes:
        relevant: The documents that answer; none where the set does not say or nothing answers.
        answers: Wordings of the answer, any of which a quote should hold.
        is_answerable: Whether the documents hold the answer.
    """

    id: str
    question: str
    language: str
    relevant: frozenset[DocumentId] = frozenset()
    answers: tuple[str, ...] = ()
    is_answerable: bool = True


@dataclass(frozen=True, slots=True)
class EvaluationSet:
    """Questions over documents of their own, or where there are none, over what is published."""

    name: str
    documents: tuple[Document, ...]
    cases: tuple[Case, ...]

    @property
    def topic(self) -> str:
        """What the set is called before its language: translations of one set share it."""
        return self.name.partition(" ")[0]

    def sampled(self, count: int) -> "EvaluationSet":
        """Return the set with `count` of its questions, taken evenly; all where it has no more."""
        many = min(count, len(self.cases))
        cases = tuple(self.cases[at * len(self.cases) // many] for at in range(many))
        return EvaluationSet(self.name, self.documents, cases)
