"""Facts of invented pupils: an ordinary one, and one with the longest that the forms of entry take."""
import json
from pathlib import Path

HERE = Path(__file__).parent
SAMPLES = json.loads((HERE / "samples.json").read_text("utf-8"))
PHOTO = (HERE / "photo.jpg").read_bytes()

LONG_NAME = "阿卜杜热合曼江·麦麦提吐尔逊·库尔班尼亚孜汗·𠮷𬭎"  # 25 characters
LONG_ADDRESS = SAMPLES["record-card-hard"]["current_address"]  # 120 characters


def certificate(**changes):
    return SAMPLES["transfer-certificate"] | changes


def hard_certificate():
    return SAMPLES["transfer-certificate-hard"]


def card(**changes):
    return SAMPLES["record-card"] | {"photo": PHOTO} | changes


def hard_card():
    return SAMPLES["record-card-hard"] | {"photo": PHOTO}


def enrolment_certificate(**changes):
    facts = {name: SAMPLES["record-card"][name] for name in (
        "name", "sex", "birth_date", "entry_month", "id_doc_no", "national_no", "code", "check_address", "check_page", "printed_on", "printed_by")}
    return facts | {
        "number": "青读字〔2026〕第00112号", "class_title": "六年级（2）班", "id_doc_title": "身份证号", "standing": "在籍在读", "purpose": "办理户口迁移",
        "valid_for": "30天", "school": {"name": "青溪县城关镇第一小学", "officer": "张　敏", "decided_on": "2026-08-28"}, "school_phone": "0990-9300101"} | changes


def hard_enrolment_certificate():
    return enrolment_certificate(
        name=LONG_NAME, number="补　青读字〔2026〕第10247号", class_title="七年级（13）班（双语实验班）", purpose="用" * 40, id_doc_title="港澳居民来往内地通行证号",
        school={"name": "青溪县民族团结九年一贯制寄宿学校（云山大学附属实验学校青溪分校）", "officer": "㛃", "decided_on": "2026-08-28"})


def dropout_report(**changes):
    card_facts = SAMPLES["record-card"]
    facts = {name: card_facts[name] for name in (
        "name", "sex", "birth_date", "national_no", "current_address", "school_code", "code", "check_address", "check_page", "case_no", "printed_on", "printed_by")}
    return facts | {
        "number": "青辍字〔2026〕第00003号", "class_title": "六年级2班", "guardian": {"name": "卢志远", "relation": "父亲", "phone": "13800000317"}, "absent_from": "2026-09-07",
        "days": "20", "reason": "外出务工（含随父母外出）", "whereabouts": "随父母在南陵县务工", "measures": "请村委会继续联系家长", "explanation": "", "noted_by": "李静",
        "visits": [{"on": f"2026-09-{day}", "who": "班主任李静、副校长张敏", "how": "入户家访", "result": "家长答应国庆后送回"} for day in (14, 21)],
        "school": {"name": "青溪县城关镇第一小学", "opinion": "情况属实", "officer": "张　敏", "decided_on": "2026-10-09"},
        "office": {"name": "青溪县教育局", "opinion": "同意", "officer": "周建华", "decided_on": "2026-10-12"},
    } | changes


def hard_dropout_report():
    """The longest that the forms take, and more visits than the first sheet holds."""
    full = {"name": "青溪县民族团结九年一贯制寄宿学校（云山大学附属实验学校青溪分校）", "opinion": "情况属实", "officer": "㛃", "decided_on": "2026-10-09"}
    return dropout_report(
        name=LONG_NAME, current_address=LONG_ADDRESS, number="补　青辍字〔2026〕第10247号", class_title="六年级（13）班（双语实验班）", whereabouts="去" * 60, measures="措" * 200,
        explanation="情" * 200, guardian={"name": LONG_NAME, "relation": "其他监护人或监护机构", "phone": "0990-93001010001"}, noted_by=LONG_NAME, school=full, office=full,
        visits=[{"on": "2026-09-14", "who": "人" * 40, "how": "会同乡镇、村（社区）劝返", "result": "果" * 120}] * 9)


