"""Learning at night: who serves afterwards, and that pages go on with the old model meanwhile."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from intake109.catalogue.reading import lesson_version
from intake109.catalogue.services import Catalogue
from intake109.classifier.apart import Apart, Order, TrainingError
from intake109.classifier.classifier import Classifier, version_of
from intake109.classifier.contest import Figures, Ruling, Why
from intake109.classifier.examples import Example
from intake109.classifier.storage import save
from intake109.clock import MovedClock
from intake109.errors import ConflictError
from intake109.jobs.champion import Champion, open_champion
from intake109.jobs.housekeeping import Housekeeping, Nights
from intake109.jobs.learning import Learning, Origin
from intake109.jobs.loop import Threads
from intake109.media.files import FileStore
from intake109.progress import Progress
from intake109.store import examples, models
from intake109.store.database import Database
from intake109.store.tables import ConversationRow, EventRow, ExampleRow, MentionRow, ModelRow, TaskRow
from tests.city import ZONE, hire
from tests.classifier.examples import small_catalogue
from tests.conftest import NOON

MINUTE = timedelta(minutes=1)
FIGURES = Figures(100, 90, 0.5, 0.7, 0.8, 0.9, 3, 1.0, 0.5)


class Tutor:
    """Trains nothing: keeps the given model at the order's path, unless it loses."""

    def __init__(self, teaches: Classifier, why: Why = Why.BETTER) -> None:
        self.why = why
        self.orders: list[Order] = []
        self.is_stopped = False
        self._teaches = teaches

    def train(self, order: Order, progress: Progress | None = None) -> Ruling | None:
        self.orders.append(order)
        if self.is_stopped:
            raise TrainingError("stopped")
        ruling = Ruling(self.why, FIGURES, FIGURES, 12, 3) if order.test else None
        if ruling is None or ruling.is_better or not order.must_win:
            save(self._teaches.parts, order.path)
        return ruling

    def stop(self) -> None:
        self.is_stopped = True


class School:
    """A centre that learns: its catalogue may be edited, its people decide."""

    def __init__(self, database: Database, clock: MovedClock, folder: Path, classifier: Classifier) -> None:
        self.database, self.clock, self.folder = database, clock, folder
        self.catalogue: Catalogue = small_catalogue()
        save(classifier.parts, folder / f"catalogue-{version_of(self.catalogue)}.npz")
        self.tutor = Tutor(classifier)
        self.learning = self.process(self.tutor)
        self._user = hire(database, clock)

    def process(self, tutor: Tutor | None = None) -> Learning:
        """Return what one process builds."""
        champion = open_champion(self.database, self.folder, lambda: self.catalogue, None, self.clock)
        return Learning(champion, lambda: self.catalogue, self.database, self.clock, self.folder, ZONE, tutor)

    def decide(self, count: int) -> None:
        """Let people decide, a decision a minute; the decisions of a few days are hundreds."""
        with self.database.write() as session:
            event = EventRow(channel="telegram", key=f"e{self.clock.now()}", payload="{}", source="x", received_at=NOON)
            author = f"{self.clock.now()}"
            person = ConversationRow(
                channel="telegram", author_id=author, thread="t", created_at=NOON, last_incoming_at=NOON
            )
            session.add_all([event, person])
            session.flush()
            assert event.id is not None
            assert person.id is not None
            mentions = [self._mention(event.id, person.id, number) for number in range(count)]
            session.add_all(mentions)
            session.flush()
            tasks = [self._task(mention) for mention in mentions]
            session.add_all(tasks)
            session.flush()
            session.add_all(self._example(task, mention) for task, mention in zip(tasks, mentions, strict=True))

    def _mention(self, event_id: int, person_id: int, number: int) -> MentionRow:
        moment = self.clock.now()
        return MentionRow(
            event_id=event_id,
            conversation_id=person_id,
            channel="telegram",
            key=f"{moment}/{number}",
            text=f"яма номер {moment.day} {number}",
            mentioned_at=moment,
            received_at=moment,
        )

    def _task(self, mention: MentionRow) -> TaskRow:
        assert mention.id is not None
        at = mention.mentioned_at
        return TaskRow(
            mention_id=mention.id,
            channel="telegram",
            mentioned_at=at,
            received_at=at,
            target_at=at,
            due_at=at,
            promise_at=at,
        )

    def _example(self, task: TaskRow, mention: MentionRow) -> ExampleRow:
        assert task.id is not None
        assert mention.id is not None
        return ExampleRow(
            task_id=task.id,
            mention_id=mention.id,
            text=mention.text,
            kind="appeal",
            service="ROAD-001",
            decided_at=self.clock.advance(MINUTE),
            decided_by=self._user,
        )

    def serving(self) -> ModelRow:
        with self.database.read() as session:
            row = models.serving(session)
        assert row is not None
        return row


