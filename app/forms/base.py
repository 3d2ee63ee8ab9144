"""What every form carries: the token, the key that lets it be carried out once, and errors that belong to no single field."""

import hashlib
import json
import secrets

from flask import request
from flask_wtf import FlaskForm
from wtforms import HiddenField
from wtforms.widgets import HiddenInput

from .. import sealing
from ..errors import KeySpent, MovedOn, NotAllowed, NotFound, Refusals, TooMany

UNCOUNTED = {"csrf_token", "idempotency_key"}
KEY_MOST = 64  # characters; ours have 24
LATE = "xueji.late"  # in the environment of a request: a form that came after the session's end is shown again, with these words (views.late_forms)


def fresh_key():
    return secrets.token_urlsafe(18)


class Form(FlaskForm):
    """A form that changes something. `refuse` puts a service's refusal beside its field, or at the head of the form."""

    class Meta:
        csrf_time_limit = None  # the session's own limit ends it
        locales = ("zh_CN",)

    idempotency_key = HiddenField(default=fresh_key)
    wait = 0  # seconds until what was asked too often may be asked again

    def refuse(self, refusal):
        """Returns the status that the page answers with. What is not there is no mistake in what was typed: it goes on to its own page."""
        if isinstance(refusal, NotFound):
            raise refusal
        for one in refusal.refusals if isinstance(refusal, Refusals) else [refusal]:
            field = self._fields.get(one.field) if one.field else None
            sentence = one.sentence if not one.article else f"{one.sentence}（{one.article}）"
            if field is None:
                self.form_errors.append(sentence)
            else:
                field.errors = [*field.errors, sentence]
        if isinstance(refusal, TooMany):
            self.wait = refusal.seconds
        if isinstance(refusal, KeySpent):
            self.idempotency_key.data = fresh_key()
        return refusal.status

    def refuse_mistake(self, refusal):
        """As `refuse`, where only a mistake can be mended in this form: who came too late, or may not, reads so on a page of its own."""
        if isinstance(refusal, (MovedOn, NotAllowed)):
            raise refusal
        return self.refuse(refusal)

    def validate(self, *args, **kwargs):
        valid = super().validate(*args, **kwargs)
        if words := request.environ.get(LATE):  # half filled, perhaps: what is wrong with it is told when it is handed in
            for field in self:
                field.errors = []
            self.form_errors.append(words)
            return False
        if "csrf_token" in self._fields and self._fields["csrf_token"].errors:
            self._fields["csrf_token"].errors = []
            self.form_errors.append("这一页放得太久或已换过登录，内容都还在，请再提交一次。")
            return False
        if not 0 < len(self.idempotency_key.data or "") <= KEY_MOST:
            self.idempotency_key.data = fresh_key()
            self.form_errors.append("这张表单的编号不对，没有受理，内容都还在，请再提交一次。")
            return False
        unseen = [field for field in self if field.errors and isinstance(field.widget, HiddenInput)]
        for field in unseen:  # nobody typed it, and nobody can mend it
            field.errors = []
        if unseen:
            self.form_errors.append("这次提交不完整，没有受理。请重新打开这一页再办理。")
        return valid

    def validate_kept(self) -> bool:
        """Judge what a draft holds. It carries no token, which is nobody's mistake."""
        self.validate()
        self.form_errors.clear()
        return not self.errors

    def typed(self) -> bytes:
        """A keyed hash of everything handed in, for the second POST of one form."""
        values = sorted((name, value) for name in request.form if name not in UNCOUNTED for value in request.form.getlist(name))
        files = []
        for name, file in request.files.items(multi=True):
            file.seek(0)  # the view may have read it already
            files.append((name, file.filename, hashlib.sha256(file.read()).hexdigest()))
            file.seek(0)
        return sealing.blind_index("fields", json.dumps([request.path, values, files], ensure_ascii=False))


class Plain(Form):
    """A button that changes something and asks nothing."""
