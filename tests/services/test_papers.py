"""Papers keep their numbers, their words and their state whatever happens around them."""

import io
import threading
from contextlib import suppress
from datetime import date, datetime, timedelta

import pytest
from PIL import Image
from sqlalchemy import select, update

from app.errors import MovedOn, NotAllowed, NotFound, Refusal, Refusals, TooMany
from app.extensions import db
from app.identity import paper_codes
from app.models import Event, Paper, Student
from app.services import trace
from app.services.paperwork import paper_pages, papers, pupil_papers
from app.services.people import throttle
from app.services.pupils import photos, records
from app.services.transactions import writes
from tests.bureau import last_facts

ASKED = {"purpose": "办理户口迁移"}


@pytest.fixture
def issue(county, today, now):
    """Issues a paper for a pupil of a1, or several; returns its id (or the batch's)."""
    def do(*pupils, kind="enrolment_certificate", asked=ASKED, by="registrar.a1", on=today):
        ids = [county.pupil(key) for key in pupils or ("twin.1",)]
        paper_id, batch_id = pupil_papers.issue(kind, ids, asked, actor=county.actor(by), today=on, now=datetime.combine(on, now.time()))
        return paper_id or batch_id
    return do


def row(paper_id):
    return db.session.execute(select(*Paper.__table__.columns).where(Paper.id == paper_id)).one()


def facts_of(paper_id):
    return papers.facts_of(row(paper_id))


def long_code(paper_id):
    return facts_of(paper_id)["check_address"].rsplit("/", 1)[-1]


def verdict(code, today, now, address="203.0.113.5"):
    found = paper_pages.verify(code, address=address, today=today, now=now)
    return found and (found.title, found.number, found.name, found.school, found.issued_on, found.words)


def events():
    return db.session.execute(select(Event.name).where(Event.name.like("document%")).order_by(Event.seq)).scalars().all()


@writes(traced=False)
def set_pupil(s, student_id, **values):
    s.execute(update(Student).where(Student.id == student_id).values(**values))


# ---------------------------------------------------------------- numbers

def test_each_kind_counts_for_itself_in_the_book_of_the_bureau_whose_sign_it_bears(issue):
    numbers = [row(issue(*who, kind=kind, by=by)).number for who, kind, by in (
        (("twin.1",), "enrolment_certificate", "registrar.a1"), (("twin.2",), "enrolment_certificate", "registrar.a1"),
        (("dot",), "enrolment_certificate", "registrar.a2"), (("reading.zeng",), "enrolment_certificate", "registrar.b1"),
        (("twin.1",), "record_card", "registrar.a1"))]

    assert numbers == ["竹读字〔2026〕第00001号", "竹读字〔2026〕第00002号", "竹读字〔2026〕第00003号", "房读字〔2026〕第00001号", "竹籍字〔2026〕第00001号"]


def test_a_new_year_begins_a_new_book(issue):
    assert row(issue(on=date(2026, 12, 31))).number == "竹读字〔2026〕第00001号"
    assert row(issue(on=date(2027, 1, 1))).number == "竹读字〔2027〕第00001号"


def test_two_desks_at_once_and_an_act_that_comes_to_nothing_leave_no_gap(app, county, today, now):
    pupils = [county.pupil(key) for key in ("twin.1", "twin.2", "rare.ext-b", "reading.qiu")]
    registrar, wrong = county.actor("registrar.a1"), []

    @writes
    def stumble(s):
        (draft,) = pupil_papers.drafts(s, "enrolment_certificate", pupils[:1], ASKED, actor=registrar, today=today)
        papers.issue(s, "enrolment_certificate", draft.facts, student_id=draft.student_id, school_id=draft.school_id, actor=registrar, today=today, now=now)
        raise Refusal("nothing comes of it")

    def desk(mine):
        with app.app_context():
            try:
                for student_id in mine:
                    for _ in range(3):
                        with suppress(Refusal):
                            stumble()
                        pupil_papers.issue("enrolment_certificate", [student_id], ASKED, actor=registrar, today=today, now=now)
            except Exception as problem:
                wrong.append(problem)

    desks = [threading.Thread(target=desk, args=(pupils[start::2],)) for start in (0, 1)]
    for one in desks:
        one.start()
    for one in desks:
        one.join(60)

    assert wrong == []
    assert sorted(db.session.execute(select(Paper.serial).where(Paper.kind == "enrolment_certificate")).scalars()) == list(range(1, 13))


# ---------------------------------------------------------------- what is said

