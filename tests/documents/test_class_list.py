"""整班转学名册: the list on as many sheets as it takes, then one with the stub and the receipt."""

import pytest

from app.documents import class_transfer_list
from app.documents.fonts import CannotPrint

PUPIL = {"name": "李明华", "sex": "男", "birth_date": "2018-03-21", "national_no": "G420323201803210013", "from_class": "二年级1班", "to_class": "二年级2班", "remark": ""}
FACTS = {
    "number": "竹册字〔2026〕第00001号", "from_school": {"name": "竹山县柳垭镇枫树坪教学点", "decided_on": None}, "to_school": {"name": "竹山县堵河路小学", "decided_on": None},
    "office": {"name": "竹山县教育局", "decided_on": "2026-09-11"}, "reason": "学校撤并、布局调整", "document": "竹政办函〔2026〕18号", "issued_on": "2026-09-11",
    "classes": "二年级1班→二年级2班（26人）", "officer": "覃永昌", "filled_by": "查守信", "printed_on": "2026-09-11", "printed_by": "庹明慧",
    "case_no": "竹教整〔2026〕第00001号", "code": "7K4M-9QXR-2TPC", "check_page": "127.0.0.1:8000/verify", "check_address": "http://127.0.0.1:8000/verify/7K4M9QXR2TP0AAAA",
}


@pytest.mark.parametrize(("pupils", "sheets"), [(1, 2), (25, 2), (26, 3)])
def test_the_list_takes_its_sheets_and_one_for_stub_and_receipt(pupils, sheets, run):
    pdf = class_transfer_list.draw(FACTS | {"rows": [PUPIL] * pupils})
    assert f"Pages:           {sheets}\n" in run("pdfinfo", "PDF", pdf=pdf)
    said = "".join(run("pdftotext", "PDF", "-", pdf=pdf).split())
    assert all(words in said for words in ("整班转学（存根）", "整班转学回执", "G420323201803210013", f"合计{pupils}人", "竹政办函〔2026〕18号", "2026年9月11日", "7K4M-9QXR-2TPC", "扫码或登录127.0.0.1:8000/verify核验"))


def test_the_same_facts_give_the_same_bytes():
    assert class_transfer_list.draw(FACTS | {"rows": [PUPIL]}) == class_transfer_list.draw(FACTS | {"rows": [PUPIL]})


def test_an_empty_list_is_no_paper():
    with pytest.raises(CannotPrint, match="没有转出的学生"):
        class_transfer_list.draw(FACTS | {"rows": []})
