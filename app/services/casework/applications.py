"""A transfer handed in together with the scans that its draft gathered: one act. Or its draft deleted with them."""

import contextlib

from ...errors import NotFound
from ...workflow.flows import TRANSFER
from ..transactions import writes
from ..transfer import transfers
from . import drafts, evidence

ABOUT = f"{TRANSFER.kind}.about"  # kept beside a draft: whom it is about, which scans it has


@writes
def hand_in(s, request, scans, *, actor, today, now, note="", draft=""):
    """`scans` are those that `evidence.keep` told of. Returns the case's id."""
    case_id = transfers.apply.inside(s, request, actor=actor, today=today, now=now, note=note, draft=draft)
    evidence.adopt(s, case_id, scans, actor=actor, now=now)
    drafts.drop(s, ABOUT, draft, actor=actor)
    return case_id


@writes
def hand_in_again(s, case_id, request, scans, *, actor, version, today, now, note="", draft=""):
    """After a return (退回补正). Returns the case's id."""
    transfers.resubmit.inside(s, case_id, request, actor=actor, version=version, today=today, now=now, note=note, draft=draft)
    evidence.adopt(s, case_id, scans, actor=actor, now=now)
    drafts.drop(s, ABOUT, draft, actor=actor)
    return case_id


def discard(draft, *, actor):
    """The draft goes, and its scans with it."""
    told = drafts.find(ABOUT, draft, actor=actor)
    for scan in told[0].get("scans", ()) if told else ():
        with contextlib.suppress(NotFound):
            evidence.drop(scan["file_id"], actor=actor)
    for kind in (TRANSFER.kind, ABOUT):
        drafts.discard(kind, draft, actor=actor)
