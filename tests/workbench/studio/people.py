"""What people do in Label Studio, as their browsers do it: by its own addresses, without faults.

Everything they submit or begin is remembered (`Said`), so that it can be told what must be left
of it in the end.
"""
from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from typing import Any, Iterator, Sequence

import httpx

from tests.workbench.studio.reforming import common
from tests.workbench.studio.turning import Result, Said

# What people do; what is done more often stands there more than once.
PEOPLE = ("annotate", "annotate", "annotate", "change", "change", "skip", "withdraw", "draft",
          "reopen", "submit_draft", "delete_task", "edit_data", "lose_predictions")
EDITED = "（改）"


@dataclass(frozen=True, slots=True)
class Place:
    """One of our projects there."""

    kind: str
    slot: int
    project: int


@dataclass
class People:
    """`people` are signed in at a Label Studio; `there` are our projects in it.

    `said` is what was submitted and nobody has taken back, by the annotation's id there, `left`
    what stood in tasks that were deleted there, `withdrawn` what was taken back, `begun` are the
    drafts.
    """

    people: Sequence[httpx.Client]
    said: dict[int, Said] = field(default_factory=dict)
    left: dict[int, Said] = field(default_factory=dict)
    withdrawn: set[int] = field(default_factory=set)
    begun: dict[int, Said] = field(default_factory=dict)
    acted: bool = False     # whether there was something to do for the step

    def there(self) -> list[Place]:
        raise NotImplementedError

    def version(self) -> int:
        """The newest version of the schema."""
        raise NotImplementedError

    def stored(self, annotation: int) -> Result | None:
        """What we have of an annotation; None: nothing."""
        raise NotImplementedError

    # --- steps -----------------------------------------------------------------------------------

    def annotate(self, chance: random.Random) -> None:
        for person, task in self.some_task(chance):
            self.submit(person, task, self.marked(task, chance))

    def skip(self, chance: random.Random) -> None:
        for person, task in self.some_task(chance):
            self.submit(person, task, [], skipped=True)

    def submit(self, person: httpx.Client, task: dict[str, Any], result: Result,
               skipped: bool = False, **more: Any) -> None:
        made = ask(person, "POST", f"/api/tasks/{task['id']}/annotations/", {
            "result": result, "was_cancelled": skipped, "lead_time": 1.5, **more})
        self.said[made["id"]] = said = Said(task["id"], key_of(task), skipped)
        self.say(said, task, result)

    def change(self, chance: random.Random) -> None:
        """Somebody submits an answer again, with other marks."""
        for number, said in self.some_answer(chance):
            task = ask(self.people[0], "GET", f"/api/tasks/{said.task}/")
            result, said.skipped = self.marked(task, chance), False
            self.resubmit(chance, number, result)
            self.say(said, task, result)

    def resubmit(self, chance: random.Random, number: int, result: Result) -> None:
        ask(chance.choice(self.people), "PATCH", f"/api/annotations/{number}/",
            {"result": result, "was_cancelled": False})
        # Who submits an answer again, drops what was begun on it.
        task = self.said[number].task
        self.begun = {draft: one for draft, one in self.begun.items() if one.task != task or any(
            row["id"] == draft for row in ask(self.people[0], "GET", f"/api/tasks/{task}/drafts"))}

    def withdraw(self, chance: random.Random) -> None:
        """Somebody deletes an answer."""
        for number, said in self.some_answer(chance):
            ask(chance.choice(self.people), "DELETE", f"/api/annotations/{number}/")
            del self.said[number]
            self.withdrawn.add(number)

    def draft(self, chance: random.Random) -> None:
        """Somebody begins and does not submit."""
        for person, task in self.some_task(chance):
            self.begin(person, task, "drafts", self.marked(task, chance))

    def reopen(self, chance: random.Random) -> None:
        """Somebody begins to change an answer and does not submit."""
        for number, said in self.some_answer(chance):
            task = ask(self.people[0], "GET", f"/api/tasks/{said.task}/")
            self.begin(chance.choice(self.people), task, f"annotations/{number}/drafts",
                       self.marked(task, chance))

    def begin(self, person: httpx.Client, task: dict[str, Any], path: str,
              result: Result) -> None:
        made = ask(person, "POST", f"/api/tasks/{task['id']}/{path}",
                   {"result": result, "lead_time": 1.0})
        self.begun[made["id"]] = said = Said(task["id"], key_of(task), begun=True)
        self.say(said, task, result)

    def submit_draft(self, chance: random.Random) -> None:
        """Somebody submits what was begun anew."""
        numbers = sorted(self.begun)
        chance.shuffle(numbers)
        self.acted = False
        for number in numbers:
            answer = self.people[0].get(f"/api/tasks/{self.begun[number].task}/")
            drafts = [] if answer.status_code == 404 else [
                draft for draft in ask(self.people[0], "GET", f"{answer.request.url.path}drafts")
                if draft["id"] == number and not draft["annotation"]]
            for draft in drafts:
                self.acted = True
                author = next(person for person in self.people
                              if person.headers["X-Person"] == draft["user"])
                del self.begun[number]
                self.submit(author, answer.json(), draft["result"], draft_id=number)
                return

    def delete_task(self, chance: random.Random) -> None:
        for person, task in self.some_task(chance):
            ask(person, "DELETE", f"/api/tasks/{task['id']}/")
            for number in [n for n, said in self.said.items() if said.task == task["id"]]:
                said, stored = self.said.pop(number), self.stored(number)
                if stored is not None:
                    self.left[number] = said
                    said.was_left(stored)

    def lose_predictions(self, chance: random.Random) -> None:
        """Suggestions vanish there, as by the Data Manager's action."""
        for person, task in self.some_task(chance):
            for guess in task["predictions"]:
                ask(person, "DELETE", f"/api/predictions/{guess['id']}/")

    def edit_data(self, chance: random.Random) -> None:
        """Somebody edits a task's text by hand."""
        for person, task in self.some_task(chance):
            data = {**task["data"], "text": task["data"]["text"] + EDITED}
            ask(person, "PATCH", f"/api/tasks/{task['id']}/", {"data": data})

    # --- who, where and what ---------------------------------------------------------------------

    def some_task(self, chance: random.Random) -> Iterator[tuple[httpx.Client, dict[str, Any]]]:
        """Somebody, and one of our tasks in the slot they work in; rarely in another one."""
        places = self.there()
        slots = max(place.slot for place in places)
        number = chance.randrange(len(self.people))
        own = number % slots + 1 if chance.random() < 0.9 else chance.randint(1, slots)
        by_slot: dict[int, list[dict[str, Any]]] = {place.slot: [] for place in places}
        for place in places:
            by_slot[place.slot] += tasks_of(self.people[0], place.project)
        tasks = by_slot[own] or [task for there in by_slot.values() for task in there]
        self.acted = bool(tasks)
        if tasks:
            yield self.people[number], chance.choice(tasks)

    def some_answer(self, chance: random.Random) -> Iterator[tuple[int, Said]]:
        numbers = sorted(self.said)
        chance.shuffle(numbers)
        self.acted = False
        for number in numbers:
            if self.people[0].get(f"/api/annotations/{number}/").status_code == 200:
                self.acted = True
                yield number, self.said[number]
                return

    def say(self, said: Said, task: dict[str, Any], result: Result) -> None:
        text = task["data"]["text"]
        said.odd = EDITED in text or any(
            text[item["value"]["start"]:item["value"]["end"]] != item["value"]["text"]
            for item in result if item["type"] == "labels")
        said.say(result, self.version())

    def marked(self, task: dict[str, Any], chance: random.Random) -> Result:
        """What somebody marks in a task with what its form offers, rarely something that is no
        slice of its text."""
        form = form_of(self.people[0], task["project"])
        if not form.labels:
            return form.chosen(chance)
        text, shift = task["data"]["text"], chance.random() < 0.05
        spans: Result = []
        for start, end in slices(text, chance):
            for label in chance.sample(common(form.labels), 1 + (chance.random() < 0.1)):
                spans.append({"id": f"r{len(spans)}", "from_name": "label", "to_name": "text",
                              "type": "labels", "value": {
                                  "start": start + shift, "end": end + shift,
                                  "text": text[start:end], "labels": [label]}})
        return spans + form.linked(spans, chance)