def example(text: str, at: datetime) -> Example:
    return Example(text, "appeal", "WASTE-001", "waste", False, at)


@pytest.fixture
def school(sqlite: Database, clock: MovedClock, tmp_path: Path, classifier: Classifier) -> School:
    return School(sqlite, clock, tmp_path, classifier)


def test_the_first_model_is_the_catalogues(school: School) -> None:
    row = school.serving()

    assert (row.origin, row.outcome, row.reason, row.examples) == ("catalogue", "promoted", "first", 0)
    assert school.learning.champion.model_id == row.id


def test_too_few_decisions_change_nothing_and_say_so(school: School) -> None:
    school.decide(150)
    before = school.serving()

    row = school.learning.attempt(Origin.NIGHT, must_win=True)

    assert (row.outcome, row.detail) == ("too_few", {"have": 150, "need": 200})
    assert school.serving().id == before.id
    assert school.tutor.orders == []


def test_a_better_challenger_learns_everything_and_serves(school: School) -> None:
    school.decide(300)

    row = school.learning.attempt(Origin.NIGHT, must_win=True)

    (order,) = school.tutor.orders
    assert (len(order.learnt), len(order.test), len(order.decisions)) == (200, 100, 300)
    assert (row.outcome, row.reason, row.examples) == ("promoted", "better", 300)
    assert row.seen_until == school.clock.now()
    assert row.challenger["top3"] == 0.7
    assert school.serving().id == row.id


def test_a_challenger_that_is_not_better_never_serves(school: School) -> None:
    school.decide(300)
    school.tutor.why = Why.NOT_BETTER
    before = school.serving()

    row = school.learning.attempt(Origin.NIGHT, must_win=True)

    assert (row.outcome, row.reason, row.file, row.detail) == ("kept", "not_better", "", {"won": 12, "lost": 3})
    assert school.serving().id == before.id


def test_the_next_night_looks_only_at_what_the_champion_has_not_learnt(school: School) -> None:
    school.decide(300)
    school.learning.attempt(Origin.NIGHT, must_win=True)
    school.clock.advance(timedelta(days=1))
    school.decide(120)

    row = school.learning.attempt(Origin.NIGHT, must_win=True)

    assert (row.outcome, row.detail["have"]) == ("too_few", 120)


def test_who_asks_gets_a_model_whatever_there_is_to_learn(school: School) -> None:
    with school.database.write() as session:
        examples.keep_history(session, "old.csv", [("k", "Яма", "", "roads"), ("l", "Снег", "ROAD-002", "")], NOON)

    row = school.learning.attempt(Origin.ASKED, must_win=False)

    (order,) = school.tutor.orders
    assert [(one.text, one.service, one.sphere) for one in order.decisions] == [
        ("Яма", "", "roads"),
        ("Снег", "ROAD-002", ""),
    ]
    assert (row.outcome, row.reason) == ("promoted", "asked")


def test_another_process_takes_the_new_model_over_without_a_restart(school: School) -> None:
    neighbour = school.process().champion
    school.decide(300)

    row = school.learning.attempt(Origin.NIGHT, must_win=True)

    assert neighbour.refresh()
    assert not neighbour.refresh()
    assert (neighbour.model_id, neighbour.classify("яма на Абая").model) == (row.id, row.version)


def test_texts_make_a_process_look_for_a_new_model_but_do_not_wait_for_it(
    school: School, classifier: Classifier
) -> None:
    second, before = [0.0], school.serving().id
    assert before is not None
    champion = Champion(
        before, classifier, school.database, school.folder, lambda: school.catalogue, seconds=lambda: second[0]
    )
    row = school.learning.attempt(Origin.ASKED, must_win=False)

    champion.classify("яма")
    early = champion.model_id
    second[0] = 10.0
    champion.classify("яма")
    for thread in threading.enumerate():
        if thread.name == "models":
            thread.join(10)

    assert (early, champion.model_id) == (before, row.id)


def test_a_restart_serves_the_model_that_served(school: School) -> None:
    row = school.learning.attempt(Origin.ASKED, must_win=False)

    assert school.process().champion.model_id == row.id


