"""Settling the demo county (SURFACE 2) in an empty database: bodies, people, classes, pupils. The tests settle the same one."""

from collections import Counter as Count
from datetime import date

from sqlalchemy import insert, select, update

from ..errors import Refusal
from ..identity import student_numbers
from ..models import Account, Body, Class, Event, Grade, House, PolicyVersion, Post, Quota, TeachingGroup, TeachingGroupClass, Term, new_id
from ..permissions import SEATED, SYSTEM, seated
from ..services import trace
from ..services.administration import calendars, policies
from ..services.casework import case_files
from ..services.intake import enrolments
from ..services.people import passwords
from ..services.pupils import records
from ..services.transactions import writes
from . import cast, filling
from .families import Generator

CHUNK = 1000
PENDING = 4  # new pupils of a1 whose registration waits at a desk when the county is settled
LEFT = {"10": "27", "07": "21"}  # status → student_change that closed the spell


def settle(*, today, now, students=0, seed=cast.SEED, per_class=None, schools=None):
    """Refuses on a database that holds anything. `students` fills the counties up to that many. Returns how many pupils there are."""
    hashed = passwords.demo_hash()  # before the write lock: hashing is slow on purpose
    return _settle(hashed, today=today, now=now, students=students, seed=seed, per_class=per_class, schools=schools)


@writes
def _settle(s, hashed, *, today, now, students, seed, per_class, schools):
    if s.execute(select(Body.id).limit(1)).first() or s.execute(select(Event.id).limit(1)).first():
        raise Refusal("数据库不是空的，没有写入演示数据。请换一个空的数据目录，或用 demo reset。")
    year = _school_year(today)
    generator = Generator(seed)
    ids = _bodies(s, cast.BODIES.values(), {})
    s.execute(insert(House).values(id=1, kind="demo", title="竹山县教育局", settled_at=now, calendar_version=1))
    calendars.seed(s, range(year - 1, year + 3), now=now)
    _terms(s, {body.key: ids[body.key] for body in cast.BODIES.values() if body.tier == "county"}, year)
    _policies(s, ids, today, now)
    classes = {}
    for school in cast.SCHOOLS:
        classes |= _classes(s, ids[school], _county(s, ids[school]), cast.BODIES[school], cast.classes(school, year), year)
    _people(s, ids, classes, hashed, today, now)
    writer = _Pupils(s, now, year)
    writer.take(cast.pupils(year, schools=schools, per_class=per_class, generator=generator), ids, classes)
    if students > writer.total:
        for school, groups, pupils in filling.more(students - writer.total, year, seed, generator):
            ids |= _bodies(s, [school], ids)
            classes |= _classes(s, ids[school.key], _county(s, ids[school.key]), school, groups, year)
            writer.take(pupils, ids, classes)
    writer.flush()
    _quotas(s, classes, writer, year)
    _applications(s, generator, ids, classes, today, now, year)
    trace.record(s, "demo.settled", actor=SYSTEM, students=writer.total, seed=seed)
    return writer.total


def _school_year(today):
    return today.year if today.month >= 9 else today.year - 1


def _county(s, body_id):
    return s.execute(select(Body.county_id).where(Body.id == body_id)).scalar_one()


def _bodies(s, bodies, known):
    """Rows for bodies that stand after those above them. Returns {key: id}, the known ones among them."""
    ids, place = dict(known), {}
    rows = []
    for body in bodies:
        ids[body.key] = new_id()
    if known:
        place = {row.id: row for row in s.execute(select(Body.id, Body.province_id, Body.city_id, Body.county_id, Body.township_id))}
    for body in bodies:
        above = place.get(ids.get(body.located_in))
        own = {tier: getattr(above, f"{tier}_id", None) for tier in ("province", "city", "county", "township")}
        if body.tier in own:
            own[body.tier] = ids[body.key]
        row = {
            "id": ids[body.key], "tier": body.tier, "key": body.key, "name": body.name, "short_name": body.short_name, "abbreviation": body.abbreviation,
            "division_code": body.division_code, "here": True, "state": "open", "managed_by_id": ids.get(body.managed_by),
            "located_in_id": ids.get(body.located_in), "belongs_to_id": ids.get(body.belongs_to), "phone": body.phone, "office_hours": body.office_hours, "address": body.address,
            "postcode": body.postcode, "school_code": body.school_code, "local_code": body.local_code, "school_type": body.school_type,
            "sponsor": body.sponsor, "running_type": body.running_type, "urban_rural": body.urban_rural, "stages": body.stages,
            "primary_years": body.primary_years, "junior_years": body.junior_years, "boarding": body.boarding, "principal": body.principal, "version": 1,
        } | {f"{tier}_id": number for tier, number in own.items()}
        place[row["id"]] = _Row(row)
        rows.append(row)
    for row in rows:  # one by one: each points at those before it
        s.execute(insert(Body).values(row))
    return ids


