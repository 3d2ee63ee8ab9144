"""A pupil's record as a form: labels, names and rules are those of identity.items; several guardians as member1_…, member2_….

    form = record_form(members=2)(classes=options)    # options of 班级: {grade: [(code, title), …]}
    form.fill(record)                                 # numbers masked; what comes back as the mask stays as it was
    if form.validate_on_submit(): enrolments.apply(form.record(), …)

`record()` is {field: value} with "guardians", as services.pupils.records takes it. Codes of long tables and divisions are typed, by name or code. A page that
may not change some items names them in `leave_out`; "class_code" among them makes a form without place.
"""

from functools import cache

from wtforms import Field, HiddenField, RadioField, SelectField, StringField
from wtforms.fields import SelectChoice

from .. import codes
from ..identity import dates, id_number, masks
from ..identity.items import GUARDIAN_ITEMS, PUPIL_ITEMS, BadValue, clean, member, show
from ..identity.width import no_blanks
from .base import Form
from .fields import Needed

MOST_MEMBERS = 9  # as many as have a title of their own
LONG = 30  # tables with more choices are typed, with a list of suggestions
PICKED = {"sex_form", "attendance_mode"}  # so few that all are seen at once
WIDE = {"current_address", "mail_address", "home_address", "hukou_address", "talent", "remark", "employer"}
SAME = {"同现住址", "同学生现住址", "同学生", "同上", "同现住地址"}
SAME_PLACE, SAME_AS_PUPIL = "同现住址", "同学生"
AS_PUPIL = {"current_address": "current_address", "phone": "phone", "hukou_place_code": "hukou_place_code"}  # of a member: which of the pupil's
PRESET = {"is_guardian": "1", "id_doc_type": "1", "current_address": SAME_AS_PUPIL, "hukou_place_code": SAME_AS_PUPIL}  # of a new member: it alone says of nobody
MASKED = {"id_doc_no": masks.number, "national_no": masks.number, "main_number": masks.number, "phone": masks.phone}

SECTIONS = (  # (anchor, title, fields), in the order of the look
    ("s1", "基础信息", (
        "id_doc_type", "id_doc_no", "name", "name_pinyin", "sex", "birth_date", "ethnicity", "nationality", "birth_place_code", "native_place",
        "hukou_place_code", "hukou_nature", "overseas_status", "health_status", "political_status", "is_young_pioneer", "id_valid_period", "former_name",
        "hukou_address", "talent",
    )),
    ("s2", "学籍信息", (
        "class_code", "entry_month", "admission_mode", "attendance_mode", "student_source", "student_category", "student_kind", "class_no", "aux_number",
        "national_no", "compulsory_card_no",
    )),
    ("s3", "联系方式", ("current_address", "mail_address", "home_address", "phone", "postcode", "email", "homepage")),
    ("s4", "扩展信息", (
        "is_only_child", "had_preschool", "left_behind", "is_migrant_child", "is_orphan", "is_martyr_child", "wants_aid", "has_boarding_subsidy",
        "inclusive_class", "disability_type", "gov_bought_place", "commute_km", "commute_mode", "needs_school_bus", "remark",
    )),
)
MEMBER_FIELDS = (
    "name", "relation", "relation_note", "phone", "is_guardian", "current_address", "hukou_place_code", "id_doc_type", "id_doc_no", "ethnicity", "employer",
    "job_title", "education_level", "birth_date",
)
TUCKED = {  # 选填: out of the way of who types forty-five children, one key away
    "name_pinyin", "is_young_pioneer", "id_valid_period", "former_name", "hukou_address", "talent", "student_category", "aux_number", "national_no",
    "compulsory_card_no", "email", "homepage", "gov_bought_place", "commute_km", "commute_mode", "needs_school_bus", "remark",
}
TUCKED_OF_MEMBER = {"relation_note", "id_doc_type", "ethnicity", "employer", "job_title", "education_level", "birth_date"}
PUPIL_FIELDS = tuple(field for _, _, fields in SECTIONS for field in fields if field != "class_code")


ASK = SelectChoice("", "请选择")


