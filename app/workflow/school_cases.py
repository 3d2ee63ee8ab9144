"""Kinds of case that are not about one pupil: a school's plan of new pupils, whole classes, pupils of another region."""

from ..errors import Refusal
from .flow import ENDED, ENDINGS, NEXT, Flow, Move, Step, elsewhere, examined

WORDS_MOST = 200


def unsaid(asked, titles, wanted) -> list:
    """What is wrong with the words of an application; `wanted` is what to say of a field that was left empty: {field: sentence}."""
    wrong = []
    for name, sentence in wanted.items():
        words = getattr(asked, name).strip()
        if not words:
            wrong.append(Refusal(sentence, field=name))
        elif len(words) > WORDS_MOST:
            wrong.append(Refusal(f"{titles[name]}最多 {WORDS_MOST} 个字，请写短一些", field=name))
    return wrong


# ---------------------------------------------------------------- 招生计划调整 (workflows.md 18)

QUOTA = Flow(
    kind="quota", title="招生计划调整", sign="计", subject="school", start="applying",
    article="浙江省《关于全面实施中小学学生学籍电子化管理的意见》：招生计划的调整须经上级主管部门同意", one_by_one=True,
    steps={
        "applying": Step("申请调整计划", "applicant", "mend_days", {"submit": Move(NEXT, "提交"), **ENDED}),
        "county": examined("主管教育行政部门核定", "county", "step_days_county", second="second_person_county"),
        "city": examined("市级教育行政部门核定", "city", "step_days_city"),
        **ENDINGS,
    },
    ordinary=("applying", "county", "effective"),
    evidence={"document": "调整依据（文件、会议纪要）", "other": "其他材料"},
)
QUOTA_ASKS = {"stage": "学段", "year": "招生年份", "number": "增加人数", "reason": "调整理由", "document": "依据文件"}
QUOTA_REASONS = {"01": "学位不足", "02": "依据不充分", "03": "申请人数与实际不符", "99": "其他"}


def quota_route(city) -> tuple:
    """`city`: the rules ask the city bureau too, and the county's is not the city's own."""
    return ("applying", "county", *(["city"] if city else []), "effective")


# ---------------------------------------------------------------- 整班转学 (workflows.md 7)

WHOLE_CLASS = Flow(
    kind="whole-class-transfer", title="整班转学", sign="整", subject="list", start="applying", begun_by="township_registrar",
    article="中小学生学籍管理办法（教基〔2025〕1号）第十五条；转学原因08“学校撤并、布局调整”", one_by_one=True,
    steps={
        "applying": Step("申请整班转学", "applicant", "mend_days", {"submit": Move("to_registrar", "提交"), **ENDED}),
        "to_registrar": Step("转入学校接收", "registrar", "step_days_school", {
            "approve": Move("county", "同意接收"), "return": Move("applying", "退回补正", blame=True), "refuse": Move("rejected", "不予办理，本件终结", blame=True), **ENDED,
        }),
        "county": Step("主管教育行政部门核办", "county", "step_days_county", {
            "approve": Move("effective", "同意，全部学生立即转入"), "return": Move("applying", "退回补正", blame=True),
            "refuse": Move("rejected", "不予办理，本件终结", blame=True), **ENDED,
        }, second="second_person_county"),
        **ENDINGS,
    },
    evidence={"decision": "学校撤并、布局调整的批准文件", "told": "告知监护人的记录", "other": "其他材料"},
)
WHOLE_CLASS_ASKS = {"to_class": "转入班级", "explanation": "情况说明", "document": "批准文件"}
WHOLE_CLASS_REASONS = {"01": "转入学校没有学位", "02": "批准文件不全", "03": "班级对应有误", "04": "名册有误", "99": "其他"}


# ---------------------------------------------------------------- 跨区域招生 (workflows.md 20)

def _noted(title, seat, days):
    """备案: told, and not asked; what is sent back or refused was so by the two areas before."""
    return Step(title, seat, days, {"approve": Move(NEXT, "已备案"), **ENDED})


RECRUIT = Flow(
    kind="recruit-consent", title="跨区域招生", sign="外", subject="school", start="applying", one_by_one=True,
    article="浙江省《关于全面实施中小学学生学籍电子化管理的意见》：跨区域招生须两地同意并报上级备案",
    steps={
        "applying": Step("申请跨区域招生", "applicant", "mend_days", {"submit": Move(NEXT, "提交"), **ENDED}),
        "to_county": examined("招生学校主管部门同意", "county", "step_days_county", second="second_person_county"),
        "to_city": examined("招生学校所在市同意", "city", "step_days_city"),
        "from_county": examined("生源地主管部门同意", "source", "step_days_county", second="second_person_county"),
        "from_city": examined("生源地所在市同意", "city", "step_days_city"),
        "from_outside": elsewhere("等待生源地（系统外）同意"),
        "city": _noted("市级教育行政部门备案", "city", "step_days_city"),
        "province": _noted("省级教育行政部门备案", "province", "step_days_province"),
        **ENDINGS,
    },
    ordinary=("applying", "to_county", "from_county", "city", "effective"),
    evidence={"document": "跨区域招生计划", "answer": "生源地主管部门的答复", "other": "其他材料"},
)
RECRUIT_ASKS = {"stage": "学段", "year": "招生年份", "from_county": "生源地", "number": "招生人数", "reason": "招生理由", "document": "招生计划文件"}
RECRUIT_REASONS = {"01": "本地生源不足以外招", "02": "不符合就近入学规定", "03": "计划文件不全", "04": "人数过多", "99": "其他"}


def recruit_route(*, same_city, source_here) -> tuple:
    """Between counties of one city both counties agree and the city is told; between cities both cities agree and the province is told."""
    to, told = ("to_county", "city") if same_city else ("to_city", "province")
    source = ("from_county" if same_city else "from_city") if source_here else "from_outside"
    return ("applying", to, source, told, "effective")


SCHOOL_CASES = (QUOTA, WHOLE_CLASS, RECRUIT)
REASONS = {QUOTA.kind: QUOTA_REASONS, WHOLE_CLASS.kind: WHOLE_CLASS_REASONS, RECRUIT.kind: RECRUIT_REASONS}  # why one is returned or refused, where the list of transfers does not fit
