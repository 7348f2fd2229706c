"""What each consumer has after loading an export, read by its own library where it installs here.

Nothing of `exporters` is used but to name its files: a reader that is wrong in the way its writer
is wrong would see nothing. Offsets are local to the region, Unicode code points, end exclusive.
"""
from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable, Iterable, Iterator

Spans = Counter[tuple[str, int, int, str]]              # region, start, end, label
Links = Counter[tuple[str, int, int, str, int, int]]    # region, source, type.direction, target
Choices = Counter[tuple[str, str, str]]                 # region, class set, choice

SPLIT_FILES = ("train", "validation", "test")


@dataclass
class Held:
    """None: the consumer does not take this at all. `texts` are of regions asked for spans.

    `asked` are (region, class set) that were asked, chosen or not.
    """

    texts: dict[str, str] = field(default_factory=dict)
    spans: Spans = field(default_factory=Counter)
    links: Links | None = None
    choices: Choices | None = None
    asked: set[tuple[str, str]] | None = None
    splits: dict[str, str] = field(default_factory=dict)


def lines(path: Path) -> list[Any]:
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def index(folder: Path) -> list[Any]:
    return lines(folder / "regions.jsonl")


def linked(relation: Any) -> str:
    """A relation as its type and direction, ``CHANGE.up``."""
    direction = relation.get("direction")
    return f"{relation['type']}.{direction}" if direction else str(relation["type"])


def datasets(folder: Path, scratch: Path) -> Held:
    """`datasets.load_dataset` of the two canonical configurations."""
    import datasets as library
    held = Held(links=Counter(), choices=Counter(), asked=set())
    assert held.links is not None and held.choices is not None and held.asked is not None
    card = (folder / "README.md").read_text(encoding="utf-8")
    for config in ("spans", "classes"):
        if f'- config_name: "{config}"' not in card:
            continue
        loaded = library.load_dataset(str(folder), config, cache_dir=str(scratch / "cache"))
        for split, rows in loaded.items():
            for row in rows:
                name = row["id"]
                held.splits[name] = split
                if config == "classes":
                    for key in set(row) - {"id", "document", "start", "end", "text"}:
                        if row[key] is not None:
                            held.asked.add((name, key))
                            held.choices.update((name, key, choice) for choice in (
                                [row[key]] if isinstance(row[key], str) else row[key]))
                    continue
                held.texts[name] = row["text"]
                places = [(span["start"], span["end"]) for span in row["spans"]]
                held.spans.update((name, span["start"], span["end"], span["label"])
                                  for span in row["spans"])
                held.links.update((name, *places[link["source"]], linked(link),
                                   *places[link["target"]]) for link in row["relations"])
    return held


def datasets_tokens(folder: Path, scratch: Path) -> Held:
    """The spans that its ClassLabel tags say, by the rules of seqeval."""
    import datasets as library
    from seqeval.scheme import IOB2, Entities
    held, texts = Held(), defaultdict(str)
    if '- config_name: "tokens"' not in (folder / "README.md").read_text(encoding="utf-8"):
        return held
    loaded = library.load_dataset(str(folder), "tokens", cache_dir=str(scratch / "cache"))
    for rows in loaded.values():
        names = rows.features["ner_tags"].feature.names
        for row in rows:
            first = len(texts[row["id"]])
            texts[row["id"]] += "".join(row["tokens"])
            (found,) = Entities([[names[tag] for tag in row["ner_tags"]]], IOB2).entities
            held.spans.update((row["id"], first + one.start, first + one.end, one.tag)
                              for one in found)
    held.texts = dict(texts)
    return held


def seqeval(scheme: str) -> Callable[[Path, Path], Held]:
    """Column files, split on white space as trainers do; entities by seqeval's rules."""
    def load(folder: Path, scratch: Path) -> Held:
        import seqeval.scheme
        from labels.tokens import column_char  # what README.md of the export tells a trainer to use
        held = Held()
        sequences = {split: iter(_blocks(folder / f"{split}.txt")) for split in SPLIT_FILES}
        for row in index(folder):
            text = ""
            for _ in row["sequences"]:
                tokens, tags = next(sequences[row["split"]])
                words = [column_char(token) if len(token) == 1 or token[0] == "\\" else token
                         for token in tokens]
                (found,) = seqeval.scheme.Entities(
                    [tags], getattr(seqeval.scheme, scheme)).entities
                for one in found:
                    start = len(text) + len("".join(words[:one.start]))
                    held.spans[row["id"], start, start + len(
                        "".join(words[one.start:one.end])), one.tag] += 1
                text += "".join(words)
            held.texts[row["id"]] = text
            held.splits[row["id"]] = row["split"]
        assert all(next(rest, None) is None for rest in sequences.values())
        return held
    return load


