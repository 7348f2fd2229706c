"""Old Word files: through whatever converter is installed."""
import io
import shutil
import subprocess
import time

import docx
import pytest

from labels.errors import ReadError
from workbench.reading import read_bytes
from workbench.reading.readers import doc

OLD = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "WordDocument".encode("utf-16-le")
       + bytes(600))


def converter(tmp_path, monkeypatch, name, script):
    """Make `script` the only converter there is."""
    program = tmp_path / name
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setattr(shutil, "which", lambda asked: str(program) if asked == name else None)


def test_without_a_converter_it_is_told_what_to_install(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(ReadError, match="none is installed; install LibreOffice or antiword"):
        read_bytes("旧.doc", OLD)


def test_text_of_a_converter_is_read_and_what_it_may_lose_told(tmp_path, monkeypatch):
    converter(tmp_path, monkeypatch, "antiword", "echo 一、收入情况; echo 全年平稳。")
    document = read_bytes("旧.DOC", OLD)[0]
    assert document.text.startswith("一、收入情况\n全年平稳。")
    assert [w.code for w in document.warnings] == ["converted"]


@pytest.mark.parametrize("script, message", [
    ("exit 1", "cannot be read by antiword"), ("exit 0", "cannot be read by antiword"),
    ("exec sleep 9", "did not end within 1 seconds")])
def test_a_converter_that_fails_or_hangs_is_told(tmp_path, monkeypatch, script, message):
    converter(tmp_path, monkeypatch, "antiword", script)
    monkeypatch.setattr(doc, "SECONDS", 1)
    begun = time.monotonic()
    with pytest.raises(ReadError, match=message):
        read_bytes("旧.doc", OLD)
    assert time.monotonic() - begun < 5


def test_what_is_no_old_word_file_is_read_as_what_it_is_or_refused():
    source, buffer = docx.Document(), io.BytesIO()
    source.add_paragraph("全年平稳。")
    source.save(buffer)
    document = read_bytes("新.doc", buffer.getvalue())[0]
    assert (document.text, document.warnings[0].code) == ("全年平稳。", "other_format")
    with pytest.raises(ReadError, match="holds xls"):
        read_bytes("表.doc", OLD.replace("WordDocument".encode("utf-16-le"),
                                        "Workbook".encode("utf-16-le")))


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_a_real_old_file_keeps_its_table(tmp_path):
    source = docx.Document()
    source.add_paragraph("云泽区情况", style="Heading 1")
    table = source.add_table(2, 2)
    for cell, text in zip(table._cells, ("项目", "金额", "税收", "5")):
        cell.text = text
    source.add_paragraph("全年平稳。")  # a table at the very end is lost on the way to .doc
    source.save(tmp_path / "旧.docx")
    subprocess.run(["soffice", f"-env:UserInstallation={(tmp_path / 'p').as_uri()}", "--headless",
                    "--convert-to", "doc", "--outdir", str(tmp_path), str(tmp_path / "旧.docx")],
                   check=True, capture_output=True, timeout=60)
    document = read_bytes("旧.doc", (tmp_path / "旧.doc").read_bytes())[0]
    assert document.text.startswith("云泽区情况")
    assert [cell.text for cell in document.tables[0].rows[0]] == ["税收", "5"]