class _Row:
    def __init__(self, values):
        self.__dict__.update(values)


def _terms(s, counties, year):
    rows = []
    for county_id in counties.values():
        for begins in (year - 1, year):
            rows.append({"id": new_id(), "county_id": county_id, "year": begins, "number": 1, "starts_on": date(begins, 9, 1), "ends_on": date(begins + 1, 1, 20)})
            rows.append({"id": new_id(), "county_id": county_id, "year": begins, "number": 2, "starts_on": date(begins + 1, 2, 20), "ends_on": date(begins + 1, 7, 5)})
    s.execute(insert(Term), rows)


def _policies(s, ids, today, now):
    for body in cast.BODIES.values():
        if body.tier == "county":
            s.execute(insert(PolicyVersion).values(
                id=new_id(), body_id=ids[body.key], profile="national2025", from_on=date(today.year - 2, 1, 1), number=1,
                changed_at=now, county_id=ids[body.key],
            ))


def _classes(s, school_id, county_id, school, groups, year):
    """Grades, classes, teaching groups of one school. Returns {(school, stage, entry year, number): (class id, grade id, county id, school id)}."""
    grades, classes, joined, found = {}, [], {}, {}
    for group in groups:
        cohort = (group.stage, group.entry_year)
        if cohort not in grades:
            grades[cohort] = {
                "id": new_id(), "county_id": county_id, "school_id": school_id, "stage": group.stage, "entry_year": group.entry_year, "length": group.length,
                "advanced_to": group.year, "state": "open" if group.state == "open" else "graduated",
            }
        code = "".join(student_numbers.class_code(entry_year=group.entry_year, stage=group.stage, school=school.local_code, serial=group.number))
        row = {
            "id": new_id(), "county_id": county_id, "school_id": school_id, "grade_id": grades[cohort]["id"], "code": code, "number": group.number, "name": "",
            "kind": group.kind, "headcount": 0, "established_on": date(group.entry_year, 9, 1), "state": group.state, "version": 1,
        }
        classes.append(row)
        found[school.key, group.stage, group.entry_year, group.number] = (row["id"], row["grade_id"], county_id, school_id)
        if group.group:
            joined.setdefault(group.group, []).append(row["id"])
    s.execute(insert(Grade), list(grades.values()))
    s.execute(insert(Class), classes)
    for name, members in joined.items():
        group_id = new_id()
        s.execute(insert(TeachingGroup).values(id=group_id, county_id=county_id, school_id=school_id, name=name, state="open"))
        s.execute(insert(TeachingGroupClass), [{"group_id": group_id, "class_id": class_id} for class_id in members])
    return found


def _people(s, ids, classes, hashed, today, now):
    taught = {}  # account → its classes
    year = _school_year(today)
    for school in cast.SCHOOLS:
        for group in cast.classes(school, year):
            if group.account and group.state == "open":
                taught.setdefault(group.account, []).append(classes[school, group.stage, group.entry_year, group.number][0])
    accounts, posts = [], []
    for person in cast.PEOPLE.values():
        account_id = new_id()
        accounts.append({
            "id": account_id, "username": person.account, "name": person.name, "password_hash": hashed, "must_change": False, "password_set_at": now,
            "state": "open", "demo": True, "created_at": now, "body_id": ids[person.body], "version": 1,
        })
        for post in person.posts:
            for class_id in taught.get(person.account, [None]) if post.duty == "class_teacher" else [None]:
                posts.append({
                    "id": new_id(), "account_id": account_id, "duty": post.duty, "body_id": ids[post.body] if post.body else None, "class_id": class_id,
                    "state": "active", "from_on": today, "reason": "演示", "proposed_at": now, "version": 1,
                })
    s.execute(insert(Account), accounts)
    s.execute(insert(Post), posts)