def test_a_paper_says_for_good_what_was_so_when_it_was_issued(issue, county, now, today):
    paper_id, head = issue(), county.actor("head.a1")
    first = papers.draw(paper_id, actor=county.actor("registrar.a1"), now=now)
    set_pupil(county.pupil("twin.1"), name="庹思邈")

    assert papers.draw(paper_id, actor=head, now=now + timedelta(days=9)) == first
    assert (row(paper_id).printed_times, row(paper_id).printed_at) == (2, now + timedelta(days=9))
    assert last_facts("document.printed") == {"paper": "学籍证明", "number": "竹读字〔2026〕第00001号", "times": 2}
    assert events() == ["document.issued", "document.printed", "document.printed"]


def test_a_certificate_holds_for_thirty_days(issue, today, now):
    code = long_code(issue())

    assert [verdict(code, today + timedelta(days=days), now)[-1] for days in (30, 31)] == ["有效", "已过期"]


def test_only_who_reads_or_is_suspended_gets_a_certificate(issue, county):
    assert facts_of(issue("suspended"))["standing"] == "在籍休学"
    assert facts_of(issue("twin.1"))["standing"] == "在籍在读"
    with pytest.raises(Refusals) as refusal:
        issue("left")
    assert str(refusal.value) == "现在的状态是“转学（转出）”，不能开具学籍证明。只有在读和休学的学生可以开。"


def test_a_pupil_without_an_id_number_is_known_by_the_number_of_the_record(issue):
    facts = facts_of(issue("unnumbered"))

    assert (facts["id_doc_no"] or "", facts["national_no"][:7]) == ("", "L420323")


def test_a_card_tells_the_way_so_far(issue, county):
    facts = facts_of(issue("twin.1", kind="record_card"))

    assert facts["schooling"] == [{"period": "2025年9月至今", "school": "竹山县堵河路小学", "class_name": "2025级1班", "witness": ""}]
    assert facts["changes"] == [
        {"on": "2025-09-01", "kind": "入学", "reason": "", "origin": "", "destination": "竹山县堵河路小学\n2025级1班", "approval": ""}]
    assert (facts["opened_on"], facts["opened_for"], facts["closed_on"], facts["paper_no"]) == ("2026-09-11", "入学", "", "竹籍字〔2026〕第00001号")


def test_a_card_keeps_the_photo_of_its_day(issue, county, today, now):
    registrar, picture = county.actor("registrar.a1"), Image.effect_noise((300, 400), 40)
    for _ in range(2):
        buffer = io.BytesIO()
        picture.save(buffer, "JPEG", quality=80)
        photos.put(county.pupil("twin.1"), buffer.getvalue(), "a.jpg", actor=registrar, today=today, now=now)
        picture = Image.new("RGB", (300, 400), "white")
        picture.paste(Image.effect_noise((300, 400), 90))
        if not db.session.execute(select(Paper.id)).first():
            paper_id = issue("twin.1", kind="record_card")
            first = papers.draw(paper_id, actor=registrar, now=now)

    assert b"/Subtype /Image" in first
    assert papers.draw(paper_id, actor=registrar, now=now) == first
    assert papers.draw(issue("twin.1", kind="record_card"), actor=registrar, now=now) != first


def test_the_card_of_who_has_left_is_closed(issue):
    facts = facts_of(issue("left", kind="record_card"))

    assert [change["kind"] for change in facts["changes"]] == ["入学", "转出"]
    assert (facts["closed_for"], bool(facts["closed_on"]), facts["graduated_on"]) == ("转出", True, "")


def test_a_character_without_a_font_stops_the_paper_before_it_has_a_number(issue, county, today, now):
    registrar, student_id = county.actor("registrar.a1"), county.pupil("twin.1")
    set_pupil(student_id, name="庹🎓远")
    with pytest.raises(Refusal, match=r"没有字库能印出这些字符：“🎓”（U\+1F393）"):
        pupil_papers.check("enrolment_certificate", [student_id], ASKED, actor=registrar, today=today)
    with pytest.raises(Refusal, match=r"没有字库能印出这些字符：“🎓”（U\+1F393）"):
        pupil_papers.issue("enrolment_certificate", [student_id], ASKED, actor=registrar, today=today, now=now)

    assert db.session.execute(select(Paper.id)).all() == []
    assert row(issue("twin.2")).number == "竹读字〔2026〕第00001号"


def test_what_does_not_fit_is_known_before_it_is_issued(county, today):
    with pytest.raises(Refusal, match="“现住址”一栏"):
        set_pupil(county.pupil("twin.1"), current_address="云" * 600)
        pupil_papers.check("record_card", [county.pupil("twin.1")], {}, actor=county.actor("registrar.a1"), today=today)


