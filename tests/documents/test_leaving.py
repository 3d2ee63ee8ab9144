"""辍学学生报告单 and 退学通知书: what they say, and that a seal covers nothing that is to be read."""

import pytest

from app.documents import dropout_report, withdrawal_notice

from . import cast
from .test_seals import only_office_and_date, under


def test_the_report_names_the_child_the_absence_and_every_visit(read):
    facts = cast.hard_dropout_report()
    text = read(dropout_report.draw(facts))
    said = [facts[name] for name in ("name", "current_address", "number", "whereabouts", "measures", "explanation", "noted_by")] + [facts["guardian"]["phone"], "2026年9月7日"]
    assert [fact for fact in said if "".join(fact.split()) not in text] == []
    assert text.count("果" * 20) and text.count("2026.09.14") == 9


def test_the_notice_says_on_what_ground_and_from_when(read):
    text = read(withdrawal_notice.draw(cast.withdrawal_notice()))
    assert "退学依据：监护人申请，退学原因：病患。经学校审核并报青溪县教育局核准，自2026年10月12日起退学，学籍在我校终止。" in text


@pytest.mark.parametrize(("paper", "facts", "seals"), [
    (dropout_report, cast.dropout_report, [(85.8, 224.25), (168.3, 224.25)]), (dropout_report, cast.hard_dropout_report, [(85.8, 224.25), (168.3, 224.25)]),
    (withdrawal_notice, cast.withdrawal_notice, [(72, 143), (150, 143)]), (withdrawal_notice, cast.hard_withdrawal_notice, [(72, 143), (150, 143)]),
], ids=["report", "longest report", "notice", "longest notice"])
def test_seals_cover_only_office_and_date(run, paper, facts, seals):
    pdf = paper.draw(facts())
    for x, y in seals:
        assert only_office_and_date(under(run, pdf, 1, x, y), facts()) == [], (x, y)


@pytest.mark.parametrize("facts", [cast.withdrawal_notice, cast.hard_withdrawal_notice], ids=["notice", "longest"])
def test_the_riding_seal_of_a_notice_covers_no_number_and_no_name(run, facts):
    assert list(under(run, withdrawal_notice.draw(facts()), 1, 50, 208)) == ["（骑缝章）"]