def _blocks(path: Path) -> Iterator[tuple[list[str], list[str]]]:
    """Sequences of (tokens, tags), parted by blank lines."""
    rows: list[list[str]] = []
    content = path.read_text(encoding="utf-8") if path.exists() else ""
    for line in [*content.splitlines(), ""]:
        columns = line.split()
        if columns:
            rows.append(columns)
        elif rows:
            yield [row[0] for row in rows], [row[1] for row in rows]
            rows = []


def spacy(folder: Path, scratch: Path) -> Held:
    """`spacy.training.Corpus`, which ``spacy train`` reads with: span groups and categories."""
    return _spacy(folder, lambda doc: doc.spans["sc"])


def spacy_entities(folder: Path, scratch: Path) -> Held:
    """The same documents, with the entities that ``ner`` learns."""
    return _spacy(folder, lambda doc: doc.ents)


def _spacy(folder: Path, of: Callable[[Any], Iterable[Any]]) -> Held:
    import spacy as library
    from spacy.training import Corpus
    nlp = library.blank("zh")
    held = Held(choices=Counter(), asked=set())
    assert held.choices is not None and held.asked is not None
    places = {"train": "train", "dev": "validation", "test": "test"}
    for place in sorted(path for path in folder.rglob("*") if path.is_dir()
                        and path.name in places):
        for example in Corpus(place)(nlp):
            doc = example.reference
            name = doc.user_data["id"]
            held.splits[name] = places[place.name]
            assert example.predicted.text == doc.text
            if place.parent != folder:
                held.asked.add((name, place.parent.name))
                held.choices.update((name, place.parent.name, choice)
                                    for choice, value in doc.cats.items() if value)
                continue
            held.texts[name] = doc.text
            held.spans.update((name, one.start_char, one.end_char, one.label_) for one in of(doc))
    return held


def pybrat(folder: Path, scratch: Path) -> Held:
    """`pybrat`; the direction of a relation from its attribute, which pybrat passes over."""
    import pybrat.parser
    # It refuses two labels at one place unless it is told to go on, and then keeps both.
    examples = {one.id: one for one in pybrat.parser.BratParser(error="ignore").parse(folder)}
    held = Held(links=Counter())
    assert held.links is not None
    for row in index(folder):
        one = examples.pop(row["file"])
        # pybrat opens files with universal newlines; brat itself does not.
        text = (folder / f"{row['file']}.txt").read_bytes().decode("utf-8")
        assert one.text == text.replace("\r\n", "\n").replace("\r", "\n")
        name = row["id"]
        held.texts[name], held.splits[name] = text, row["split"]
        content = (folder / f"{row['file']}.ann").read_bytes().decode("utf-8")
        directions = {parts[1].split(" ")[1]: parts[1].split(" ")[2] for parts in (
            line.split("\t") for line in content.split("\n") if line.startswith("A"))}
        for entity in one.entities:
            words = " ".join(text[part.start:part.end] for part in entity.spans)
            assert entity.mention.rstrip() == words.rstrip(), (entity, words)
            held.spans[name, entity.spans[0].start, entity.spans[-1].end, entity.type] += 1
        for link in one.relations:
            held.links[(name, link.arg1.spans[0].start, link.arg1.spans[-1].end,
                        linked({"type": link.type, "direction": directions.get(link.id)}),
                        link.arg2.spans[0].start, link.arg2.spans[-1].end)] += 1
    assert not examples
    return held


