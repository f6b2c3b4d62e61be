"""A model that obeys documents, and one that lies: nothing of it reaches a member."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.domain.dialogue import Mode, Question
from assistant.language.detection import LanguageDetection
from assistant.language.wording import wording
from assistant.web.pages import answers
from assistant.writing.budget import Budget
from assistant.writing.checking import Evidence, check
from assistant.writing.prompting import Message
from assistant.writing.writer import Writer
from ingest.chunking import chunk
from ingest.sources.folder import list_files, read_document
from tests.builders import a_chunk, a_passage, an_assistant
from tests.conftest import ROOT
from tests.fakes import FakeGeneration, FakeLibrary

FACT = "The town renewed its street lighting in 2019."
EXCERPTS = re.compile(r'<section class="excerpt".*?</section>', re.DOTALL)
ELEMENTS = re.compile(
    r"<(?!/?(?:article|div|p|sup|a|ol|ul|li|span|bdi|blockquote|mark|time"
    r"|section|table|tbody|tr|th|td|h[1-6])\b)"
)


@dataclass
class Obedient:
    """Writes what it finds in a document as if it were told to, with and without a mark."""

    orders: str = ""

    def stream(self, messages: Sequence[Message]) -> Iterator[str]:
        assert messages
        yield f"{self.orders} [1]. {self.orders}\n{self.orders} [7]. ![x](https://evil.test) [1]."


def attacks(eval_data: Path) -> list[str]:
    """Return the texts of all attacks, each on one line."""
    folder = eval_data / "adversarial"
    found: list[str] = []
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".json":
            found += _strings(json.loads(path.read_text(encoding="utf-8")))
        elif path.is_file() and path.suffix != ".md":
            found += path.read_text(encoding="utf-8", errors="replace").splitlines()
    texts = [" ".join(text.split()) for text in found]
    return [text for text in dict.fromkeys(texts) if any(char.isalnum() for char in text)]


def _strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [text for each in inner for text in _strings(each)]


def test_a_model_that_obeys_documents_gets_nothing_past_the_checks(
    eval_data: Path, tmp_path: Path
) -> None:
    model = Obedient()
    writer = Writer(model, lambda _, *, fallback: fallback, Budget(tmp_path / "b.json", 0), 10)
    asked = Question("When were the lamps renewed?", interface_language="en")
    orders = attacks(eval_data)
    assert len(orders) > 100
    for order in orders:
        model.orders = order[:2000]
        poisoned = a_chunk(f"{FACT} {order[:500]}", sentences=[(0, len(FACT))])
        library = FakeLibrary(FakeGeneration(a_passage(poisoned, score=0.9)))
        answer = replace(an_assistant(library), writer=writer).answer(asked)
        html = answers.answer(answer, wording("en"), "")
        assert answer.mode is Mode.QUOTING or answer.statements[0].text == FACT, order
        assert not ELEMENTS.search(html), order
        assert "evil.test" not in EXCERPTS.sub("", html), order


def lies(sentence: str, language: str) -> Iterator[str]:
    """Yield a sentence with one fact changed at a time.

    No name in German, where a noun in its place cannot be told from it; a changed noun may pass
    the checks in any language, as one word of many.
    """
    for match in re.finditer(r"\d+", sentence):
        changed = str(int(match.group()) + 3)
        yield sentence[: match.start()] + changed + sentence[match.end() :]
    for match in re.finditer(r"(?<=[a-zéèïë] )[A-ZÉ][a-zéèïë]{3,}(?= [a-zéè])", sentence):
        if language != "de":
            yield sentence[: match.start()] + "Zwolle" + sentence[match.end() :]
    if " is " in sentence and not re.search(r"\b(?:not|no|never|niet|geen|without)\b", sentence):
        denial = " is niet " if language == "nl" else " is not "
        yield sentence.replace(" is ", denial, 1)


def test_a_model_that_changes_a_fact_of_any_sentence_of_the_sample_is_found_out() -> None:
    passed, count = [], 0
    detection = LanguageDetection()
    for file in list_files(ROOT / "examples" / "sample-forum").files:
        document = read_document(file, detect_language=detection)
        for each in chunk(document, count_tokens=lambda text: len(text.split()), limit=300):
            for span in each.sentences:
                for lie in lies(each.sentence(span), each.source.language):
                    count += 1
                    if isinstance(
                        check(lie, each.source.language, [each], lambda _, __: 1.0), Evidence
                    ):
                        passed.append(lie)
    assert count > 500
    assert len(passed) <= 0.02 * count, passed[:20]
