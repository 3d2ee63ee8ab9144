"""/verify: what a stranger is told of a 转学证明 in each of its states, by its square and by its code, and nothing else."""

from datetime import date
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import Paper
from app.services.casework import reversals
from app.services.paperwork import papers
from tests.office import row
from tests.pages import Person, hooks
from tests.transfer_office import road

__all__ = ["road"]

FACTS = "种类 转学证明 编号 {number} 学生 庹*远 开具学校 竹山县堵河路小学 开具日期 2026年9月11日"
ONLY = "请对照纸面：种类、编号、姓名、学校、日期须完全一致，并盖有公章。此页只显示以上各项。"
SAID = {
    "有效": "这份证明由本系统开具，现在有效", "已过期": "这份证明由本系统开具，已过有效期", "已作废": "这份证明已经作废，请不要接受",
    "已补发": "这份证明已经补发，这一份不再有效，请查验补发的一份",
}


@pytest.fixture
def certificate(road):
    """The id of the certificate of a transfer across counties that has taken effect."""
    return row(Paper, Paper.case_id == road.go(road.apply("b1")).id).id


def told(app, paper_id):
    """(state, number) as the page tells them: the same by the square as by the typed code, and not a word more."""
    facts = papers.facts_of(db.session.execute(select(Paper.id, Paper.facts).where(Paper.id == paper_id)).one())
    stranger = Person(app)
    pages = [stranger.get(urlsplit(facts["check_address"]).path), stranger.get(f"/verify?code={facts['code'].lower()}")]
    results = []
    for page in pages:
        text = " ".join(hooks(page, "verify-result")[0].get_text(" ", strip=True).split())
        state, number = (hooks(page, name)[0].get_text() for name in ("state", "certificate-no"))
        facts_told = FACTS.format(number=" ".join(number.split()))
        assert text.partition("核验时间")[0] == f"{state} {SAID[state]} {facts_told} {ONLY}"
        results.append((state, number))
    assert results[0] == results[1]
    return results[0]


def test_it_holds_for_three_months_to_its_last_day(app, certificate, monkeypatch):
    said = []
    for day in (date(2026, 9, 11), date(2026, 12, 11), date(2026, 12, 12)):
        monkeypatch.setenv("DEMO_TODAY", day.isoformat())
        said.append(told(app, certificate))
    assert said == [(state, "竹转字〔2026〕第00001号") for state in ("有效", "有效", "已过期")]


def test_a_reissue_holds_and_the_first_no_longer(app, road, certificate):
    again = papers.reissue(certificate, "原件遗失", actor=road.county.actor("registrar.a1"), now=road.now)
    assert [told(app, one) for one in (certificate, again)] == [("已补发", "竹转字〔2026〕第00001号"), ("有效", "补　竹转字〔2026〕第00001号")]


def test_with_the_transfer_undone_its_certificate_is_void(app, road, certificate):
    reversals.reverse(row(Paper, Paper.id == certificate).case_id, "转错学生", actor=road.county.actor("officer.a"), today=road.today, now=road.now)
    assert told(app, certificate) == ("已作废", "竹转字〔2026〕第00001号")
