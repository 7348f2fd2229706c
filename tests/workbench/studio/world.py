"""What people and we do on both sides of a sync, in small steps that can be replayed.

A step is a name and a number: the number chooses everything else about it (which document, which
task, which words), among what is there when it comes. So every part of a list of steps is a list
of steps again. Steps of people go to Label Studio directly, as their browsers do; ours go through
the public functions of the workbench. What the steps are done against, a real server or a model
of one, is a matter of the subclass.
"""
from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable, Sequence

from flask import Flask

from labels.errors import InputError, SchemaError, StudioError
from labels.rules import ClassSuggestion, Evidence, SpanSuggestion, Suggestions
from labels.schema import Schema
from tests.workbench.studio import turning
from tests.workbench.studio.people import People, Place, slices
from tests.workbench.studio.reforming import Reform, common
from workbench import jobs, live, migration, removing, schemas, stages, sync
from workbench.effective import newest_version, version_of
from workbench.project import Project
from workbench.review.honest import SETTING, Honest
from workbench.slots import overlap_given
from workbench.store import Store
from workbench.store.documents import current_ids, load_document
from workbench.store.rereads import removed_documents
from workbench.store.schemas import DONE, newest_schema, schema_version
from workbench.store.settings import activity, set_setting
from workbench.store.suggestions import save_suggestions
from workbench.studio.live import HOOK_PATH, SECRET_HEADER
from workbench.web import create_app
from workbench.web.hooks import _KEY as LISTENER

LINES = (
    "云泽区财政局投入 153.5 亿元，同比增长 12.5%。", "任命李若川为云泽区教育局局长。",
    "云泽区𠮷水镇👨‍👩‍👧文化站今年接待群众三万人次。", "江岚市𬭚材料公司在会上作了发言。",
    "全年一般公共预算收入\t65.2 亿元，完成预算的 98%。", "会议审议了《云泽区河湖管理办法》。",
    "免去周望舒的云泽区水利局副局长职务。", "区人民医院新院区于3月12日开工建设。",
)
HEADINGS = ("一、总体情况", "二、人事任免", "三、重点工作")
DOCUMENTS = 3
# What we do without Label Studio, with it, and what its events meet on their way to us.
OURS = ("read", "suggest", "remove", "restore", "reform", "slots", "share", "agree")
FATES = ("passed", "passed", "twice", "late", "lost", "forged")
ADDRESS = "http://workbench.invalid"


@dataclass(frozen=True, slots=True)
class Step:
    name: str
    salt: int

    def __str__(self) -> str:
        return f"{self.name}({self.salt})"


@dataclass(frozen=True, slots=True)
class Event:
    """What Label Studio posted to a webhook of ours."""

    headers: dict[str, str]
    body: bytes


