"""Every setting of the rules: its default, and where the default comes from. Profiles change some, a county changes more."""

from dataclasses import dataclass

from .sources import (
    BARS,
    HEBEI,
    HENAN,
    HUNAN,
    JIANGSU,
    LAW,
    M17,
    N13,
    N25,
    NATIONAL_SYSTEM,
    OLD_SHANDONG,
    OWN,
    SHANDONG,
    SICHUAN,
    YUHONG,
    ZHEJIANG,
    ZHUSHAN,
)
from .values import Length, Window, YearDay


@dataclass(frozen=True)
class Setting:
    """`kind`: yes_no, number, length, day, choice, template, list or windows. `choices`: (value, label) pairs of a choice,
    the units of a length, the blanks of a template. `source` is the id of what was read. `awaits` names the business whose
    rule it is where the house has none of that business yet: the page says so."""

    key: str
    title: str
    kind: str
    default: object
    article: str
    source: str
    sure: str
    unit: str | None = None
    choices: tuple = ()
    note: str = ""
    least: int = 1
    most: int = 9999
    awaits: str = ""


def days(number):
    return Length(number, "日")


def working_days(number):
    return Length(number, "工作日")


def months(number):
    return Length(number, "月")


STOP_OR_WARN = (("stop", "不予办理"), ("warn", "提醒，可以继续"))
WORKING = ("工作日", "日")
ANY = ("日", "工作日", "月", "年")  # a length that says nothing is counted in days, months or years
CUSTOM_BLANKS = ("county", "kind", "year", "serial")

