"""Tell a page's boilerplate from its text by its words: share bars, comment forms, link lines.

For web pages alone; of plain text, which may be pasted from one, less is taken. But for lines that
point to another article, only the end of a document is ever cut, where WordPress puts these. No
input or output happens here.
"""

import re
from collections.abc import Sequence
from datetime import date

from assistant.domain.light_markdown import Block, Heading, Paragraph, clean, plain_text
from assistant.language.languages import in_all

_COMMENT_FORM = re.compile(
    r"(?:leave|post|add|write) a (?:reply|comment)"
    r"|(?:laisser|laissez|poster|ecrire|écrire|ajouter) un(?:e)? (?:commentaire|réponse|reponse)"
    r"|(?:geef|laat|plaats|schrijf) een (?:reactie|antwoord)(?: achter)?"
    r"|(?:schreib(?:en|e)?|hinterlass(?:en|e)?)(?: sie)? ein(?:en|e)? (?:kommentar|antwort)"
    r"|kommentar (?:verfassen|schreiben|hinterlassen)"
    r"|lascia un (?:commento|messaggio)|(?:deja|dejar) (?:una respuesta|un comentario)"
    r"|(?:deixe|deixar) (?:um comentário|uma resposta)",
)
_SHARE = re.compile(
    r"share(?: (?:this|on|via|it|with)\b.{0,40})?"
    r"|partage[rz](?: (?:cet?|cette|sur|l')\b.{0,40})?"
    r"|(?:delen|deel)(?: (?:dit|deze|op|via)\b.{0,40})?"
    r"|teilen(?: (?:mit|auf|sie)\b.{0,40})?|(?:diesen )?(?:artikel|beitrag) teilen"
    r"|condividi(?: (?:su|questo)\b.{0,40})?|compart(?:ir|e|ilhar)(?: .{0,40})?"
    r"|(?:back to (?:the )?top|retour en haut|terug naar boven|nach oben)"
    r"|(?:print|imprimer|afdrukken|drucken)(?: (?:this page|cette page|deze pagina|seite))?"
    r"|(?:tweet|facebook|twitter|linkedin|whatsapp|e-?mail|pinterest|telegram)"
    r"|(?:like|loading|chargement|laden|wird geladen)(?: this)?"
    r"|cancel reply|annuler la réponse|reactie annuleren|antwort abbrechen"
    r"|(?:no )?comments?|(?:aucun |pas de )?commentaires?|(?:geen )?reacties|(?:keine )?kommentare",
)
# Only what names other pages: "more about the project" may be the end of an article.
_RELATED = re.compile(
    r"(?:related|recommended|latest|more|other|popular|similar) (?:posts?|articles?|news|stories)"
    r"(?: .{0,40})?|related content|you (?:may|might) also (?:like|be interested in)"
    r"|read (?:also|next)"
    r"|articles? (?:similaires|liés|connexes|récents)|(?:à lire|lire) aussi|vous aimerez aussi"
    r"|sur le même (?:thème|sujet)|les plus lus"
    r"|gerelateerde (?:berichten|artikelen)|lees ook|misschien ook interessant|bekijk ook"
    r"|(?:ähnliche|verwandte|empfohlene|weitere|neueste) (?:beiträge|artikel|meldungen|nachrichten)"
    r"(?: .{0,40})?|auch interessant|lesen sie auch"
    r"|(?:das|dies) könnte (?:sie|dich|euch) auch interessieren"
    r"|articoli correlati|leggi anche|potrebbe interessarti(?: anche)?"
    r"|(?:artículos|entradas|noticias|temas|notas) relacionad[oa]s|(?:te|le) puede interesar"
    r"|lo más (?:leído|visto)|mehr (?:zum thema|themen)|siehe auch|polecamy"
    r"|czytaj także|leia (?:também|mais)|(?:artigos|notícias|posts) relacionad[oa]s",
)
# "Read also: another article", between two paragraphs of this one.
_POINTER = re.compile(
    r"(?:also read|read also|read (?:more|next)|related|recommended|must read"
    r"|(?:à lire|lire) (?:aussi|également)|lees ook|lesen sie auch|mehr zum thema|auch interessant"
    r"|leggi anche|potrebbe interessarti|(?:lea|lee|leer|ver) (?:más|también|además)|puedes ver"
    r"|(?:te|le) (?:puede|podría) interesar|mir[ae]|leia (?:também|mais)|zobacz także"
    r"|czytaj (?:też|także|również))\s?[:»>|].*"
)
_LABEL = re.compile(in_all("page_labels"))
_MORE = re.compile(in_all("page_more"))
_ALSO = re.compile(in_all("page_related"))
# "Photo: Ann Peeters", alone in its line; a credit at the end of a caption stays with it.
_CREDIT = re.compile(rf"[(\[]?\s?(?:(?:{in_all('page_credits')})\s?[:©|/]|©|\(c\)).{{0,100}}")
_MAX_FORM = 600  # characters; WordPress' own comment form reads about 300 in any language
_MAX_LINK_LINE = 90
_MAX_POINTER = 200
_MAX_LINKS = 3000  # characters below such a heading: a dozen titles, some with a line of teaser
_MAX_TEASER = 200
_FEWEST_CARDS = 2
_MAX_DATELINE = 60
_SECTION = 2  # level of a heading
_DATELINES = 4  # blocks at either end of a page in which they stand
_SHORTCODE = re.compile(r"\[(/?)([A-Za-z][\w-]{1,40})(\s[^\[\]]{0,500})?/?\]")
_SHORTCODES = frozenset(
    ["gallery", "caption", "embed", "audio", "video", "playlist", "vc_row", "su_row"]
)


