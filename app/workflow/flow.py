"""The language in which kinds of case (业务) are written: a flow of steps, each at a desk, each with the moves that can be made there."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..policies.settings import SETTINGS

NEXT = ""  # where a move leads that goes on along the case's own way


@dataclass(frozen=True)
class Move:
    """What can be done at a step. `blame` moves need a reason from a list and say what is to be mended.

    `by` names who may, where it is not whoever holds the seat: the school that `began` the case, an `office` above one of its schools, the office
    that `released` the pupil, or the `clock`. An `answer` is that of an office elsewhere: with its date and its paper.
    """

    to: str
    title: str
    blame: bool = False
    by: str = ""
    answer: bool = False


@dataclass(frozen=True)
class Step:
    """`seat` says whose desk (see SEATS); `days` names the setting that holds its time; a step without moves ends the case.

    `second` names the setting by which two persons of the office agree, one after the other, inside the step and its clock (workflows 0, 7b).
    """

    title: str
    seat: str = ""
    days: str = ""
    moves: Mapping[str, Move] = field(default_factory=dict)
    second: str = ""
    outcome: str = ""  # of a step that ends the case: how the case is called then

    @property
    def terminal(self):
        return not self.moves


@dataclass(frozen=True)
class Flow:
    """`sign` stands in the case's number (竹教招〔2026〕第00001号); `start` is the first step, `first` where a submitted case goes."""

    kind: str
    title: str
    sign: str
    start: str
    steps: Mapping[str, Step]
    article: str
    begun_by: str = "school_registrar"
    subject: str = "student"
    evidence: Mapping[str, str] = field(default_factory=dict)  # what may be attached: key → title
    spared: Mapping[str, str] = field(default_factory=dict)  # what of it may be left off: key → when
    makes_record: bool = False  # what is applied for is the pupil's record itself
    ordinary: tuple = ()  # the ordinary way of a kind whose cases have each their own
    one_by_one: bool = False  # many decided together take effect each by itself: one that cannot does not hold up the others

    def sparing(self) -> list:
        """[(title, when)] of the evidence that may be left off."""
        return [(self.evidence[kind], when) for kind, when in self.spared.items()]

    def offered(self, name) -> dict:
        """The moves that a form offers at a step to whoever holds its seat."""
        return {action: move for action, move in self.steps[name].moves.items() if action != "submit" and not move.by}

    def target(self, route, name, action) -> str:
        """The step that a move leads to, for a case that goes this way (`line_of`)."""
        to = self.steps[name].moves[action].to
        return to if to != NEXT else route[route.index(name) + 1]

    def outcome(self, name, action) -> str:
        """How a move ends every case that it is made in; nothing where that depends on the case's way."""
        to = self.steps[name].moves[action].to
        return self.steps[to].outcome if to != NEXT else ""

    def outcome_title(self, name, action) -> str:
        """已清理, 已失效: how a move that ends every case is told."""
        return self.steps[self.steps[name].moves[action].to].title

    def line_of(self, case) -> tuple:
        """The steps of this case's way in their order, for progress bars; `case` has its `route` as it is stored."""
        return tuple(case.route.split()) or tuple(self.line)

    @property
    def line(self):
        """The steps in the order of the ordinary way."""
        if self.ordinary:
            return list(self.ordinary)
        names, name = [], self.start
        while name not in names:
            names.append(name)
            moves = self.steps[name].moves
            name = next((moves[action].to for action in ("submit", "approve") if action in moves), name)
        return names


# Whose desk a step stands on. services.casework.case_files finds the body.
SEATS = {
    "applicant": "申请学校学籍管理员",
    "audit": "学校审核人",  # where the school has none: its township, else the county
    "county": "主管教育行政部门",
    "registrar": "学籍管理员",
    "source": "生源地教育行政部门",  # the county that pupils are recruited from
    "city": "市级教育行政部门",
    "province": "省级教育行政部门",
    "before": "上一环节的办理单位",  # an office elsewhere decides; the last of ours before it records the answer (DECIDED 1)
}

# Each office has its own clock (办法第十五条: 应当分别在10个工作日内): the setting that holds a step's days where another duty than the school's sits.
DAYS = {
    "township_registrar": "step_days_township", "county_officer": "step_days_county", "city_officer": "step_days_city",
    "province_officer": "step_days_province",
}


def second_of(step: Step, duty: str) -> str:
    """The setting that asks for a second person where this duty holds a step: a county's; a school's second person has a step of her own, its audit."""
    return step.second if duty == "county_officer" else ""


def unit_of(step: Step) -> str:
    """In what the time left of a step is told: offices count working days, an instruction runs by the calendar."""
    return "日" if step.days and "工作日" not in SETTINGS[step.days].choices else "工作日"


def days_of(step: Step, duty: str) -> str:
    """The setting that says how long this duty has for a step; mending has its own."""
    return DAYS.get(duty, step.days) if step.days.startswith("step_days") else step.days


# How a case stands, as a list says it: (words, the look's class)
STATES = {
    "open": ("办理中", "run"), "effective": ("已生效", "done"), "rejected": ("不予办理", "bad"), "withdrawn": ("已撤销", ""), "lapsed": ("已失效", ""),
    "cleared": ("已清理", ""), "voided": ("已作废", "bad"),
}

ENDINGS = {
    "effective": Step("已生效", outcome="effective"), "rejected": Step("不予办理", outcome="rejected"), "withdrawn": Step("已撤销", outcome="withdrawn"),
    "cleared": Step("已清理", outcome="cleared"),
}
ENDED = {"withdraw": Move("withdrawn", "撤销", by="began"), "clear": Move("cleared", "清理", by="office")}  # at every step


def examined(title, seat, days, approve="同意", second=""):
    """A desk on a case's own way."""
    return Step(title, seat, days, {
        "approve": Move(NEXT, approve), "return": Move("applying", "退回补正", blame=True), "refuse": Move("rejected", "不予办理，本件终结", blame=True), **ENDED,
    }, second=second)


def elsewhere(title):
    """The same at an office that is not in this house: ours before it records the answer (DECIDED 1)."""
    return Step(title, "before", "step_days_county", {
        "agree": Move(NEXT, "对方同意", answer=True), "disagree": Move("rejected", "对方不同意，本件终结", blame=True, answer=True), **ENDED,
    })


def school_then_county(first_title, county_title="主管教育行政部门核办"):
    """registrar → school audit → county: the road of most kinds (workflows.md 1, 2, 8 …)."""
    return {
        "applying": Step(first_title, "applicant", "mend_days", {
            "submit": Move("school_audit", "提交"), **ENDED,
        }),
        "school_audit": Step("学校审核", "audit", "step_days_school", {
            "approve": Move("county", "同意，送主管教育行政部门核办"), "return": Move("applying", "退回补正", blame=True),
            "refuse": Move("rejected", "不予办理，本件终结", blame=True), **ENDED,
        }),
        "county": Step(county_title, "county", "step_days_county", {
            "approve": Move("effective", "同意，立即生效"), "return": Move("applying", "退回补正", blame=True),
            "refuse": Move("rejected", "不予办理，本件终结", blame=True), **ENDED,
        }, second="second_person_county"),
        **ENDINGS,
    }
