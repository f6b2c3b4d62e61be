"""The day on which an event is held, as its document says. Pure."""

from datetime import date

from assistant.domain.corpus import Document, Source
from assistant.language.periods import days_in

READ = 4000
"""How many characters are looked through: a day further down is that of something else."""


def day_of(source: Source, document: Document | None) -> date | None:
    """Return the first day that title or text name from the publication on, else that of this."""
    text = f"{source.title}\n{document.text[:READ]}" if document else source.title
    published = source.published or date.min
    days = (each for each in days_in(text, source.language) if each >= published)
    return next(days, source.published)
