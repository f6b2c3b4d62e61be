"""Answer from the passages that are found: search, read, and show what answers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.answering import overview
from assistant.answering.asked_sections import answers_only
from assistant.answering.composing import Answered, Frame
from assistant.answering.dates_ahead import ahead_first, asks_for_the_next, past_day
from assistant.answering.deciding import Decision, chosen, together
from assistant.answering.double_questions import questions_in
from assistant.answering.followups import standalone
from assistant.answering.inquiry import Inquiry
from assistant.answering.padding import without_story
from assistant.answering.reading import probability, read, texts_of
from assistant.answering.requests import Request, Want
from assistant.domain.corpus import EVERYTHING
from assistant.domain.dialogue import Answer, Cause, Excerpt, Outcome, Turn
from assistant.domain.ports import QuestionWatch, Reader
from assistant.domain.watching import Stage

SEARCHED = 20
"""How many passages are asked for; the reader reads the best of them."""

SURE = 0.5
"""The probability from which an answer is given without saying that it may be none."""


@dataclass(frozen=True, slots=True)
class PassageAnswers:
    """Finds the passages that answer, or that none does.

    Attributes:
        reader: Reads question and passages together; without it the search's order stands.
        minimum_support: The probability below which a question is refused.
    """

    reader: Reader | None
    minimum_support: float
    watch: QuestionWatch

    def to(self, asked: str, inquiry: Inquiry, frame: Frame) -> Answered:
        """Return the answer to a text, or to what it asks behind a story where that is surer.

        A topic that nothing is found on is asked for as it was written.
        """
        reply = self._searched(asked, inquiry, frame)
        is_refused = reply.answer.outcome is Outcome.REFUSED
        if frame.is_topic:
            parts = [inquiry.question.text] if is_refused else []
        else:
            parts = without_story(asked, inquiry.language)
        if not parts:
            return reply
        *_, last = _each_standalone(parts, inquiry.language)
        frame = replace(frame, understood="" if frame.is_topic else last, is_topic=False)
        other = self._searched(last, inquiry, frame)
        is_surer = is_refused or other.answer.support > reply.answer.support
        return other if is_surer and other.answer.outcome is not Outcome.REFUSED else reply

    def decide(self, asked: str, inquiry: Inquiry, said: Turn | None = None) -> Decision:
        """Return which passages answer, and what of them is shown.

        Where that would only repeat what was `said`, it is the next that answers, if one does; if
        what was said answers surely, the next must too.
        """
        generation, language = inquiry.generation, inquiry.language
        with self.watch.stage(Stage.SEARCHING):
            found = generation.search(
                asked, limit=SEARCHED, filters=inquiry.question.filters, language=language
            )
        found = answers_only(found, generation.chunks_of)
        explained = generation.vocabulary(language).explained(asked)
        with self.watch.stage(Stage.READING):
            readings = read(explained, language, found, self.reader, texts_of(generation))
        support = probability(readings)
        excerpts, repeats = list[Excerpt](), False
        if support >= self.minimum_support:
            excerpts = chosen(asked, readings, self.minimum_support, generation)
            repeats = _repeats(excerpts, said)
        least = self.minimum_support if support < SURE else SURE
        if repeats and (others := probability(readings[1:])) >= least:
            fresh = chosen(asked, readings[1:], self.minimum_support, generation)
            if not _repeats(fresh, said):
                support, excerpts, repeats = others, fresh, False
        return Decision(asked, language, tuple(readings), support, tuple(excerpts), repeats)

    def _searched(self, asked: str, inquiry: Inquiry, frame: Frame) -> Answered:
        """Return an answer where the passages support one, else a refusal."""
        said = inquiry.question.history[-1] if frame.leans_on_history else None
        parts = _each_standalone(questions_in(asked), inquiry.language)
        decision = together(asked, [self.decide(each, inquiry, said) for each in parts])
        answer = frame.refused(decision.closest)
        if decision.excerpts and (not decision.repeats or decision.support >= SURE):
            answer = _told(asked, decision, inquiry, frame)
        if (asked.isalpha() or frame.is_topic) and not decision.repeats:
            answer = _on_a_topic(answer, inquiry, frame)
        if answer.outcome is Outcome.REFUSED:
            narrowed = self._is_filtered_away(asked, inquiry, said)
            answer = replace(answer, cause=Cause.FILTERS if narrowed else decision.cause)
        answer = replace(answer, support=decision.support)
        return Answered(answer, frame, asked, decision)

    def _is_filtered_away(self, asked: str, inquiry: Inquiry, said: Turn | None) -> bool:
        """Whether a question that is refused would be answered without its filters."""
        if inquiry.question.filters == EVERYTHING:
            return False
        unfiltered = replace(inquiry, question=replace(inquiry.question, filters=EVERYTHING))
        return bool(self.decide(asked, unfiltered, said).excerpts)


def _each_standalone(parts: Sequence[str], language: str) -> list[str]:
    """Return each of several questions so that it needs none of those before it."""
    return [standalone(part, parts[:at], language) for at, part in enumerate(parts)]


def _told(asked: str, decision: Decision, inquiry: Inquiry, frame: Frame) -> Answer:
    """Return an answer that says so where it may be none, or the next of something is past."""
    excerpts, words = decision.excerpts, frame.words
    lead_in = words("answer.perhaps") if decision.support < SURE else ""
    lead_in = words("answer.again") if decision.repeats else lead_in
    if asks_for_the_next(asked, inquiry.language):
        if past := past_day(excerpts, inquiry.today):
            lead_in = words("answer.past", day=words.day(past))
        excerpts = tuple(ahead_first(excerpts, inquiry.today))
    return frame.answered(excerpts, lead_in)


def _on_a_topic(answer: Answer, inquiry: Inquiry, frame: Frame) -> Answer:
    """Return an answer to a topic: the best passage and other documents, or those alone."""
    topic = frame.understood or frame.question
    request = Request(Want.LIST, topic, topic=topic, filters=inquiry.question.filters)
    found = overview.listed(request, inquiry.generation, inquiry.language, inquiry.today)
    if answer.outcome is Outcome.ANSWERED:
        best = replace(answer, citations=answer.citations[:1])
        return frame.with_more_to_read(best, found.sources)
    if not found.sources:
        return answer
    return frame.listed(found.sources, found.more, overview.lead_in(request, found, frame.words))


def _repeats(excerpts: Sequence[Excerpt], said: Turn | None) -> bool:
    """Whether a follow-up would be answered with what answered the question before."""
    return said is not None and [each.quote for each in excerpts[:1]] == list(said.quotes[:1])