def suspension_certificate(**changes):
    facts = dropout_report()
    return {name: facts[name] for name in ("name", "sex", "birth_date", "national_no", "class_title", "school", "office", "code", "check_address", "check_page", "case_no",
                                           "printed_on", "printed_by")} | {
        "variant": "leaving", "number": "青休字〔2026〕第00007号", "reason": "身体疾病", "from_on": "2026-09-07", "until_on": "2027-03-07", "applied_on": "2026-09-08",
        "approved_on": "2026-10-12", "issued_on": "2026-10-12", "evidence": "休学申请书（监护人签字）、县级以上医院诊断证明、病历、收费票据", "remark": ""} | changes


def hard_suspension_certificate(**changes):
    full = hard_dropout_report()
    return suspension_certificate(
        name=LONG_NAME, number="补　青休字〔2026〕第10247号", class_title=full["class_title"], school=full["school"], office=full["office"], reason="因" * 60,
        evidence="、".join(["公安、民政或劳动部门证明", "校长、班主任签字的意见", "县级以上医院诊断证明", "休学申请书（监护人签字）", "病历", "收费票据", "护照、签证", "其他材料"] * 2),
        remark="续休第 2 次，原休学证明 补　青休字〔2026〕第10246号") | changes


def resumption_certificate(**changes):
    return suspension_certificate(variant="returning", number="青复字〔2026〕第00002号", certificate_no="青休字〔2026〕第00007号", effective_on="2026-11-20",
                                  evidence="青溪县人民医院：县级以上医院康复证明") | changes


def hard_resumption_certificate():
    hard = hard_suspension_certificate()
    return resumption_certificate(**{name: hard[name] for name in ("name", "class_title", "school", "office", "reason")} | {
        "number": "补　青复字〔2026〕第10247号", "certificate_no": "补　青休字〔2026〕第10246号", "evidence": "医" * 60 + "：" + hard["evidence"]})


def departure_form(variant, **changes):
    facts = dropout_report() | {"entry_month": "2020-09", "id_doc_no": "990321201405160327"}
    told = {"cancelled": {"number": "青销字〔2026〕第00002号", "why": "死亡", "reason": "溺水死亡"},
            "abroad": {"number": "青境字〔2026〕第00002号", "country": "日本国", "abroad_kind": "定居"}}[variant]
    return {name: facts[name] for name in ("name", "sex", "birth_date", "national_no", "id_doc_no", "entry_month", "current_address", "class_title", "guardian", "school", "office",
                                           "code", "check_address", "check_page", "case_no", "printed_on", "printed_by")} | told | {
        "variant": variant, "effective_on": "2026-10-08", "evidence": "派出所证明或死亡证明", "explanation": "", "applied_on": "2026-10-09", "approved_on": "2026-10-12"} | changes


def cancellation(**changes):
    return departure_form("cancelled", **changes)


def abroad_record(**changes):
    return departure_form("abroad", **changes)


def _hardest():
    full = hard_dropout_report()
    return {name: full[name] for name in ("name", "current_address", "class_title", "guardian", "school", "office")} | {
        "evidence": hard_suspension_certificate()["evidence"], "explanation": "情" * 200, "number": "补　青销字〔2026〕第10247号"}


def hard_cancellation():
    return cancellation(**_hardest(), reason="医" * 60 + "：" + "断" * 60)


def hard_abroad_record():
    return abroad_record(**_hardest(), country="国" * 40, abroad_kind="类" * 60)


def withdrawal_notice(**changes):
    facts = dropout_report()
    return {name: facts[name] for name in ("name", "sex", "birth_date", "national_no", "class_title", "school", "office", "code", "check_address", "check_page", "case_no",
                                           "printed_on", "printed_by")} | {
        "number": "青退字〔2026〕第00001号", "guardian": "卢志远", "ground": "监护人申请", "reason": "病患", "issued_on": "2026-10-12", "school_phone": "0990-9300101"} | changes


