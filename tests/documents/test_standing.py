"""休学证明, 复学证明, 学籍注销单, 出国（境）就读备案表, 休（转、复）学登记表: what they say, and that no seal covers what is to be read."""

import pytest

from app.documents import departure_form, suspension_application, suspension_certificate, term_register

from . import cast
from .test_seals import only_office_and_date, under

CERTIFICATES = (cast.suspension_certificate, cast.hard_suspension_certificate, cast.resumption_certificate, cast.hard_resumption_certificate)
FORMS = (cast.cancellation, cast.hard_cancellation, cast.abroad_record, cast.hard_abroad_record)


def test_a_suspension_is_certified_in_the_words_of_the_blank(read):
    text = read(suspension_certificate.draw(cast.suspension_certificate()))

    assert (
        "学生卢雨桐，性别女，学籍号G990321201405160327，系我校六年级2班学生，因身体疾病，经审核批准，自2026年9月7日至2027年3月7日休学，休学期间保留学籍。"
        "期满前一周凭本证明及县级以上医院康复证明办理复学手续。") in text
    assert text.count("青休字〔2026〕第00007号") == 3  # stub, cut line, certificate
    assert "第一联学校存档" in text and "第二联交学生监护人" in text


def test_a_return_names_the_certificate_it_ends_and_the_class(read):
    text = read(suspension_certificate.draw(cast.resumption_certificate()))

    assert "因身体疾病，自2026年9月7日至2027年3月7日休学。经审核批准，准予自2026年11月20日起在六年级2班复学。" in text
    assert (text.count("青复字〔2026〕第00002号"), text.count("青休字〔2026〕第00007号")) == (3, 1)


@pytest.mark.parametrize("facts", CERTIFICATES)
def test_both_halves_tell_every_fact(read, facts):
    text, told = read(suspension_certificate.draw(facts())), facts()

    names = ("number", "name", "class_title", "reason", "evidence", "national_no", "case_no", *(("remark",) if told["variant"] == "leaving" else ("certificate_no",)))
    said = [told[name] for name in names] + [told["school"]["name"], told["school"]["officer"], told["office"]["name"]]
    assert [fact for fact in said if "".join(fact.split()) not in text] == []


@pytest.mark.parametrize("facts", CERTIFICATES)
def test_seals_of_a_certificate_cover_only_office_and_date(run, facts):
    pdf = suspension_certificate.draw(facts())
    for x, y in ((85.5, 250), (164, 250)):
        assert only_office_and_date(under(run, pdf, 1, x, y), facts()) == [], (x, y)
    assert set(under(run, pdf, 1, 50, 148.5)) == {"（骑缝章）"}


@pytest.mark.parametrize("facts", FORMS)
def test_a_form_tells_every_fact_and_its_seals_cover_none(read, run, facts):
    pdf, told = departure_form.draw(facts()), facts()
    text = read(pdf)

    names = ("number", "name", "class_title", "evidence", "explanation", "national_no", "id_doc_no", "current_address",
             *(("why", "reason") if told["variant"] == "cancelled" else ("country", "abroad_kind")))
    said = [told[name] for name in names] + [*told["guardian"].values(), "2026年10月8日", "2020年9月"]
    assert [fact for fact in said if "".join(fact.split()) not in text] == []
    for x, y in ((85.8, 217.25), (168.3, 217.25)):
        assert only_office_and_date(under(run, pdf, 1, x, y), told) == [], (x, y)


def test_a_register_tells_every_act_and_its_sums_and_goes_on_before_the_seal(read, run):
    facts = cast.term_register()
    text = read(term_register.draw(facts))

    assert [row["certificate_no"] for row in facts["rows"] if text.count(row["certificate_no"]) != 1] == []
    assert "合计休学25人次" in text and text.count("共25人次") == 2 and "2014.05" in text and "2026.09.11" in text
    assert list(under(run, term_register.draw(facts), 2, 242, 172)) == ["（公章）", "青溪县城关镇第一小学", "2026年12月28日"]


def test_the_longest_register_loses_nothing_and_an_empty_one_says_so(read):
    facts = cast.hard_term_register()
    text, row = read(term_register.draw(facts)), facts["rows"][0]

    assert [row[name] for name in ("name", "class_title", "reason", "other_school", "certificate_no") if "".join(row[name].split()) not in text] == []
    assert "合计无（零报告）" in read(term_register.draw(cast.empty_term_register()))


@pytest.mark.parametrize("facts", [cast.suspension_application, cast.hard_suspension_application])
def test_an_application_tells_both_halves_and_its_four_seals_cover_none(read, run, facts):
    pdf, told = suspension_application.draw(facts()), facts()
    text = read(pdf)

    said = [told[name] for name in ("name", "school", "class_title", "current_address")] + [*told["guardian"].values()]
    said += [value for half in ("leaving", "returning") for name, value in told[half].items() if not name.endswith("_on")]
    assert [fact for fact in said if "".join(fact.split()) not in text] == []
    assert ("■休学□续休□复学" if told["form"] == "suspension" else "□休学□续休■复学") in text
    offices = {name: told[name] for name in ("school_opinion", "office_opinion")}
    for x, y in ((85.8, 151.25), (168.3, 151.25), (85.8, 244.75), (168.3, 244.75)):
        assert only_office_and_date(under(run, pdf, 1, x, y), offices) == [], (x, y)
