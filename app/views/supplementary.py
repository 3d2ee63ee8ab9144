"""补录（新建）: the sheet of 招生入学 for a child who reads here without a record, into any grade (workflows.md 2)."""

from flask import Blueprint

from . import enrolments

bp = Blueprint("supplementary", __name__, url_prefix="/cases/new/supplementary")
bp.add_url_rule("", view_func=enrolments.new, methods=["GET", "POST"])
bp.add_url_rule("/check", view_func=enrolments.check, methods=["GET", "POST"])
bp.add_url_rule("/card", view_func=enrolments.card, methods=["POST"])
bp.add_url_rule("/drafts/<subject>/discard", view_func=enrolments.discard, methods=["POST"])
bp.add_url_rule("/<int:case_id>/accepted", view_func=enrolments.accepted)
