"""Rule profiles (规则方案): what a province or county does otherwise than 国家2025, and the Policy that a county ends up with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from string import Formatter
from types import MappingProxyType

from .calendar import WorkCalendar
from .edits import as_text, check_edit
from .settings import SETTINGS
from .sources import CITY, HEBEI, LIAONING, OWN, YUHONG, ZHEJIANG, ZHUSHAN
from .values import Length, Window, YearDay


@dataclass(frozen=True)
class Change:
    """A profile's own value. It may equal the default: then the profile has an article of its own for it."""

    value: object
    article: str
    source: str
    sure: str


@dataclass(frozen=True)
class Profile:
    key: str
    title: str
    changes: Mapping[str, Change]


PROFILES = {
    profile.key: profile
    for profile in (
        Profile("national2025", "国家（2025年版）", {}),
        Profile(
            "hebei",
            "河北",
            {
                "entry_age": Change(6, HEBEI, "S1", "full"),
                "entry_cutoff": Change(YearDay(8, 31), HEBEI, "S1", "full"),
                "class_limit_primary": Change(45, HEBEI, "S1", "full"),
                "class_limit_junior": Change(50, HEBEI, "S1", "full"),
                "repeat_primary": Change(False, HEBEI, "S1", "full"),
                "repeat_junior": Change(False, HEBEI, "S1", "full"),
                "skip_primary": Change(False, HEBEI, "S1", "full"),
                "skip_junior": Change(False, HEBEI, "S1", "full"),
            },
        ),
        Profile(
            "zhejiang",
            "浙江",
            {
                "release_instruction": Change(True, ZHEJIANG, "S3", "full"),
                "lock_on": Change(YearDay(9, 30), ZHEJIANG, "S3", "full"),
                "quota_enforcement": Change("stop", ZHEJIANG, "S3", "full"),
                "compulsory_card": Change(True, ZHEJIANG, "S3", "full"),
            },
        ),
        Profile(
            "shaanxi",
            "陕西",
            {
                "record_within": Change(Length(1, "月"), "西安市建立学籍的规定（按陕西省规定）", "XA, N13 7", "excerpt"),
                "record_reminder": Change(Length(20, "日"), OWN, "own", "own"),
                "transfer_windows": Change((Window.read("放假—开学"),), "陕教规范〔2014〕2号", "SN", "full"),
                "aux_number_digits": Change(18, "陕西省学籍辅号编制规则", "S0", "full"),
            },
        ),
        Profile(
            "zhushan",
            "竹山（湖北）",
            {
                "start_by": Change("from_school", ZHUSHAN, "S4 篇10", "full"),
                "transfer_windows": Change(
                    (Window.read("开学前7日—开学后7日"), Window.read("放假前7日—放假后7日")), ZHUSHAN, "S4 篇10", "full"
                ),
                "transfer_papers_valid": Change(Length(3, "月"), ZHUSHAN, "S4 篇10", "full"),
                "suspension_longest": Change(Length(3, "月"), ZHUSHAN, "S4 篇10", "full"),
                "suspension_graduating": Change("warn", ZHUSHAN, "S4 篇10", "full"),
                "resume_ahead": Change(Length(7, "日"), ZHUSHAN, "S4 篇10", "full"),
                "resume_same_grade": Change(Length(3, "月"), ZHUSHAN, "S4 篇10", "full"),
                "name_change_within": Change(Length(1, "月"), ZHUSHAN, "S4 篇10", "full"),
                "graduation_approval_compulsory": Change(True, ZHUSHAN, "S4 篇10", "full"),
                "certificate_stamp": Change(True, ZHUSHAN, "S4 篇10", "full"),
            },
        ),
        Profile(
            "yuhong",
            "于洪（沈阳）",
            {
                "start_by": Change("from_school", YUHONG, "S4 篇7", "full"),
                "suspension_absence": Change(Length(3, "月"), f"{YUHONG}十三", "S4 篇7 十三", "full"),
                "suspension_longest": Change(Length(12, "月"), LIAONING, "LN17", "excerpt"),
                "suspension_renewals": Change(1, LIAONING, "LN17", "excerpt"),
                "suspension_graduating": Change("last_term", LIAONING, "LN17", "excerpt"),
                "absence_dropout": Change(20, LIAONING, "LN17; 四周合 20 个上课日", "excerpt"),
                "guardians_least": Change(1, f"{YUHONG}五", "S4 篇7 五", "full"),
                "class_code_template": Change(SETTINGS["class_code_template"].default, YUHONG, "S4 篇7", "full"),
                "leaving_as_loss_line": Change(True, f"{CITY}第九条", "S4 篇2 九, 篇7", "full"),
            },
        ),
    )
}