class RecordForm(Form):
    members = 1
    member_fields = MEMBER_FIELDS
    version = HiddenField()

    def __init__(self, *args, classes=None, **kwargs):
        super().__init__(*args, **kwargs)
        self._kept, self._values, self._ids = {}, {}, []
        if "class_code" in self:
            options = [SelectChoice(code, title, optgroup=grade) for grade, found in (classes or {}).items() for code, title in found]
            self.class_code.choices = [ASK, *options]

    # ------------------------------------------------------------ shown

    def sections(self):
        """(anchor, title, fields of the form) for the page; the family is `families`."""
        return [
            (anchor, title, [self[name] for name in fields if name in self]) for anchor, title, fields in SECTIONS if any(name in self for name in fields)
        ]

    @staticmethod
    def width(field):
        return "two" if _item_name(field.name) in WIDE else ""

    def families(self):
        """[(number, fields)] of the members."""
        return [(number, [self[f"member{number}_{name}"] for name in self.member_fields]) for number in range(1, self.members + 1)]

    def apart(self, fields):
        """(those always shown, those that open on demand, whether they stand open: something is in them, or wrong with them)."""
        tucked = [field for field in fields if field.name in TUCKED or (field.name.startswith("member") and _item_name(field.name) in TUCKED_OF_MEMBER)]
        shown = [field for field in fields if field not in tucked]
        return shown, tucked, any(field.errors or (no_blanks(field.data) and field.data != PRESET.get(_item_name(field.name))) for field in tucked)

    def preset(self, number):
        """What nearly every member of a family has, to be typed over."""
        for name, value in PRESET.items():
            self[f"member{number}_{name}"].data = value

    def tasks(self):
        """(href, label, words, look) of every section: what is missing, or to be mended."""
        told = [(f"#{anchor}", title, fields) for anchor, title, fields in self.sections()]
        told.append(("#s5", "家庭成员", [field for number, fields in self.families() if number == 1 or not self._is_empty(number) for field in fields]))
        numerals = "一二三四五六"
        return [(href, f"{numerals[place]}、{title}", *_progress(fields)) for place, (href, title, fields) in enumerate(told)]

    def datalists(self):
        """{id: [words]} of the suggestions that this form's fields ask for."""
        found = {}
        for field in self:
            name = (field.render_kw or {}).get("list", "")
            if name.startswith("codes-"):
                found[name] = [label for _, label in codes.table(name.removeprefix("codes-")).choices()]
            elif name.startswith("same-"):
                found[name] = [SAME_PLACE if name == "same-place" else SAME_AS_PUPIL]
        return found

    def fill(self, record):
        """Show a record: values as people read them, numbers masked, and kept for whoever sends the mask back."""
        self.keep(record)
        for name in PUPIL_FIELDS:
            if name in self:
                self[name].data = _shown(PUPIL_ITEMS[name], record.get(name), name)
        for number, one in enumerate(record.get("guardians", ())[: self.members], 1):
            for name in self.member_fields:
                self[f"member{number}_{name}"].data = _shown(GUARDIAN_ITEMS[name], one.get(name), name)
        return self

    def keep(self, record):
        """Remember the numbers of a record, so that a masked one that comes back unchanged is that number."""
        self._ids = [one.get("id") for one in record.get("guardians", ())]
        for name in MASKED:
            self._kept[name] = record.get(name)
            for number, one in enumerate(record.get("guardians", ()), 1):
                if name in self.member_fields:
                    self._kept[f"member{number}_{name}"] = one.get(name)
        return self

    # ------------------------------------------------------------ read

    def validate(self, *args, **kwargs):
        valid = super().validate(*args, **kwargs)
        self._values = {}
        self._read_pupil()
        for number in range(1, self.members + 1):
            if number == 1 or not self._is_empty(number):
                self._read_member(number)
        return valid and not any(field.errors for field in self)

    def record(self) -> dict:
        """After `validate`: the cleaned values; a member that was left blank is not there, one that `keep` knew has its id."""
        record = {name: self._values.get(name) for name in PUPIL_FIELDS if name in self}
        guardians = []
        for number in range(1, self.members + 1):
            if f"member{number}_name" in self._values:
                known = {"id": self._ids[number - 1]} if number <= len(self._ids) and self._ids[number - 1] else {}
                guardians.append(known | {name: self._values.get(f"member{number}_{name}") for name in self.member_fields})
        return record | {"guardians": guardians}

    def answers(self, place=""):
        """After `validate`, for the page that asks once more: [(section, [(label, value, anchor)])] of what was filled in and what must be."""
        record, told = self.record(), []
        for _, title, fields in self.sections():
            rows = [(one, place if one.name == "class_code" else show(PUPIL_ITEMS[one.name], record.get(one.name))) for one in fields]
            told.append((title, [(one.label.text, value, one.name) for one, value in rows if value or one.flags.required]))
        for number, one in enumerate(record["guardians"], 1):
            rows = [(item.title, show(item, one.get(name)), f"member{number}_{name}") for name, item in GUARDIAN_ITEMS.items()]
            told.append((f"成员{number}", [row for row in rows if row[1]]))
        return told

    def _read_pupil(self):
        doc_type = self._code_of("id_doc_type")
        for name in sorted(PUPIL_FIELDS, key=lambda name: name != "current_address"):  # others may be the same as it
            if name in self:
                self._read(self[name], PUPIL_ITEMS[name], doc_type)
        self._derive()
        if "class_code" in self and self.class_code.data not in self.offered():
            self.class_code.errors = ["请选择班级"] if not self.class_code.data else ["请选择本校在用的班级，选过的班已不在列表中"]

    def offered(self):
        return {choice.value for choice in self.class_code.choices if choice.value}

    def _derive(self):
        """The ID number says birth date and sex where they were left blank."""
        number = self._values.get("id_doc_no")
        if self._values.get("id_doc_type") != "1" or not number or id_number.problem(number):
            return
        for name, value in (("birth_date", id_number.birth_date(number)), ("sex", id_number.sex(number))):
            if name in self and not no_blanks(self[name].data):
                self[name].data, self[name].errors = _shown(PUPIL_ITEMS[name], value, name), []
                self._values[name] = value

    def _read_member(self, number):
        prefix = f"member{number}_"
        doc_type = self._code_of(f"{prefix}id_doc_type")
        for name in self.member_fields:
            self._read(self[prefix + name], member(number, name), doc_type)

    def _read(self, field, item, doc_type):
        text = field.data or ""
        if item.field in self._kept and self._kept[item.field] and text == MASKED[_item_name(item.field)](self._kept[item.field]):
            self._values[item.field] = self._kept[item.field]
            return
        source = _source(item.field)
        if source and no_blanks(text) in SAME and source in self:
            if not self._values.get(source):
                return  # its own mistake is told there
            self._values[item.field] = self._values[source]
            return
        try:
            self._values[item.field] = clean(item, text, doc_type)
        except BadValue as bad:
            field.errors = [*field.errors, _sentence(item, text, bad)]

    def _code_of(self, name):
        return codes.table("id_document_type").code_of(self[name].data or "") if name in self else None

    def refuse(self, refusal):
        for one in getattr(refusal, "refusals", [refusal]):
            one.field = {"grade": "class_code"}.get(one.field, one.field)  # the class is asked with its grade
        return super().refuse(refusal)

    def _is_empty(self, number):
        return not any(no_blanks(data := self[f"member{number}_{name}"].data) and data != PRESET.get(name) for name in self.member_fields)