def ask(person: httpx.Client, method: str, path: str, body: Any = None) -> Any:
    answer = person.request(method, path, json=body)
    answer.raise_for_status()
    return answer.json() if answer.content else None


def key_of(task: dict[str, Any]) -> str:
    return str((task["meta"] or {}).get("key", ""))


def slices(text: str, chance: random.Random) -> list[tuple[int, int]]:
    """Some slices of a text that do not overlap."""
    cuts = sorted(chance.sample(range(len(text) + 1), min(len(text), 2 * chance.randint(0, 3))))
    return list(zip(cuts[::2], cuts[1::2]))


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


# --- the form of a project -----------------------------------------------------------------------

_LABEL = re.compile(r'<Label [^>]*?alias="([^"]*)"')
_RELATION = re.compile(r'<Relation value="([^"]*)"')
_QUESTION = re.compile(r'<Choices name="([^"]*)"[^>]*? choice="(single|multiple)"[^>]*>(.*?)'
                       r"</Choices>", re.DOTALL)
_CHOICE = re.compile(r'<Choice [^>]*?alias="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Form:
    """What people can say in a project: labels, relations, and choices by question; `several`
    are the questions that take more than one."""

    labels: list[str]
    relations: list[str]
    questions: dict[str, list[str]]
    several: set[str]

    def chosen(self, chance: random.Random) -> Result:
        result: Result = []
        for name, choices in self.questions.items():
            few = common(choices)
            most = min(len(few), 2) if name in self.several else 1
            if most == 1 or chance.random() < 0.8:
                result.append({"id": f"c{name}", "from_name": name, "to_name": "text",
                               "type": "choices", "value": {
                                   "choices": chance.sample(few, chance.randint(1, most))}})
        return result

    def linked(self, spans: Result, chance: random.Random) -> Result:
        if len(spans) < 2 or not self.relations or chance.random() < 0.5:
            return []
        ends = chance.sample(spans, 2)
        # In the order of the form, and of its last ones: the newest, and those with a direction.
        few = [*self.relations[:4], *self.relations[-6:],
               *(one for one in self.relations if "." in one)]
        return [{"type": "relation", "from_id": ends[0]["id"], "to_id": ends[1]["id"],
                 "direction": "right",
                 "labels": list(dict.fromkeys(chance.sample(few, chance.randint(1, 2))))}]


def form_of(person: httpx.Client, project: int) -> Form:
    config = ask(person, "GET", f"/api/projects/{project}/")["label_config"]
    questions = {name: (choice, _CHOICE.findall(inside))
                 for name, choice, inside in _QUESTION.findall(config)}
    return Form(_LABEL.findall(config), _RELATION.findall(config),
                {name: choices for name, (_, choices) in questions.items()},
                {name for name, (choice, _) in questions.items() if choice == "multiple"})
