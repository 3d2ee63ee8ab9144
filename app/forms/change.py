"""What every change of a pupil's standing (异动) asks beside its own. The names of fields are those of data-items.md, the others are listed in docs/surface.md.

`answers()` is what the services take: dates, codes, ids and words, nothing where nothing was filled in. Whether they are enough is asked by the checks of the kind.
"""

from flask_wtf.file import FileField
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from .base import Form
from .cases import NOTE
from .fields import OFF, Needed, menu

NAME = Length(max=60, message="最多 60 个字，请写短一些")


class Change(Form):
    """What every kind asks beside its own: evidence, a word for the office. The titles of a kind's own fields stand in its entry (app/workflow/changes.py)."""

    note = TextAreaField("给核办单位的说明", [NOTE], description="可以不填")
    material = SelectField("材料", validate_choice=False)
    file = FileField("文件", description="JPG、PNG 扫描件；PDF 也可以，上报全国系统前须另存为图片")
    draft = HiddenField()
    version = HiddenField()

    def offer(self, change, *, classes=(), guardians=(), now=()):
        """Titles, and what is chosen from: (value, words) each. `now` is what the record says of the items that the form changes: {item: words}."""
        self.change = change
        self.material.choices = menu(change.flow.evidence.items())
        for name, title in change.asks.items():
            self[name].label.text = title
        for name, choices in (("to_class", classes), ("guardian", guardians), ("reason", [(code, f"{code} {label}") for code, label in change.reason_choices()])):
            if name in self:
                self[name].choices = menu(choices)
        for name, choices in change.choices.items():
            self[name].choices = menu(choices.items())
        for name in now:
            self[name].render_kw = (self[name].render_kw or {}) | {"says": f"现在：{now[name] or '空'}"}
        return self

    def asked(self):
        """The fields of the kind itself, in their order."""
        return [self[name] for name in self.change.asks]

    def answers(self) -> dict:
        return {field.name: field.value if hasattr(field, "value") else field.data.strip() if isinstance(field.data, str) else field.data for field in self.asked()}


def chosen(must=True, **more):
    return SelectField(validators=[Needed()] if must else [], validate_choice=False, **more)


def words(limit=NAME, **more):
    return StringField(validators=[limit], render_kw=OFF, **more)
