"""A paper from the pupil's page to the stranger who checks it."""

import shutil
import subprocess
from urllib.parse import urlsplit

import pytest
from flask import render_template
from sqlalchemy import func, select

from app.extensions import db
from app.models import Event, Paper
from app.services.paperwork import paper_pages, papers
from app.services.people import throttle
from tests.conftest import missing
from tests.pages import Person, errors, form_with, hooks, summary


@pytest.fixture
def tool(tmp_path):
    """What a tool reads from a paper."""
    def run(pdf, *command):
        if shutil.which(command[0]) is None:
            missing(command[0])
        (tmp_path / "paper.pdf").write_bytes(pdf)
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60, cwd=tmp_path).stdout
    return run


def words(pdf, tool):
    return "".join(tool(pdf, "pdftotext", "-raw", "paper.pdf", "-").split())


def issued(person, address, **fields):
    """Fill in, read over, issue: the page of the paper (or of the batch)."""
    check = person.fill_in(address, **fields)
    assert check.status_int == 200, check.text
    form = form_with(check, "step", "idempotency_key")
    return form.submit("step", value="issue")


def certificate(person, county, pupil="twin.1", purpose="办理户口迁移"):
    answer = issued(person, f"/documents/new/enrolment_certificate?student={county.pupil(pupil)}", purpose=purpose)
    assert answer.status_int == 303, answer.text
    return answer.location


def cells(page):
    return {dt.get_text(strip=True): dt.find_next_sibling("dd").get_text(" ", strip=True) for dt in page.html.select("dl dt")}


def test_a_registrar_issues_a_certificate_and_a_stranger_checks_the_paper_in_hand(app, county, sign_in, tool, tmp_path):
    registrar = sign_in("registrar.a1")
    check = registrar.fill_in(f"/documents/new/enrolment_certificate?student={county.pupil('twin.1')}", purpose="办理户口迁移")
    assert cells(check) == {
        "姓名": "庹思远", "性别": "男", "出生日期": "2018年10月13日", "身份证件号": "4203**********▪▪▪▪", "学籍号": "G420***********▪▪▪▪", "年级班级": "二年级1班",
        "状态": "在籍在读", "用途": "办理户口迁移"}

    here = form_with(check, "step").submit("step", value="issue").location
    page = registrar.get(here)
    assert [hook.get_text() for hook in hooks(page, "certificate-no")] == ["竹读字〔2026〕第00001号"]
    assert cells(page)["打印"] == "还没有打印"
    answer = registrar.get(f"{here}.pdf")
    assert (answer.content_type, answer.headers["Content-Disposition"][:10], answer.headers["Cache-Control"]) == ("application/pdf", "attachment", "no-store")
    assert "用途：办理户口迁移。" in words(answer.body, tool)
    assert cells(registrar.get(here))["打印"] == "1 次"

    tool(answer.body, "pdftoppm", "-r", "200", "-png", "-singlefile", "paper.pdf", "side")
    address = tool(answer.body, "zbarimg", "-q", "--raw", "side.png").strip()
    assert address.startswith("http://127.0.0.1:8000/verify/")
    stranger = Person(app)
    told = stranger.get(urlsplit(address).path)
    assert cells(told) == {"种类": "学籍证明", "编号": "竹读字〔2026〕第00001号", "学生": "庹*远", "开具学校": "竹山县堵河路小学", "开具日期": "2026年9月11日"}
    assert [hook.get_text() for hook in hooks(told, "state")] == ["有效"]
    assert len(hooks(told, "verify-result")) == 1
    assert "Set-Cookie" not in told.headers

    typed = words(answer.body, tool).split("验证码")[1][:14]
    form = next(form for form in stranger.get("/verify").forms.values() if "code" in form.fields)
    form["code"] = typed.lower()
    assert cells(form.submit()) == cells(told)


def test_reissue_and_void_are_told_to_whoever_asks(app, county, sign_in):
    registrar, head, stranger = sign_in("registrar.a1"), sign_in("head.a1"), Person(app)

    def state_of(here):
        facts = papers.facts_of(db.session.execute(select(Paper.id, Paper.facts).where(Paper.id == int(here.rsplit("/", 1)[-1]))).one())
        return hooks(stranger.get(urlsplit(facts["check_address"]).path), "state")[0].get_text()

    first = certificate(registrar, county)
    second = form_with(registrar.get(first), "reason")
    second["reason"] = "原件遗失"
    second = second.submit().location
    assert (state_of(first), state_of(second)) == ("已补发", "有效")
    assert [hook.get_text() for hook in hooks(registrar.get(second), "certificate-no")] == ["补　竹读字〔2026〕第00001号"]

    assert head.fill_in(second, reason="姓名录错").location == second
    assert (state_of(first), state_of(second)) == ("已补发", "已作废")
    assert "姓名录错" in registrar.get(second).text
    assert "不能再打印" in registrar.get(f"{second}.pdf", status=422).text
    assert [form for form in registrar.get(second).forms.values() if "reason" in form.fields] == []