class _Pupils:
    """Pupils on their way into the register, some thousands a statement."""

    def __init__(self, s, now, year):
        self.s, self.now, self.year = s, now, year
        self.total, self.rows = 0, []
        self.counted, self.entered = Count(), Count()
        self.given, self.taken = Count(), Count()  # numbers of each counter: given to pupils here, and told to the counter
        self.divisions = {}
        self.seats = Count()  # 班内学号, in the order of coming

    def take(self, pupils, ids, classes):
        for pupil in pupils:
            place = classes.get((pupil.school, pupil.stage, pupil.entry_year, pupil.number))
            self.rows.append(self._row(pupil, *place))
            self.total += 1
            if len(self.rows) >= CHUNK:
                self.flush()

    def _row(self, pupil, class_id, grade_id, county_id, school_id):
        self.seats[class_id] += 1
        record = pupil.item | {"class_no": str(self.seats[class_id])}
        left = pupil.status in LEFT
        if county_id not in self.divisions:
            self.divisions[county_id] = self.s.execute(select(Body.division_code).where(Body.id == county_id)).scalar_one()
        if record["id_doc_type"] == "1":
            record["national_no"] = "G" + record["id_doc_no"]
        else:  # no resident's number to build a formal one from: a local number, as an approval gives it (regulation 3)
            born, sex = record["birth_date"], record["sex"]
            serial = self._next(f"local_number/{county_id}/{born:%Y%m%d}/{sex}")
            record |= {"national_no": student_numbers.local_number(self.divisions[county_id], born, serial, sex), "national_no_local": True}
        row = records.rows(
            record, records.Place(county_id, school_id, grade_id, class_id, date(pupil.entry_year, 9, 1)), lifecycle="left" if left else "live",
            status=pupil.status, spell="closed" if left else "open", now=self.now, actor_id=None,
            student_code=f"{self.divisions[county_id]}{self._next(f'student_code/{county_id}'):07}",
        )
        row.enrolment |= {"left_by": LEFT.get(pupil.status, ""), "until_on": pupil.since if left else None, "closed_at": self.now if left else None}
        if pupil.status == "01":
            self.counted[class_id] += 1
        self.entered[school_id, pupil.stage, pupil.entry_year] += 1
        return row

    def _next(self, key):
        self.given[key] += 1
        return self.given[key]

    def flush(self):
        records.write(self.s, self.rows)
        for class_id, number in sorted(self.counted.items()):
            self.s.execute(update(Class).where(Class.id == class_id).values(headcount=Class.headcount + number))
        for key, number in sorted((self.given - self.taken).items()):
            case_files.take_numbers(self.s, key, number)
        self.taken = self.given.copy()
        self.rows, self.counted = [], Count()


def _quotas(s, classes, writer, year):
    """This year's plan of each school and stage: as many as came, and some to spare."""
    starts = {(school_id, stage): county_id for (_, stage, entry, _), (_, _, county_id, school_id) in classes.items() if entry == year}
    s.execute(insert(Quota), [
        {"id": new_id(), "county_id": county_id, "school_id": school_id, "stage": stage, "year": year, "version": 1,
         "planned": writer.entered[school_id, stage, year] + 20, "used": writer.entered[school_id, stage, year]}
        for (school_id, stage), county_id in sorted(starts.items())
    ])


def _applications(s, generator, ids, classes, today, now, year):
    """A few registrations on their way, so that desks are not empty: begun by registrar.a1, waiting for head.a1."""
    class_id, _, county_id, _ = classes[next(key for key in classes if (key[0], key[2], key[3]) == ("a1", year, 2))]
    registrar = select(*SEATED).join(Post, Post.account_id == Account.id).join(Body, Body.id == Post.body_id).where(Account.username == "registrar.a1")
    actor = seated(s.execute(registrar).one(), today=today)
    policy = policies.policy_for(s, county_id, today)
    goal = enrolments.target(s, class_id, actor=actor, policy=policy)
    many = []
    for _ in range(PENDING):
        record = generator.pupil(year, "1", cast.COUNTIES["a"], as_of=today)
        found = enrolments.findings(s, record, goal, actor=actor, policy=policy, today=today)
        many.append((record, goal, case_files.Opening(title=record["name"], class_id=class_id, grade_id=goal.grade_id, findings=found)))
    enrolments.admit(s, many, actor=actor, today=today, now=now)