def test_a_transfer_certificate_is_issued_within_the_act_that_lets_the_pupil_go(app, county, today, now):
    actor, student_id = county.actor("officer.a"), county.pupil("twin.1")

    @writes
    def let_go(s):
        record = records.load(s, student_id)
        policy_length = pupil_papers.Length(3, "月")
        facts = pupil_papers.certificate_words(
            pupil_papers.words_of(record), pupil_papers.place_of(s, record), number_of_case="竹教转〔2026〕第00001号", to_school="房县北城小学",
            to_school_full="湖北省十堰市房县北城小学", to_office="房县教育局", to_grade="二年级", reason="家庭住址迁移", remark="", valid_for=policy_length, issued_on=today,
            first="releasing", signed={"releasing": ("情况属实，同意转出。", "席海东", today), "releasing_office": ("同意转出。", actor.name, today)},
        )
        issued = papers.issue(s, "transfer_certificate", facts, student_id=student_id, school_id=county.body("a1"), actor=actor, today=today, now=now,
                              expires_on=policy_length.after(today))
        trace.record(s, "document.issued", actor=actor, chain=county.body("a"), subjects=[student_id], paper="转学证明", number=issued.number, purpose="")
        return issued

    issued = let_go()
    assert issued.number == "竹转字〔2026〕第00001号"
    assert row(issued.id).expires_on == date(2026, 12, 11)
    assert facts_of(issued.id)["valid_for"] == "三个月"
    assert papers.draw(issued.id, actor=actor, now=now).startswith(b"%PDF")
    assert verdict(long_code(issued.id), today, now) == ("转学证明", "竹转字〔2026〕第00001号", "庹*远", "竹山县堵河路小学", today, "有效")


# ---------------------------------------------------------------- reissue and void

def test_a_reissue_keeps_the_serial_and_takes_new_codes_and_the_old_one_holds_no_longer(issue, county, today, now):
    old, registrar = issue(), county.actor("registrar.a1")
    new = papers.reissue(old, "原件遗失", actor=registrar, now=now)

    assert [(row(one).serial, row(one).issue, row(one).number, row(one).state) for one in (old, new)] == [
        (1, 1, "竹读字〔2026〕第00001号", "reissued"), (1, 2, "补　竹读字〔2026〕第00001号", "valid")]
    assert verdict(long_code(old), today, now)[1:] == ("竹读字〔2026〕第00001号", "庹*远", "竹山县堵河路小学", today, "已补发")
    assert verdict(long_code(new), today, now)[1:] == ("补　竹读字〔2026〕第00001号", "庹*远", "竹山县堵河路小学", today, "有效")
    assert row(papers.reissue(new, "又遗失", actor=registrar, now=now)).issue == 3
    assert row(issue("twin.2")).number == "竹读字〔2026〕第00002号"
    with pytest.raises(Refusal, match="请打印补发的那一份"):
        papers.draw(old, actor=registrar, now=now)


def test_two_who_end_one_paper_at_once_one_wins_and_the_other_reads_who_and_when(issue, county, now):
    paper_id = issue()
    papers.void(paper_id, "姓名录错", actor=county.actor("head.a1"), now=now)

    with pytest.raises(MovedOn) as refusal:
        papers.reissue(paper_id, "原件遗失", actor=county.actor("registrar.a1"), now=now)
    assert str(refusal.value) == f"这份学籍证明已由{county.actor('head.a1').name}在 2026年9月11日 15:20 作废，您这次没有写入。"


def test_a_voided_paper_is_not_printed_and_its_number_is_not_given_again(issue, county, today, now):
    paper_id = issue()
    papers.void(paper_id, "姓名录错", actor=county.actor("head.a1"), now=now)

    assert verdict(long_code(paper_id), today, now)[-1] == "已作废"
    with pytest.raises(Refusal, match=r"作废，不能再打印。$"):
        papers.draw(paper_id, actor=county.actor("registrar.a1"), now=now)
    assert row(issue()).serial == 2
    assert last_facts("document.voided") == {"paper": "学籍证明", "number": "竹读字〔2026〕第00001号", "reason": "姓名录错"}


def test_what_has_expired_is_issued_anew_and_not_again(issue, county, now):
    with pytest.raises(Refusal, match="在 2026年10月11日 到期，不再补发，请重新开具"):
        papers.reissue(issue(), "遗失", actor=county.actor("registrar.a1"), now=now + timedelta(days=40))


