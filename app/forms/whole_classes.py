"""整班转学: the two schools, then where each class goes."""

from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField

from .base import Form
from .cases import NOTE
from .fields import OFF, WORDS, Needed, as_number, menu


class WholeClasses(Form):
    """Made into a form with a menu for each class by `whole_classes_form`."""

    explanation = TextAreaField("情况说明", [Needed(), WORDS], description="为什么整班转学，印在名册上")
    document = StringField("批准文件", [Needed(), WORDS], description="名称和文号；扫描件在提交以后上传", render_kw=OFF)
    note = TextAreaField("给核办单位的说明", [NOTE], description="可以不填")
    version = HiddenField()
    truthful = BooleanField("已核对名册，并已告知监护人")
    titles = ()

    def moves(self) -> tuple:
        """((class, class that it joins), …) of the classes that were given one."""
        chosen = [(class_id, as_number(self[f"class_{class_id}"].data)) for class_id, *_ in self.titles]
        return tuple((class_id, other) for class_id, other in chosen if other)

    def of_classes(self):
        """[(the menu of a class, its heads)]"""
        return [(self[f"class_{class_id}"], heads) for class_id, _, heads, _ in self.titles]

    def refuse(self, refusal):
        """What is wrong with no class in particular stands beside the first."""
        for one in getattr(refusal, "refusals", [refusal]):
            if one.field == "moves" and self.titles:
                one.field = f"class_{self.titles[0][0]}"
        return super().refuse(refusal)


def whole_classes_form(classes):
    """`classes` is [(id, title, heads, [(id, words) of where it may go])]."""
    fields = {f"class_{class_id}": SelectField(title, validate_choice=False, choices=menu(there, "不转")) for class_id, title, _, there in classes}
    return type("WholeClassesForm", (WholeClasses,), fields | {"titles": tuple(classes)})