GROUPS = {
    "新生登记": (
        Setting("entry_age", "小学入学年龄", "number", 6, LAW, "S1; 义务教育法 11", "full", "周岁", least=5, most=8),
        Setting("entry_cutoff", "满周岁的截止日期", "day", YearDay(8, 31), LAW, "S1; 义务教育法 11", "full", note="当日出生的算已满周岁，差一天也要等下一年。截止日见于河北省实施细则。"),
        Setting("entry_delay_age", "可推迟到的入学年龄", "number", 7, LAW, "S1; 义务教育法 11", "full", "周岁", least=5, most=9),
        Setting("record_within", "建立学籍的期限", "length", months(2), N25, "N25t, N25s, SC26", "excerpt", choices=ANY, note="自首次办理入学注册起。2013年办法第七条为 1 个月。"),
        Setting("record_reminder", "建立学籍的提醒", "length", months(1), f"{N13}第七条", "N13; 14", "excerpt"),
        Setting("guardians_least", "至少登记的监护人", "number", 1, f"{YUHONG}五", "S4 篇7 五", "full", "人", most=6),
        Setting("name_change_within", "新生更名的期限", "length", days(0), OWN, "own", "own", note="填 0 日表示不另设期限。", least=0),
        Setting(
            "senior_no_show",
            "高中新生逾期不报到，取消入学资格",
            "length",
            days(14),
            f"{OLD_SHANDONG}第六条",
            "SD2 6, JS",
            "excerpt",
            note="自开学日起，未请假的；按退学办理，依据选“新生逾期未报到”。",
        ),
        Setting("school_audit_by", "新生学籍学校审核截止", "day", YearDay(9, 30), HENAN, "S2", "full"),
        Setting("duplicates_by", "查重与问题学籍处理截止", "day", YearDay(10, 30), HENAN, "S2", "full"),
        Setting("lock_on", "新生关键信息锁定", "day", YearDay(9, 30), ZHEJIANG, "S3", "full", note="关键信息任何时候都按关键信息变更办理；此日前后在变更申请上提示。"),
        Setting("undrawn_by", "小升初未调档的列出名单", "day", YearDay(9, 30), OWN, "own", "own"),
        Setting("quota_enforcement", "超过招生计划", "choice", "stop", ZHEJIANG, "S3; MAN 9.1", "full", choices=STOP_OR_WARN),
        Setting("quota_city", "招生计划调整须经市级", "yes_no", False, OWN, "own", "own"),
    ),
    "学制与班额": (
        Setting("years_system", "义务教育学制", "choice", "六三", OWN, "14", "unverified", choices=(("六三", "六三制"), ("五四", "五四制"))),
        Setting("class_limit_primary", "小学班额上限", "number", 45, HEBEI, "S1, SD2 8", "full", "人", most=200),
        Setting("class_limit_junior", "初中班额上限", "number", 50, HEBEI, "S1, SD2 8", "full", "人", most=200),
        Setting("class_limit_senior", "高中班额上限", "number", 50, f"{OLD_SHANDONG}第八条", "SD2 8", "full", "人", most=200),
        Setting("class_limit_special", "特殊教育班额上限", "number", 12, OWN, "own", "unverified", "人", most=200),
        Setting("class_size_large", "大班额：超过", "number", 55, "教育部大班额口径", "CLS", "secondary", "人", most=200),
        Setting("class_size_huge", "超大班额：超过", "number", 65, "教育部大班额口径", "CLS", "secondary", "人", most=200),
    ),
    "编号": (
        Setting("local_numbers", "本地赋予临时学籍号（L 号）", "yes_no", True, OWN, "own", "own"),
        Setting(
            "aux_number_template",
            "学籍辅号编制规则",
            "template",
            "",
            OWN,
            "14",
            "own",
            note="留空表示不在本地编制，只登记已有的辅号。",
            choices=(
                "stage1",
                "entry_year2",
                "entry_year4",
                "province2",
                "city2",
                "county2",
                "county6",
                "town2",
                "school2",
                "school4",
                "school6",
                "sex1",
                "serial",
            ),
        ),
        Setting("aux_number_digits", "学籍辅号位数", "number", 0, OWN, "own", "own", "位", note="填 0 表示不限位数；登记、修改学籍时核对。", least=0, most=30),
        Setting("compulsory_card", "登记义务教育卡号", "yes_no", False, OWN, "own", "own", note="登记义务教育阶段新生时，没有填的提示。"),
        Setting(
            "class_code_template",
            "班级编码规则",
            "template",
            "{entry_year2}{stage1}{school6}{serial:3}",
            YUHONG,
            "S4 篇7",
            "full",
            note="共 12 位：年级代码 3 位、学校代码 6 位、班级序号 3 位。年级代码三位的含义原文未说明，按入学年份和学段编。",
            choices=("entry_year2", "stage1", "school6", "serial"),
        ),
        Setting("document_number_template", "证明编号规则", "template", "{county}{kind}字〔{year}〕第{serial:5}号", OWN, "own", "own", choices=CUSTOM_BLANKS),
        Setting("case_number_template", "受理编号规则", "template", "{county}教{kind}〔{year}〕第{serial:5}号", OWN, "own", "own", choices=CUSTOM_BLANKS),
        Setting(
            "certificate_number_template",
            "毕业证书编号规则",
            "template",
            "{year}{county6}{school4}{serial:5}",
            OWN,
            "own",
            "own",
            choices=("year", "county6", "school4", "school6", "stage1", "serial"),
            awaits="毕业",
        ),
    ),
    "办理环节与期限": (
        Setting("step_days_school", "学校核办期限", "length", working_days(10), f"{N25}第十五条", "N25x", "excerpt", choices=WORKING),
        Setting("step_days_township", "乡镇核办期限", "length", working_days(10), OWN, "own", "own", choices=WORKING),
        Setting("step_days_county", "县级核办期限", "length", working_days(10), f"{N25}第十五条", "N25x", "excerpt", choices=WORKING),
        Setting("step_days_city", "市级核办期限", "length", working_days(10), OWN, "own", "own", choices=WORKING),
        Setting("step_days_province", "省级核办期限", "length", working_days(10), OWN, "own", "own", choices=WORKING),
        Setting("mend_days", "退回补正期限", "length", working_days(10), OWN, "own", "own", choices=WORKING),
        Setting("second_person_school", "学校由第二人（学籍主管领导）复核", "yes_no", True, NATIONAL_SYSTEM, "OPS, MANX, M13", "full", note="只在学校有两人时要求。"),
        Setting("second_person_county", "县级由第二人复核", "yes_no", False, OWN, "OPS, MANX, M13", "own", note="全国学籍系统要求各级两人。"),
        Setting(
            "start_by",
            "转学由谁发起",
            "choice",
            "to_school",
            f"{N25}第十五条",
            "N25x",
            "excerpt",
            choices=(("to_school", "转入学校"), ("from_school", "转出学校")),
        ),
        Setting("release_instruction", "须有允许转学指令方可调档", "yes_no", False, OWN, "own", "own"),
        Setting("instruction_days", "允许转学指令的有效期", "length", days(90), OWN, "14; own", "own"),
        Setting("province_steps", "跨省转学须经省级", "yes_no", False, "教基一司函〔2013〕68号", "FJ2, HN2, M13; SC, XX", "excerpt"),
        Setting("city_steps_senior", "高中转学须经市级", "yes_no", False, OWN, "SC", "own"),
        Setting("poverty_review_from", "贫困生复核开始", "day", YearDay(9, 1), OWN, "own", "own", note="每学年复核一次，未复核的在学校工作台提醒。"),
        Setting("poverty_review_by", "贫困生复核截止", "day", YearDay(9, 30), OWN, "own", "own"),
        Setting("key_change_province", "关键信息变更须经省级", "yes_no", False, OWN, "APP14, KEY", "own"),
        Setting("withdrawal_city", "高中退学须经市级", "yes_no", True, HUNAN, "HN2, SC26, SD", "excerpt"),
    ),
    "转学": (
        Setting("transfer_windows", "受理转学的时间", "windows", (), N25, "14; M17", "own", note="留空表示除全国暂停期外随时受理。"),
        Setting("pause_from", "全国暂停受理转学：自", "day", YearDay(7, 15), M17, "M17, M14", "full", note="当日 0 时起。在办的继续办理。"),
        Setting("pause_to", "全国暂停受理转学：至", "day", YearDay(8, 14), M17, "M17, M14", "full", note="当日 24 时止。"),
        Setting("graduating_stop", "毕业年级停止受理新业务：自", "day", YearDay(7, 1), M17, "M17", "full", note="死亡除外。"),
        Setting("graduating_clear", "毕业年级在办业务清理", "day", YearDay(7, 15), M17, "M17", "full", note="当日 0 时。"),
        Setting("transfer_papers_valid", "转学证明的有效期", "length", months(3), ZHUSHAN, "S4", "full"),
        Setting("first_term_bar", "起始年级第一学期不得转学", "yes_no", True, BARS, "BJ, SDY, XJ, HI, SC26", "excerpt"),
        Setting("graduating_bar", "毕业年级不得转学", "yes_no", True, BARS, "BJ, SDY, XJ, HI, SC26", "excerpt"),
        Setting("punished_bar", "受处分期间不得转学", "yes_no", True, "某省义务教育学生学籍管理实施细则（试行，2014年）", "P14", "excerpt"),
        Setting("vocational_transfer", "开放普通高中与中等职业学校互转", "yes_no", False, OWN, "SD26, JS23, ZJ", "own"),
        Setting("file_handover", "转学后移交档案的期限", "length", months(1), f"{N13}第十五条", "N13", "full"),
        Setting(
            "moving_up_windows",
            "毕业后跨省就学的办理时间",
            "windows",
            (Window.read("8月15日—12月14日"), Window.read("3月1日—5月31日")),
            M17,
            "MANX, M17",
            "full",
            awaits="毕业后跨省就学",
        ),
        Setting("leaving_as_loss_line", "流失报表列“转至市外”一行", "yes_no", False, f"{N13}第十三条、第二十二条", "own", "own", note="只是报表的一行，系统外转出不计入辍学。"),
    ),
    "休学与复学": (
        Setting("suspension_absence", "连续缺课多久可以休学", "length", months(3), f"{YUHONG}十三", "S4 篇7 十三, XA2", "full"),
        Setting("suspension_longest", "一次休学最长", "length", months(12), SICHUAN, "SC26, SD 18, JS23", "excerpt"),
        Setting("suspension_renewals", "可续休次数", "number", 1, "福州市、辽宁省续休规定", "FZ, LN17", "excerpt", "次", least=0, most=5),
        Setting("suspension_total", "休学累计最长", "length", months(24), f"{SHANDONG}第二十条", "XA2, SD 20", "excerpt"),
        Setting(
            "suspension_graduating",
            "毕业年级休学",
            "choice",
            "warn",
            ZHUSHAN,
            "S4; FZ, FJ2, LN17",
            "full",
            choices=(
                ("warn", "须校长、班主任签字并经县同意"),
                ("last_term", "最后一学期不予办理"),
                ("stop", "不予办理"),
                ("allow", "与其他年级相同"),
            ),
        ),
        Setting("renewal_before", "期满前多久起可以续休", "length", days(30), OWN, "own", "own"),
        Setting("renewal_after", "期满后多久内仍可续休", "length", days(30), OWN, "own", "own", least=0),
        Setting("suspension_remind_first", "期满前第一次提醒", "length", days(30), OWN, "own", "own"),
        Setting("suspension_remind_last", "期满前第二次提醒", "length", days(7), OWN, "own", "own"),
        Setting("resume_ahead", "期满前多久申请复学", "length", days(7), ZHUSHAN, "S4, FZ", "full"),
        Setting("resume_same_grade", "休学多久以内回原班", "length", months(3), ZHUSHAN, "S4", "full"),
        Setting("not_back_compulsory", "义务教育阶段逾期未复学，按辍学报告", "length", days(14), JIANGSU, "JS23", "excerpt", least=0),
        Setting("not_back_senior", "高中逾期未复学，按退学处理", "length", days(30), f"{SHANDONG}第二十条", "SD 20, HN2", "excerpt", note="填 0 日表示期满即办。", least=0),
    ),
    "辍学、退学与死亡": (
        Setting("absence_report", "无故缺课几天报告", "number", 5, "粤教基〔2009〕3号", "GD9", "excerpt", "个上课日", most=60),
        Setting("absence_dropout", "无故缺课几天按辍学报告", "number", 20, OWN, "own; LN17", "own", "个上课日", most=120),
        Setting("dropout_visits", "报告前至少劝返", "number", 1, OWN, "own", "own", "次", least=0, most=20),
        Setting("dropout_list_day", "每月报送辍学名单", "number", 28, "某县控辍保学工作方案", "DO2", "excerpt", "日", most=28),
        Setting("record_kept_until_age", "辍学学生学籍保留到满", "number", 16, f"{N13}第二十二条", "own", "unverified", "周岁", most=20, note="至满周岁的学年末。"),
        Setting("senior_absence_on_end", "高中连续旷课多久按退学处理", "length", days(15), HUNAN, "HN2, SC26", "excerpt", choices=ANY),
        Setting("senior_absence_term", "高中一学期累计旷课几天按退学处理", "number", 45, HUNAN, "HN2, SC26", "excerpt", "天", most=120),
        Setting("death_report", "死亡报告的期限", "length", working_days(10), f"{N13}第二十一条", "HN2", "excerpt", choices=WORKING),
    ),
    "跳级与留级": (
        Setting("repeat_primary", "小学可以留级", "yes_no", False, HEBEI, "S1, SC26", "full"),
        Setting("repeat_junior", "初中可以留级", "yes_no", False, HEBEI, "S1, SC26", "full"),
        Setting("repeat_senior", "高中可以留级", "yes_no", False, SICHUAN, "SC26", "secondary"),
        Setting("repeat_special", "特殊教育可以留级", "yes_no", True, f"{N25}第十四条", "N25x, SC26", "secondary"),
        Setting("repeat_special_most", "特殊教育最多留级", "number", 1, SICHUAN, "SC26", "secondary", "个年级", most=3),
        Setting("skip_primary", "小学可以跳级", "yes_no", False, HEBEI, "S1", "full"),
        Setting("skip_junior", "初中可以跳级", "yes_no", False, HEBEI, "S1", "full"),
        Setting("skip_senior", "高中可以跳级", "yes_no", False, OWN, "own", "own"),
        Setting("skip_special", "特殊教育可以跳级", "yes_no", False, OWN, "own", "own"),
        Setting("grade_move_by", "跳级、留级办理截止", "day", YearDay(9, 30), OWN, "own", "own", note="学年开始时办理：从统一升级到此日。"),
    ),
    "毕业与升级": (
        Setting("graduation_by", "毕业办理截止", "day", YearDay(7, 30), M17, "M14, M15, M17", "full"),
        Setting("promotion_on", "统一升级", "day", YearDay(8, 10), M17, "M14, M15, M17", "full", note="当日 24 时。"),
        Setting(
            "graduation_approval_compulsory",
            "义务教育毕业须经县级核准",
            "yes_no",
            True,
            ZHUSHAN,
            "MANG, M15, S4",
            "full",
            note="全国学籍系统由学校保存即生效。",
            awaits="毕业",
        ),
        Setting("graduation_approval_senior", "高中毕业须经主管部门核准", "yes_no", True, NATIONAL_SYSTEM, "MANG, M15", "full", awaits="毕业"),
        Setting("certificate_stamp", "毕业证书须经验印", "yes_no", True, ZHUSHAN, "S4", "full", awaits="毕业"),
        Setting(
            "graduation_with_problem",
            "问题学籍未处理的毕业",
            "choice",
            "warn",
            OWN,
            "own; MANG",
            "own",
            choices=STOP_OR_WARN,
            note="全国学籍系统不予办理。",
            awaits="毕业",
        ),
    ),
    "成绩与账号": (
        Setting("score_levels", "成绩等级", "list", ("优秀", "良好", "合格", "待合格"), OWN, "own; S4 篇1", "own", note="由高到低。只记等级，不记分数。", awaits="成绩登记"),
        Setting("unused_account", "账号多久不用即封存", "length", days(180), f"{N25}第二十四条", "N25h", "excerpt", note="原文为半年。"),
        Setting("password_age", "密码多久更换", "length", days(180), f"{N25}第二十四条", "N25h; own", "own", note="原文只说定期更换。"),
        Setting("class_accounts", "启用班级账户", "yes_no", False, f"{N25}第二十四条", "S4 篇1, 篇2", "own", note="每次使用须说明是哪位教师。", awaits="班级账户"),
    ),
    "照片与材料": (
        Setting("photo_least_kb", "照片最小", "number", 2, OWN, "own", "unverified", "KB", most=2048),
        Setting("photo_most_kb", "照片最大", "number", 200, OWN, "own", "unverified", "KB", most=10240),
        Setting("photo_least_width", "照片宽度至少", "number", 150, OWN, "own", "unverified", "像素", most=2000),
        Setting("photo_least_height", "照片高度至少", "number", 200, OWN, "own", "unverified", "像素", most=3000),
        Setting("photo_ratio_least", "照片宽与高之比至少", "number", 74, OWN, "own", "unverified", "%", most=200, note="3:4 为 75%。"),
        Setting("photo_ratio_most", "照片宽与高之比至多", "number", 83, OWN, "own", "unverified", "%", most=200, note="5:6.14 为 81%。"),
        Setting("evidence_warn_mb", "材料超过多大时提醒", "number", 2, NATIONAL_SYSTEM, "OPS", "full", "MB", most=50),
        Setting("evidence_most_mb", "单份材料最大", "number", 10, OWN, "own", "own", "MB", most=50),
        Setting("evidence_most_files", "一件业务最多材料", "number", 20, OWN, "own", "own", "份", most=100),
    ),
}

SETTINGS = {setting.key: setting for group in GROUPS.values() for setting in group}