@dataclass
class World(People):
    """A project and its Label Studio, which posts its events to `events`, addressed to `address`.

    `kept` is every version of every answer that our store has ever shown, `versions` the changes
    that led to each version of the schema, `turned` the last of them that came to its end.
    """

    project: Project = field(kw_only=True)
    folder: Path = field(kw_only=True)
    address: str = ADDRESS
    events: list[Event] = field(default_factory=list)
    late: list[Event] = field(default_factory=list)
    kept: dict[tuple[str, int, str], str] = field(default_factory=dict)
    versions: dict[int, list[turning.Step]] = field(default_factory=dict)
    undone: dict[int, list[int]] = field(default_factory=dict)
    turned: int = 0
    told: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    _app: Flask | None = None

    def do(self, step: Step) -> None:
        """Take a step; one for which there is nothing to do changes nothing."""
        chance = random.Random(f"{step.name}:{step.salt}")
        self.acted = True
        try:
            getattr(self, step.name)(chance)
        finally:
            self.counts[step.name if self.acted else "idle"] += 1
            self.keep()

    # --- on our side -----------------------------------------------------------------------------

    def read(self, chance: random.Random) -> None:
        """Read a document, or a new version of one that is here."""
        name = f"d{chance.randrange(DOCUMENTS)}"
        lines = []
        for heading in HEADINGS[:chance.randint(1, 2)]:
            lines += [heading, *chance.sample(LINES, chance.randint(1, 2))]
        path = self.folder / f"{name}.jsonl"
        path.write_text(json.dumps({"id": name, "text": "\n".join(lines)}, ensure_ascii=False)
                        + "\n", encoding="utf-8")
        with self.project.open() as store:
            stages.ingest(store, [path])

    def suggest(self, chance: random.Random) -> None:
        """A newer set of suggestions for a document, as after a change of the rules."""
        with self.project.open() as store:
            documents = current_ids(store)
            if documents:
                document = chance.choice(documents)
                save_suggestions(store, document, f"pack {chance.random()}",
                                 suggestions(store, document, chance, newest_version(store).schema))

    def remove(self, chance: random.Random) -> None:
        """Take a document out of the project; read again it is back."""
        with self.project.open() as store:
            names = store.rows("SELECT DISTINCT name FROM documents WHERE removed_at IS NULL")
            self.acted = bool(names)
            if names:
                removing.remove(store, chance.choice([row["name"] for row in names]))

    def restore(self, chance: random.Random) -> None:
        with self.project.open() as store:
            names = [row["name"] for row in removed_documents(store)]
            self.acted = bool(names)
            if names:
                removing.restore(store, chance.choice(names))

    def slots(self, chance: random.Random) -> None:
        """More or fewer people shall answer a region apart."""
        overlap = overlap_given(chance.choice((1, 2, 2, 3)), chance.choice((0, 40, 70, 100)))
        with self.project.open() as store:
            set_setting(store, "overlap", overlap.as_json())

    def share(self, chance: random.Random) -> None:
        """The lead hides suggestions of other regions, and asks other settled ones again."""
        with self.project.open() as store:
            set_setting(store, SETTING, Honest(
                *(chance.choice((0, 30, 100)) for _ in range(3)), least=1).as_json())

    def agree(self, chance: random.Random) -> None:
        """What people agree on becomes gold."""
        with self.project.open() as store:
            if newest_schema(store)["step"] == DONE:
                stages.settle(store, self.project.pack(), "lead")

    def reform(self, chance: random.Random) -> None:
        """The schema gets another version, or goes back to an older one; its migration is still
        to be run. One that is being applied comes first."""
        with self.project.open() as store:
            newest = newest_schema(store)
            self.acted = newest["step"] == DONE
            if not self.acted:
                return
            number = newest["version"] + 1
            try:
                if number > 1 and chance.random() < 0.3:
                    self._go_back(store, number, chance)
                else:
                    self._go_on(store, number, chance)
            except (SchemaError, InputError) as error:
                self.told.append(f"no such version: {error}")
                self.acted = False
                return
        for said in (*self.said.values(), *self.left.values(), *self.begun.values()):
            if number not in self.undone:
                said.note(number, self.versions[number])

    def _go_on(self, store: Store, number: int, chance: random.Random) -> None:
        reform = Reform(newest_version(store).schema, f"V{number}", chance)
        reform.draw()
        schemas.save(store, reform.changes, "a better one", "lead")
        row = schema_version(store, number)
        assert row is not None
        self.versions[number] = [turning.Step(reform.turn(version_of(row).schema))]
        self.told.append(f"version {number}: {reform.changes}")
        self.counts.update(type(change).__name__.lower() for change in reform.changes)

    def _go_back(self, store: Store, number: int, chance: random.Random) -> None:
        target = chance.choice((number - 2, number - 2, chance.randrange(number - 1)))
        schemas.go_back(store, target, "it was better", "lead")
        self.undone[number] = list(range(number - 1, target, -1))
        self.versions[number] = [step for undone in self.undone[number]
                                 for step in turning.taken_back(self.versions[undone])]
        self.told.append(f"version {number}: back to {target}")
        self.counts["undo"] += 1

    def resume(self, chance: random.Random) -> None:
        """Take what people said along to the newest version of the schema."""
        self.acted = True
        self.met(lambda: migration.migrate(self.project))

    def migrate(self, chance: random.Random) -> None:
        self.reform(chance)
        self.resume(chance)

    def sync(self, chance: random.Random) -> None:
        """A sync; in every other one what people agree on becomes gold between pull and push."""
        if chance.random() < 0.5:
            self.met(lambda: sync.sync(self.project))
            return
        self.met(lambda: sync.pull(self.project))
        self.agree(chance)
        self.met(lambda: sync.push(self.project))

    def push(self, chance: random.Random) -> None:
        self.met(lambda: sync.push(self.project))

    def pull(self, chance: random.Random) -> None:
        self.met(lambda: sync.pull(self.project))

    def settle(self) -> None:
        """The two rounds after the last fault; the second looks at everything that is there. What
        was delayed comes first, and a migration that was cut off goes on."""
        if self.late:
            self.post(self.late)
        with self.project.open() as store:
            pending = newest_schema(store)["step"] != DONE
        if pending:
            migration.migrate(self.project)
        sync.sync(self.project)
        self.agree(random.Random(0))
        sync.sync(self.project, full=True)
        self.keep()

    def met(self, work: Callable[[], Any]) -> None:
        """Work that may meet a fault: it must end with an error of ours, in one line."""
        try:
            work()
        except StudioError as error:
            assert "\n" not in str(error), error
            self.told.append(f"{type(error).__name__}: {error}")

    # --- the webhook -----------------------------------------------------------------------------

    def hint(self, chance: random.Random) -> None:
        """Somebody works, and the events of that meet one fate on their way to our webhook."""
        with self.project.open() as store:
            known = live.live(store).webhook
        if not known:
            live.set_addresses(self.project, workbench_url=self.address)
            self.met(lambda: live.connect_live(self.project, webhook=True))
        self.events.clear()     # those of other steps were lost
        before = set(self.said)
        self.people_work(chance)
        late, self.late = self.late, []
        fate = chance.choice(FATES)
        self.counts[f"hint {fate}"] += bool(self.events)
        arrived: list[Event] = []
        for event in (*late, *self.events):
            if fate == "late":
                self.late.append(event)
            elif fate == "forged":
                self.forge(event)
            elif fate != "lost":
                arrived += [event] * (2 if fate == "twice" else 1)
        if arrived and self.post(arrived):
            missing = [number for number in set(self.said) - before if self.stored(number) is None]
            assert not missing, f"a hint came, and {missing} did not"

    def people_work(self, chance: random.Random) -> None:
        getattr(self, chance.choice(("annotate", "annotate", "change", "skip", "withdraw")))(
            chance)

    def post(self, events: Sequence[Event]) -> bool:
        """Events of Label Studio reach us; whether the pull that they start succeeds."""
        with self.project.open() as store:
            expected = 204 if live.live(store).webhook else 403
        for event in events:
            answer = self.app.test_client().post(
                HOOK_PATH, headers=event.headers, data=event.body)
            assert answer.status_code == expected, answer.status_code
        if expected == 403:     # switching it on was cut off: Label Studio knows of it, we do not
            return False
        listener: live.Listener = self.app.extensions[LISTENER]
        listener.wait()
        jobs.wait(self.project, "pull")
        with self.project.open() as store:
            done = activity(store, "pull")
        assert done is not None and "it stopped with" not in done["message"], done
        if done["state"] != "done":
            self.told.append(f"hint: {done['message']} {done['context']}")
        return bool(done["state"] == "done")

    def forge(self, event: Event) -> None:
        answer = self.app.test_client().post(
            HOOK_PATH, data=event.body, headers={**event.headers, SECRET_HEADER: "a guess"})
        assert answer.status_code == 403, answer.status_code

    @property
    def app(self) -> Flask:
        if self._app is None:
            self._app = create_app(self.project, testing=True)
        return self._app

    # --- what is known of both sides -------------------------------------------------------------

    def keep(self) -> None:
        """Remember every version of every answer that the store has, and turn what people said
        when a change of the schema has come to its end."""
        with self.project.open() as store:
            for row in store.rows("SELECT origin, studio_annotation, studio_updated_at, raw"
                                  " FROM answers UNION ALL SELECT origin, studio_annotation,"
                                  " studio_updated_at, raw FROM trial_answers"):
                key = row["origin"], row["studio_annotation"], row["studio_updated_at"]
                self.kept.setdefault(key, row["raw"])
            newest = newest_schema(store)
        if newest["version"] > self.turned and newest["step"] == DONE:
            self.turned = newest["version"]
            for said in (*self.said.values(), *self.left.values(), *self.begun.values()):
                self._turn(said, self.turned)

    def _turn(self, said: turning.Said, number: int) -> None:
        if number in self.undone:
            said.take_back(number, [(undone, self.versions[undone])
                                    for undone in self.undone[number]])
        else:
            said.turn(number, self.versions[number])

    def version(self) -> int:
        with self.project.open() as store:
            return int(newest_schema(store)["version"])

    def stored(self, annotation: int) -> turning.Result | None:
        with self.project.open() as store:
            raw = store.value(
                "SELECT raw FROM (SELECT studio_annotation, studio_updated_at, id, raw FROM answers"
                " UNION ALL SELECT studio_annotation, studio_updated_at, id, raw FROM"
                " trial_answers) WHERE studio_annotation = ?"
                " ORDER BY studio_updated_at DESC, id DESC", [annotation])
        return None if raw is None else json.loads(raw)

    def there(self) -> list[Place]:
        with self.project.open() as store:
            link = sync.connection(store)
        return [Place(kind, slot, link.project(kind, slot).id) for kind, slot in link.slots]


def suggestions(store: Store, document_id: int, chance: random.Random,
                schema: Schema) -> Suggestions:
    document = load_document(store, document_id)
    labels = common(schema.label_names)
    spans = tuple(SpanSuggestion(start, end, chance.choice(labels), "t.some", "v1", 0.8,
                                 Evidence(document.text[start:end]))
                  for start, end in slices(document.text, chance)
                  if "\n" not in document.text[start:end])
    asked = schema.paragraph_classes[0]
    choices = common([choice.name for choice in asked.choices])
    classes = tuple(ClassSuggestion(asked.name, chance.choice(choices), block.start, block.end,
                                    "t.function", "v1", 0.8)
                    for block in document.blocks if chance.random() < 0.5)
    return Suggestions(spans, (), classes)
