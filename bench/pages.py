"""The pages that a clerk opens all day, at 1,000 and at 100,000 pupils, in process: queries, growth, and how far from the baseline."""

from time import perf_counter, process_time
from types import SimpleNamespace

from app.services.pupils import finding

from . import report
from .counties import MARK
from .desk import EMPTY, Desk, bare, statements
from .timing import take_turns

QUERIES, GROWTH, TIMES = 8, 1.3, 3  # at most
ROW = 'data-hook="student-row"'
OFFICER, REGISTRAR = "officer.a", "registrar.a1"  # who looks into the index by county, and into that by school


def found(text):
    """The page of a kept result."""
    return lambda desk, house: "/students?found=" + finding.keep(text(house), SimpleNamespace(account_id=desk.account_id))


# name → who asks, for which address, the form if it is a POST, the status, how many pupils the page lists. Both houses hold the same children there.
PAGES = {
    "find_by_name": (OFFICER, found(lambda house: MARK), None, 200, 50),
    "find_by_one_character": (OFFICER, found(lambda house: MARK[0]), None, 200, 50),
    "find_by_name_in_school": (REGISTRAR, found(lambda house: MARK), None, 200, 50),
    "find_by_number": (OFFICER, found(lambda house: house.number), None, 200, 1),
    "find_by_number_post": (OFFICER, lambda desk, house: "/students/search", lambda house: {"q": house.number}, 303, 0),
    "class_list": (REGISTRAR, lambda desk, house: f"/students?class={house.class_}", None, 200, 45),
    "class_list_of_officer": (OFFICER, lambda desk, house: f"/students?school={house.school}&class={house.class_}", None, 200, 45),
    "pupil": (REGISTRAR, lambda desk, house: f"/students/{house.pupil}", None, 200, 0),
}
THOUSANDS = ("王", "w")  # a surname and an initial of thousands at 100,000: held to the baseline alone, for a small county has not as many


class Desks:
    """The people of one house, signed in, and the pages as they ask for them."""

    def __init__(self, house):
        self.house = house
        self.of = {username: Desk(house, username) for username in (OFFICER, REGISTRAR)}

    def empty(self, username):
        return self.of[username].ask(EMPTY)

    def address(self, name):
        """(who, where)"""
        username, address, *_ = PAGES[name]
        return username, address(self.of[username], self.house)

    def asks(self, name):
        username, address = self.address(name)
        *_, form, status, pupils = PAGES[name]
        return self.of[username].ask(address, form(self.house) if form else None, status=status, has=ROW, times=pupils)


def measure(small, large, wanted, **turns):
    """Yields the figures of the wanted pages, each page in one run with its baseline.

    SQLite answers inside this process, so the processor's time is all there is; by the clock, a page of 3 ms would be put aside for others in the midst of
    it more often than an empty one of 1 ms. PostgreSQL answers elsewhere: there the clock.
    """
    turns = {"clock": process_time if large.url.startswith("sqlite") else perf_counter} | turns
    small, large = Desks(small), Desks(large)
    for name, (username, *_) in PAGES.items():
        if any(map(wanted, (f"{name}/queries", f"{name}/growth", f"{name}/baseline"))):
            yield from _page(name, small.asks(name), large.asks(name), small.house.app, large.house.app, large.empty(username), turns)
    for text in THOUSANDS if large.house.size >= 20_000 else ():
        name = f"find_{'surname' if text > 'z' else 'initial'}_of_thousands"
        if any(map(wanted, (f"{name}/queries", f"{name}/baseline"))):
            desk = large.of[OFFICER]
            ask = desk.ask(found(lambda house, text=text: text)(desk, large.house), has=ROW, times=50)
            yield from _page(name, None, ask, None, large.house.app, large.empty(OFFICER), turns)


def _page(name, at_small, at_large, small_app, large_app, empty, turns):
    asked = statements(large_app, at_large)
    sql = bare(large_app, asked, statements(large_app, empty))
    functions = {"large": at_large, "empty": empty, "sql": sql} | ({"small": at_small} if at_small else {})
    taken = {which: seconds * 1000 for which, seconds in take_turns(functions, **turns).items()}
    if at_small:
        yield report.same_and_within(f"{name}/queries", len(asked), "queries", len(statements(small_app, at_small)), QUERIES)
        yield report.at_most(f"{name}/growth", taken["large"], "ms", taken["small"], GROWTH)
    else:
        yield report.within(f"{name}/queries", len(asked), "queries", QUERIES)
    yield report.at_most(f"{name}/baseline", taken["large"], "ms", taken["empty"] + taken["sql"], TIMES)
