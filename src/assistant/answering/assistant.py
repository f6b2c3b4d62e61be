"""Answer a question from the documents, or say that they do not hold the answer."""

import functools
import math
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.answering import by_hand, document_facts, overview
from assistant.answering.asked_sections import answers_only
from assistant.answering.composing import Frame
from assistant.answering.dates_ahead import ahead_first, asks_for_the_next, past_day
from assistant.answering.deciding import Decision, chosen, cut, together
from assistant.answering.double_questions import questions_in
from assistant.answering.followups import says_nothing, standalone
from assistant.answering.going_on import following
from assistant.answering.padding import without_story
from assistant.answering.reading import TextOf, evidence, probability, read
from assistant.answering.requests import (
    Request,
    Want,
    courtesy_language,
    refined,
    summary_language,
    understood,
)
from assistant.answering.wishes import wants_more, wished_language
from assistant.domain.by_hand import HandAnswers
from assistant.domain.corpus import EVERYTHING, DocumentId, Passage
from assistant.domain.dialogue import (
    Answer,
    Cause,
    Event,
    Excerpt,
    Found,
    Growth,
    Outcome,
    Question,
    Started,
    Statement,
    Turn,
    grown,
)
from assistant.domain.errors import QuestionError
from assistant.domain.ports import Generation, LanguageDetector, Library, QuestionWatch, Reader
from assistant.domain.watching import UNWATCHED, Stage
from assistant.language.contacts import NOBODY, Contacts
from assistant.language.languages import LANGUAGES
from assistant.language.spelling import calm, corrected
from assistant.language.wording import Wording, wording
from assistant.writing.asking import Trouble
from assistant.writing.writer import Finished, Writer, Written

SEARCHED = 20
"""How many passages are asked for; the reader reads the best of them."""

_JOINERS = "\u200c\u200d"  # of letters in Persian, of emoji