def label_studio(folder: Path, scratch: Path) -> Held:
    """Label Studio's own validation and converter (JSON_MIN), which has no relations: those are
    taken from the tasks by the ids of their results."""
    from label_studio_sdk.converter import Converter
    from label_studio_sdk.label_interface import LabelInterface
    held = Held(links=Counter(), choices=Counter(), asked=set())
    assert held.links is not None and held.choices is not None and held.asked is not None
    for kind in ("spans", "classes"):
        if not (folder / f"{kind}.json").exists():
            continue
        tasks = json.loads((folder / f"{kind}.json").read_text(encoding="utf-8"))
        interface = LabelInterface((folder / f"{kind}.xml").read_text(encoding="utf-8"))
        for number, task in enumerate(tasks, start=1):
            (annotation,) = task["annotations"]
            assert interface._validate_object(annotation, return_errors=True) == []
            name = task["data"]["key"]
            held.splits[name] = task["data"]["split"]
            places = {result["id"]: (result["value"]["start"], result["value"]["end"])
                      for result in annotation["result"] if result["type"] == "labels"}
            for result in annotation["result"]:
                if result["type"] == "relation":
                    (label,) = result["labels"]
                    held.links[(name, *places[result["from_id"]], label,
                                *places[result["to_id"]])] += 1
            task["id"] = annotation["id"] = number
            annotation["completed_by"] = {"id": 1}
        source = scratch / f"{kind}.json"
        source.write_text(json.dumps(tasks), encoding="utf-8")
        Converter(str(folder / f"{kind}.xml"), None).convert_to_json_min(
            str(source), str(scratch / kind), is_dir=False)
        for row in json.loads((scratch / kind / "result.json").read_text(encoding="utf-8")):
            name = row["key"]
            if kind == "spans":
                held.texts[name] = row["text"]
                for value in row.get("label", ()):
                    assert value["text"] == row["text"][value["start"]:value["end"]]
                    held.spans[name, value["start"], value["end"], value["labels"][0]] += 1
                continue
            for key in row["asked"]:
                held.asked.add((name, key))
                chosen = row.get(key, [])
                names = chosen["choices"] if isinstance(chosen, dict) else (
                    [chosen] if isinstance(chosen, str) else chosen)
                held.choices.update((name, key, choice) for choice in names)
    return held


def gliner2(data: Any) -> Callable[[Path, Path], Held]:
    """`gliner2.training.data` (the module is given): its loader, its validation, its examples."""
    def load(folder: Path, scratch: Path) -> Held:
        held = Held(links=Counter(), choices=Counter(), asked=set())
        assert held.links is not None and held.choices is not None and held.asked is not None
        found: dict[str, Iterator[Any]] = {}
        for split in SPLIT_FILES:
            path = folder / f"{split}.jsonl"
            examples: list[Any] = []
            if path.exists():
                dataset = data.TrainingDataset.load(path)
                assert dataset.skipped_lines == []
                assert dataset.validate(raise_on_error=True)["invalid"] == 0
                examples = [example.to_dict() for example in dataset]
            found[split] = iter(examples)
        for row in index(folder):
            name = row["id"]
            held.splits[name] = row["split"]
            for number in range(row["rows"]):
                example = next(found[row["split"]])
                if number < len(row["windows"]):
                    held.texts[name] = held.texts.get(name, "") + example["input"]
                    _gliner2_row(held, name, row["windows"][number], example["output"])
                for task in example["output"].get("classifications", ()):
                    held.asked.add((name, task["task"]))
                    held.choices.update((name, task["task"], label)
                                        for label in task["true_label"])
        assert all(next(rest, None) is None for rest in found.values())
        return held
    return load


def _gliner2_row(held: Held, name: str, first: int, output: Any) -> None:
    assert held.links is not None
    for label, mentions in output["entities"].items():
        for one in mentions:
            held.spans[name, first + one["start"], first + one["end"], label] += 1
    for link in output.get("relations", ()):
        for label, ends in link.items():
            held.links[(name, first + ends["head"]["start"], first + ends["head"]["end"], label,
                        first + ends["tail"]["start"], first + ends["tail"]["end"])] += 1


def gliner(folder: Path, scratch: Path) -> Held:
    """By GLiNER's rules: words by number, `max_width` and `max_len` of the configuration, which
    would leave out what is wider or later."""
    held = Held(links=Counter())
    assert held.links is not None
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    rows = {split: iter(json.loads(path.read_text(encoding="utf-8")) if path.exists() else [])
            for split in SPLIT_FILES for path in [folder / f"{split}.json"]}
    for row in index(folder):
        name = row["id"]
        held.texts[name], held.splits[name] = row["text"], row["split"]
        for start, end in row["windows"]:
            found = next(rows[row["split"]])
            words, at = [], start
            for word in found["tokenized_text"]:
                at = row["text"].index(word, at, end)
                words.append((at, at + len(word)))
                at += len(word)
            assert 0 < len(words) <= config["max_len"]
            spans = []
            for first, last, label in found["ner"]:
                assert last - first < config["max_width"]
                spans.append((words[first][0], words[last][1]))
                held.spans[(name, *spans[-1], label)] += 1
            held.links.update((name, *spans[source], label, *spans[target])
                              for source, target, label in found["relations"])
    assert all(next(rest, None) is None for rest in rows.values())
    return held


