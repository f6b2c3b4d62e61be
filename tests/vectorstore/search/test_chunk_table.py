"""What a search knows of every chunk."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.corpus import Filters, Kind
from vectorstore.catalogue import ChunkRow
from vectorstore.search.chunk_table import ChunkTable

DATES = st.none() | st.dates(date(2015, 1, 1), date(2025, 12, 31))


@st.composite
def chunk_rows(draw: st.DrawFn) -> list[ChunkRow]:
    labels = draw(
        st.lists(st.tuples(st.sampled_from(["en", "fr", "und"]), st.sampled_from(Kind), DATES))
    )
    return [
        ChunkRow(
            3 * at, f"key-{at}", "", at % 3, language, kind.value, day.isoformat() if day else None
        )
        for at, (language, kind, day) in enumerate(labels)
    ]


def _passes(row: ChunkRow, filters: Filters) -> bool:
    first, last = filters.published_from, filters.published_to
    return (
        (not filters.languages or row.language in filters.languages)
        and (not filters.kinds or row.kind in filters.kinds)
        and (not first or (row.published or "") >= first.isoformat())
        and (not last or "" < (row.published or "") <= last.isoformat())
    )


@given(
    chunk_rows(),
    st.builds(
        Filters,
        languages=st.frozensets(st.sampled_from(["en", "fr", "nl"]), max_size=2),
        kinds=st.frozensets(st.sampled_from(Kind), max_size=2),
        published_from=DATES,
        published_to=DATES,
    ),
)
def test_a_table_lets_through_what_the_filters_let_through(
    rows: list[ChunkRow], filters: Filters
) -> None:
    expected = [_passes(row, filters) for row in rows]

    assert ChunkTable(rows).passing(filters).tolist() == expected


@given(chunk_rows().filter(len), st.data())
def test_a_chunk_is_found_by_its_key(rows: list[ChunkRow], data: st.DataObject) -> None:
    wanted = data.draw(st.lists(st.sampled_from(range(len(rows))), max_size=5))

    positions = ChunkTable(rows).positions_of([rows[at].key for at in wanted])

    assert positions.tolist() == wanted


@pytest.mark.parametrize("key", ["", "key-00", "key-9", "a key that is longer than all others"])
def test_a_key_that_no_chunk_has_is_an_error(key: str) -> None:
    table = ChunkTable([ChunkRow(0, "key-0", "", 1, "en", "article", None)])

    with pytest.raises(KeyError, match="catalogue has not"):
        table.positions_of([key])


@given(chunk_rows().filter(len))
def test_the_sentences_of_all_chunks_are_all_sentences(rows: list[ChunkRow]) -> None:
    table = ChunkTable(rows)

    places, many = table.sentences_of(table.positions_of([row.key for row in rows]))

    assert places.tolist() == list(range(sum(row.sentence_count for row in rows)))
    assert many.tolist() == [row.sentence_count for row in rows]
