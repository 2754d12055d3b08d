"""Every rule, clock and playbook step cites a duty that says so, as surely as it claims."""

from pathlib import Path

import pytest
import yaml

from knowledge.duties import Confidence, load_duties

TICKETS = Path(__file__).parent.parent.parent / "tickets"
ORDER = tuple(Confidence)


def cited(node: object, place: str) -> list[tuple[str, dict[str, str]]]:
    """Every mapping in the data that names a duty, with where it stands."""
    if isinstance(node, list):
        return [one for n, item in enumerate(node) for one in cited(item, f"{place}[{n}]")]
    if not isinstance(node, dict):
        return []
    duty = node.get("duty", node.get("id", ""))
    named = isinstance(duty, str) and duty.startswith("OB-")
    here = [(place, node | {"duty": duty})] if named else []
    return here + [one for key, item in node.items() for one in cited(item, f"{place}.{key}")]


ALL = [
    one
    for path in sorted(TICKETS.rglob("*.yaml"))
    for one in cited(yaml.safe_load(path.read_text(encoding="utf-8")), path.name)
]


def test_there_is_something_to_check() -> None:
    assert len(ALL) > 80


@pytest.mark.parametrize(("place", "citation"), ALL, ids=[place for place, _ in ALL])
def test_a_citation_names_an_article_of_its_duty(place: str, citation: dict[str, str]) -> None:
    duty = load_duties()[citation["duty"]]
    articles = {
        (c.instrument, article)
        for c in (*duty.citations, *duty.penalty)
        for article in (*c.articles, None)
    }
    article = citation.get("article")
    assert (citation["instrument"], str(article) if article else None) in articles
    if "confidence" in citation:
        claimed = Confidence(citation["confidence"])
        assert ORDER.index(claimed) >= ORDER.index(duty.confidence), "claims more than its duty"