@dataclass(frozen=True, slots=True)
class Assistant:
    """Searches, reads, and shows what answers. Holds no conversation: history is an argument.

    Attributes:
        reader: Reads question and passages together; without it the search's order stands.
        writer: Writes above what is quoted, where a chat model is configured.
        by_hand: What staff have written for questions like those they name.
        watch: Times the stages of the one question that this is asked; see `watched_by`.
    """

    library: Library
    detect_language: LanguageDetector
    public_url: str
    minimum_support: float
    question_limit: int
    default_language: str
    reader: Reader | None = None
    contacts: Contacts = NOBODY
    writer: Writer | None = None
    by_hand: HandAnswers = tuple
    today: Callable[[], date] = date.today
    watch: QuestionWatch = UNWATCHED

    def watched_by(self, watch: QuestionWatch) -> "Assistant":
        """Return one that answers a single question while `watch` follows it."""
        return replace(self, watch=watch)

    def ask(self, question: Question) -> Iterator[Event]:
        """Yield exactly one `Answer`, at the end; before it, where a model writes, what answers.

        That comes before the model is asked, as `Found`. What the model writes follows: `Started`,
        then each `Statement`, and before it a `Citation` where no excerpt yet holds its evidence.
        `grown` adds them to what was found.

        Raises QuestionError for a question that cannot be taken and StoreError where the published
        content cannot be searched.
        """
        for event in self.with_decision(question):
            if not isinstance(event, Decision):
                yield event

    def with_decision(self, question: Question) -> Iterator[Event | Decision]:
        """Yield what `ask` does, and first what was decided where passages were searched for."""
        text = self._taken(question)
        spoken = self._spoken_around(question)
        told = self.detect_language(text, fallback=spoken)
        language = summary_language(text, courtesy_language(text, told), spoken)
        request = understood(text, language, self.today())
        with self.library.generation() as generation:
            if known := self._known(request, question, language, generation):
                reply = known
            elif again := self._meant_again(text, told, question):
                language, turn = again
                reply = self._again(turn, language, question, generation)
            elif _goes_on(request.text, language, question):
                reply = self._gone_on(question, language, generation)
            else:
                reply = self._replied(question, request, language, generation)
            if reply.decision:
                yield reply.decision
            if self.writer and reply.is_writable:
                yield from self._written(reply, self.writer, language, generation)
            else:
                yield reply.answer

    def answer(self, question: Question) -> Answer:
        """Return the finished answer alone; raises what `ask` raises."""
        *_, last = self.ask(question)
        if not isinstance(last, Answer):  # pragma: no cover - the contract of `ask`
            msg = "an answer did not end with itself"
            raise TypeError(msg)
        return last

    def _spoken_around(self, question: Question) -> str:
        """Return the language of the conversation so far, else that of the page."""
        last = question.history[-1].language if question.history else None
        return last or question.interface_language or self.default_language

    def _taken(self, question: Question) -> str:
        text = " ".join("".join(filter(_is_seen, question.text)).split())
        words = wording(question.interface_language or self.default_language)
        if not any(char.isalnum() for char in text):
            raise QuestionError(words("error.empty"))
        if len(text) > self.question_limit:
            message = words("error.too_long", length=len(text), limit=self.question_limit)
            raise QuestionError(message)
        return text

    def _replied(
        self, question: Question, request: Request, language: str, generation: Generation
    ) -> "_Reply":
        words = wording(language if language in LANGUAGES else self._spoken_around(question))
        is_topic = request.want is Want.ANSWER and bool(request.topic)
        frame = Frame(request.text, "", words, generation.name, self.public_url, is_topic=is_topic)
        last = _last_asked(question)
        earlier = last.question if last else ""
        if request.want is Want.ANSWER and (
            narrowed := refined(request.text, earlier, language, self.today())
        ):
            is_same = narrowed.text == request.text
            request, frame = narrowed, replace(frame, understood="" if is_same else narrowed.text)
        request, frame = self._spelt(request, language, frame, generation)
        asked = request.text
        if request.want is Want.ANSWER:
            asked = self._standalone(request.text, question, language, generation)
            if asked != request.text:
                frame = replace(frame, understood=asked, leans_on_history=True)
            elif says_nothing(asked, language):
                request = replace(request, want=Want.CAPABILITIES)
        if answer := self._written_by_hand(asked, question, language, frame, generation):
            return _Reply(answer, frame)
        match request.want:
            case Want.ANSWER:
                return self._decided(asked, question, language, frame, generation)
            case Want.LIST:
                answer = self._listed(request, question, language, frame, generation)
            case Want.SUMMARY:
                answer = self._summary(request, question, language, frame, generation)
            case Want.PERSON if contact := self.contacts.of(language):
                answer = frame.spoken(words("talk.person_contact", contact=contact))
            case _:
                answer = frame.spoken(words(f"talk.{request.want.value}"))
        return _Reply(answer, frame)

    def _spelt(
        self, request: Request, language: str, frame: Frame, generation: Generation
    ) -> tuple[Request, Frame]:
        """Return a question, or the topic of a list, with its slips mended."""
        vocabulary = generation.vocabulary(language)
        if request.want is Want.LIST and request.topic:
            topic = corrected(request.topic, language, vocabulary)
            meant = request.text.replace(request.topic, topic)
            frame = frame if meant == request.text else replace(frame, understood=meant)
            return replace(request, topic=topic), frame
        if request.want is not Want.ANSWER:
            return request, frame
        said = calm(request.text)
        spelt = corrected(said, language, vocabulary)
        found = understood(spelt, language, self.today())
        return found, replace(frame, understood="" if spelt == said else spelt)

    def _known(
        self, request: Request, question: Question, language: str, generation: Generation
    ) -> "_Reply | None":
        """Return what is known of a document itself, where a question is for that."""
        last = _last_asked(question)
        shown = _shown_alone(last) if last else ()
        words, excluded = wording(language), question.filters.excluded
        told = document_facts.known(request.text, language, shown, generation, words)
        if told is None or not request.is_asked or not excluded.isdisjoint(told.ids):
            return None
        meant = f"{request.text} ({told.shown})" if told.shown else ""
        frame = Frame(
            request.text, meant, words, generation.name, self.public_url, bool(told.shown)
        )
        by_hand = self._written_by_hand(
            meant or request.text, question, language, frame, generation
        )
        return _Reply(by_hand or frame.listed(told.sources, 0, told.lead_in), frame)

    def _meant_again(self, text: str, told: str, question: Question) -> tuple[str, Turn] | None:
        """Return the language that an answer is wished for in, and what was asked."""
        last = _last_asked(question)
        wish = wished_language(text, told, follows=last is not None)
        if wish is None or (last and refined(text, last.question, told, self.today())):
            return None
        asked = understood(wish.question, told, self.today())
        if not asked.is_asked or not wish.question:
            return wish.language, last or Turn("", told)
        earlier = [last.question] if last else []
        spoken = self._asked_in(last) if last else told
        return wish.language, Turn(standalone(asked.text, earlier, told, spoken), told)

    def _again(
        self, turn: Turn, language: str, question: Question, generation: Generation
    ) -> "_Reply":
        """Return the answer to what was asked, from documents in a language where those answer.

        They do where they are versions of what answers in any, or answer as surely.
        """
        words = wording(language)
        frame = Frame(question.text, turn.question, words, generation.name, self.public_url)
        if not turn.question:
            return _Reply(frame.spoken(words("talk.greeting")), frame)
        asked = replace(question, history=(turn,))
        found = self._asked_again(turn, asked, frame, generation)
        shown = found.answer.turn.documents
        if not question.filters.languages and shown:
            filters = replace(question.filters, languages=frozenset({language}))
            inside = replace(asked, filters=filters)
            theirs = self._asked_again(turn, inside, frame, generation)
            first = theirs.answer.turn.documents[:1]
            versions = {other for each in shown for other in generation.other_versions(each)}
            is_version = versions.issuperset(first)
            if first and (is_version or theirs.answer.support >= found.answer.support):
                return theirs
        documents = map(generation.document, shown)
        if any(each and each.source.language == language for each in documents) or not shown:
            return found
        answer = replace(found.answer, lead_in=words("answer.other_language"))
        return replace(found, answer=answer)

    def _asked_again(
        self, turn: Turn, question: Question, frame: Frame, generation: Generation
    ) -> "_Reply":
        """Return the reply to an earlier question, in the words of the frame."""
        request, asked_in = self._requested(turn), self._asked_in(turn)
        shown = _shown_alone(turn)
        told = document_facts.known(turn.question, asked_in, shown, generation, frame.words)
        if told:
            return _Reply(frame.listed(told.sources, 0, told.lead_in), frame)
        wanted = question.filters.languages
        if request.want is Want.LIST:
            filters = replace(request.filters, languages=wanted or request.filters.languages)
            listed = replace(request, filters=filters)
            return _Reply(self._listed(listed, question, asked_in, frame, generation), frame)
        if request.want is not Want.SUMMARY:
            return self._decided(turn.question, question, asked_in, frame, generation)
        versions = [other for each in turn.documents for other in generation.other_versions(each)]
        them = [generation.document(each) for each in (*turn.documents, *versions)]
        fitting = [each.id for each in them if each and wanted <= {each.source.language}]
        spoken_of = replace(question, history=(replace(turn, documents=tuple(fitting)),))
        summed_up = replace(request, topic="", place=None)
        return _Reply(self._summary(summed_up, spoken_of, asked_in, frame, generation), frame)

    def _gone_on(self, question: Question, language: str, generation: Generation) -> "_Reply":
        """Return what goes on from the last answer: the rest of a list, or of a document."""
        asked = [turn for turn in question.history if turn.question]
        turn = next((turn for turn in reversed(asked) if turn.documents), asked[-1])
        words = wording(language if language in LANGUAGES else self._spoken_around(question))
        frame = Frame(question.text, turn.question, words, generation.name, self.public_url)
        request = self._requested(turn)
        if request.want is Want.LIST and not turn.quotes and len(turn.documents) > 1:
            of_it = [each.documents for each in asked if each.question == turn.question]
            seen = question.filters.excluded.union(*of_it)
            rest = replace(question, filters=replace(question.filters, excluded=seen))
            answer = self._listed(request, rest, self._asked_in(turn), frame, generation)
            if answer.outcome is Outcome.LISTED:
                return _Reply(answer, frame)
            return _Reply(frame.spoken(words("answer.no_more")), frame)
        quotes = () if request.want is Want.SUMMARY and turn.quotes[1:] else turn.quotes
        if not turn.documents:
            return _Reply(frame.refused([]), frame)
        found = following(turn.documents[0], quotes, generation)
        if found:
            return _Reply(frame.answered([found], words("answer.goes_on")), frame)
        return _Reply(frame.spoken(words("answer.no_more")), frame)

    def _written_by_hand(
        self, asked: str, question: Question, language: str, frame: Frame, generation: Generation
    ) -> Answer | None:
        """Return what staff wrote for questions like this one, None where they did not."""

        def beside() -> float:
            decision = self._decide(asked, question, language, frame, generation)
            read_first = [reading for reading in decision.readings if reading.is_read]
            return max((evidence(reading.units) for reading in read_first), default=-math.inf)

        meant = by_hand.Asked(asked, language, self.today())
        reading = by_hand.Reading(self.reader, beside)
        found = by_hand.given(meant, self.by_hand(), generation, reading)
        if found is None:
            return None
        sources = [generation.document(basis.document_id) for basis in found.bases]
        shown = [document.source for document in sources if document]
        return frame.by_hand(found.texts[language], shown)

    def _standalone(
        self, text: str, question: Question, language: str, generation: Generation
    ) -> str:
        """Return the question so that it needs no history: by the model, else by rules."""
        earlier = [self._subject(turn, generation) for turn in question.history if turn.question]
        rewritten = None
        if self.writer and earlier:
            with self.watch.stage(Stage.REWRITING):
                rewritten = self.writer.standalone(text, earlier)
        last = _last_asked(question)
        spoken = self._asked_in(last) if last else language
        return rewritten or standalone(text, earlier, language, spoken)

    def _subject(self, turn: Turn, generation: Generation) -> str:
        """Return what a turn asked; where it was of one document as a whole, the title of that."""
        is_of_one = len(turn.documents) == 1 and (
            self._want(turn) in {Want.LIST, Want.SUMMARY}
            or any(document_facts.readings(turn.question, self._asked_in(turn)))
        )
        document = generation.document(turn.documents[0]) if is_of_one else None
        return document.source.title if document else turn.question

    def _want(self, turn: Turn) -> Want:
        return self._requested(turn).want

    def _requested(self, turn: Turn) -> Request:
        return understood(turn.question, self._asked_in(turn), self.today())

    def _asked_in(self, turn: Turn) -> str:
        """Return the language that a turn's question is in: the answer may have been in another."""
        return self.detect_language(turn.question, fallback=turn.language)

    def _decided(
        self,
        asked: str,
        question: Question,
        language: str,
        frame: Frame,
        generation: Generation,
    ) -> "_Reply":
        """Return an answer to a text, or to what it asks behind a story where that is surer.

        A topic that nothing is found on is asked for as it was written.
        """
        reply = self._searched(asked, question, language, frame, generation)
        is_refused = reply.answer.outcome is Outcome.REFUSED
        if frame.is_topic:
            parts = [question.text] if is_refused else []
        else:
            parts = without_story(asked, language)
        if not parts:
            return reply
        *_, last = self._each_standalone(parts, language)
        frame = replace(frame, understood="" if frame.is_topic else last, is_topic=False)
        other = self._searched(last, question, language, frame, generation)
        is_surer = is_refused or other.answer.support > reply.answer.support
        return other if is_surer and other.answer.outcome is not Outcome.REFUSED else reply

    def _searched(
        self,
        asked: str,
        question: Question,
        language: str,
        frame: Frame,
        generation: Generation,
    ) -> "_Reply":
        """Return an answer where the passages support one, else a refusal."""
        parts = questions_in(asked)
        decisions = [
            self._decide(each, question, language, frame, generation)
            for each in self._each_standalone(parts, language)
        ]
        decision = together(asked, decisions)
        answer = frame.refused(decision.closest)
        if decision.excerpts and not decision.repeats:
            answer = self._dated(asked, language, decision.excerpts, frame)
        if (asked.isalpha() or frame.is_topic) and not decision.repeats:
            answer = self._on_a_topic(answer, question, language, frame, generation)
        if answer.outcome is Outcome.REFUSED:
            narrowed = self._is_filtered_away(asked, question, language, frame, generation)
            answer = replace(answer, cause=Cause.FILTERS if narrowed else decision.cause)
        answer = replace(answer, support=decision.support)
        return _Reply(answer, frame, asked, decision)

    def _dated(
        self, asked: str, language: str, excerpts: Sequence[Excerpt], frame: Frame
    ) -> Answer:
        """Return an answer that says so where the next of something is past already."""
        if not asks_for_the_next(asked, language):
            return frame.answered(excerpts)
        past = past_day(excerpts, self.today())
        told = frame.words("answer.past", day=frame.words.day(past)) if past else ""
        return frame.answered(ahead_first(excerpts, self.today()), told)

    def _is_filtered_away(
        self, asked: str, question: Question, language: str, frame: Frame, generation: Generation
    ) -> bool:
        """Whether a question that is refused would be answered without its filters."""
        if question.filters == EVERYTHING:
            return False
        unfiltered = replace(question, filters=EVERYTHING)
        return bool(self._decide(asked, unfiltered, language, frame, generation).excerpts)

    def _on_a_topic(
        self,
        answer: Answer,
        question: Question,
        language: str,
        frame: Frame,
        generation: Generation,
    ) -> Answer:
        """Return an answer to a topic: the best passage and other documents, or those alone."""
        topic = frame.understood or frame.question
        request = Request(Want.LIST, topic, topic=topic, filters=question.filters)
        found = overview.listed(request, generation, language, self.today())
        if answer.outcome is Outcome.ANSWERED:
            best = replace(answer, citations=answer.citations[:1])
            return frame.with_more_to_read(best, found.sources)
        if not found.sources:
            return answer
        return frame.listed(
            found.sources, found.more, overview.lead_in(request, found, frame.words)
        )

    @staticmethod
    def _each_standalone(parts: Sequence[str], language: str) -> list[str]:
        """Return each of several questions so that it needs none of those before it."""
        return [standalone(part, parts[:at], language) for at, part in enumerate(parts)]

    def _decide(
        self, asked: str, question: Question, language: str, frame: Frame, generation: Generation
    ) -> Decision:
        with self.watch.stage(Stage.SEARCHING):
            found = generation.search(
                asked, limit=SEARCHED, filters=question.filters, language=language
            )
        found = answers_only(found, generation.chunks_of)
        explained = generation.vocabulary(language).explained(asked)
        with self.watch.stage(Stage.READING):
            readings = read(explained, language, found, self.reader, texts_of(generation))
        support = probability(readings)
        excerpts, repeats = list[Excerpt](), False
        if support >= self.minimum_support:
            excerpts = chosen(asked, readings, self.minimum_support, generation)
            said = question.history[-1] if frame.leans_on_history else None
            repeats = _repeats([excerpt.quote for excerpt in excerpts], said)
        if repeats and (others := probability(readings[1:])) >= self.minimum_support:
            fresh = chosen(asked, readings[1:], self.minimum_support, generation)
            if not _repeats([excerpt.quote for excerpt in fresh], said):
                support, excerpts, repeats = others, fresh, False
        return Decision(asked, language, tuple(readings), support, tuple(excerpts), repeats)

    def _written(
        self, reply: "_Reply", writer: Writer, language: str, generation: Generation
    ) -> Iterator[Event]:
        """Yield the excerpts, then what the model writes and can prove; a notice at the end."""
        answer, frame = reply.answer, reply.frame
        yield Found(answer)
        chunks = [passage.chunk for passage in reply.passages]
        for event in self._timed(writer.write(reply.asked, language, chunks, generation.likeness)):
            if isinstance(event, Finished):
                notice = _notice(event, frame.words, has_sentences=bool(answer.statements))
                yield replace(answer, notice=notice, withheld=len(event.withheld))
                return
            for growth in _growth(event, answer, frame, generation):
                answer = grown(answer, growth)
                yield growth

    def _timed(self, events: Iterator[Written | Finished]) -> Iterator[Written | Finished]:
        """Yield what is written, and time all of it."""
        with self.watch.stage(Stage.WRITING):
            yield from events

    def _listed(
        self,
        request: Request,
        question: Question,
        language: str,
        frame: Frame,
        generation: Generation,
    ) -> Answer:
        asked = question.filters
        narrowed = replace(
            request.filters,
            languages=request.filters.languages or asked.languages,
            kinds=request.filters.kinds or asked.kinds,
            published_from=request.filters.published_from or asked.published_from,
            published_to=request.filters.published_to or asked.published_to,
            excluded=asked.excluded,
        )
        found = overview.listed(
            replace(request, filters=narrowed), generation, language, self.today()
        )
        lead_in = overview.lead_in(request, found, frame.words)
        if not found.sources:
            said = frame.spoken(lead_in) if request.is_ahead else frame.refused([])
            return replace(said, lead_in=lead_in)
        return frame.listed(found.sources, found.more, lead_in)

    def _summary(
        self,
        request: Request,
        question: Question,
        language: str,
        frame: Frame,
        generation: Generation,
    ) -> Answer:
        turns = [turn for turn in question.history if turn.documents]
        if request.place is not None:  # A place is one in a list, whatever was summed up since.
            turns = [turn for turn in turns if self._want(turn) is not Want.SUMMARY] or turns
        spoken_of = turns[-1].documents if turns else ()
        document = overview.to_summarise(request, generation, language, spoken_of)
        if document and document.id in question.filters.excluded:
            document = None
        excerpts = overview.summary(document, generation, request.count) if document else []
        if document is None or not excerpts:
            return frame.spoken(frame.words("summary.which"))
        title = document.source.title
        if not request.topic:
            frame = replace(frame, understood=frame.words("samples.summary", title=title))
        return frame.answered(excerpts, frame.words("summary.of", title=title))