@dataclass(frozen=True)
class Policy:
    """A county's rules at one version: `policy["entry_age"]` or `policy.entry_age`."""

    profile: str
    version: int
    values: Mapping[str, object] = field(hash=False)
    edited: frozenset = frozenset()

    def __getitem__(self, key):
        return self.values[key]

    def __getattr__(self, key):
        if key in SETTINGS:
            return self.values[key]
        raise AttributeError(key)

    def article(self, key):
        """Where the value comes from, as a refusal cites it."""
        return f"本地规则（第 {self.version} 版）" if key in self.edited else self.origin(key).article

    def sure(self, key):
        """full, excerpt, secondary, unverified, own, or local where the bureau has set it itself (`sources.SURE` has the words)."""
        return "local" if key in self.edited else self.origin(key).sure

    def text(self, key):
        return as_text(SETTINGS[key], self.values[key])

    def origin(self, key):
        """What stands under a county's own edit: the profile's Change, or the Setting with its default."""
        return PROFILES[self.profile].changes.get(key) or SETTINGS[key]


def make_policy(profile_key="national2025", edits=None, version=1):
    """`edits` are the texts a county has typed, by key; a ValueError says what is wrong with one."""
    if profile_key not in PROFILES:
        raise ValueError(f"没有“{profile_key}”这套规则，请从 {'、'.join(PROFILES)} 中选择。")
    values = {key: setting.default for key, setting in SETTINGS.items()}
    values |= {key: change.value for key, change in PROFILES[profile_key].changes.items()}
    for key, text in (edits or {}).items():
        if key not in SETTINGS:
            raise ValueError(f"没有“{key}”这项规则，请刷新页面后再改。")
        values[key] = check_edit(SETTINGS[key], text)
    return Policy(profile_key, version, MappingProxyType(values), frozenset(edits or ()))


def contradictions(policy):
    """What the settings say against one another, asked before a county's edits are kept."""
    start = YearDay(1, 1).in_year(2001)
    pairs = [
        (policy.record_reminder.after, policy.record_within.after, "建立学籍的提醒应早于建立学籍的期限，请改短提醒的时间。"),
        (policy.suspension_longest.after, policy.suspension_total.after, "休学累计最长应不短于一次休学最长，请改长累计的时间。"),
        (policy.pause_from, policy.pause_to, "全国暂停受理转学的起始日应早于结束日，请改正起止日期。"),
        (policy.graduating_stop, policy.graduating_clear, "毕业年级停止受理应不晚于在办业务清理，请改正日期。"),
        (policy.graduation_by, policy.promotion_on, "毕业办理截止应早于统一升级，请改正日期。"),
        (policy.absence_report, policy.absence_dropout, "缺课报告的天数应少于按辍学报告的天数，请改正天数。"),
        (policy.class_size_large, policy.class_size_huge, "大班额的人数应少于超大班额的人数，请改正人数。"),
        (policy.photo_least_kb, policy.photo_most_kb, "照片最小应小于照片最大，请改正大小。"),
        (policy.photo_ratio_least, policy.photo_ratio_most, "照片宽与高之比的下限应小于上限，请改正比例。"),
        (policy.evidence_warn_mb, policy.evidence_most_mb, "材料提醒的大小应不超过单份材料最大，请改正大小。"),
        (*_digits(policy), "学籍辅号编制规则编出的位数多于“学籍辅号位数”，请改正其中一项。"),
        (*reversed(_digits(policy)), "学籍辅号编制规则编出的位数少于“学籍辅号位数”，请改正其中一项。"),
        (policy.suspension_remind_last.after, policy.suspension_remind_first.after, "第二次提醒应比第一次更近期满，请改正提醒的时间。"),
    ]
    return [sentence for less, more, sentence in pairs if _on(less, start) > _on(more, start)]


def _digits(policy):
    """(how many places the template of the 学籍辅号 makes, how many there should be); equal where one of them does not say."""
    blanks = list(Formatter().parse(policy.aux_number_template))
    widths = [width or name[-1:] for _, name, width, _ in blanks if name]
    if not blanks or not policy.aux_number_digits or not all(width.isdigit() for width in widths):
        return 0, 0
    return sum(len(words) for words, *_ in blanks) + sum(map(int, widths)), policy.aux_number_digits


WEEKDAYS = WorkCalendar({}, date.max, 0)


def _on(bound, start):
    return bound(start, WEEKDAYS) if callable(bound) else bound
