"""Gather items of lists that tell their own numbers. No input or output happens here."""

from collections.abc import Iterator

from assistant.domain.light_markdown import ListBlock, ListItem


class Items:
    """Gathers the items of a list, which ends where its numbers do not go on."""

    def __init__(self) -> None:
        self._items: list[ListItem] = []
        self._first: int | None = None

    def add(self, item: ListItem, value: int | None) -> Iterator[ListBlock]:
        """Take an item and its number, None for none; yield the list that it does not go on."""
        going_on = None if self._first is None else self._first + len(self._items)
        if value != going_on:
            yield from self.ended()
            self._first = value
        self._items.append(item)

    def ended(self) -> Iterator[ListBlock]:
        """Yield what was gathered."""
        if self._items:
            first = self._first
            items = tuple(self._items)
            yield ListBlock(items) if first is None else ListBlock(items, ordered=True, start=first)
        self._items, self._first = [], None