def _last_asked(question: Question) -> Turn | None:
    """Return the last turn in which something was asked of the documents."""
    return next((turn for turn in reversed(question.history) if turn.question), None)


def _shown_alone(turn: Turn) -> tuple[DocumentId, ...]:
    """Return the document that a turn quoted first, or told of alone; none after a list."""
    return turn.documents[:1] if turn.quotes or len(turn.documents) == 1 else ()


def _goes_on(text: str, language: str, question: Question) -> bool:
    """Whether more of the last answer is wanted."""
    last = _last_asked(question)
    return last is not None and wants_more(text, language, last.language)


def _is_seen(character: str) -> bool:
    """Whether a character has a shape, parts words, or joins letters or signs.

    Others turn the direction of what follows or hide a message; JSON may hold half a character.
    """
    is_shaped = unicodedata.category(character) not in {"Cc", "Cf", "Co", "Cs"}
    return is_shaped or character.isspace() or character in _JOINERS


@dataclass(frozen=True, slots=True)
class _Reply:
    """An answer, and what a model needs to write above it."""

    answer: Answer
    frame: Frame
    asked: str = ""
    decision: Decision | None = None

    @property
    def passages(self) -> Sequence[Passage]:
        """What a model may write from."""
        return self.decision.passages if self.decision else ()

    @property
    def is_writable(self) -> bool:
        """Whether there is an answer that a model could put in its own words."""
        return self.answer.outcome is Outcome.ANSWERED and bool(self.passages)


