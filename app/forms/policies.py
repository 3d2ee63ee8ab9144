"""规则: a field for every setting, as its text; what is the same as in the profile is no edit of the bureau's own."""

from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import Length

from ..policies.profiles import PROFILES
from ..policies.settings import GROUPS, SETTINGS
from .base import Form
from .fields import OFF, Day, Needed, menu

PROFILE_CHOICES = [(profile.key, profile.title) for profile in PROFILES.values()]


class Rules(Form):
    """`sections()` gives the fields of the settings by their groups; `edits()` the texts that differ from the chosen profile."""

    profile = SelectField("规则方案", [Needed()], choices=menu(PROFILE_CHOICES, ask=""), description="换方案后按“换成这套方案”，下面的各项随之改变")
    from_on = Day("起用日期", [Needed()], description="今天或以后；在办的业务仍按提出当日的规则办理")
    step = HiddenField()

    def sections(self):
        return [(title, [(setting, self[setting.key]) for setting in settings]) for title, settings in GROUPS.items()]

    def fill(self, policy):
        for key in SETTINGS:
            self[key].data = policy.text(key)
        return self

    def edits(self, of_profile) -> dict:
        """{key: text} of what stands otherwise than in the profile's Policy."""
        return {key: (self[key].data or "").strip() for key in SETTINGS if (self[key].data or "").strip() != of_profile.text(key)}


def _field(setting):
    waits = f"由“{setting.awaits}”业务使用，这项业务还没有启用，现在改动不起作用" if setting.awaits else ""
    hint = "；".join(filter(None, (setting.note.rstrip("。"), waits, "、".join(f"{{{blank}}}" for blank in setting.choices) if setting.kind == "template" else "")))
    if setting.kind == "yes_no":
        return SelectField(setting.title, choices=menu((("是", "是"), ("否", "否")), ask=""), validate_choice=False, description=hint)
    if setting.kind == "choice":
        return SelectField(setting.title, choices=menu(((label, label) for _, label in setting.choices), ask=""), validate_choice=False, description=hint)
    return StringField(setting.title, [Length(max=500, message="最多 500 个字，请写短一些")], description=hint, render_kw=OFF)


for _setting in SETTINGS.values():
    setattr(Rules, _setting.key, _field(_setting))
