"""What a browser keeps of a conversation, and what is believed of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.corpus import DocumentId
from assistant.domain.dialogue import Turn
from assistant.web.pages.conversation import (
    ASKED,
    LONGEST,
    LONGEST_ASKED,
    REMEMBERED,
    Conversation,
    Conversations,
)

KEPT = Conversations(b"key")
TURN = Turn("When?", "en", ("In 2019.",), (DocumentId("a.md"),))


def test_a_conversation_comes_back_as_it_was() -> None:
    conversation = Conversation().with_turn("When?", TURN).with_turn("Who?", TURN)

    assert KEPT.read(KEPT.token(conversation)) == conversation


@given(st.text(max_size=400), st.text(max_size=400))
def test_any_words_come_back(question: str, quote: str) -> None:
    clean = [text.encode(errors="replace").decode() for text in (question, quote)]
    turn = Turn(clean[0], "en", (clean[1],))

    assert KEPT.read(KEPT.token(Conversation((turn,), (clean[0],)))).turns == (turn,)


def test_only_so_many_turns_and_questions_are_remembered() -> None:
    conversation = Conversation()
    for number in range(ASKED + 5):
        conversation = conversation.with_turn(f"{number} " + "x" * 20_000, TURN)

    assert len(conversation.turns) == REMEMBERED
    assert len(conversation.asked) == ASKED
    assert max(map(len, conversation.asked)) == LONGEST_ASKED


def test_a_token_has_an_end() -> None:
    many = tuple(chr(0x4E00 + number) * 1400 for number in range(9))
    turns = tuple(Turn(text * 9, "en", (text,), ()) for text in many)
    wild = Conversation(turns, tuple(f"{n}{many[n % 9][:400]}" for n in range(ASKED)))

    token = KEPT.token(wild)

    assert len(token) <= LONGEST
    assert KEPT.read(token).turns == turns[-len(KEPT.read(token).turns) :]


@pytest.mark.parametrize("wrong", ["", "abc", "abc.def", "." * 50, "\x00", "x" * 60_000])
def test_what_we_did_not_sign_is_no_conversation(wrong: str) -> None:
    assert KEPT.read(wrong) == Conversation()


def test_a_token_that_was_altered_or_is_of_another_server_is_none() -> None:
    token = KEPT.token(Conversation().with_turn("When?", TURN))

    assert Conversations(b"another").read(token) == Conversation()
    for at in range(0, len(token), 7):
        other = "A" if token[at] != "A" else "B"
        assert KEPT.read(token[:at] + other + token[at + 1 :]) == Conversation()
