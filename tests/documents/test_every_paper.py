"""What holds for every paper, for an ordinary pupil and for the longest facts."""
import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from app.documents import (
    application,
    check_sheet,
    departure_form,
    dropout_report,
    enrolment_certificate,
    record_card,
    roster,
    suspension_application,
    suspension_certificate,
    term_register,
    transfer_application,
    transfer_certificate,
    withdrawal_notice,
)
from app.documents.fonts import CannotPrint

from . import cast

PAPERS = {
    "transfer-certificate": (transfer_certificate, cast.certificate, 1),
    "transfer-certificate-hard": (transfer_certificate, cast.hard_certificate, 1),
    "record-card": (record_card, cast.card, 2),
    "record-card-hard": (record_card, cast.hard_card, 3),
    "enrolment-certificate": (enrolment_certificate, cast.enrolment_certificate, 1),
    "enrolment-certificate-hard": (enrolment_certificate, cast.hard_enrolment_certificate, 1),
    "transfer-application": (transfer_application, cast.transfer_application, 1),
    "transfer-application-hard": (transfer_application, cast.hard_transfer_application, 1),
    **{f"application-{form}": (application, partial(cast.application, form), 1) for form in application.FORMS},
    **{f"application-{form}-hard": (application, partial(cast.hard_application, form), 1) for form in application.FORMS},
    "dropout-report": (dropout_report, cast.dropout_report, 1),
    "dropout-report-hard": (dropout_report, cast.hard_dropout_report, 2),
    "withdrawal-notice": (withdrawal_notice, cast.withdrawal_notice, 1),
    "withdrawal-notice-hard": (withdrawal_notice, cast.hard_withdrawal_notice, 1),
    "suspension-certificate": (suspension_certificate, cast.suspension_certificate, 1),
    "suspension-certificate-hard": (suspension_certificate, cast.hard_suspension_certificate, 1),
    "resumption-certificate": (suspension_certificate, cast.resumption_certificate, 1),
    "resumption-certificate-hard": (suspension_certificate, cast.hard_resumption_certificate, 1),
    "suspension-application": (suspension_application, cast.suspension_application, 1),
    "suspension-application-hard": (suspension_application, cast.hard_suspension_application, 1),
    "cancellation": (departure_form, cast.cancellation, 1),
    "cancellation-hard": (departure_form, cast.hard_cancellation, 1),
    "abroad-record": (departure_form, cast.abroad_record, 1),
    "abroad-record-hard": (departure_form, cast.hard_abroad_record, 1),
    "check-sheet": (check_sheet, cast.check_sheet, 1),
    "check-sheet-hard": (check_sheet, cast.hard_check_sheet, 2),
    "roster": (roster, cast.roster, 2),
    "roster-hard": (roster, cast.hard_roster, 2),
    "term-register": (term_register, cast.term_register, 2),
    "term-register-hard": (term_register, cast.hard_term_register, 1),
    "term-register-empty": (term_register, cast.empty_term_register, 1),
}
every_paper = pytest.mark.parametrize(("paper", "facts", "sides"), PAPERS.values(), ids=PAPERS)


papers_of_pupils = pytest.mark.parametrize(("paper", "facts"), [
    (transfer_certificate, cast.certificate), (record_card, cast.card), (check_sheet, cast.check_sheet),
    (enrolment_certificate, cast.enrolment_certificate), (transfer_application, cast.transfer_application), (dropout_report, cast.dropout_report),
    (withdrawal_notice, cast.withdrawal_notice), (suspension_certificate, cast.suspension_certificate), (suspension_certificate, cast.resumption_certificate),
    (departure_form, cast.cancellation), (departure_form, cast.abroad_record)])


@every_paper
def test_the_file_is_whole_and_opens_at_its_size(paper, facts, sides, run):
    pdf = paper.draw(facts())

    assert "No syntax or stream encoding errors found" in run("qpdf", "--check", "PDF", pdf=pdf)
    told = run("pdfinfo", "PDF", pdf=pdf)
    assert f"Pages:           {sides}\n" in told
    assert ("841.89 x 595.276" if paper in (roster, term_register) else "595.276 x 841.89") in told


@every_paper
def test_every_font_is_embedded_and_says_what_its_codes_mean(paper, facts, sides, run):
    _, _, *fonts = run("pdffonts", "PDF", pdf=paper.draw(facts())).splitlines()

    embedded_and_subset_and_unicode = {tuple(line.split()[-5:-2]) for line in fonts}
    assert embedded_and_subset_and_unicode == {("yes", "yes", "yes")}


@every_paper
def test_the_same_facts_give_the_same_bytes(paper, facts, sides):
    first = paper.draw(facts())

    roster.draw(cast.hard_roster())
    assert paper.draw(facts()) == first


def test_two_processes_print_the_same_bytes():
    root = Path(__file__).resolve().parents[2]
    program = (
        "import hashlib; from tests.documents import test_every_paper as t;"
        "print([hashlib.sha256(paper.draw(facts())).hexdigest() for paper, facts, _ in t.PAPERS.values()])")

    def printed(seed):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": f"UTC+{seed}"}
        return subprocess.run(
            [sys.executable, "-c", program], check=True, capture_output=True, text=True, timeout=60, cwd=root, env=environment).stdout

    assert printed("1") == printed("2")


@papers_of_pupils
def test_the_square_leads_to_the_check_page(paper, facts, run, tmp_path):
    run("pdftoppm", "-r", "150", "-f", "1", "-l", "1", "-png", "PDF", "side", pdf=paper.draw(facts()))

    (picture,) = tmp_path.glob("side*.png")
    assert run("zbarimg", "-q", "--raw", str(picture), pdf=b"").strip() == facts()["check_address"]


