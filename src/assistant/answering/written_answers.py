"""Have a chat model write above what was found, and show only what it can prove."""

from collections.abc import Iterator
from dataclasses import replace

from assistant.answering.composing import Answered, Frame
from assistant.answering.deciding import cut
from assistant.domain.dialogue import Answer, Event, Found, Growth, Started, Statement, grown
from assistant.domain.ports import Generation, QuestionWatch
from assistant.domain.watching import Stage
from assistant.language.wording import Wording
from assistant.writing.asking import Trouble
from assistant.writing.writer import Finished, Writer, Written


def written(
    reply: Answered, writer: Writer, language: str, generation: Generation, watch: QuestionWatch
) -> Iterator[Event]:
    """Yield the excerpts, then what the model writes and can prove; a notice at the end."""
    answer, frame = reply.answer, reply.frame
    yield Found(answer)
    chunks = [passage.chunk for passage in reply.passages]
    events = writer.write(reply.asked, language, chunks, generation.likeness)
    for event in _timed(events, watch):
        if isinstance(event, Finished):
            notice = _notice(event, frame.words, has_sentences=bool(answer.statements))
            yield replace(answer, notice=notice, withheld=len(event.withheld))
            return
        for growth in _growth(event, answer, frame, generation):
            answer = grown(answer, growth)
            yield growth


def _timed(
    events: Iterator[Written | Finished], watch: QuestionWatch
) -> Iterator[Written | Finished]:
    """Yield what is written, and time all of it."""
    with watch.stage(Stage.WRITING):
        yield from events


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