def test_the_page_of_a_pupil_can_show_her_papers(app, county, sign_in, today):
    registrar, pupil = sign_in("registrar.a1"), county.pupil("twin.1")
    here = certificate(registrar, county)
    with app.test_request_context():
        lines = paper_pages.of_student(county.actor("registrar.a1"), pupil, today=today)
        shown = render_template("documents/_of_pupil.html", papers=lines, pupil_id=pupil)

    assert "竹读字〔2026〕第00001号" in shown
    assert f'href="{here}.pdf"' in shown


def test_an_end_without_a_reason_comes_back_with_the_form(county, sign_in):
    registrar = sign_in("registrar.a1")
    answer = registrar.fill_in(certificate(registrar, county), reason="  ", status=422)

    assert errors(answer) == {"reason": "请写明原因，如“原件遗失”“姓名录错”"}


def test_who_is_second_reads_who_was_first(county, sign_in):
    registrar, head = sign_in("registrar.a1"), sign_in("head.a1")
    here = certificate(registrar, county)
    form = form_with(registrar.get(here), "reason")
    head.fill_in(here, reason="姓名录错")
    form["reason"] = "原件遗失"
    answer = form.submit(status=409)

    assert summary(answer) == [f"这份学籍证明已由{county.actor('head.a1').name}在 2026年9月11日 {answer.html.select_one('time[datetime*=T]').get_text()[-5:]} 作废，您这次没有写入。"]


def test_one_form_issues_one_paper_however_often_it_is_sent(county, sign_in):
    registrar = sign_in("registrar.a1")
    check = registrar.fill_in(f"/documents/new/enrolment_certificate?student={county.pupil('twin.1')}", purpose="办理户口迁移")
    form = form_with(check, "step")
    answers = [form.submit("step", value="issue").location for _ in range(2)]

    assert answers[0] == answers[1]
    assert db.session.execute(select(func.count()).select_from(Paper)).scalar() == 1


def test_the_papers_of_another_school_are_not_there(county, sign_in):
    registrar, other = sign_in("registrar.a1"), sign_in("registrar.a2")
    here = certificate(registrar, county)
    missing_page = other.get("/documents/7", status=404).text

    assert [other.get(address, status=404).text for address in (here, f"{here}.pdf")] == [missing_page] * 2
    assert other.get(f"/documents/new/enrolment_certificate?student={county.pupil('twin.1')}", status=404).text == missing_page
    token = form_with(other.get("/"), "csrf_token")["csrf_token"].value
    assert other.post(f"{here}/reissue", {"csrf_token": token, "reason": "遗失"}, status=404)
    assert "竹读字" not in other.get("/documents").text
    assert "竹读字〔2026〕第00001号" in sign_in("officer.a").get("/documents").text


def test_only_a_registrar_issues(county, sign_in):
    address = f"/documents/new/enrolment_certificate?student={county.pupil('twin.1')}"

    assert [sign_in(name).get(address, status="*").status_int for name in ("head.a1", "officer.a", "teacher.a1", "auditor")] == [403] * 4
    assert sign_in("registrar.a1").get("/documents/new/transfer_certificate?student=1", status=404)
    assert sign_in("registrar.a1").get("/documents/new/nonsense", status=404)


def test_looking_leaves_no_trace_and_printing_does(county, sign_in):
    registrar = sign_in("registrar.a1")
    here = certificate(registrar, county)

    def traces():
        return db.session.execute(select(func.count()).select_from(Event)).scalar()

    before = traces()
    for address in (here, "/documents", f"/documents/new/record_card?student={county.pupil('twin.1')}"):
        registrar.get(address)
    assert traces() == before
    registrar.get(f"{here}.pdf")
    assert traces() == before + 1


HOSTILE = ["<script>alert(1)</script>", "{{7*7}}{name}", "';DROP TABLE papers;--", "%PDF-1.4 endstream", "&lt;b&gt;", "（\\)）]]>"]


@pytest.mark.parametrize("purpose", HOSTILE)
def test_what_looks_like_code_is_shown_and_printed_as_typed(purpose, county, sign_in, tool):
    registrar = sign_in("registrar.a1")
    address = f"/documents/new/enrolment_certificate?student={county.pupil('rare.ext-b')}"
    assert cells(registrar.fill_in(address, purpose=purpose))["用途"] == purpose
    text = words(registrar.get(f"{certificate(registrar, county, 'rare.ext-b', purpose)}.pdf").body, tool)

    assert "用途：" + "".join(purpose.split()) + "。" in text
    assert "吴𠮷安" in text