def hard_withdrawal_notice():
    full = hard_dropout_report()
    return withdrawal_notice(name=LONG_NAME, guardian=LONG_NAME, number="补　青退字〔2026〕第10247号", class_title=full["class_title"], ground="休学期满逾期未复学",
                             reason="停学实践（求职）", school=full["school"], office=full["office"])


def transfer_application(**changes):
    card_facts = SAMPLES["record-card"]
    facts = {name: card_facts[name] for name in (
        "name", "sex", "ethnicity", "birth_date", "national_no", "id_doc_type", "id_doc_no", "hukou_nature", "phone", "entry_month", "attendance_mode",
        "hukou_place", "current_address", "code", "check_address", "check_page", "case_no", "printed_on", "printed_by")}
    return facts | {
        "title": "云山省中小学生转学申请表", "number": "青申字〔2026〕第00018号", "photo": PHOTO, "from_school": "青溪县城关镇第一小学（2199003218）",
        "from_class": "六年级（2）班", "to_school": "南陵县实验小学", "to_grade": "六年级", "scope": "省内跨县", "reason": "家庭住址迁移：父母在南陵县购房。",
        "attached": ["户口簿", "居住证明（房产证、居住证）"], "first": "receiving",
        "guardian": {"name": "卢志远", "relation": "父亲", "phone": "13800000317", "id_doc_type": "居民身份证", "id_doc_no": "990321198405160317"},
        **{side: {"name": name, "opinion": None, "officer": None, "decided_on": None} for side, name in (
            ("receiving", "南陵县实验小学"), ("receiving_office", "南陵县教育局"), ("releasing", "青溪县城关镇第一小学"), ("releasing_office", "青溪县教育局"))},
    } | changes


def hard_transfer_application():
    school = "青溪县民族团结九年一贯制寄宿学校（云山大学附属实验学校青溪分校）"
    full = {"name": school, "opinion": "经" * 90, "officer": "㛃", "decided_on": "2026-08-28"}
    return transfer_application(
        name=LONG_NAME, hukou_place=LONG_ADDRESS, current_address=LONG_ADDRESS, from_school=school, to_school=school, from_class="七年级（13）班（双语实验班）",
        reason="因" * 90, first="releasing", receiving=full, releasing=full, number="补　青申字〔2026〕第10247号", attached=["其他"])


APPLIED = {  # what the rows of each form of app/documents/application.py hold
    "key-change": {"changes": [{"item": "姓名", "old": "卢思远", "new": "陆思远"}, {"item": "身份证件号", "old": "990321201603120311", "new": "99032120160312032X"}]},
    "kind-change": {"now": "普通", "new": "借读生"}, "grade-skip": {"to_class": "三年级2班"}, "grade-repeat": {"to_class": "一年级1班"},
    "poverty": {"level": "一般困难", "from": "2026年9月1日", "basis": "低保"},
}


def application(form="key-change", **changes):
    facts = transfer_application()
    return {name: facts[name] for name in ("name", "sex", "ethnicity", "birth_date", "national_no", "id_doc_type", "id_doc_no", "hukou_nature", "phone",
                                           "current_address", "photo", "printed_on", "printed_by", "case_no")} | {
        "form": form, "title": "云山省中小学生学籍信息变更申请表", "number": "", "school": "青溪县城关镇第一小学", "class_title": "二年级1班",
        "explanation": "户口簿已于2026年8月更正，登记时按旧户口簿录入。", "attached": "■户口簿（变更页）　■户籍管理部门的证明　□护照、通行证或居留证件　□其他材料",
        "guardian": {"name": "卢志远", "relation": "父亲", "phone": "13800000317"},
        **{side: {"name": name, "opinion": None, "officer": None, "decided_on": None} for side, name in (
            ("school_opinion", "青溪县城关镇第一小学"), ("office_opinion", "青溪县教育局"))},
    } | APPLIED[form] | changes