def _progress(fields):
    if wrong := sum(1 for field in fields if field.errors):
        return f"更正 {wrong} 处", "bad"
    missing = sum(1 for field in fields if field.flags.required and not field.data)
    return (f"缺 {missing} 项", "") if missing else ("已填完", "")


def _sentence(item, text, bad):
    """What is wrong, and what to do where the sentence does not say it yet."""
    if item.kind == "division" and len(same := codes.divisions.named(text)) > 1:
        places = "、".join(f"{name}（{code}）" for code, name in same[:4])
        return f"{item.title}“{text.strip()}”有 {len(same)} 处：{places}{'等' if len(same) > 4 else ''}，请填全称或代码"
    told = any(word in bad.sentence for word in ("请", "应为"))
    return bad.sentence if told else f"{bad.sentence}，请{bad.cure}"


def _source(field):
    """The pupil's item that 同现住址 or 同学生 in this field stands for; none where it stands for itself."""
    if field.startswith("member"):
        return AS_PUPIL.get(_item_name(field))
    return "current_address" if field in ("mail_address", "home_address", "hukou_address") else None


def _item_name(field):
    """phone, of member1_phone as of phone."""
    return field.split("_", 1)[1] if field.startswith("member") else field


def _shown(item, value, name):
    """How a control shows a value: what its own cleaning reads back."""
    if value is None or value == "":
        return ""
    if name in MASKED:
        return MASKED[name](value)
    if item.kind == "yes_no":
        return "1" if value else "0"
    if item.kind == "code":
        return value if _is_short(item.table) else show(item, value)
    if item.kind == "division":
        return f"{value} {codes.divisions.label(value)}"
    if item.kind == "month":
        return dates.chinese_month(value)
    if item.kind == "km":
        return str(value)
    return show(item, value)


