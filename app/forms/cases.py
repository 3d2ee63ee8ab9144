"""Deciding a case, withdrawing it, its scans."""

from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, IntegerField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from ..identity import dates
from .base import Form
from .fields import OFF, WORDS, Needed, menu

NOTE = Length(max=500, message="说明最多 500 个字，请写短一些")
class Decision(Form):
    action = RadioField("意见", validate_choice=False, validators=[InputRequired("请选择意见")], render_kw={"down": True})
    reason = SelectField("理由", validate_choice=False, description="退回或不予办理时必选")
    mend = SelectMultipleField("请补正", validate_choice=False, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(),
                               description="退回时勾选，申请人的表单上会标出来")
    note = TextAreaField("说明", [NOTE], description="退回时一次写全要补正的事项；申请人看得到")
    different = BooleanField("已核对，不是同一人")
    special = BooleanField("特殊情况，准予受理")
    to_class = SelectField("编入班级", validate_choice=False, description="同意接收时必选，调档时可以改选；括号内是现有人数和班额")
    answered_on = StringField("对方答复日期", description="照答复文书填写，如 2026年9月14日", render_kw=OFF)
    paper = StringField("答复文书", [Length(max=100, message="最多 100 个字，请写短一些")], description="名称和文号，如“衢州市龙游县教育局复函 龙教函〔2026〕12号”")
    seen_at = HiddenField()
    version = IntegerField(widget=HiddenInput(), validators=[Optional()])

    def offer(self, moves, reasons, *, alike=False, mend=(), classes=(), special=False):
        """The moves of a step as choices. What they do not need is not asked: reasons without blame, look-alikes where there are none."""
        blame, answer = any(move.blame for move in moves.values()), any(move.answer for move in moves.values())
        self.action.choices = [SelectChoice(action, move.title) for action, move in moves.items()]
        self.reason.choices = [SelectChoice("", "请选择"), *(SelectChoice(code, label) for code, label in reasons.items())]
        self.mend.choices = [SelectChoice(field, title) for field, title in mend]
        self.to_class.choices = menu(classes)
        if "return" not in moves:
            self.note.description = "不同意的写明原因；申请人看得到" if blame else "可以不填；申请人看得到"
        if len(moves) == 1 and self.action.raw_data is None:
            (self.action.data,) = moves
        for name, wanted in (("reason", blame), ("mend", "return" in moves), ("different", alike), ("special", special), ("to_class", bool(classes)),
                             ("answered_on", answer), ("paper", answer)):
            if not wanted:
                del self[name]
        return self

    def refuse(self, refusal):
        for one in getattr(refusal, "refusals", [refusal]):
            one.field = {"class_id": "to_class"}.get(one.field, one.field)
        return super().refuse(refusal)

    def answered(self):
        """The day that an office elsewhere answered; what is no date is told beside it."""
        if "answered_on" not in self or not (self.answered_on.data or "").strip():
            return None
        day = dates.parse_date(self.answered_on.data)
        if day is None:
            self.answered_on.errors = [*self.answered_on.errors, "日期认不出，请照“2026年9月14日”填写"]
        return day


class End(Form):
    """How a case ends before its way is over: withdrawn, cleared, an instruction taken back."""

    reason = SelectField("理由", [Needed()], validate_choice=False)
    note = TextAreaField("说明", [NOTE], description="记入办理轨迹，申请人看得到")
    seen_at = HiddenField()
    version = IntegerField(widget=HiddenInput(), validators=[Optional()])

    def offer(self, move, reasons):
        self.reason.choices = menu(reasons.items())
        if not move.blame:
            del self.reason
        return self


class AskToClear(Form):
    note = TextAreaField("说明", [Needed(), WORDS], description="为什么请求清理，如“家长来校说明不再转学”")


class Reverse(Form):
    reason = TextAreaField("撤销的原因", [Needed(), WORDS], description="如“办错了学生：两名学生同名”，记入办理轨迹")


class Scan(Form):
    material = SelectField("材料", validate_choice=False)
    file = FileField("文件", description="JPG、PNG 扫描件；PDF 也可以，上报全国系统前须另存为图片")

    def offer(self, kinds):
        self.material.choices = [SelectChoice("", "请选择"), *(SelectChoice(key, title) for key, title in kinds.items())]
        return self


class Batch(Decision):
    """One opinion for many; what is asked of one case alone is answered there."""

    kind = HiddenField()
    step = HiddenField()
    school_id = HiddenField()
    class_id = HiddenField()
