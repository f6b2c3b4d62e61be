"""An answer as markup: one way for the page, the stream, permalinks and staff. Pure."""

from collections.abc import Sequence
from datetime import date

from assistant.domain.dialogue import Answer
from assistant.language.wording import Wording
from assistant.web.pages.templating import render


def turn(  # noqa: PLR0913 - each is one part of what is shown
    question: str,
    result: Answer,
    words: Wording,
    contact: str,
    *,
    base: str = "",
    today: date | None = None,
    path: str = "",
    filtered: str = "",
    following: Sequence[str] = (),
    anchor: str = "",
    is_growing: bool = False,
    translates: bool = False,
) -> str:
    """Return a question with its answer.

    Args:
        question: As the member wrote it.
        result: What is answered.
        words: In the language of the answer.
        contact: Whom to turn to where there is no answer; may be empty.
        base: The path below which the site is served.
        today: Tells which sources are old; without it, none is called so.
        path: Of the page that shows the answer again; with it come the buttons below the answer.
        filtered: What the search was narrowed to, named; a refusal says so.
        following: What may be asked next.
        anchor: Tells the excerpts of this answer from those of others on the page.
        is_growing: Whether a model is still writing.
        translates: Whether excerpts in another language can be translated.
    """
    return _fragment(
        question,
        base,
        result=result,
        words=words,
        contact=contact,
        today=today,
        path=path,
        filtered=filtered,
        next=following,
        anchor=anchor,
        is_growing=is_growing,
        translates=translates,
    )


def trouble(question: str, text: str, words: Wording) -> str:
    """Return a question with the reason why there is no answer."""
    return _fragment(question, "", words=words, trouble=text)


def answer(  # noqa: PLR0913 - as in `turn`
    result: Answer,
    words: Wording,
    contact: str,
    *,
    base: str = "",
    today: date | None = None,
    path: str = "",
) -> str:
    """Return an answer without its question; the arguments are those of `turn`."""
    return render(
        "one_answer.html",
        result=result,
        words=words,
        contact=contact,
        base=base,
        today=today,
        path=path,
    ).strip()


def translation(text: str, words: Wording) -> str:
    """Return a translation, in the language of `words`, with what says that it is one."""
    return render("translation.html", text=text, words=words).strip()


def _fragment(question: str, base: str, **values: object) -> str:
    given: dict[str, object] = {
        "result": None,
        "trouble": "",
        "next": (),
        "is_growing": False,
    }
    return render("fragment.html", question=question, base=base, **{**given, **values}).strip()
