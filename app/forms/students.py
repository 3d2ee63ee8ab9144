"""Forms of the page of a pupil: the ordinary items and the family edited, a full number asked for, a photo handed in."""

import json
from functools import cache

from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, StringField

from .base import Form
from .fields import Needed, as_number
from .record import PUPIL_FIELDS, RecordForm, members_in, record_form


class EditForm(RecordForm):
    """`seen` holds what the form showed when it was opened, so that two who edited at once can be shown both sides."""

    seen = HiddenField()

    def show(self, record):
        """Fill from the record that stands, its version with it."""
        self.fill(record)
        for number, one in enumerate(record["guardians"][: self.members], 1):
            self[f"member{number}_id"].data = str(one.get("id") or "")
        self.version.data = str(record["version"])
        self.seen.data = json.dumps(self.texts(), ensure_ascii=False)
        return self

    def families(self):
        """A member who is not there yet may stay blank: the browser must not ask for what the form does not."""
        families = super().families()
        for number, fields in families:
            if not _text(self[f"member{number}_id"]):
                for field in fields:
                    field.flags.required = False
        return families

    def texts(self) -> dict:
        """{field: what its control holds}."""
        return {field.name: _text(field) for field in self if field.name in PUPIL_FIELDS or field.name.startswith("member")}

    def seen_version(self) -> int:
        return as_number(self.version.data) or 0

    def seen_texts(self) -> dict:
        try:
            seen = json.loads(self.seen.data or "{}")
        except ValueError:
            return {}
        return {str(name): str(text) for name, text in seen.items()} if isinstance(seen, dict) else {}

    def member_ids(self) -> list:
        return [as_number(_text(self[f"member{place}_id"])) for place in range(1, self.members + 1)]

    def gone(self, number) -> bool:
        return bool(self[f"member{number}_gone"].data)

    def record(self):
        """As RecordForm has it, each guardian with the id of the row that is changed."""
        record = super().record()
        ids = [one for number, one in enumerate(self.member_ids(), 1) if f"member{number}_name" in self._values]
        for one, guardian_id in zip(record["guardians"], ids, strict=True):
            one["id"] = guardian_id
        return record

    def _read_member(self, number):
        if not self.gone(number):
            super()._read_member(number)

    def words(self, name, text):
        """A control's text as people read it: the choice rather than its code."""
        choices = getattr(self[name], "choices", None)
        if choices and text:
            return {choice.value: choice.label for choice in choices}.get(text, text)
        return "是" if text == "y" else text


def _text(field):
    return "y" if field.data is True else "" if field.data in (None, False) else str(field.data)


@cache
def edit_form(members, leave_out):
    """A form without the items that are not changed here; one of the members may be new."""
    made = record_form(members=members, leave_out=leave_out, base=EditForm)
    extra = {f"member{number}_id": HiddenField() for number in range(1, made.members + 1)}
    extra |= {f"member{number}_gone": BooleanField("不再是家庭成员或监护人") for number in range(1, made.members + 1)}
    return type("EditForm", (made,), extra)


def arranged(record, sent):
    """The record with its guardians in the order of the form that was sent, so that masked numbers are compared with their own."""
    there = {str(one["id"]): one for one in record["guardians"]}
    order = [sent.get(f"member{number}_id", "") for number in range(1, members_in(sent) + 1)]
    rest = [one for one in record["guardians"] if str(one["id"]) not in order]
    return record | {"guardians": [there.get(guardian_id, {}) for guardian_id in order] + rest}


def sides(now: EditForm, typed: EditForm):
    """Two who edited at once: [(label, when opened, now, typed)] of what either changed, and {field: what to go on with}."""
    seen, there, mine = typed.seen_texts(), now.texts(), typed.texts()
    rows, going_on = [], {}
    for name in typed.texts():
        opened, current, text = seen.get(name, ""), there.get(name, ""), mine[name]
        going_on[name] = text if text != opened else current
        if name.endswith("_id") and name.startswith("member") and name.count("_") == 1:
            continue
        if text != opened or current != opened:
            rows.append((typed[name].label.text, *(typed.words(name, value) or "空" for value in (opened, current, text))))
    return rows, going_on


class RevealForm(Form):
    """What the page of a pupil asks for with a form that it writes itself: made by WTForms it would take a tenth of that page."""

    what = StringField("号码", default="")
    reason = StringField("原因", default="")


class PhotoForm(Form):
    photo = FileField("照片", validators=[Needed()], render_kw={"accept": "image/jpeg,image/png"})
