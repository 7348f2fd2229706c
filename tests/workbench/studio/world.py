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
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable, Iterator, Mapping, Sequence

import httpx

from labels.errors import StudioError
from labels.rules import ClassSuggestion, Evidence, SpanSuggestion, Suggestions
from labels.schema_changes import Rename
from workbench import migration, schemas, stages, sync
from workbench.project import Project
from workbench.review.honest import SETTING, Honest
from workbench.store import Row, Store
from workbench.store.answers import newest_answers
from workbench.store.documents import current_ids, load_document
from workbench.store.gold import settle_region
from workbench.store.rereads import remove_document
from workbench.store.schemas import DONE, newest_schema
from workbench.store.settings import set_setting
from workbench.store.suggestions import save_suggestions

LINES = (
    "云泽区财政局投入 153.5 亿元，同比增长 12.5%。", "任命李若川为云泽区教育局局长。",
    "云泽区𠮷水镇👨‍👩‍👧文化站今年接待群众三万人次。", "江岚市𬭚材料公司在会上作了发言。",
    "全年一般公共预算收入\t65.2 亿元，完成预算的 98%。", "会议审议了《云泽区河湖管理办法》。",
    "免去周望舒的云泽区水利局副局长职务。", "区人民医院新院区于3月12日开工建设。",
)
HEADINGS = ("一、总体情况", "二、人事任免", "三、重点工作")
LABELS = ("ORG", "PERSON", "POST", "LOC", "DATE", "MONEY")
FUNCTIONS = ("achievement", "plan", "figures", "decision")
TOPICS = ("finance", "education")
DOCUMENTS = 3
# Put behind a label's name to make another; the names of the pack do not end with it.
RENAMED = "Q"


@dataclass(frozen=True, slots=True)
class Step:
    name: str
    salt: int

    def __str__(self) -> str:
        return f"{self.name}({self.salt})"


@dataclass(slots=True)
class Said:
    """An annotation as its author left it."""

    task: int
    result: list[dict[str, Any]]
    skipped: bool


