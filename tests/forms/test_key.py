"""The key that lets a form be carried out once: one that no page of ours gave is refused in a sentence, and the form comes back with a new one."""

import pytest
from sqlalchemy import func, select

from app.extensions import db
from app.models import Answer
from tests.cast import new_pupil
from tests.pages import form_with, summary
from tests.views.test_enrolments import NEW, filled, pupils


@pytest.mark.parametrize("key", ["", "k" * 65, "钥" * 4000, "k" * 400_000])
def test_a_key_that_no_page_gave_is_told_and_the_form_comes_back_with_a_new_one(app, sign_in, key):
    record = new_pupil(1)
    check = filled(app, sign_in("registrar.a1").get(NEW), {**record, "guardians": record["guardians"][:1]}).submit().follow()
    form = form_with(check, "truthful")
    ours = form["idempotency_key"].value
    form["truthful"].checked, form["idempotency_key"] = True, key
    refused = form.submit(status=422)
    assert summary(refused) == ["这张表单的编号不对，没有受理，内容都还在，请再提交一次。"]

    again = form_with(refused, "truthful")
    assert again["idempotency_key"].value not in ("", key, ours)
    again["truthful"].checked = True
    assert again.submit(status=303).location.endswith("/accepted")
    assert (pupils(record["name"]), db.session.execute(select(func.count()).select_from(Answer)).scalar_one()) == (1, 1)
