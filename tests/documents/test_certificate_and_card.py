import re

import pytest

from app.documents import record_card, transfer_certificate
from app.documents.fonts import CannotPrint

from . import cast


def plain(text):
    return "".join(text.split())


def test_the_three_parts_of_a_certificate_carry_one_number(read):
    text = read(transfer_certificate.draw(cast.certificate()))

    assert text.count("青转字〔2026〕第00018号") == 5  # three parts, and both cut lines
    assert (
        "兹有我校六年级（2）班学生卢雨桐，性别女，2014年5月16日生，学籍号G990321201405160327，因父母工作调动、全家迁居，"
        "申请转入你校六年级就读，请予接洽。本证明自开具之日起三个月内有效。") in text
    assert "南陵县实验小学年月日" in text  # who has not yet acted has a blank date


@pytest.mark.parametrize(("first", "order"), [("receiving", ["转入", "转入", "转出", "转出"]), ("releasing", ["转出", "转出", "转入", "转入"])])
def test_the_boxes_of_a_certificate_follow_the_order_of_the_rules(first, order, read):
    text = read(transfer_certificate.draw(cast.certificate(first=first)))

    assert re.findall("(转[入出])(?:学校|主管教育行政部门)意见", text) == order


def test_the_longest_certificate_loses_nothing(read):
    facts = cast.hard_certificate()
    text = read(transfer_certificate.draw(facts))

    fields = ("number", "name", "from_class", "to_grade", "to_school_full", "reason", "remark")
    assert [field for field in fields if plain(facts[field]) not in text] == []
    bodies = [facts[body] for body in ("from_school", "from_office", "to_school", "to_office")]
    said = [body[fact] for body in bodies for fact in ("name", "opinion", "officer") if body[fact]]
    assert [each for each in said if each not in text] == []


def test_the_longest_card_loses_nothing_and_goes_on_to_a_further_sheet(read):
    facts = cast.hard_card()
    text = read(record_card.draw(facts))

    told = [fact for name, fact in facts.items() if isinstance(fact, str) and name not in record_card_dates and name != "check_address"]
    told += [fact for name in ("guardians", "schooling", "changes", "awards", "fitness") for row in facts[name]
             for field, fact in row.items() if field != "on"]
    assert [fact for fact in told if plain(fact) not in text] == []
    assert [row["on"].replace("-", ".") for row in facts["changes"] if row["on"].replace("-", ".") not in text] == []
    assert "学籍卡（续页）" in text


record_card_dates = {"birth_date", "closed_on", "entry_month", "graduated_on", "opened_on", "printed_on"}


def test_a_long_life_takes_as_many_sheets_as_it_needs(run, read):
    change = cast.card()["changes"][0]
    changes = [change | {"reason": f"第{number}次变动"} for number in range(1, 34)]
    pdf = record_card.draw(cast.card(changes=changes))

    assert "Pages:           5\n" in run("pdfinfo", "PDF", pdf=pdf)  # 8 on the back, 12, 12, 1
    text = read(pdf)
    assert [change["reason"] for change in changes if text.count(change["reason"] + "东") != 1] == []


def test_a_card_has_room_for_two_of_the_family():
    with pytest.raises(CannotPrint, match="请先选定两位"):
        record_card.draw(cast.card(guardians=cast.card()["guardians"] * 2))


def test_a_card_without_photo_keeps_its_place_and_a_broken_photo_is_refused(read):
    assert "照片25×35mm" in read(record_card.draw(cast.card(photo=None)))
    with pytest.raises(CannotPrint, match="照片打不开"):
        record_card.draw(cast.card(photo=b"not a picture"))


def test_a_text_that_looks_like_a_date_is_left_alone(read):
    text = read(record_card.draw(cast.card(class_no="2026-01", birth_date="2014-05-16", entry_month="2020-09")))

    assert "2026-01" in text
    assert "2014年5月16日" in text
    assert "2020年9月" in text