def test_a_failed_training_is_told_and_the_champion_goes_on(school: School) -> None:
    before = school.serving()
    school.tutor.is_stopped = True

    with pytest.raises(TrainingError):
        school.learning.attempt(Origin.ASKED, must_win=False)

    with school.database.read() as session:
        row = models.newest(session, 1)[0]
    assert (row.outcome, row.reason) == ("failed", "training")
    assert school.serving().id == before.id


def test_two_trainings_do_not_run_at_once(school: School) -> None:
    with school.database.write() as session:
        models.begin(session, "v", "c", "night", school.clock.now())

    with pytest.raises(ConflictError):
        school.learning.attempt(Origin.ASKED, must_win=False)


@pytest.mark.anyio
async def test_an_edited_catalogue_is_learnt_once_it_rests(school: School, threads: Threads) -> None:
    school.catalogue = replace(school.catalogue, lesson="edited")

    await school.learning.watch(threads)
    assert school.tutor.orders == []
    school.clock.advance(MINUTE)
    await school.learning.watch(threads)
    await school.learning.watch(threads)

    assert len(school.tutor.orders) == 1
    row = school.serving()
    assert (row.origin, row.reason, row.catalogue) == ("edited", "edited", version_of(school.catalogue))
    assert school.learning.champion.model_id == row.id


@pytest.mark.anyio
async def test_a_new_deadline_is_nothing_to_learn(school: School, threads: Threads) -> None:
    services = {code: replace(one, deadline="3h") for code, one in school.catalogue.services.items()}
    edited = replace(school.catalogue, services=services)
    school.catalogue = replace(edited, lesson=lesson_version(edited))

    await school.learning.watch(threads)
    school.clock.advance(MINUTE)
    await school.learning.watch(threads)

    assert school.tutor.orders == []


@pytest.mark.anyio
async def test_a_catalogue_that_cannot_be_learnt_is_not_tried_without_end(school: School, threads: Threads) -> None:
    school.catalogue = replace(school.catalogue, lesson="edited")
    school.tutor.is_stopped = True

    for _ in range(4):
        await school.learning.watch(threads)
        school.clock.advance(MINUTE)

    assert len(school.tutor.orders) == 1


def test_what_the_catalogue_no_longer_has_is_not_suggested(school: School) -> None:
    champion: Champion = school.learning.champion
    before = champion.classify("яма на Абая, колесо пробил")

    services = {code: one for code, one in school.catalogue.services.items() if code != "ROAD-001"}
    school.catalogue = replace(school.catalogue, services=services)

    assert before.services[0].code == "ROAD-001"
    assert "ROAD-001" not in {guess.code for guess in champion.classify("яма на Абая, колесо пробил").services}


def test_a_model_that_cannot_be_read_is_left_alone(school: School) -> None:
    before = school.learning.champion.model_id
    row = school.process(school.tutor).attempt(Origin.ASKED, must_win=False)
    (school.folder / row.file).write_bytes(b"half")

    assert not school.learning.champion.refresh()
    assert school.learning.champion.model_id == before


def test_learning_has_its_time_in_the_citys_day(school: School, threads: Threads) -> None:
    nights = Nights(school.learning, time(7, 0), ZONE)
    files = FileStore(school.folder, 1)

    scheduler = Housekeeping([], [], school.database, school.clock, threads, files, nights).schedule()

    assert {"learn", "watch models"} <= {job.id for job in scheduler.get_jobs()}


def test_a_process_of_its_own_trains_compares_and_keeps(school: School, classifier: Classifier) -> None:
    decisions = [example(f"у Рахата опять кошмар {number}", NOON + number * MINUTE) for number in range(40)]
    champion = school.folder / f"catalogue-{version_of(school.catalogue)}.npz"
    path = school.folder / "new.npz"
    told: list[float] = []

    ruling = Apart().train(
        Order(school.catalogue, path, decisions, decisions[:20], decisions[20:], champion, must_win=True),
        lambda _what, share: told.append(share),
    )

    assert ruling is not None
    assert (ruling.why, ruling.won, ruling.lost) == (Why.BETTER, 20, 0)
    assert path.exists()
    assert told == sorted(told)


@pytest.mark.anyio
async def test_a_night_whose_worker_died_is_still_to_come(school: School, threads: Threads) -> None:
    school.decide(3)
    with school.database.write() as session:
        models.begin(session, "v", "c", Origin.NIGHT.value, school.clock.now())  # and then the machine is gone

    with pytest.raises(ConflictError):
        await school.learning.night(threads)
    school.clock.advance(models.LONGEST_TRAINING)
    await school.learning.night(threads)

    with school.database.read() as session:
        assert [row.outcome for row in models.newest(session, 9)][:2] == ["too_few", "failed"]