@dataclass
class World:
    """A project, its Label Studio without any faults at `url`, and `people` signed in there.

    `said` is what people submitted and nobody has taken back, by the annotation's id there,
    `withdrawn` what was taken back;
    `kept` is every version of every answer that our store has ever shown.
    """

    project: Project
    folder: Path
    people: Sequence[httpx.Client]
    said: dict[int, Said] = field(default_factory=dict)
    withdrawn: set[int] = field(default_factory=set)
    kept: dict[tuple[str, int, str], str] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)

    def do(self, step: Step) -> None:
        """Take a step; one for which there is nothing to do changes nothing."""
        chance = random.Random(f"{step.name}:{step.salt}")
        getattr(self, step.name)(chance)

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
                names = {plain(name): name for name in self.project.pack().schema.label_names}
                save_suggestions(store, document, f"pack {chance.random()}",
                                 suggestions(store, document, chance, names))

    def remove(self, chance: random.Random) -> None:
        """Take a document out of the project; read again it is back."""
        with self.project.open() as store:
            names = store.rows("SELECT DISTINCT name FROM documents WHERE removed_at IS NULL")
            if names:
                remove_document(store, chance.choice([row["name"] for row in names]))

    def migrate(self, chance: random.Random) -> None:
        """A label gets another name, here and there; a migration that was cut off goes on."""
        with self.project.open() as store:
            pending = unfinished(store)
            if not pending:
                old = chance.choice([name for name in self.project.pack().schema.label_names
                                     if plain(name) in LABELS])
                schemas.save(store, [Rename("label", old, old + RENAMED)], "a better name", "lead")
        self.met(lambda: migration.migrate(self.project))

    def share(self, chance: random.Random) -> None:
        """The lead hides suggestions of other regions, and asks other settled ones again."""
        with self.project.open() as store:
            set_setting(store, SETTING, Honest(
                *(chance.choice((0, 30, 100)) for _ in range(3)), least=1).as_json())

    def agree(self, chance: random.Random) -> None:
        """The lead settles what people have answered: of each region somebody's answer counts."""
        with self.project.open() as store:
            if unfinished(store):
                return
            said: dict[int, list[Row]] = {}
            for row in newest_answers(store):
                if row["state"] == "accepted":
                    said.setdefault(row["region_id"], []).append(row)
            for region_id, rows in said.items():
                settle_region(store, region_id=region_id, answer=chance.choice(rows)["answer"],
                              answer_ids=[row["id"] for row in rows],
                              annotators=sorted({row["annotator"] for row in rows}),
                              schema_hash=self.project.pack().schema.hash, settled_by="lead")

    def sync(self, chance: random.Random) -> None:
        """A sync; in every other one the lead settles what is there between pull and push."""
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
        """The two rounds after the last fault; the second looks at everything that is there. A
        migration that was cut off goes on first."""
        with self.project.open() as store:
            pending = unfinished(store)
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
        finally:
            self.keep()

    def keep(self) -> None:
        """Remember every version of every answer that the store has."""
        with self.project.open() as store:
            for row in store.rows("SELECT origin, studio_annotation, studio_updated_at, raw"
                                  " FROM answers UNION ALL SELECT origin, studio_annotation,"
                                  " studio_updated_at, raw FROM trial_answers"):
                key = row["origin"], row["studio_annotation"], row["studio_updated_at"]
                self.kept.setdefault(key, row["raw"])

    # --- on the side of the people ---------------------------------------------------------------

    def annotate(self, chance: random.Random) -> None:
        for task in self.some_task(chance):
            self.submit(chance, task, self.marked(task, chance), skipped=False)

    def skip(self, chance: random.Random) -> None:
        for task in self.some_task(chance):
            self.submit(chance, task, [], skipped=True)

    def submit(self, chance: random.Random, task: dict[str, Any], result: list[dict[str, Any]],
               skipped: bool, **more: Any) -> None:
        made = self.ask(chance, "POST", f"/api/tasks/{task['id']}/annotations/", {
            "result": result, "was_cancelled": skipped, "lead_time": 1.5, **more})
        self.said[made["id"]] = Said(task["id"], result, skipped)

    def change(self, chance: random.Random) -> None:
        """Somebody submits an answer again, with other marks."""
        for number, said in self.some_answer(chance):
            task = self.ask(chance, "GET", f"/api/tasks/{said.task}/")
            said.result, said.skipped = self.marked(task, chance), False
            self.ask(chance, "PATCH", f"/api/annotations/{number}/",
                     {"result": said.result, "was_cancelled": False})

    def withdraw(self, chance: random.Random) -> None:
        """Somebody deletes an answer."""
        for number, _ in self.some_answer(chance):
            self.ask(chance, "DELETE", f"/api/annotations/{number}/")
            del self.said[number]
            self.withdrawn.add(number)

    def draft(self, chance: random.Random) -> None:
        """Somebody begins and does not submit."""
        for task in self.some_task(chance):
            self.ask(chance, "POST", f"/api/tasks/{task['id']}/drafts",
                     {"result": self.marked(task, chance), "lead_time": 1.0})

    def submit_draft(self, chance: random.Random) -> None:
        for task in self.some_task(chance):
            drafts = self.ask(chance, "GET", f"/api/tasks/{task['id']}/drafts")
            for draft in drafts[:1]:
                author = next(person for person in self.people
                              if person.headers["X-Person"] == draft["user"])
                made = author.post(f"/api/tasks/{task['id']}/annotations/", json={
                    "result": draft["result"], "draft_id": draft["id"]}).raise_for_status().json()
                self.said[made["id"]] = Said(task["id"], draft["result"], False)

    def delete_task(self, chance: random.Random) -> None:
        for task in self.some_task(chance):
            self.ask(chance, "DELETE", f"/api/tasks/{task['id']}/")
            for number in [n for n, said in self.said.items() if said.task == task["id"]]:
                del self.said[number]

    def lose_predictions(self, chance: random.Random) -> None:
        """Suggestions vanish there, as by the Data Manager's action."""
        for task in self.some_task(chance):
            for guess in task["predictions"]:
                self.ask(chance, "DELETE", f"/api/predictions/{guess['id']}/")

    def edit_data(self, chance: random.Random) -> None:
        """Somebody edits a task's text by hand."""
        for task in self.some_task(chance):
            data = {**task["data"], "text": task["data"]["text"] + "（改）"}
            self.ask(chance, "PATCH", f"/api/tasks/{task['id']}/", {"data": data})

    def ask(self, chance: random.Random, method: str, path: str, body: Any = None) -> Any:
        answer = chance.choice(self.people).request(method, path, json=body)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def some_task(self, chance: random.Random) -> Iterator[dict[str, Any]]:
        """One of our tasks, or none."""
        tasks = [task for _, project in self.there() for task in tasks_of(self.people[0], project)]
        if tasks:
            yield chance.choice(tasks)

    def some_answer(self, chance: random.Random) -> Iterator[tuple[int, Said]]:
        living = [(number, said) for number, said in sorted(self.said.items())
                  if self.people[0].get(f"/api/annotations/{number}/").status_code == 200]
        if living:
            yield chance.choice(living)

    def there(self) -> list[tuple[str, int]]:
        """(kind, id) of our projects there."""
        with self.project.open() as store:
            link = sync.connection(store)
        return [(kind, link.project(kind, slot).id) for kind, slot in link.slots]

    def marked(self, task: dict[str, Any], chance: random.Random) -> list[dict[str, Any]]:
        """What somebody marks in a task, rarely something that is no slice of its text."""
        text = task["data"]["text"]
        if ("classes", task["project"]) in self.there():
            return [{"id": "f", "from_name": "function", "to_name": "text", "type": "choices",
                     "value": {"choices": [chance.choice(FUNCTIONS)]}}]
        shift = chance.random() < 0.05
        names = {plain(name): name for name in self.project.pack().schema.label_names}
        return [{"id": f"r{start}", "from_name": "label", "to_name": "text", "type": "labels",
                 "value": {"start": start + shift, "end": end + shift, "text": text[start:end],
                           "labels": [names[label]]}}
                for start, end, label in slices(text, chance)]


