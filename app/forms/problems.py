"""问题学籍: a record put in question, and settled."""

from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import Length

from ..identity.width import no_blanks
from .base import Form
from .conduct import words
from .fields import OFF, WORDS, Day, Needed, Version, menu


class Mark(Form):
    kind = SelectField("问题类型", [Needed()], validate_choice=False)
    found_by = SelectField("怎样发现的", [Needed()], validate_choice=False)
    found_on = Day("发现日期", [Needed()], description="如 2026年9月1日", render_kw=OFF)
    other_no = StringField("另一方的学籍号或身份证件号", description="号码或人重复、另一份学籍也在本系统的填写；两份学籍都会列为问题学籍", render_kw=OFF | {"class": "num"})
    other_side = StringField("另一方在系统外的学校", [Length(max=60, message="最多 60 个字，请写短一些")], description="另一份学籍不在本系统的填写，如“浙江省德清县舞阳小学”", render_kw=OFF)
    explanation = TextAreaField("查到的情况", [Needed(), WORDS], description="学校照此处理；另一方的学校和主管部门也看得到，不要写身份证件号")

    def offer(self, kinds, ways):
        self.kind.choices, self.found_by.choices = menu(kinds), menu(ways, ask="")
        return self

    def found(self) -> dict:
        """The answers by name, the day as a date, the number without blanks."""
        texts = {name: words(self[name]) for name in ("kind", "found_by", "other_side", "explanation")}
        return texts | {"found_on": self.found_on.value, "other_no": no_blanks(self.other_no.data)}


class Close(Form):
    resolution = RadioField("处理方式", [Needed()], validate_choice=False, render_kw={"down": True})
    outcome = TextAreaField("处理结果和依据", [Needed(), WORDS], description="如“已核对户口簿，证件号无误”，记入办理轨迹")
    version = Version()

    def offer(self, resolutions):
        says = {"1": "原信息正确，有证明", "2": "信息已经改正", "91": "列错了，不是问题学籍"}
        self.resolution.choices = [SelectChoice(code, f"{label}（{says[code]}）") for code, label in resolutions]
        return self