@papers_of_pupils
def test_without_an_address_there_is_no_square(paper, facts, run, read, tmp_path):
    pdf = paper.draw({fact: value for fact, value in facts().items() if fact not in {"check_address", "code", "check_page", "case_no"}})

    run("pdftoppm", "-r", "150", "-f", "1", "-l", "1", "-png", "PDF", "side", pdf=pdf)
    (picture,) = tmp_path.glob("side*.png")
    assert run("zbarimg", "-q", "--raw", str(picture), pdf=b"", check=False) == ""
    assert "验证码" not in read(pdf)
    assert "打印2026年8月28日张敏" in read(pdf)


HOSTILE = ["<b>卢</b>", "卢&amp;雨桐", "卢]]><!--", "卢(雨\\桐)", "%PDF-1.4", "{name}", "{0.__class__}", "</font>卢<font size=99>", "卢 endstream endobj"]


@pytest.mark.parametrize("name", HOSTILE)
@papers_of_pupils
def test_what_looks_like_markup_is_printed_as_typed(paper, facts, name, read):
    assert "".join(name.split()) in read(paper.draw(facts(name=name)))


@pytest.mark.parametrize("char", ["\x00", "\x1b", "\r", "\t", "\u202e", "\u200b", "\ue000", "\ud800", "\u2028", "🎓", "\U000e0100"])
@papers_of_pupils
def test_a_character_that_cannot_be_printed_stops_the_paper(paper, facts, char):
    with pytest.raises(CannotPrint) as refusal:
        paper.draw(facts(name=f"卢{char}雨桐"))

    assert str(refusal.value).startswith("没有字库能印出这些字符：")
    assert f"U+{ord(char):04X}" in str(refusal.value)


def test_all_characters_without_a_font_are_told_at_once():
    with pytest.raises(CannotPrint) as refusal:
        check_sheet.draw(cast.check_sheet(name="卢🎓桐", current_address="云山省🏠路18号🎓"))

    assert str(refusal.value) == (
        "没有字库能印出这些字符：“🎓”（U+1F393）、“🏠”（U+1F3E0）。"
        "请核对是否录错；确有此字的，请把含有它的 TrueType 字体放进字库文件夹，重新启动后再打印。")


@pytest.mark.parametrize(("paper", "facts", "long", "box"), [
    (transfer_certificate, cast.certificate, {"reason": "因" * 61}, "“转学原因”一栏（61.5×7 毫米）"),
    (transfer_certificate, cast.certificate, {"number": "青" * 90}, "“编号”一栏（63×6 毫米）"),
    (record_card, cast.card, {"hukou_place": "云" * 133}, "“户口所在地”一栏（89×9 毫米）"),
    (record_card, cast.card, {"schooling": [{"period": "", "school": "云" * 66, "class_name": "", "witness": ""}]},
     "“学习简历·学校”一栏（65×7.4 毫米）"),
    (check_sheet, cast.check_sheet, {"school_name": "云" * 200}, "“学校（标识码）”一栏（95×5.2 毫米）"),
    (check_sheet, cast.check_sheet, {"current_address": "云" * 600}, "“现住址”一栏（124×17 毫米）"),
])
def test_what_does_not_fit_at_the_smallest_size_names_value_and_box(paper, facts, long, box):
    with pytest.raises(CannotPrint) as refusal:
        paper.draw(facts(**long))

    assert str(refusal.value).startswith(f"{box}用最小的字号也放不下“")
    assert str(refusal.value).endswith("请缩短后再打印。")


def test_the_values_that_the_forms_promise_to_take_do_fit():
    school = cast.certificate()["from_school"] | {"opinion": "经" * 90, "name": "校" * 57}
    transfer_certificate.draw(cast.certificate(reason="因" * 60, from_school=school, name="云" * 36))
    record_card.draw(cast.card(hukou_place="云" * 132, current_address="云" * 216, name="云" * 36))


@pytest.mark.parametrize(("paper", "facts", "field"), [
    (transfer_certificate, cast.certificate, "reason"), (record_card, cast.card, "national_no"), (check_sheet, cast.check_sheet, "sex")])
def test_a_fact_that_was_not_given_stops_the_paper(paper, facts, field):
    rest = {name: fact for name, fact in facts().items() if name != field}

    with pytest.raises(CannotPrint, match=f"没有给出“{field}”一项"):
        paper.draw(rest)


def test_in_a_batch_the_refusal_says_whose_paper_it_is():
    with pytest.raises(CannotPrint) as refusal:
        check_sheet.draw_all([cast.check_sheet(), cast.check_sheet(name="谢🎓")])

    assert str(refusal.value).startswith("第 2 份（谢🎓）：没有字库能印出这些字符：“🎓”（U+1F393）。")


@pytest.mark.parametrize("paper", [transfer_certificate, record_card, check_sheet, roster])
def test_nothing_to_print_is_said(paper):
    with pytest.raises(CannotPrint, match="请先选定学生"):
        paper.draw_all([])


def test_double_sided_papers_of_a_batch_begin_on_a_front(run):
    pdf = record_card.draw_all([cast.hard_card(), cast.card(), cast.hard_card()])

    assert "Pages:           9\n" in run("pdfinfo", "PDF", pdf=pdf)  # 3 and a blank, 2, 3
    assert run("pdftotext", "-f", "4", "-l", "4", "PDF", "-", pdf=pdf).strip() == ""


def test_one_sided_papers_of_a_batch_are_not_printed_back_to_back():
    for paper, facts in ((transfer_certificate, cast.certificate), (check_sheet, cast.check_sheet), (roster, cast.roster)):
        pdf = paper.draw_all([facts(), facts()])
        assert b"/Duplex /Simplex" in pdf
    assert b"/Duplex /DuplexFlipLongEdge" in record_card.draw(cast.card())
