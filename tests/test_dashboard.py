"""What an operator is told of metrics, in the dashboard and in the documents, is what there is."""

import json
import re
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from assistant.domain.watching import AskedFrom
from assistant.web.metrics import Metrics
from tests.assistant.web.test_metrics import TOKEN, a_publication
from tests.conftest import ROOT

OF_KIND = {
    "counter": ("_total",),
    "gauge": ("",),
    "histogram": ("_bucket", "_sum", "_count"),
    "info": ("_info",),
}
QUERIED = re.compile(r"\b((?:forum_assistant|process)_\w+)(?:\{([^}]*)\})?")
LABELS = re.compile(r"by \(([^)]*)\)")
OF_PROMETHEUS = {"instance", "job", "le"}
"""Labels that are there without us."""


@pytest.fixture(scope="module")
def exposed() -> set[str]:
    """The names of all series of a server, and of the library's own."""
    text = all_that_is_told()
    return {
        f"{family.name}{ending}"
        for family in text_string_to_metric_families(text)
        for ending in OF_KIND[family.type]
    }


def all_that_is_told() -> str:
    metrics = Metrics(TOKEN)
    metrics.watch_queue(lambda: 0)
    metrics.watch_contents(a_publication, list)
    with metrics.question(AskedFrom.PAGE):
        pass
    metrics.withheld("number")
    metrics.gave_up("slow")
    metrics.used(1, 1)
    return metrics.text().decode()


def queries() -> list[str]:
    """Return all queries of the dashboard."""
    dashboard = json.loads((ROOT / "deploy" / "grafana-dashboard.json").read_text(encoding="utf-8"))
    found: list[str] = []

    def look(value: Any) -> None:  # noqa: ANN401 - whatever JSON holds
        if isinstance(value, dict):
            found.extend(value[key] for key in ("expr", "query") if isinstance(value.get(key), str))
            for each in value.values():
                look(each)
        elif isinstance(value, list):
            for each in value:
                look(each)

    look(dashboard)
    return found


def test_every_query_of_the_dashboard_asks_for_what_a_server_tells(exposed: set[str]) -> None:
    asked = {name for query in queries() for name, _ in QUERIED.findall(query)}

    assert asked
    assert asked <= exposed


def test_the_dashboard_groups_and_chooses_by_labels_that_there_are() -> None:
    labels = {
        label
        for family in text_string_to_metric_families(all_that_is_told())
        for sample in family.samples
        for label in sample.labels
    }
    labels |= OF_PROMETHEUS | {"result"}  # of runs, of which there is none here

    for query in queries():
        chosen = [label for _, choice in QUERIED.findall(query) for label in told_in(choice)]
        grouped = [label.strip() for group in LABELS.findall(query) for label in group.split(",")]
        assert set(chosen) | set(grouped) <= labels, query


def told_in(choice: str) -> list[str]:
    return re.findall(r"(\w+)=", choice)


def test_every_metric_of_ours_is_in_the_dashboard(exposed: set[str]) -> None:
    asked = " ".join(queries())
    ours = {re.sub(r"_(bucket|sum|count)$", "", name) for name in exposed}

    for name in ours:
        assert name in asked or name.startswith("process_"), name


def test_every_metric_of_ours_stands_in_the_documents_and_no_other(exposed: set[str]) -> None:
    text = (ROOT / "docs" / "operators.md").read_text(encoding="utf-8")
    ours = {
        re.sub(r"_(bucket|sum|count)$", "", name)
        for name in exposed
        if name.startswith("forum_assistant_")
    }

    assert set(re.findall(r"^\| `(forum_assistant_\w+)`", text, re.MULTILINE)) == ours