def _growth(
    written: Written, answer: Answer, frame: Frame, generation: Generation
) -> Iterator[Growth]:
    """Yield a sentence, and before it what it needs: the lead-in, an excerpt that backs it.

    Nothing comes of one whose document is gone.
    """
    chunk, place = written.evidence.chunk, written.evidence.span
    backed = [
        each for each in answer.citations if each.excerpt.holds(chunk.source.document_id, place)
    ]
    proof = None if backed else cut(chunk, place, (), generation)
    if not backed and proof is None:
        return
    if not answer.statements:
        yield Started(frame.words("answer.written"), frame.words.language)
    if proof is not None:
        backed = [frame.citation(len(answer.citations) + 1, proof)]
        yield backed[0]
    yield Statement(written.text, backed[0].number, is_item=written.is_item)


def texts_of(generation: Generation) -> TextOf:
    """Return what looks up the texts of a generation's documents, each once."""

    def text_of(document_id: DocumentId) -> str:
        document = generation.document(document_id)
        return document.text if document else ""

    return functools.cache(text_of)


def _notice(finished: Finished, words: Wording, *, has_sentences: bool) -> str:
    """Return what a reader should know of how a written answer came about."""
    if finished.trouble is not Trouble.NONE:
        return words("notice.cut_short" if has_sentences else "notice.quoted_instead")
    if finished.withheld:
        key = "notice.withheld" if has_sentences else "notice.unproved"
        return words(key, count=len(finished.withheld))
    if finished.left_open and has_sentences:
        return words("notice.left_open", what=finished.left_open)
    return ""


def _repeats(quotes: Sequence[str], said: Turn | None) -> bool:
    """Whether a follow-up would be answered with what answered the question before."""
    return said is not None and quotes[:1] == list(said.quotes[:1])
