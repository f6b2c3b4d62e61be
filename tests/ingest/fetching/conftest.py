"""A site to fetch from."""

from collections.abc import Iterator

import pytest

from tests.ingest.fetching.site import Site, serving


@pytest.fixture
def site() -> Iterator[Site]:
    with serving(Site()) as served:
        yield served
