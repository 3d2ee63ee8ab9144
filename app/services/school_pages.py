"""What the page of a case that is not about one pupil (app/workflow/school_cases.py) says of it, and what a return may ask to be mended."""

from ..workflow.school_cases import QUOTA, QUOTA_ASKS
from . import quota_cases

FACTS = {QUOTA.kind: quota_cases.facts}  # case → [(title, value, look)]
MENDABLE = {QUOTA.kind: [(name, QUOTA_ASKS[name]) for name in ("number", "reason", "document")]}