def test_what_cannot_be_printed_is_said_before_anything_is_issued(county, sign_in):
    registrar = sign_in("registrar.a1")
    address = f"/documents/new/enrolment_certificate?student={county.pupil('twin.1')}"

    answers = {purpose: registrar.fill_in(address, purpose=purpose, status=422) for purpose in ("去🎓", "", "用" * 41)}
    assert summary(answers["去🎓"]) == [
        "没有字库能印出这些字符：“🎓”（U+1F393）。请核对是否录错；确有此字的，请把含有它的 TrueType 字体放进字库文件夹，重新启动后再打印。"]
    assert errors(answers[""]) == {"purpose": "请填写用途，如“办理户口迁移”"}
    assert errors(answers["用" * 41]) == {"purpose": "最多 40 个字，请写短一些"}
    assert form_with(answers["用" * 41], "purpose")["purpose"].value == "用" * 41


def test_a_family_gets_the_application_filled_in(county, sign_in, tool):
    registrar = sign_in("registrar.a1")
    answer = issued(registrar, f"/documents/new/transfer_application?student={county.pupil('twin.1')}", to_school="湖北省十堰市房县北城小学", to_grade="二年级",
                    scope="省内跨县", reason="02", explanation="父母在房县购房")
    text = words(registrar.get(f"{answer.location}.pdf").body, tool)

    assert [fact for fact in ("湖北省中小学生转学申请表", "竹申字〔2026〕第00001号", "湖北省十堰市房县北城小学", "家庭住址迁移：父母在房县购房", "省内跨县") if fact not in text] == []
    wrong = registrar.fill_in(f"/documents/new/transfer_application?student={county.pupil('twin.1')}", to_school="", status=422)
    assert errors(wrong) == {"to_school": "请填写转入学校的全称", "to_grade": "请填写拟入年级，如“三年级”", "scope": "请选择转学范围", "reason": "请选择转学原因"}


def test_a_card_is_read_over_with_its_days_and_masked_numbers(county, sign_in):
    told = cells(form_with(sign_in("registrar.a1").get(f"/documents/new/record_card?student={county.pupil('twin.1')}"), "step").submit())
    assert (told["学籍变动"], told["学籍号"]) == ("2025年9月1日 入学", "G420***********▪▪▪▪")


def test_a_class_gets_its_cards_in_one_file_without_those_unticked(county, sign_in, tool):
    registrar = sign_in("registrar.a1")
    address = f"/documents/new/record_card?class={county.class_('a1', year=2)}"
    form = form_with(registrar.get(address), "step", "id")
    ticks = form.fields["id"]
    assert [tick.checked for tick in ticks] == [True] * len(ticks)
    ticks[-1].checked = False
    batch = form_with(form.submit(), "step").submit("step", value="issue").location

    page = registrar.get(batch)
    assert len(hooks(page, "certificate-no")) == len(ticks) - 1
    (pdf,) = [link["href"] for link in page.html.select("a[href*=batches]")]
    told = tool(registrar.get(pdf).body, "pdfinfo", "paper.pdf")
    assert f"Pages:           {2 * (len(ticks) - 1)}\n" in told
    assert sign_in("registrar.a2").get(pdf, status=404)

    for tick in ticks:
        tick.checked = False
    assert summary(form.submit(status=422)) == ["请先勾选学生。"]


def test_whoever_types_a_code_wrongly_is_told_and_whoever_guesses_waits(app):
    stranger = Person(app)
    assert errors(stranger.get("/verify?code=7K4M", status=422)) == {"code": "验证码应为 12 位，现在是 4 位，请照证明上“验证码”后面的 12 位字母和数字填写"}
    typed, scanned = stranger.get("/verify?code=000000000000", status=404), stranger.get("/verify/0000000000000000", status=404)
    told = [hooks(page, "verify-result")[0].get_text(" ", strip=True) for page in (typed, scanned)]
    assert told == ["没有查到这份证明 本系统没有用这个验证码开具过证明。请对照纸面再核对一次；仍然查不到的，请向证明上写明的学校核实。"] * 2
    for _ in range(throttle.FREE["verify"] - 2):
        stranger.get("/verify/nonsense", status=404)

    answer = stranger.get("/verify/nonsense", status=429)
    assert 0 < int(answer.headers["Retry-After"]) <= 30
    assert stranger.get("/verify?code=000000000000", status=429)
    assert stranger.get("/verify")
