"""Each element that rests on an article stands in that article, as the stored law has it."""

import pytest

from assistant.app import App
from knowledge.duties import load_duties
from tickets.notices.data import NoticeKind, notice_rules

CITED = [
    (one.citation.instrument, one.citation.article or "", one.words or "")
    for kind in NoticeKind
    for one in notice_rules(kind).elements.values()
    if one.citation is not None
]


def test_every_cited_element_stands_in_its_article(app: App) -> None:
    texts = {
        (name, article): "".join(
            one.text for one in app.library.instrument(name) if one.article == article
        )
        for name, article, _ in CITED
    }
    astray = [cited for cited in CITED if cited[2] not in texts[cited[0], cited[1]]]
    assert len(CITED) > 25
    assert astray == []


@pytest.mark.parametrize("kind", NoticeKind)
def test_a_notice_claims_no_more_than_its_duties(kind: NoticeKind) -> None:
    duties = load_duties()
    for cite in notice_rules(kind).citations:
        assert cite.confidence == duties[cite.duty_id].confidence