# ---------------------------------------------------------------- made

@cache
def _is_short(table):
    return len(codes.table(table).choices()) <= LONG


def _choices(table):
    return [SelectChoice(code, label) for code, label in codes.table(table).choices()]


def _control(item, name) -> Field:
    """The field of an item: picks, a menu, or text with suggestions."""
    rules = {"validators": [Needed()] if item.must or item.field == "id_doc_no" else [], "description": item.hint}
    if item.kind == "yes_no":
        return RadioField(item.title, choices=[SelectChoice("1", "是"), SelectChoice("0", "否")], validate_choice=False, **rules)
    if item.kind == "code" and item.table in PICKED:
        return RadioField(item.title, choices=_choices(item.table), validate_choice=False, **rules)
    if item.kind == "code" and _is_short(item.table):
        return SelectField(item.title, choices=[ASK, *_choices(item.table)], validate_choice=False, **rules)
    attributes = {
        "code": {"list": f"codes-{item.table}", "autocomplete": "off"}, "division": {"list": "divisions", "autocomplete": "off"},
        "native_place": {"list": "divisions", "autocomplete": "off"}, "id_no": {"class": "num", "autocomplete": "off", "data-idno": "1"},
        "number": {"class": "num", "autocomplete": "off"}, "national_no": {"class": "num", "autocomplete": "off"},
        "phone": {"inputmode": "tel", "autocomplete": "off"}, "postcode": {"inputmode": "numeric"},
    }
    if item.kind == "division":
        rules["description"] = item.hint or "行政区划代码或县名"
    told = dict(attributes.get(item.kind, {}))
    if told.get("list") == "divisions":
        told |= {"data-suggest": "/enrolments/divisions", "data-search": "1"}
    elif _source(item.field) and item.kind != "division":
        told |= {"list": "same-pupil" if item.field.startswith("member") else "same-place", "autocomplete": "off"}
    return StringField(item.title, render_kw=told, **rules)


def record_form(*, members=1, leave_out=(), base=RecordForm):
    """The class of a form with so many members; made once."""
    return _made(max(1, min(MOST_MEMBERS, members)), frozenset(leave_out), base)


@cache
def _made(members, leave_out, base):
    fields = {}
    for _, _, names in SECTIONS:
        for name in names:
            if name in leave_out:
                continue
            if name == "class_code":
                fields[name] = SelectField("班级", validate_choice=False, validators=[Needed()], description="括号内是现有人数和班额")
            else:
                fields[name] = _control(PUPIL_ITEMS[name], name)
    for number in range(1, members + 1):
        fields |= {f"member{number}_{name}": _control(member(number, name), name) for name in base.member_fields}
    return type(base.__name__, (base,), fields | {"members": members})


def members_in(values) -> int:
    """How many members a sent form has, at least one."""
    numbers = [int(name[6]) for name in values if name.startswith("member") and name[6:7].isdecimal() and name[7:8] == "_"]
    return min(MOST_MEMBERS, max([1, *numbers]))
