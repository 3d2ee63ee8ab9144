"""修改建议: the record's edit form cut to what a class teacher may propose, and the registrar's answer."""

from functools import cache

from wtforms import HiddenField, StringField

from .base import Form
from .fields import Needed
from .record import record_form
from .students import EditForm


class SuggestForm(EditForm):
    """Only what she changed is judged and handed on: a gap elsewhere in the record is not hers to fill."""

    reason = StringField("建议的理由", validators=[Needed()], render_kw={"maxlength": 200, "autocomplete": "off"})

    def validate(self, *args, **kwargs):
        super().validate(*args, **kwargs)
        for name in self.texts().keys() - self.changed():
            self[name].errors = []
        return not any(field.errors for field in self) and not self.form_errors

    def changed(self) -> set:
        seen = self.seen_texts()
        return {name for name, text in self.texts().items() if text != seen.get(name, "")}

    def wanted(self) -> dict:
        """After `validate`: {item: value} of what she changed; an item of a family member is "<guardian's id>.<field>"."""
        found = {}
        for name in sorted(self.changed()):
            member, _, field = name.partition("_")
            if not name.startswith("member"):
                found[name] = self._values.get(name)
            elif field != "id":
                found[f"{self[f'{member}_id'].data}.{field}"] = self._values.get(name)
        return found

    def families(self):
        """Those who are registered; new members are the registrar's to enter."""
        return [(number, fields) for number, fields in super().families() if self[f"member{number}_id"].data]

    def gone(self, number):
        return False


@cache
def suggest_form(members, leave_out, member_fields):
    made = record_form(members=members, leave_out=leave_out, base=_base(member_fields))
    return type("SuggestForm", (made,), {f"member{number}_id": HiddenField() for number in range(1, made.members + 1)})


@cache
def _base(member_fields):
    return type("SuggestForm", (SuggestForm,), {"member_fields": member_fields})


class AnswerForm(Form):
    note = StringField("不采纳的原因", render_kw={"maxlength": 200, "autocomplete": "off"})
