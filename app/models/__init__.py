"""The tables. Rows of pupils' data carry county_id, and their indexes begin with it (DESIGN 4)."""

from .absence_notes import AbsenceNote, Visit
from .accounts import Account, Answer, Draft, Post, SignIn, Throttle
from .base import Id
from .calendar import CalendarDay, Term
from .cases import Case, CaseAttachment, CaseFinding, CaseParty, CaseStep, Task
from .classes import Class, ClassCheck, Counter, Grade, Quota, Tally, TeachingGroup, TeachingGroupClass
from .conduct import Conduct
from .documents import File, Printing
from .ids import new_id
from .imports import Import, ImportRow, Job
from .organisations import TIERS, Body, House
from .papers import Paper
from .photos import PhotoFile, PhotoUpload
from .policies import PolicyVersion
from .problems import ProblemRecord
from .recruiting import RecruitInstruction
from .students import Absence, Enrolment, FormerName, Guardian, Movement, NearNumber, PersonNumber, SearchKey, Student
from .suggestions import Suggestion
from .trace import Chain, Event, EventSubject, SealedValue

__all__ = [
    "TIERS", "Absence", "AbsenceNote", "Account", "Answer", "Body", "CalendarDay", "Case", "CaseAttachment", "CaseFinding", "CaseParty", "CaseStep", "Chain", "Class", "ClassCheck", "Conduct", "Counter",
    "Draft", "Enrolment", "Event", "EventSubject", "File", "FormerName", "Grade", "Guardian", "House", "Id", "Import", "ImportRow", "Job", "Movement", "NearNumber",
    "Paper", "PersonNumber", "PhotoFile", "PhotoUpload", "PolicyVersion", "Post", "Printing", "ProblemRecord", "Quota", "RecruitInstruction", "SealedValue", "SearchKey", "SignIn", "Student", "Suggestion", "Tally", "Task", "TeachingGroup",
    "TeachingGroupClass", "Term", "Throttle", "Visit", "new_id",
]