def hard_application(form="key-change"):
    school = "青溪县民族团结九年一贯制寄宿学校（云山大学附属实验学校青溪分校）"
    full = {"name": school, "opinion": "经" * 90, "officer": "㛃", "decided_on": "2026-08-28"}
    longest = {"changes": [{"item": item, "old": LONG_NAME, "new": LONG_NAME} for item in (
        "姓名", "性别", "出生日期", "身份证件类型", "身份证件号", "国籍/地区", "港澳台侨外")]} if form == "key-change" else {}
    return application(form, name=LONG_NAME, current_address=LONG_ADDRESS, school=school, class_title="七年级（13）班（双语实验班）", explanation="因" * 200,
                       attached="　".join(f"□{title}" for title in ("户口簿（变更页）", "户籍管理部门的证明", "护照、通行证或居留证件", "残疾人教育专家委员会意见", "其他材料")),
                       school_opinion=full, office_opinion=full, **longest)


def check_sheet(**changes):
    return SAMPLES["check-sheet"] | changes


def hard_check_sheet():
    facts = check_sheet(
        name=LONG_NAME, former_name="吕𬭎𠮷·阿卜杜热合曼", name_pinyin="abuduerehemanjiang maimaitituerxun kuerbanniyazihan",
        school_name="青溪县民族团结九年一贯制寄宿学校（云山大学附属实验学校青溪分校）", class_title="七年级（13）班（双语实验班）", print_no=12,
        birth_place_code="新疆维吾尔自治区克孜勒苏柯尔克孜自治州阿克陶县", native_place="新疆维吾尔自治区克孜勒苏柯尔克孜自治州阿克陶县",
        hukou_place_code=LONG_ADDRESS, current_address=LONG_ADDRESS + LONG_ADDRESS[:80], mail_address=LONG_ADDRESS,
        home_address=LONG_ADDRESS + LONG_ADDRESS[:60], talent="冬不拉弹唱、柯尔克孜族刺绣" * 9, email=f"{'long.address' * 4}@mail.example",
        homepage=f"https://pages.example/{'pupil/' * 13}", class_code="（13）班（双语实验班）", health_status="有慢性病（支气管哮喘）",
        admission_mode="统一招生考试/普通入学", left_behind="单亲留守儿童", inclusive_class="视力残疾随班就读", disability_type="视力残疾（低视力二级）")
    members = SAMPLES["record-card-hard"]["guardians"]
    facts["guardians"] = [
        facts["guardians"][0] | {
            "name": members[0]["name"], "employer": members[0]["employer"], "job_title": members[0]["job_title"],
            "current_address": LONG_ADDRESS, "hukou_place_code": "新疆维吾尔自治区克孜勒苏柯尔克孜自治州阿克陶县"},
        facts["guardians"][1] | {"name": members[1]["name"], "relation": "其他亲属（祖母）", "relation_note": "父母在外务工，由祖母照管"},
    ]
    return facts


def pupil(number, **changes):
    """A row of a roster."""
    return {
        "class_no": str(number), "class_name": "（1）班", "national_no": "G990***************", "name": f"卢雨桐{'甲乙丙丁戊'[number % 5]}",
        "sex": "女" if number % 2 else "男", "ethnicity": "汉族", "birth_date": "2014-05-16", "id_doc_no": "9903**************",
        "hukou_place": "云山省青溪县城关镇东门社区", "current_address": "城关镇东门社区文昌路18号3栋", "guardian": "谢春梅",
        "phone": "1380*******", "attendance_mode": "走读", "remark": ""} | changes


def roster(count=45, **changes):
    return {
        "variant": "class", "school_name": "青溪县城关镇第一小学", "class_title": "六年级（2）班", "class_teacher": "张敏",
        "term": "2026—2027学年第一学期", "expected": count, "rows": [pupil(number) for number in range(1, count + 1)], "seal": None,
        "filled_by": "", "printed_on": "2026-09-01", "printed_by": "张敏"} | changes