# What people do, and what we do without Label Studio.
PEOPLE = ("annotate", "annotate", "annotate", "change", "change", "skip", "withdraw", "draft",
          "submit_draft", "delete_task", "edit_data", "lose_predictions")
OURS = ("read", "suggest", "remove", "share", "agree")


def unfinished(store: Store) -> bool:
    """Whether a migration of the schema has not come to its end."""
    newest = newest_schema(store)
    return bool(newest) and newest["step"] != DONE


def plain(label: str) -> str:
    """The first name of a label that was renamed, perhaps several times."""
    return label.rstrip(RENAMED)


def renamed_back(result: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A result with the first names of its labels."""
    return [{**one, "value": {**one["value"], "labels": list(map(plain, one["value"]["labels"]))}}
            if one["type"] == "labels" else one for one in result]


def slices(text: str, chance: random.Random) -> list[tuple[int, int, str]]:
    """Some slices of a text that do not overlap, with labels."""
    cuts = sorted(chance.sample(range(len(text) + 1), min(len(text), 2 * chance.randint(0, 3))))
    return [(start, end, chance.choice(LABELS)) for start, end in zip(cuts[::2], cuts[1::2])]


def suggestions(store: Store, document_id: int, chance: random.Random,
                names: Mapping[str, str]) -> Suggestions:
    document = load_document(store, document_id)
    spans = tuple(SpanSuggestion(start, end, names[label], "t.some", "v1", 0.8,
                                 Evidence(document.text[start:end]))
                  for start, end, label in slices(document.text, chance)
                  if "\n" not in document.text[start:end])
    classes = tuple(ClassSuggestion("function", chance.choice(FUNCTIONS), block.start, block.end,
                                    "t.function", "v1", 0.8)
                    for block in document.blocks if chance.random() < 0.5)
    return Suggestions(spans, (), classes)


def tasks_of(person: httpx.Client, project: int) -> list[dict[str, Any]]:
    """All tasks of a project with all that stands in them, past our own code."""
    found: list[dict[str, Any]] = []
    page = 1
    while True:
        answer = person.get("/api/tasks/", params={
            "project": project, "page": page, "page_size": 100, "fields": "all"})
        answer.raise_for_status()
        found += answer.json()["tasks"]
        if len(found) >= answer.json()["total"]:
            return found
        page += 1
