"""The command line as scripts see it: exit status, stdout, one clear line on stderr."""
from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from labels import govdoc
from labels.checks import Check
from labels.records import RecordRule
from tests.workbench.test_deriving import TABLE, failing
from workbench.cli import main
from workbench.project import Project
from workbench.store.invitations import accept_invitation
from workbench.store.people import user_by_name
from workbench.store.settings import set_setting

TEXT = "云泽区财政局全年收入 65.2 亿元，同比增长 4.5%。"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def one_line(result: Result, status: int) -> str:
    """The error line of a refused command; nothing on stdout, no trace."""
    assert result.exit_code == status, result.output
    assert result.stdout == "" and "Traceback" not in result.stderr
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1 and lines[0].startswith("workbench: ")
    return lines[0]


@pytest.fixture
def passage(tmp_path: Path) -> Path:
    path = tmp_path / "in.jsonl"
    path.write_text(json.dumps({"id": "p1", "text": TEXT}, ensure_ascii=False) + "\n",
                    encoding="utf-8")
    return path


def test_read_prints_one_object_a_document(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("一、概况\n\n" + TEXT, encoding="utf-8")
    result = run("read", tmp_path / "a.txt")
    (record,) = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 0 and record["source"] == "a.txt"
    assert {"id", "source", "title", "type", "date", "issuer", "number", "text", "parts",
            "sections", "blocks", "footnotes", "tables", "name_lists", "warnings"} <= set(record)
    assert set(record["blocks"][0]) == {"block", "start", "end"}


@pytest.mark.parametrize("name, content, words", [
    ("a.txt", b"", "a.txt"), ("b.txt", b"\x00\x07\x1b" * 99, "b.txt"),
    ("c.txt", b"%PDF-1.7\n" + bytes(range(256)), "c.txt"),
    ("d.jsonl", b'{"id": "1", "text": "x"}\nnot json\n', "line 2"),
    ("e.jsonl", b'{"id": "1"}\n', "line 1"),
    ("f.xyz", b"text", "f.xyz"),
])
def test_a_file_that_cannot_be_read_is_one_line(tmp_path: Path, name: str, content: bytes,
                                                words: str) -> None:
    (tmp_path / name).write_bytes(content)
    assert words in one_line(run("read", tmp_path / name), 2)


def test_text_in_gb18030_is_read_and_told(tmp_path: Path) -> None:
    (tmp_path / "gb.txt").write_bytes((TEXT * 20).encode("gb18030"))
    record = json.loads(run("read", tmp_path / "gb.txt").stdout)
    assert record["text"].startswith(TEXT)
    assert "encoding" in {warning["code"] for warning in record["warnings"]}


def test_suggest_answers_every_passage_with_offsets_into_the_text_as_given(
        passage: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    assert run("suggest", "--input", passage, "--output", target).exit_code == 0
    (row,) = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert row["id"] == "p1"
    found = {(TEXT[s["start"]:s["end"]], s["label"]) for s in row["spans"]}
    assert {("65.2 亿元", "MONEY"), ("4.5%", "PERCENT")} <= found
    assert all({"rule", "score"} <= set(span) for span in row["spans"])
    assert {"relations", "function", "topics"} <= set(row)
    change = [link for link in row["relations"] if link["type"] == "CHANGE"]
    assert change and change[0]["direction"] == "up"


def test_a_bad_input_row_leaves_the_earlier_output(passage: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    target.write_text("earlier\n")
    passage.write_text('{"id": "p1"}\n')
    assert "line 1" in one_line(run("suggest", "--input", passage, "--output", target), 2)
    assert target.read_text() == "earlier\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl", "out.jsonl"]


def test_score_prints_every_label_and_as_json(tmp_path: Path) -> None:
    reference = tmp_path / "reference.jsonl"
    start = TEXT.index("65.2")
    reference.write_text(json.dumps({
        "id": "D001", "text": TEXT, "relations": [], "function": "figures", "topics": ["finance"],
        "spans": [{"start": start, "end": start + 7, "label": "MONEY"}]}) + "\n")
    assert "MONEY" in run("score", reference).stdout
    figures = json.loads(run("score", reference, "--json", "--holdout").stdout)
    assert figures["all"]["spans"]["MONEY"]["f1"] == 1.0
    assert figures["holdout"]["passages"] == 0 and figures["developed"]["passages"] == 1


@pytest.mark.parametrize("content, words", [
    ("", "holds no reference rows"), ("{}\n", "line 1"), ("[1]\n", "line 1"),
    *((json.dumps({"id": "1", "text": "ab", "spans": []}) + "\n" + json.dumps(
        {"id": "2", "text": "ab", "spans": [{"start": 0, "end": 1, "label": "ORG"}], **wrong}),
       f"r.jsonl line 2 is no reference row: {words}") for wrong, words in (
        ({"spans": 7}, "spans is no list"), ({"spans": [7]}, "spans is no list"),
        ({"spans": [{"start": 0, "end": 99, "label": "ORG"}]}, "span 0 is no slice"),
        ({"spans": [{"start": True, "end": 2, "label": "ORG"}]}, "span 0 is no slice"),
        ({"spans": [{"start": 1, "end": 1, "label": "ORG"}]}, "span 0 is no slice"),
        ({"spans": [{"start": 0, "end": 1, "label": 3}]}, "the label of span 0"),
        ({"relations": [{"type": "VALUE", "from": 9, "to": 0}]}, "from of relation 0"),
        ({"relations": [{"type": "VALUE", "from": 0, "to": -1}]}, "to of relation 0"),
        ({"relations": [{"from": 0, "to": 0}]}, "the type of relation 0"),
        ({"relations": [{"type": "CHANGE", "from": 0, "to": 0, "direction": []}]}, "the dir"),
        ({"relations": {}}, "relations is no list"), ({"id": []}, "id is no text"),
        ({"text": 3}, "text is no text"), ({"function": ["figures"]}, "function is no text"),
        ({"topics": "finance"}, "topics is no list"), ({"topics": [3]}, "topics is no list"))),
])
def test_a_reference_that_is_none_is_one_line(tmp_path: Path, content: str, words: str) -> None:
    (tmp_path / "r.jsonl").write_text(content)
    assert words in one_line(run("score", tmp_path / "r.jsonl"), 2)


def test_a_line_separator_in_a_text_ends_no_row(tmp_path: Path) -> None:
    row = {"id": "1", "text": "云泽区\u2028财政局", "spans": []}
    (tmp_path / "r.jsonl").write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
    assert run("score", tmp_path / "r.jsonl").exit_code == 0


def test_init_ingest_suggest_release(tmp_path: Path) -> None:
    folder = tmp_path / "p"
    assert run("init", folder).exit_code == 0
    assert "holds a project already" in one_line(run("init", folder), 2)
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    assert run("--project", folder, "ingest", tmp_path / "a.txt").stdout.startswith("new\t")
    assert run("--project", folder, "suggest").exit_code == 0
    assert run("--project", folder, "releases").stdout == ""
    assert "no region is settled" in one_line(run("--project", folder, "freeze"), 1)
    assert "no release 1" in one_line(run("--project", folder, "export", "1", "--format", "hf",
                                          "--output", tmp_path / "out"), 1)


def test_a_folder_as_output_is_one_line(passage: Path, tmp_path: Path) -> None:
    line = one_line(run("suggest", "--input", passage, "--output", tmp_path), 2)
    assert "is a folder" in line


def test_a_number_no_database_holds_is_one_line(project: Project, tmp_path: Path) -> None:
    assert "too large" in one_line(run("--project", project.folder, "export", "9" * 25,
                                       "--format", "hf", "--output", tmp_path / "out"), 1)


def test_a_name_that_is_no_text_is_one_line(project: Project) -> None:
    assert "no text" in one_line(run("--project", project.folder, "user", "reset", "\udcff"), 1)


def test_a_full_disk_is_one_line_and_a_trace_only_if_asked(project: Project,
                                                           tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("\n\n".join([TEXT] * 3000), encoding="utf-8")
    limited = ("import resource; from workbench.cli import main;"
               " resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000)); main()")

    def ingest(*options: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-c", limited, *options, "--project", project.folder, "ingest",
             tmp_path / "a.txt"], capture_output=True, text=True, timeout=60)

    full = ingest()
    assert full.returncode == 1, full
    assert full.stderr.startswith("workbench: ") and len(full.stderr.splitlines()) == 1
    assert "database failed" in full.stderr
    debugged = ingest("--debug")
    assert debugged.returncode == 1 and "Traceback" in debugged.stderr
    with project.open() as store:
        assert store.value("SELECT count(*) FROM documents") == 0


def test_a_file_the_system_refuses_is_one_line(project: Project) -> None:
    (project.folder / "secret").unlink()
    line = one_line(run("--project", project.folder, "serve", "--port", "0"), 1)
    assert "No such file" in line and "secret" in line


def test_outside_a_project_it_says_how_to_make_one(tmp_path: Path,
                                                   monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("WORKBENCH_PROJECT", raising=False)
    assert "workbench init" in one_line(run("suggest"), 2)


def test_without_label_studio_sync_says_how_to_start_one(project: Project) -> None:
    assert "workbench studio up" in one_line(run("--project", project.folder, "sync"), 1)


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize("command", ["push", "pull", "sync"])
def test_a_label_studio_that_is_down_is_one_line(project: Project, command: str) -> None:
    url = f"http://127.0.0.1:{closed_port()}"
    with project.open() as store:
        set_setting(store, "studio", {"url": url, "public_url": url, "token": "t" * 40,
                                      "projects": {"spans:1": [1, "a"], "classes:1": [2, "b"]}})
    line = one_line(run("--project", project.folder, command), 1)
    assert "cannot be reached" in line and url in line


def test_a_port_that_is_taken_is_one_line(project: Project) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        line = one_line(run("--project", project.folder, "serve", "--port", port), 2)
    assert port in line and "choose another" in line


def test_a_new_person_gets_a_password_shown_once(project: Project) -> None:
    result = run("--project", project.folder, "user", "add", "李萍", "--role", "reviewer")
    assert result.exit_code == 0 and "李萍 / " in result.stderr
    with project.open() as store:
        row = user_by_name(store, "李萍")
    assert row is not None and row["must_change"] == 1
    assert "no user 王二" in one_line(run("--project", project.folder, "user", "reset", "王二"), 2)


def test_formats_say_what_they_cannot_carry() -> None:
    rows = [json.loads(line) for line in run("formats").stdout.splitlines()]
    assert {"hf", "char-bio", "spacy", "label-studio"} <= {row["format"] for row in rows}
    assert all({"carries", "cannot_carry"} <= set(row) for row in rows)


@pytest.fixture
def with_text(project: Project, tmp_path: Path) -> Project:
    """A project with one document and its suggestions."""
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    for command in (("ingest", tmp_path / "a.txt"), ("suggest",)):
        assert run("--project", project.folder, *command).exit_code == 0
    return project


def test_an_overlay_is_replayed_applied_exported_and_undone(with_text: Project,
                                                            tmp_path: Path) -> None:
    overlay = tmp_path / "o.jsonl"
    overlay.write_text('{"off": "numbers.percent"}\n', encoding="utf-8")

    def rules(*arguments: str | Path) -> list[dict[str, Any]]:
        result = run("--project", with_text.folder, "rules", *arguments)
        assert result.exit_code == 0, result.output
        return [json.loads(line) for line in result.stdout.splitlines()]

    *changed, told = rules("replay", overlay)
    assert {"change": "lost", "verdict": "unjudged", "rule": "numbers.percent"}.items() <= next(
        one for one in changed if one["kind"] == "span").items()
    assert told["replay"]["lost"]["unjudged"] == len(changed)
    assert told["replay"]["documents"] == told["replay"]["all_documents"] == 1
    assert rules("export") == []
    assert rules("apply", overlay, "--why", "try")[0]["version"] == 1
    assert run("--project", with_text.folder, "rules", "export").stdout == overlay.read_text()
    assert {one["rule"]: one["state"] for one in rules("list")}["numbers.percent"] == "off"
    assert rules("back", "0")[0]["version"] == 2 and rules("export") == []


@pytest.mark.parametrize("content, words", [
    ('{"off": "posts.post"}\n{"off": "gone"}\n', "o.jsonl line 2: there is no rule gone"),
    ("\n{\n", "o.jsonl line 2: this is no JSON object"),
    ('{"lexicon": "posts", "term": "局长", "columns": {"kind": "head"}}', "o.jsonl line 1: 局长"),
])
def test_a_bad_overlay_is_one_line_with_its_place(project: Project, tmp_path: Path,
                                                  content: str, words: str) -> None:
    (tmp_path / "o.jsonl").write_text(content, encoding="utf-8")
    for command in (("replay",), ("apply", "--why", "x")):
        said = one_line(run("--project", project.folder, "rules", *command,
                            tmp_path / "o.jsonl"), 2)
        assert words in said
    assert run("--project", project.folder, "rules", "export").stdout == ""
    assert words in one_line(run("score", tmp_path / "o.jsonl", "--overlay",
                                 tmp_path / "o.jsonl"), 2)


def test_score_tells_gaps_between_the_parts_and_scores_an_overlay(tmp_path: Path) -> None:
    rows = [{"id": f"D{number:03}", "text": TEXT, "relations": [], "spans": [
        {"start": TEXT.index("4.5%"), "end": TEXT.index("4.5%") + 4, "label": "PERCENT"}
        if number % 3 else {"start": 0, "end": 1, "label": "PERCENT"}]} for number in range(1, 91)]
    reference = tmp_path / "r.jsonl"
    reference.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    assert run("score", reference, "--holdout").stdout.rstrip().endswith(
        "PERCENT        1.000   0.000  +1.000")
    figures = json.loads(run("score", reference, "--holdout", "--json").stdout)
    assert figures["gaps"] == [{"label": "PERCENT", "developed": 1.0, "holdout": 0.0}]
    (tmp_path / "o.jsonl").write_text('{"off": "numbers.percent"}\n')
    figures = json.loads(run("score", reference, "--json", "--overlay",
                             tmp_path / "o.jsonl").stdout)
    assert figures["all"]["spans"]["PERCENT"]["answered"] == 0


def test_an_id_that_stands_twice_in_a_reference_is_refused(tmp_path: Path) -> None:
    row = json.dumps({"id": "1", "text": "a", "spans": []})
    (tmp_path / "r.jsonl").write_text(f"{row}\n{row}\n")
    assert "line 2" in one_line(run("score", tmp_path / "r.jsonl"), 2)


def test_check_and_records_read_folders_and_say_what_they_could_not(
        tmp_path: Path) -> None:
    (tmp_path / "in" / "deep").mkdir(parents=True)
    (tmp_path / "in" / "a.md").write_text(TABLE.format(total=1570), encoding="utf-8")
    (tmp_path / "in" / "deep" / "b.md").write_text(TABLE.format(total=1550), encoding="utf-8")
    done = run("check", str(tmp_path / "in"))
    assert done.exit_code == 3 and len(done.stdout.splitlines()) == 1
    done = run("records", str(tmp_path / "in"))
    assert done.exit_code == 0 and done.stdout.count("林文海") == 2
    (tmp_path / "in" / "c.pdf").write_bytes(b"no pdf")
    done = run("check", str(tmp_path / "in"))
    assert done.exit_code == 2 and len(done.stdout.splitlines()) == 1
    assert "c.pdf" in done.stderr and "Traceback" not in done.stderr
    (tmp_path / "empty").mkdir()
    assert run("check", str(tmp_path / "empty")).exit_code == 2
    assert run("records", str(tmp_path / "none.txt")).exit_code == 2


def test_a_check_that_raises_is_told_and_the_others_go_on(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checks, rules_of = govdoc.load_checks(), govdoc.record_rules()
    monkeypatch.setattr(govdoc, "load_checks", lambda: (Check("bad.one", failing), *checks))
    monkeypatch.setattr(govdoc, "record_rules", lambda: (RecordRule("bad.two", failing), *rules_of))
    (tmp_path / "a.md").write_text(TABLE.format(total=1550), encoding="utf-8")
    done = run("check", str(tmp_path / "a.md"))
    assert done.exit_code == 3 and "bad.one: ValueError: odd" in done.stderr
    done = run("records", str(tmp_path / "a.md"))
    assert done.exit_code == 3 and "林文海" in done.stdout and "bad.two" in done.stderr


def test_a_person_is_invited_with_a_link_that_counts_once(project: Project) -> None:
    with project.open() as store:
        set_setting(store, "overlap", {"people": 2, "share": 10})
        set_setting(store, "workbench_url", "http://127.0.0.1:8000")
    result = run("--project", project.folder, "user", "invite", "李萍", "--role", "reviewer",
                 "--slot", "2")
    told = json.loads(result.stdout)
    assert result.exit_code == 0 and (told["name"], told["role"], told["slot"]) \
        == ("李萍", "reviewer", 2)
    address, _, token = told["link"].rpartition("/")
    assert address == "http://127.0.0.1:8000/join"
    with project.open() as store:
        accept_invitation(store, token, "one of my own")
    assert "already" in one_line(run("--project", project.folder, "user", "invite", "李萍"), 2)
    assert "no slot 3" in one_line(run("--project", project.folder, "user", "invite", "王丽",
                                       "--slot", "3"), 2)


def test_a_person_is_moved_to_a_slot_and_listed_with_it(project: Project) -> None:
    with project.open() as store:
        set_setting(store, "overlap", {"people": 2, "share": 10})
    assert run("--project", project.folder, "user", "slot", "lead", "2").exit_code == 0
    (listed,) = [json.loads(line) for line in
                 run("--project", project.folder, "user", "list").stdout.splitlines()]
    assert (listed["slot"], listed["studio_email"]) == (2, None)
    assert "no slot 3" in one_line(run("--project", project.folder, "user", "slot", "lead", "3"), 2)
    assert "no user 王二" in one_line(
        run("--project", project.folder, "user", "slot", "王二", "1"), 2)
