"""How question and passage are put before the reader."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from assistant.domain.corpus import Span
from tests.builders import a_chunk
from vectorstore.embedding.onnx_embedder import TOKENIZER_FILE
from vectorstore.reader import model
from vectorstore.reader.encoding import QUESTION_TOKENS, TOKENS, ReaderEncoding


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.from_file(str(model.default_folder() / TOKENIZER_FILE))


@pytest.fixture(scope="module")
def encoding(tokenizer: Tokenizer) -> ReaderEncoding:
    return ReaderEncoding(tokenizer)


def test_every_unit_has_the_tokens_of_its_own_words(
    encoding: ReaderEncoding, tokenizer: Tokenizer
) -> None:
    chunk = a_chunk("Rain fell. Lamps are dimmed.", start=70, sentences=[(70, 80), (81, 98)])

    its = encoding.encode("When are lamps dimmed?", chunk)

    def words(unit: int) -> str:
        ids = [token for token, of in zip(its.token_ids, its.units, strict=True) if of == unit]
        return tokenizer.decode(ids)

    assert its.count == 2
    assert words(1) == "Rain fell."
    assert words(2) == "Lamps are dimmed."
    assert words(0) == "query: When are lamps dimmed? passage: Lighting"


def test_a_long_question_leaves_room_for_the_passage(encoding: ReaderEncoding) -> None:
    chunk = a_chunk("Lamps are dimmed.")

    its = encoding.encode("why " * 500, chunk)

    assert its.units.index(1) < QUESTION_TOKENS + 10
    assert max(its.units) == 1


@given(st.lists(st.text("ab c.é\n", min_size=1, max_size=200), min_size=1, max_size=9))
def test_units_come_in_their_order_and_the_row_has_an_end(
    encoding: ReaderEncoding, parts: list[str]
) -> None:
    spans, at = [], 0
    for part in parts:
        spans.append(Span(at, at + len(part)))
        at += len(part) + 1

    its = encoding.encode_text("why?", "Title", " ".join(parts), spans)

    inside = [unit for unit in its.units if unit]
    assert len(its.token_ids) == len(its.units) <= TOKENS
    assert inside == sorted(inside)
    assert max(inside, default=0) <= its.count == len(parts)
    assert its.token_ids[0] != its.token_ids[-1]


@pytest.mark.parametrize("keys", ["asdf qwer", "lkjh gfds", "sdfkjh sdkjfh sdf", "asdf 123"])
def test_keys_struck_at_random_are_no_question(encoding: ReaderEncoding, keys: str) -> None:
    assert encoding.is_noise(keys, a_chunk("Lamps are dimmed."))


@pytest.mark.parametrize(
    "question",
    [
        *("Can I row on my own?", "lidgeld", "poteau abîmé", "Kaltenmünde", "GDPR", "2024", "?"),
        *("如何成为会员", "Πώς γίνομαι μέλος;", "как стать членом"),
    ],
)
def test_words_of_any_language_are_a_question(encoding: ReaderEncoding, question: str) -> None:
    assert not encoding.is_noise(question, a_chunk("Lamps are dimmed."))


def test_a_name_that_the_passage_says_is_no_noise(encoding: ReaderEncoding) -> None:
    assert encoding.is_noise("BeFUS", a_chunk("Lamps are dimmed."))
    assert not encoding.is_noise("BeFUS", a_chunk("BeFUS dims lamps."))
