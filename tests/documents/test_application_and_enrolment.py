import re

import pytest

from app.documents import enrolment_certificate, transfer_application

from . import cast
from .test_seals import only_office_and_date, under

SEALS = [(85.8, 198.25), (168.3, 198.25), (85.8, 240.75), (168.3, 240.75)]


def test_the_letter_says_what_the_record_says(read):
    text = read(enrolment_certificate.draw(cast.enrolment_certificate()))

    assert (
        "兹证明卢雨桐，性别女，2014年5月16日生，身份证号990321201405160327，学籍号G990321201405160327，系我校六年级（2）班在籍在读学生，"
        "入学年月2020年9月。用途：办理户口迁移。本证明自开具之日起30天内有效。") in text


def test_the_letter_leaves_out_numbers_that_a_pupil_has_not(read):
    text = read(enrolment_certificate.draw(cast.enrolment_certificate(id_doc_no="", national_no="", standing="在籍休学")))

    assert "2014年5月16日生，系我校六年级（2）班在籍休学学生" in text


def test_the_longest_certificate_loses_nothing(read):
    facts = cast.hard_enrolment_certificate()
    text = read(enrolment_certificate.draw(facts))

    said = [facts[name] for name in ("number", "name", "class_title", "purpose", "id_doc_title")] + [facts["school"]["name"], facts["school"]["officer"]]
    assert [fact for fact in said if "".join(fact.split()) not in text] == []


@pytest.mark.parametrize("facts", [cast.enrolment_certificate(), cast.hard_enrolment_certificate()], ids=["ordinary", "longest"])
def test_the_seal_of_a_certificate_covers_only_school_and_date(facts, run):
    assert only_office_and_date(under(run, enrolment_certificate.draw(facts), 1, 164, 117), facts) == []


@pytest.mark.parametrize("facts", [cast.transfer_application(), cast.hard_transfer_application()], ids=["ordinary", "longest"])
def test_seals_of_an_application_cover_only_office_and_date(facts, run):
    pdf = transfer_application.draw(facts)

    for x, y in SEALS:
        assert only_office_and_date(under(run, pdf, 1, x, y), facts) == [], (x, y)


def test_what_was_handed_in_is_ticked(read):
    text = read(transfer_application.draw(cast.transfer_application()))

    assert "■户口簿■居住证明（房产证、居住证）□工作证明□接收证明□学籍卡□其他" in text


@pytest.mark.parametrize(("first", "order"), [("receiving", ["转入", "转入", "转出", "转出"]), ("releasing", ["转出", "转出", "转入", "转入"])])
def test_the_boxes_follow_the_order_of_the_rules(first, order, read):
    text = read(transfer_application.draw(cast.transfer_application(first=first)))

    assert re.findall("(转[入出])(?:学校|主管教育行政部门)意见", text) == order


def test_the_longest_application_loses_nothing(read):
    facts = cast.hard_transfer_application()
    text = read(transfer_application.draw(facts))

    fields = ("name", "hukou_place", "current_address", "from_school", "to_school", "from_class", "reason", "number")
    assert [field for field in fields if "".join(facts[field].split()) not in text] == []
    assert text.count("经" * 90) == 2