def hard_roster():
    facts = roster(30)
    facts["rows"][4] |= {
        "name": LONG_NAME, "hukou_place": "新疆维吾尔自治区克孜勒苏柯尔克孜自治州阿克陶县", "current_address": LONG_ADDRESS,
        "guardian": "麦麦提吐尔逊·库尔班尼亚孜汗·阿卜杜拉·𠮷𬭎㛃", "ethnicity": "柯尔克孜族", "remark": "随迁，借读手续办理中"}
    return facts


def act(number, **changes):
    """A row of a register of a term."""
    return {
        "name": f"卢雨桐{'甲乙丙丁戊'[number % 5]}", "sex": "女", "birth_month": "2014-05", "national_no": "G990***************", "class_title": "六年级2班", "what": "休学",
        "reason": "疾病", "period": "2026.09.07—2027.03.07", "other_school": "", "certificate_no": f"青休字〔2026〕第{number:05}号", "approved_on": "2026-09-11", "remark": ""} | changes


def term_register(count=25, **changes):
    return {
        "name": "青溪县城关镇第一小学", "school_name": "青溪县城关镇第一小学", "term": "2026—2027学年第一学期", "rows": [act(number) for number in range(1, count + 1)],
        "sums": f"休学 {count} 人次", "filled_by": "张敏", "seal": {"name": "青溪县城关镇第一小学", "decided_on": "2026-12-28"}, "printed_on": "2026-12-28", "printed_by": "张敏"} | changes


def hard_term_register():
    school = hard_dropout_report()["school"]["name"]
    return term_register(
        1, school_name=school, seal={"name": school, "decided_on": "2026-12-28"}, sums="　".join(f"{what} 12 人次" for what in ("休学", "续休", "复学", "转出", "转入")),
        rows=[act(1, name=LONG_NAME, class_title="六年级（13）班（双语实验班）", reason="因" * 200, other_school=school, certificate_no="补　青休字〔2026〕第10247号")])


def empty_term_register():
    return term_register(0, sums="无（零报告）")


def suspension_application(**changes):
    facts = departure_form("cancelled")
    blank = {"opinion": None, "officer": None, "decided_on": None}
    return {name: facts[name] for name in ("name", "sex", "birth_date", "national_no", "id_doc_no", "current_address", "class_title", "guardian", "printed_on", "printed_by", "code",
                                           "check_address", "check_page", "case_no")} | {
        "form": "suspension", "title": "云山省中小学生休（复）学申请表", "school": "青溪县城关镇第一小学",
        "school_opinion": blank | {"name": "青溪县城关镇第一小学"}, "office_opinion": blank | {"name": "青溪县教育局"},
        "leaving": {"reason": "疾病", "final_grade": "否", "from_on": "2026-09-07", "until_on": "2027-03-07", "hospital": "青溪县人民医院", "diagnosis": "肺炎", "explanation": "",
                    "attached": "■县级以上医院诊断证明　■病历　■收费票据　□公安、民政或劳动部门证明　□护照、签证　□校长、班主任签字的意见　□其他材料"},
        "returning": dict.fromkeys(("certificate_no", "effective_on", "to_class", "cohort", "hospital", "explanation", "attached"), "")} | changes


def hard_suspension_application():
    full = hard_dropout_report()
    school = full["school"] | {"opinion": None, "officer": None, "decided_on": None}
    half = suspension_application()["leaving"]
    return suspension_application(
        form="resumption", name=LONG_NAME, current_address=LONG_ADDRESS, guardian=full["guardian"], school=school["name"], class_title=full["class_title"], school_opinion=school,
        office_opinion=school, leaving=half | {"reason": "因" * 60, "hospital": "医" * 60, "diagnosis": "断" * 60, "explanation": "情" * 200},
        returning={"certificate_no": "补　青休字〔2026〕第10246号", "effective_on": "2026-11-20", "to_class": "六年级（13）班（双语实验班）", "cohort": "■原年级　□下一届", "hospital": "院" * 60,
                   "explanation": "说" * 200, "attached": "■县级以上医院康复证明　□治疗材料　□其他材料"})