def test_an_end_needs_a_reason_and_somebody_who_may(issue, county, now):
    paper_id = issue()
    with pytest.raises(Refusal, match="请写明原因"):
        papers.void(paper_id, "  ", actor=county.actor("head.a1"), now=now)
    with pytest.raises(NotAllowed):
        papers.void(paper_id, "错", actor=county.actor("registrar.a1"), now=now)
    with pytest.raises(NotAllowed):
        papers.reissue(paper_id, "错", actor=county.actor("head.a1"), now=now)
    with pytest.raises(NotFound):
        papers.void(paper_id, "错", actor=county.actor("head.a2"), now=now)
    assert row(paper_id).state == "valid"


# ---------------------------------------------------------------- a class

def test_a_class_is_issued_and_printed_as_one(issue, county, now):
    batch = issue("twin.1", "twin.2", kind="record_card", asked={})
    first = papers.draw_batch(batch, actor=county.actor("registrar.a1"), now=now)

    assert db.session.execute(select(Paper.number, Paper.printed_times).where(Paper.batch_id == batch).order_by(Paper.serial)).all() == [
        ("竹籍字〔2026〕第00001号", 1), ("竹籍字〔2026〕第00002号", 1)]
    assert b"/Duplex /DuplexFlipLongEdge" in first
    assert papers.draw_batch(batch, actor=county.actor("registrar.a1"), now=now) == first
    assert events() == ["documents.issued", "documents.printed", "documents.printed"]
    assert last_facts("documents.issued") == {
        "paper": "学籍卡", "count": 2, "first": "竹籍字〔2026〕第00001号", "last": "竹籍字〔2026〕第00002号", "purpose": ""}


def test_one_of_a_class_who_cannot_have_a_paper_stops_all_and_is_named(issue, county):
    with pytest.raises(Refusals) as refusal:
        issue("twin.1", "left")
    assert str(refusal.value).startswith("昝雨禾：现在的状态是“转学（转出）”")
    assert db.session.execute(select(Paper.id)).all() == []


# ---------------------------------------------------------------- who sees

def test_a_paper_stays_with_the_school_and_the_county_that_issued_it(issue, county, today, now):
    paper_id = issue()
    def seen(username):
        return [line.id for line in paper_pages.of_student(county.actor(username), county.pupil("twin.1"), today=today)]

    assert {name: seen(name) for name in ("registrar.a1", "head.a1", "officer.a", "registrar.a2", "officer.b", "teacher.a1", "auditor")} == {
        "registrar.a1": [paper_id], "head.a1": [paper_id], "officer.a": [paper_id], "registrar.a2": [], "officer.b": [], "teacher.a1": [], "auditor": []}
    with pytest.raises(NotFound):
        papers.draw(paper_id, actor=county.actor("registrar.a2"), now=now)
    with pytest.raises(NotFound):
        issue("twin.1", by="registrar.a2")


def test_no_number_and_no_code_stands_readable_in_the_table(issue):
    paper_id = issue()
    facts, stored = facts_of(paper_id), bytes(row(paper_id).facts)

    assert [value for value in (facts["id_doc_no"], facts["code"], facts["check_address"]) if value.encode() in stored] == []
    assert paper_codes.clean(facts["code"]) == paper_codes.short_of(long_code(paper_id))


# ---------------------------------------------------------------- the public check

def test_the_typed_code_and_the_square_find_the_same_paper(issue, today, now):
    paper_id = issue()
    codes = (long_code(paper_id), facts_of(paper_id)["code"], facts_of(paper_id)["code"].lower().replace("-", " "), facts_of(paper_id)["check_address"])

    assert {verdict(code, today, now) for code in codes} == {("学籍证明", "竹读字〔2026〕第00001号", "庹*远", "竹山县堵河路小学", today, "有效")}


@pytest.mark.parametrize("code", ["", "0" * 16, "0" * 12, "验", "x" * 5000, "\x00", "' OR 1=1 --", "%"])
def test_whatever_is_not_ours_is_answered_alike(issue, today, now, code):
    issue()
    assert paper_pages.verify(code, address="203.0.113.5", today=today, now=now) is None


def test_who_guesses_waits_and_who_checks_what_is_in_hand_does_not(issue, today, now):
    code = long_code(issue())
    for _ in range(30):
        assert verdict(code, today, now)
    for _ in range(throttle.FREE["verify"]):
        assert verdict("0" * 16, today, now) is None

    with pytest.raises(TooMany) as refusal:
        verdict(code, today, now)
    assert refusal.value.seconds == 30
    assert "密码" not in str(refusal.value)
    assert verdict(code, today, now, address="203.0.113.6")
    assert verdict(code, today, now + timedelta(seconds=31))
    with pytest.raises(TooMany):
        verdict("0" * 16, today, now + timedelta(seconds=31))
        verdict("0" * 16, today, now + timedelta(seconds=32))