def doccano(folder: Path, scratch: Path) -> Held:
    """By the fields that doccano's import names."""
    held = Held(links=Counter(), choices=Counter(), asked=set())
    assert held.links is not None and held.choices is not None and held.asked is not None
    for path in sorted(folder.glob("*-*.jsonl")):
        what, _, split = path.stem.rpartition("-")
        for row in lines(path):
            name = row["region"]
            held.splits[name] = split
            if what != "spans":
                held.asked.add((name, what))
                held.choices.update((name, what, choice) for choice in row["label"])
                continue
            held.texts[name] = row["text"]
            places = {one["id"]: (one["start_offset"], one["end_offset"])
                      for one in row["entities"]}
            held.spans.update((name, *places[one["id"]], one["label"]) for one in row["entities"])
            held.links.update((name, *places[one["from_id"]], one["type"], *places[one["to_id"]])
                              for one in row["relations"])
    return held


def chat(folder: Path, scratch: Path) -> Held:
    """The answers as a user of the prompt would find them: by quote and occurrence."""
    held = Held(links=Counter(), choices=Counter(), asked=set())
    assert held.links is not None and held.choices is not None and held.asked is not None
    talks = {split: iter(lines(folder / f"{split}.jsonl")) for split in SPLIT_FILES}
    for row in index(folder):
        name = row["id"]
        held.splits[name] = row["split"]
        for first in row["windows"]:
            _, user, answer = next(talks[row["split"]])["messages"]
            held.texts[name] = held.texts.get(name, "") + user["content"]
            said, spans = json.loads(answer["content"]), []
            for one in said["entities"]:
                at = -1
                for _ in range(one["occurrence"]):
                    at = user["content"].index(one["quote"], at + 1)
                spans.append((first + at, first + at + len(one["quote"])))
                held.spans[(name, *spans[-1], one["label"])] += 1
            held.links.update((name, *spans[one["source"]], linked(one), *spans[one["target"]])
                              for one in said["relations"])
        if row["classes"]:
            _, user, answer = next(talks[row["split"]])["messages"]
            for key, chosen in json.loads(answer["content"]).items():
                held.asked.add((name, key))
                held.choices.update((name, key, choice) for choice in (
                    [chosen] if isinstance(chosen, str) else chosen or ()))
    assert all(next(rest, None) is None for rest in talks.values())
    return held


def uie(folder: Path, scratch: Path) -> Held:
    """By UIE's rules: what answers a prompt stands in the content, or (negative) in the prompt."""
    held = Held(links=Counter(), choices=Counter(), asked=set())
    assert held.links is not None and held.choices is not None and held.asked is not None
    rows = {split: iter(lines(folder / name)) for split, name in (
        ("train", "train.txt"), ("validation", "dev.txt"), ("test", "test.txt"))}
    for row in index(folder):
        name = row["id"]
        held.splits[name] = row["split"]
        for first, end, labels, relations in row["windows"]:
            spans: dict[str, tuple[int, int]] = {}
            content = ""
            for one in [next(rows[row["split"]]) for _ in range(labels)]:
                content = one["content"]
                for result in one["result_list"]:
                    place = (first + result["start"], first + result["end"])
                    spans[result["text"]] = place
                    held.spans[(name, *place, one["prompt"])] += 1
            for one in [next(rows[row["split"]]) for _ in range(relations)]:
                words, _, label = one["prompt"].rpartition("的")
                held.links.update((name, *spans[words], label, first + result["start"],
                                   first + result["end"]) for result in one["result_list"])
            assert len(content) == end - first
            held.texts[name] = held.texts.get(name, "") + content
        for key in row["classes"]:
            one = next(rows[row["split"]])
            held.asked.add((name, key))
            held.choices.update((name, key, result["text"]) for result in one["result_list"])
    assert all(next(rest, None) is None for rest in rows.values())
    return held
