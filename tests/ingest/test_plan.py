"""What a run decides to change."""

from dataclasses import dataclass

from assistant.domain.corpus import Document, DocumentId
from ingest.plan import Crawl, Failure, IngestionPlan, make_plan
from tests.builders import a_document

FORUM, ELSEWHERE = "/forum", "/elsewhere"
A, B, C = a_document("a"), a_document("b"), a_document("c")


@dataclass(frozen=True)
class Stored:
    id: DocumentId
    origin: str
    fingerprint: str
    title: str = "A title"


def stored(document: Document, origin: str = FORUM) -> Stored:
    return Stored(document.id, origin, document.fingerprint())


def plan(
    before: list[Stored], *crawls: Crawl, replace: bool = False, exists: bool = True
) -> IngestionPlan:
    return make_plan(before, crawls, replace=replace, origin_exists=lambda _: exists)


def ids(found: tuple[tuple[str, Document], ...]) -> list[str]:
    return [document.id for _, document in found]


def test_a_first_run_finds_everything_new() -> None:
    made = plan([], Crawl(FORUM, (A, B)))

    assert ids(made.new) == [A.id, B.id]
    assert not made.changes_nothing


def test_the_same_again_changes_nothing() -> None:
    made = plan([stored(A), stored(B)], Crawl(FORUM, (A, B)))

    assert made.unchanged == (A.id, B.id)
    assert made.changes_nothing


def test_another_text_is_a_change() -> None:
    made = plan([stored(A)], Crawl(FORUM, (a_document("a", text="Other words."),)))

    assert ids(made.changed) == [A.id]


def test_another_date_or_title_is_a_change() -> None:
    for changed in (a_document("a", title="New"), a_document("a", published=None)):
        assert ids(plan([stored(A)], Crawl(FORUM, (changed,))).changed) == [A.id]


def test_what_is_gone_from_its_source_is_removed() -> None:
    assert plan([stored(A), stored(B)], Crawl(FORUM, (A,))).removed == (B.id,)


def test_what_could_not_be_read_is_kept() -> None:
    made = plan([stored(A), stored(B)], Crawl(FORUM, (A,), (Failure(B.id, "is broken"),)))

    assert made.removed == ()
    assert made.failures == (Failure(B.id, "is broken"),)


def test_a_partial_crawl_never_removes() -> None:
    assert plan([stored(A), stored(B)], Crawl(FORUM, (A,), complete=False)).removed == ()


def test_other_sources_are_left_alone() -> None:
    assert plan([stored(A, ELSEWHERE)], Crawl(FORUM, (B,))).removed == ()


def test_replace_removes_other_sources() -> None:
    assert plan([stored(A, ELSEWHERE)], Crawl(FORUM, (B,)), replace=True).removed == (A.id,)


def test_replace_keeps_what_a_source_could_not_show() -> None:
    made = plan([stored(A), stored(B, ELSEWHERE)], Crawl(FORUM, (), complete=False), replace=True)

    assert made.removed == (B.id,)


def test_two_sources_with_one_name_lose_nothing_in_silence() -> None:
    made = plan([], Crawl(FORUM, (A,)), Crawl(ELSEWHERE, (a_document("a", text="Mine."),)))

    assert ids(made.new) == [A.id]
    assert [failure.name for failure in made.failures] == [A.id]
    assert FORUM in made.failures[0].reason


def test_a_name_that_another_published_source_has_is_not_taken_over() -> None:
    made = plan([stored(A, ELSEWHERE)], Crawl(FORUM, (A,)))

    assert made.changes_nothing
    assert [failure.name for failure in made.failures] == [A.id]


def test_a_file_of_a_folder_that_was_brought_in_is_not_to_be_renamed() -> None:
    made = plan([stored(A, FORUM)], Crawl(f"{FORUM}/a", (A,)))

    assert [failure.reason for failure in made.failures] == [
        f"lies in {FORUM}, which was brought in with all it holds; ingest that folder again"
    ]


def test_a_file_that_was_brought_in_alone_goes_over_to_its_folder() -> None:
    made = plan([stored(A, f"{FORUM}/{A.id}")], Crawl(FORUM, (A, B)))

    assert made.changed == ((FORUM, A),)
    assert not made.failures


def test_a_folder_that_moved_takes_its_documents_along() -> None:
    made = plan([stored(A, "/old/place")], Crawl(FORUM, (A,)), exists=False)

    assert ids(made.changed) == [A.id]
    assert made.failures == ()


def test_what_a_source_published_where_it_was_before_is_removed_as_its_own() -> None:
    moved = Crawl("/new", (A,), formerly=("/old",))
    before = [stored(A, "/old"), stored(B, "/old"), stored(C, "/other")]

    found = plan(before, moved, exists=False)

    assert (ids(found.changed), found.removed) == ([A.id], (B.id,))


def unread(*documents: Document) -> Crawl:
    return Crawl(
        FORUM, (), unchanged=tuple((document.id, document.fingerprint()) for document in documents)
    )


def test_what_was_passed_over_stays() -> None:
    made = plan([stored(A), stored(B), stored(C)], unread(A, B))

    assert made.unchanged == (A.id, B.id)
    assert made.removed == (C.id,)


def test_what_was_passed_over_and_published_anew_meanwhile_is_left_to_the_next_run() -> None:
    newer = a_document("a", text="Published by somebody else.")

    for before in ([stored(newer)], [stored(A, ELSEWHERE)]):
        made = plan(before, unread(A))

        assert made.changes_nothing
        assert "run the command again" in made.failures[0].reason


def test_a_document_that_another_source_still_has_is_not_taken_from_it() -> None:
    other = Crawl(ELSEWHERE, (a_document("a", text="Mine."),))

    made = plan([stored(A)], other, unread(A))

    assert made.changes_nothing
    assert FORUM in made.failures[0].reason