def without_boilerplate(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks up to the boilerplate at their end, without pointers to other articles."""
    end = _before_comment_form(blocks)
    end = _before_related(blocks[:end])
    end = _before_cards(blocks[:end])
    while end and _is_boilerplate(blocks[end - 1]):
        end -= 1
    if end > 1 and _announces(blocks[end - 1]) and not isinstance(blocks[end - 2], Heading):
        end -= 1
    kept: list[Block] = []
    for block in reversed(blocks[:end]):
        if not _is_pointer(block) and not _is_idle(block, kept[-1] if kept else None):
            kept.append(block)
    return kept[::-1]


def without_page_end(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks of a pasted article without its comment form, share bar and bare links.

    Only at the end, and no sentence goes: of text that somebody typed, the rest may be anything.
    """
    end = _before_comment_form(blocks)
    while end and _is_page_end(blocks[end - 1]):
        end -= 1
    return list(blocks[:end])


def without_title(blocks: Sequence[Block], title: str) -> list[Block]:
    """Return the blocks without the first heading that repeats the title."""
    for index, block in enumerate(blocks):
        if isinstance(block, Heading) and clean(block.text).casefold() == title.casefold():
            return [*blocks[:index], *blocks[index + 1 :]]
    return list(blocks)


def without_datelines(blocks: Sequence[Block], days: Sequence[date]) -> list[Block]:
    """Return the blocks without lines at the head or the foot that tell a day known of the page."""
    near = {*range(_DATELINES), *range(len(blocks) - _DATELINES, len(blocks))}
    return [
        block
        for index, block in enumerate(blocks)
        if index not in near or not _is_dateline(block, days)
    ]


def _before_comment_form(blocks: Sequence[Block]) -> int:
    """Return where a closing comment form begins; a form is a title and little after it."""
    following = 0
    for index in range(len(blocks) - 1, -1, -1):
        words = plain_text(blocks[index])
        if _matches(_COMMENT_FORM, words):
            return index
        following += len(words)
        if following > _MAX_FORM:
            break
    return len(blocks)


def _before_related(blocks: Sequence[Block]) -> int:
    """Return where closing links to other pages begin: a heading, and titles without an article."""
    following, found = 0, len(blocks)
    for index in range(len(blocks) - 1, 0, -1):
        block = blocks[index]
        words = plain_text(block)
        if isinstance(block, Heading | Paragraph) and _matches(_RELATED, words):
            found = index
        following += len(words)
        too_long = isinstance(block, Paragraph) and len(words) > _MAX_TEASER
        if too_long or following > _MAX_LINKS:
            break
    return found


def _before_cards(blocks: Sequence[Block]) -> int:
    """Return where closing cards of other articles begin: headings that are links, few words."""
    following, cards, first = 0, 0, len(blocks)
    for index in range(len(blocks) - 1, 0, -1):
        block = blocks[index]
        words = plain_text(block)
        if isinstance(block, Heading) and block.is_link:
            cards, first = cards + 1, index
        following += len(words)
        too_long = isinstance(block, Paragraph) and len(words) > _MAX_TEASER
        if too_long or following > _MAX_LINKS:
            break
    if cards < _FEWEST_CARDS:
        return len(blocks)
    while first and isinstance(blocks[first - 1], Heading):
        first -= 1
    return first or len(blocks)  # a page of nothing but cards is a list of articles


def _is_boilerplate(block: Block) -> bool:
    words = plain_text(block).strip()
    if isinstance(block, Heading) and (_matches(_RELATED, words) or _matches(_ALSO, words)):
        return True
    if isinstance(block, Heading | Paragraph) and _matches(_SHARE, words):
        return True
    return isinstance(block, Paragraph) and _is_link_line(words)


def _announces(block: Block) -> bool:
    """Whether a block is the heading of a section; a deeper one may be a card that tells a name.

    One with a number may be how to reach somebody.
    """
    words = plain_text(block)
    is_section = isinstance(block, Heading) and block.level <= _SECTION
    is_short = is_section and len(words) <= _MAX_LINK_LINE
    return is_short and not any(map(str.isdigit, words)) and "@" not in words


def _is_page_end(block: Block) -> bool:
    words = plain_text(block).strip()
    if not isinstance(block, Heading | Paragraph) or words[-1:] in {".", "!", "?"}:
        return False
    return _matches(_SHARE, words) or _is_link_line(words)


def _is_pointer(block: Block) -> bool:
    """Whether a block only points to another article, wherever it stands."""
    words = plain_text(block).strip()
    is_line = isinstance(block, Heading | Paragraph) and len(words) <= _MAX_POINTER
    return is_line and _POINTER.fullmatch(words.casefold()) is not None


def _is_idle(block: Block, below: Block | None) -> bool:
    """Whether a line tells nothing: a label, a heading with nothing below it, a credit."""
    if not isinstance(block, Heading | Paragraph):
        return False
    words = plain_text(block).strip()
    if _matches(_LABEL, words) or _matches(_ALSO, words):
        if isinstance(block, Paragraph) or below is None:
            return True
        return isinstance(below, Heading) and below.level <= block.level
    if isinstance(block, Paragraph) and " " in words and _matches(_MORE, words):
        return True
    is_short = isinstance(block, Paragraph) and len(words) <= _MAX_LINK_LINE
    return is_short and _CREDIT.fullmatch(words.casefold()) is not None


def _is_dateline(block: Block, days: Sequence[date]) -> bool:
    """Whether a line that is no sentence holds the numbers of one of the days."""
    words = plain_text(block).strip()
    if not isinstance(block, Paragraph) or len(words) > _MAX_DATELINE or words[-1:] in ".!?":
        return False
    numbers = set(map(int, re.findall(r"[0-9]{1,4}", words)))
    return any({day.year, day.day} <= numbers for day in days)


def _is_link_line(words: str) -> bool:
    """Whether a line is a bare link such as "> Our website", which reads as no sentence."""
    bare = words.lstrip(">→ ")
    return words[:1] in (">", "→") and len(bare) <= _MAX_LINK_LINE and bare[-1:] not in ".!?”»"


def _matches(pattern: re.Pattern[str], words: str) -> bool:
    bare = words.casefold().replace("’", "'").strip(" :.…!-–>")
    return len(bare) <= _MAX_LINK_LINE and pattern.fullmatch(bare) is not None


def without_shortcodes(text: str) -> str:
    """Return text without WordPress shortcodes that leaked; "[sic]" and "[1]" stay."""
    return _SHORTCODE.sub(lambda match: "" if _is_shortcode(match) else match[0], text)


def _is_shortcode(match: re.Match[str]) -> bool:
    name, attributes = match[2].lower(), match[3] or ""
    if match[1] or name in _SHORTCODES or "_" in name:
        return True
    return re.search(r"[\w-]+=\S", attributes) is not None
