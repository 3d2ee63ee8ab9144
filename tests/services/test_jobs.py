"""The queue of long work: oldest first, one runner each, stopped when asked, taken up again when its process died."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.errors import NotFound, Refusal
from app.extensions import db
from app.models import Job
from app.services import jobs
from app.services.transactions import writes


class Work:
    """A kind of work that does what the story says, and remembers who came to it and how it ended."""

    title = "清点"
    run, ended = "run", "ended"

    def __init__(self):
        self.did, self.told, self.todo = [], [], lambda job: None

    def function(self, name):
        return {"run": self._run, "ended": lambda s, *told: self.told.append(told)}[name]

    def _run(self, job):
        self.did.append(job.subject_id)
        return self.todo(job)


@pytest.fixture
def work(monkeypatch):
    one = Work()
    monkeypatch.setitem(jobs.KINDS, "count", one)
    return one


@writes(traced=False)
def ask(s, subject_id, actor, now):
    return jobs.start(s, "count", subject_id, actor=actor, title=f"清点 {subject_id}", now=now, total=9)


def row(job_id):
    return db.session.execute(select(Job.state, Job.done, Job.total, Job.message, Job.tries).where(Job.id == job_id)).one()


def test_the_oldest_is_done_first_and_says_how_far_it_is(app, county, work, now):
    wang = county.actor("registrar.a1")
    first, second = ask(1, wang, now), ask(2, wang, now)
    seen = []

    def count(job):
        job.progress(4, 9)
        seen.append(row(first))
        return "数完了。"

    work.todo = count
    assert jobs.run_next(now) is True
    assert (seen, row(first)) == ([("running", 4, 9, "", 1)], ("done", 4, 9, "数完了。", 1))
    assert row(second).state == "waiting"
    assert jobs.run_next(now) is True
    assert jobs.run_next(now) is False
    assert (work.did, work.told) == ([1, 2], [])


def test_what_is_refused_ends_with_its_sentence_and_what_breaks_with_a_number_in_the_log(app, county, work, now, caplog):
    wang = county.actor("registrar.a1")
    refused, broken = ask(1, wang, now), ask(2, wang, now)

    def refuse(job):
        raise Refusal("没有这样的班级。")

    work.todo = refuse
    jobs.run_next(now)
    work.todo = lambda job: 1 / 0
    jobs.run_next(now)

    assert row(refused)[:4] == ("failed", 0, 9, "没有这样的班级。")
    message = row(broken).message
    number = message.split("编号 ")[1].split(" ")[0]
    assert message == f"清点时系统出错，没有办成。请再试一次；仍然不成的，把编号 {number} 告诉系统管理员。"
    assert number.startswith("E-20260911-") and number in caplog.text and "ZeroDivisionError" in caplog.text
    assert work.told == [(1, "failed", "没有这样的班级。"), (2, "failed", message)]


def test_one_that_waits_is_stopped_at_once_and_one_that_runs_at_its_next_step(app, county, work, now):
    wang = county.actor("registrar.a1")
    waiting, running = ask(1, wang, now), ask(2, wang, now)
    jobs.cancel(waiting, actor=wang, now=now)

    def count(job):
        job.progress(1, 9)
        jobs.cancel(running, actor=wang, now=now)
        job.progress(2, 9)
        raise AssertionError("went on")

    work.todo = count
    jobs.run_next(now)

    assert row(waiting)[:4] == ("cancelled", 0, 9, "排队时停止，没有开始。")
    assert row(running)[:4] == ("cancelled", 1, 9, "已按要求停止。")
    assert work.told == [(1, "cancelled", "排队时停止，没有开始。"), (2, "cancelled", "已按要求停止。")]
    with pytest.raises(Refusal, match="已停止，不用停止"):
        jobs.cancel(running, actor=wang, now=now)


def test_nobody_stops_the_work_of_another(app, county, work, now):
    job_id = ask(1, county.actor("registrar.a1"), now)

    with pytest.raises(NotFound):
        jobs.cancel(job_id, actor=county.actor("registrar.b1"), now=now)
    assert row(job_id).state == "waiting"


def test_work_whose_process_died_is_taken_up_again_three_times_and_then_given_up(app, county, work, now):
    job_id = ask(1, county.actor("registrar.a1"), now)

    def die(job):
        raise KeyboardInterrupt

    work.todo = die
    for attempt in range(3):
        with pytest.raises(KeyboardInterrupt):
            jobs.run_next(now + timedelta(minutes=2 * attempt))
        assert jobs.run_next(now + timedelta(minutes=2 * attempt, seconds=50)) is False  # it may still be alive
    assert row(job_id)[0::4] == ("running", 3)

    assert jobs.run_next(now + timedelta(minutes=6)) is True
    assert (row(job_id).state, row(job_id).message) == ("failed", "处理这项工作的进程中断了 3 次，没有办成。请联系系统管理员。")
    assert work.told == [(1, "failed", "处理这项工作的进程中断了 3 次，没有办成。请联系系统管理员。")]


def test_a_process_thought_dead_that_comes_back_writes_nothing(app, county, work, now):
    job_id = ask(1, county.actor("registrar.a1"), now)
    went_on = []

    def sleep(job):
        work.todo = lambda job: "后来的办完了。"
        assert jobs.run_next(now + timedelta(minutes=2)) is True
        job.progress(5, 9)
        went_on.append(job)

    work.todo = sleep
    jobs.run_next(now)

    assert (row(job_id), went_on, work.told) == (("done", 0, 9, "后来的办完了。", 2), [], [])


def test_of_two_processes_one_gets_it(app, county, work, now):
    job_id = ask(1, county.actor("registrar.a1"), now)
    both, got = threading.Barrier(2), []

    def process():
        with app.app_context():
            both.wait()
            got.append(jobs.run(job_id, now))

    threads = [threading.Thread(target=process) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (sorted(got), work.did) == ([False, True], [1])


def test_results_are_kept_a_week(app, county, work, now):
    wang = county.actor("registrar.a1")
    old, new = ask(1, wang, now), ask(2, wang, now)
    jobs.run_next(now)
    jobs.run_next(now + timedelta(days=1))
    jobs.sweep(now=now + timedelta(days=7, hours=1))

    assert db.session.scalars(select(Job.id)).all() == [new]
    assert old != new


def test_work_is_not_done_for_who_has_left_the_post(app, county, work, today, now):
    wang = county.actor("registrar.a1")
    assert jobs.person(db.session, wang.account_id, wang.post_id, today=today) == wang
    _leave(wang.post_id)

    with pytest.raises(Refusal, match="已经停用账号或免去岗位"):
        jobs.person(db.session, wang.account_id, wang.post_id, today=today)


@writes(traced=False)
def _leave(s, post_id):
    from app.models import Post

    s.execute(update(Post).where(Post.id == post_id).values(state="ended"))
