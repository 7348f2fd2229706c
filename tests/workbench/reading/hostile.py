"""Files made to do harm, the same for the same seed; and a run that reads them and measures.

``python -m tests.workbench.reading.hostile make FOLDER N SEED CANARY PORT`` writes N files,
``… read FOLDER`` reads each and prints a line of JSON for it, then one with the peaks of memory.
Files name CANARY (a file) and 127.0.0.1:PORT wherever their format can name something; a reader
that follows shows the canary's words, or calls at the port.
"""
from __future__ import annotations

import io
import json
import random
import resource
import struct
import sys
import time
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

from tests.workbench.reading.pdf_maker import FONT, Page, assemble, pdf, stream

CANARY = "CANARY-7319"  # what stands in the file that none may show
PROSE = "全区一般公共预算收入12.5亿元，增长4.2%。江岚市云泽区人民政府负责落实各项工作。"
SUFFIXES = ("txt", "md", "csv", "html", "pdf", "zip", "7z", "docx", "xlsx", "xls")
KINDS: dict[str, Callable[["Lure"], tuple[str, bytes]]] = {}


@dataclass
class Lure:
    """What a file is made with: chance, and what it should not touch."""

    random: random.Random
    canary: str
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/{self.random.randrange(10 ** 6)}"

    @property
    def file(self) -> str:
        return f"file://{self.canary}"

    def size(self, low: int, high: int) -> int:
        return self.random.randint(low, high)


def kind(make: Callable[[Lure], tuple[str, bytes]]) -> Callable[[Lure], tuple[str, bytes]]:
    KINDS[make.__name__] = make
    return make


def zipped(members: dict[str, bytes], level: int = 9) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def damaged(lure: Lure, data: bytes) -> bytes:
    """Bytes changed at random places, or the end cut off."""
    if lure.random.random() < 0.4:
        return data[:lure.size(len(data) // 10, len(data) - 1)]
    changed = bytearray(data)
    for _ in range(lure.size(1, 60)):
        changed[lure.random.randrange(len(changed))] = lure.random.randrange(256)
    return bytes(changed)


# --- text ----------------------------------------------------------------------------------------

@kind
def line_of_100_mb(lure: Lure) -> tuple[str, bytes]:
    return lure.random.choice(("a.txt", "a.md", "a.csv", "a.html")), (
        lure.random.choice(("a", "1", "，", "云", "\t", "|", "<")).encode() * 100_000_000)[:104857600]


@kind
def line_as_long_as_allowed(lure: Lure) -> tuple[str, bytes]:
    unit = lure.random.choice((PROSE, "1", "（", "—", "、", " ", "\t", "一、", "表1 ", "......", "李 萍 ",
                               "|"))
    return lure.random.choice(("a.txt", "a.md")), (unit * (9_900_000 // len(unit)) + "完").encode()


@kind
def short_lines(lure: Lure) -> tuple[str, bytes]:
    unit = lure.random.choice(("一、\n", "目录\n", "表1\n", "\n\n单位：万元\n", "1\t2\n", "# 一\n",
                               "|a|b|\n", "*\n"))
    return lure.random.choice(("a.txt", "a.md")), (unit * (2_000_000 // len(unit))).encode()


@kind
def nul_bytes(lure: Lure) -> tuple[str, bytes]:
    text = bytearray((PROSE * 50).encode())
    for _ in range(lure.size(1, 400)):
        text[lure.random.randrange(len(text))] = 0
    return lure.random.choice(("a.txt", "a.csv", "a.html", "a.jsonl")), bytes(text)


@kind
def lone_surrogates(lure: Lure) -> tuple[str, bytes]:
    if lure.random.random() < 0.5:
        row = {"id": "a", "text": PROSE + "\ud800" + PROSE}
        return "a.jsonl", json.dumps(row).encode()
    return "a.txt", b"\xff\xfe" + (PROSE + "\udc00").encode("utf-16-le", "surrogatepass") * 40


@kind
def bidi_controls(lure: Lure) -> tuple[str, bytes]:
    marks = "\u202e\u2066\u2069\u200f\u061c\u202b"
    return lure.random.choice(("a.txt", "a.html", "a.md")), "".join(
        char + lure.random.choice(marks) for char in PROSE * 200).encode()


@kind
def bytes_at_random(lure: Lure) -> tuple[str, bytes]:
    suffix = lure.random.choice(SUFFIXES)
    return f"a.{suffix}", lure.random.randbytes(lure.size(1, 300_000))


@kind
def deep_json(lure: Lure) -> tuple[str, bytes]:
    depth = lure.size(10_000, 400_000)
    return "a.jsonl", b'{"id":"a","text":' + b"[" * depth + b"]" * depth + b"}"


@kind
def quotes(lure: Lure) -> tuple[str, bytes]:
    return "a.csv", lure.random.choice(('"', '""', '",', '"\n')).encode() * 1_500_000


@kind
def wide_csv(lure: Lure) -> tuple[str, bytes]:
    cells = lure.size(100_000, 1_000_000)
    return "a.csv", (",".join("1" * cells) + "\n1,2\n" * 3).encode()


@kind
def wrong_suffix(lure: Lure) -> tuple[str, bytes]:
    contents = (b"\x89PNG\r\n\x1a\n" + bytes(500), zipped({"a.txt": PROSE.encode()}),
                pdf(Page().text(90, 90, PROSE[:20])), b"MZ" + lure.random.randbytes(4000),
                b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), PROSE.encode(), b"")
    return f"a.{lure.random.choice(SUFFIXES)}", lure.random.choice(contents)


# --- web pages -----------------------------------------------------------------------------------

def page(body: str, head: str = "") -> bytes:
    return f"<html><head>{head}</head><body><p>{PROSE}</p>{body}</body></html>".encode()


@kind
def deep_html(lure: Lure) -> tuple[str, bytes]:
    tag = lure.random.choice(("div", "table><tr><td", "ul><li", "b", "font", "article"))
    return "a.html", page(f"<{tag}>" * lure.size(3_000, 300_000) + "深处")


@kind
def html_entities(lure: Lure) -> tuple[str, bytes]:
    entities = '<!ENTITY a "哈哈哈哈哈哈哈哈哈哈">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    return "a.html", (f'<!DOCTYPE html [{entities}<!ENTITY x SYSTEM "{lure.file}">'
                      f'<!ENTITY y SYSTEM "{lure.url}">]>').encode() + page("&j;&x;&y;")


@kind
def html_that_calls(lure: Lure) -> tuple[str, bytes]:
    return "a.html", (f'<!DOCTYPE html SYSTEM "{lure.url}">').encode() + page(
        f'<img src="{lure.url}"><iframe src="{lure.file}"></iframe><object data="{lure.url}">'
        f'</object><script src="{lure.url}"></script><embed src="{lure.file}">',
        f'<base href="{lure.url}"><link rel=stylesheet href="{lure.url}">'
        f'<meta http-equiv=refresh content="0;url={lure.url}"><xi:include href="{lure.file}"/>')


@kind
def wide_html_table(lure: Lure) -> tuple[str, bytes]:
    span = lure.random.choice(("colspan=1000000000", "rowspan=99999999", "colspan=-1",
                               "colspan=1000"))
    rows = f"<tr><td {span}>1<td {span}>2</tr>" * lure.size(2, 2000)
    return "a.html", page(f"<table>{rows}</table>")


@kind
def many_elements(lure: Lure) -> tuple[str, bytes]:
    unit = lure.random.choice(("<p>一", "<br>", "<td>1", "<a b=c>", "<!--", "&amp;", "<h1>一、",
                               "<table><tr><td>1"))
    return "a.html", page(unit * lure.size(50_000, 300_000))


@kind
def huge_attribute(lure: Lure) -> tuple[str, bytes]:
    return "a.html", page(f'<p title="{"x" * lure.size(5_000_000, 30_000_000)}">字</p>')


# --- archives ------------------------------------------------------------------------------------

@kind
def zip_bomb(lure: Lure) -> tuple[str, bytes]:
    return "a.zip", zipped({f"{n}.txt": bytes([48 + n]) * lure.size(20_000_000, 60_000_000)
                            for n in range(lure.size(1, 5))})


@kind
def zip_that_lies(lure: Lure) -> tuple[str, bytes]:
    """Its list says that the member is small; the data go on."""
    data = zipped({"a.txt": b"1" * lure.size(10_000_000, 60_000_000)})
    small = struct.pack("<I", lure.size(1, 4000))
    return "a.zip", b"".join((
        data[:22], small, data[26:data.rindex(b"PK\x01\x02") + 24], small,
        data[data.rindex(b"PK\x01\x02") + 28:]))


@kind
def nested_zips(lure: Lure) -> tuple[str, bytes]:
    data = PROSE.encode()
    for depth in range(lure.size(2, 12)):
        data = zipped({f"{n}.zip" if depth else "a.txt": data for n in range(lure.size(1, 3))})
    return "a.zip", data


@kind
def nested_bomb(lure: Lure) -> tuple[str, bytes]:
    inner = zipped({"a.txt": bytes(4_900_000)})
    return "a.zip", zipped({f"{n}.zip": inner for n in range(lure.size(60, 200))})


@kind
def zip_of_many(lure: Lure) -> tuple[str, bytes]:
    return "a.zip", zipped({f"{n}.txt": b"" for n in range(lure.size(2_001, 9_000))}, 1)


@kind
def zip_of_one_place(lure: Lure) -> tuple[str, bytes]:
    """Hundreds of entries that all point at the data of one."""
    data = zipped({"a.txt": random.Random(1).randbytes(1000) + b"1" * 1_900_000})
    start = data.rindex(b"PK\x01\x02")
    entry = data[start:data.rindex(b"PK\x05\x06")]
    count = lure.size(200, 1500)
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, count, count, len(entry) * count, start, 0)
    return "a.zip", data[:start] + entry * count + end


@kind
def zip_that_climbs(lure: Lure) -> tuple[str, bytes]:
    above = "../" * 12 + lure.canary.lstrip("/")
    names = (above + ".txt", "/etc/evil.txt", "..\\..\\evil.txt", "C:\\evil.txt", lure.canary,
             "a/\u202etxt.exe.txt", "x" * 60_000 + ".txt", ".txt", "con.txt")
    return "a.zip", zipped({name: PROSE.encode() for name in names})


@kind
def locked_zip(lure: Lure) -> tuple[str, bytes]:
    data = bytearray(zipped({"a.txt": PROSE.encode()}))
    data[6] |= 1
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    return "a.zip", bytes(data)


@kind
def damaged_zip(lure: Lure) -> tuple[str, bytes]:
    return "a.zip", damaged(lure, zipped({"a.txt": PROSE.encode() * 9, "b.html": page("二")}))


def seven(members: dict[str, bytes], password: str | None = None) -> bytes:
    import py7zr
    out = io.BytesIO()
    filters = None if password else [{"id": py7zr.FILTER_LZMA2, "preset": 1}]
    with py7zr.SevenZipFile(out, "w", password=password, filters=filters) as archive:
        for name, content in members.items():
            archive.writestr(content, name)
    return out.getvalue()


@kind
def seven_bomb(lure: Lure) -> tuple[str, bytes]:
    return "a.7z", seven({"a.txt": bytes(lure.size(30_000_000, 90_000_000))})


@kind
def locked_seven(lure: Lure) -> tuple[str, bytes]:
    return "a.7z", seven({"a.txt": PROSE.encode()}, "secret")


@kind
def damaged_seven(lure: Lure) -> tuple[str, bytes]:
    return "a.7z", damaged(lure, seven({"a.txt": PROSE.encode() * 30, "b.txt": b"2" * 999}))


# --- PDF -----------------------------------------------------------------------------------------

def _pages() -> list[Page]:
    return [Page().lines(90, 90, *[PROSE[:20]] * 20) for _ in range(3)]


@kind
def damaged_pdf(lure: Lure) -> tuple[str, bytes]:
    return "a.pdf", damaged(lure, pdf(*_pages()))


@kind
def circular_pdf(lure: Lure) -> tuple[str, bytes]:
    """Outlines, name trees and page trees that lead back to themselves."""
    tree = lure.random.choice((b"[3 0 R]", b"[2 0 R]", b"[2 0 R 3 0 R 2 0 R]", b"2 0 R"))
    return "a.pdf", assemble([
        b"<< /Type /Catalog /Pages 2 0 R /Outlines 5 0 R /Names 7 0 R >>",
        b"<< /Type /Pages /Kids %s /Count %d >>" % (tree, lure.size(1, 1000)),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R "
        b"/Resources << /Font << /F 8 0 R >> /XObject << /X 9 0 R >> >> >>",
        stream(_pages()[0].content() + b"\n/X Do"),
        b"<< /First 6 0 R /Last 6 0 R /Count 9 >>",
        b"<< /Title (a) /Parent 5 0 R /Next 6 0 R /Prev 6 0 R /First 6 0 R /Last 6 0 R >>",
        b"<< /Kids [7 0 R 7 0 R] >>", FONT,
        stream(b"/X Do /X Do", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] "
                               b"/Resources << /XObject << /X 9 0 R >> >>")])


@kind
def circular_tables_pdf(lure: Lure) -> tuple[str, bytes]:
    data = pdf(*_pages())
    table = int(data.split(b"startxref\n")[1].split(b"\n")[0])
    back = lure.random.choice((table, 0, len(data) * 9, 9))
    return "a.pdf", data.replace(b"trailer << ", b"trailer << /Prev %d /XRefStm %d " % (back, back))


@kind
def pdf_of_many_pages(lure: Lure) -> tuple[str, bytes]:
    count = lure.random.choice((10 ** 9, 2 ** 31 - 1, -5, 5_000, 500))
    kids = b"3 0 R " * min(max(count, 1), 5_000)
    return "a.pdf", assemble([
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R "
        b"/Resources << /Font << /F 5 0 R >> >> >>", stream(_pages()[0].content()), FONT])


@kind
def pdf_bomb(lure: Lure) -> tuple[str, bytes]:
    """A page whose content unpacks to hundreds of megabytes."""
    unit = lure.random.choice((b" ", b"q ", b"0 0 m 9 9 l S ", b"BT /F 9 Tf <4e00> Tj ET ", b"[ ",
                               b"("))
    content = zlib.compress(unit * (lure.size(50, 300) * 1_000_000 // len(unit)), 9)
    if lure.random.random() < 0.5:
        content, filters = zlib.compress(content, 9), b"[/FlateDecode /FlateDecode]"
    else:
        filters = b"/FlateDecode"
    return "a.pdf", assemble([
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R "
        b"/Resources << /Font << /F 5 0 R >> >> >>",
        stream(content, b"/Filter " + filters), FONT])


@kind
def pdf_of_many_rules(lure: Lure) -> tuple[str, bytes]:
    sheet = _pages()[0]
    for n in range(lure.size(5_000, 60_000)):
        sheet.rule(*((n % 500, 0, n % 500, 800) if n % 2 else (0, n % 800, 590, n % 800)))
    return "a.pdf", pdf(sheet)


@kind
def pdf_of_many_characters(lure: Lure) -> tuple[str, bytes]:
    sheet = Page()
    for n in range(lure.size(200, 3_000)):
        sheet.text(n % 500, n % 800, PROSE, lure.random.choice((0.01, 9, 5000)))
    return "a.pdf", pdf(sheet)


@kind
def pdf_that_calls(lure: Lure) -> tuple[str, bytes]:
    url, file = lure.url.encode(), lure.file.encode()
    return "a.pdf", pdf(*_pages(), catalog=(
        b"/OpenAction << /S /URI /URI (%s) >> /AA << /WC << /S /Launch /F (%s) >> >> "
        b"/AcroForm << /XFA (%s) /Fields [] >> /URI << /Base (%s) >> "
        b"/Names << /EmbeddedFiles << /Names [(a) << /F (%s) /EF << /F 4 0 R >> >>] >> "
        b"/JavaScript << /Names [(a) << /S /JavaScript /JS (app.launchURL('%s')) >>] >> >>"
    ) % (url, file, url, url, file, url))


@kind
def pdf_of_wild_numbers(lure: Lure) -> tuple[str, bytes]:
    data = pdf(*_pages())
    for old in (b"595 842", b"16 Tf", b"/DW 1000", b"90 736"):
        wild = lure.random.choice((b"1e38 -1e38", b"nan inf", b"9999999 0", b"0 0", b"-1 -1"))
        data = data.replace(old, wild[:len(old)].ljust(len(old)))
    return "a.pdf", data


@kind
def locked_pdf(lure: Lure) -> tuple[str, bytes]:
    data = pdf(*_pages())
    return "a.pdf", data.replace(b"trailer << ", (
        b"trailer << /ID [<00><00>] /Encrypt << /Filter /Standard /V 1 /R 2 /Length 40 /P -4 "
        b"/O <%s> /U <%s> >> " % (b"41" * 32, b"42" * 32)))


# --- Office --------------------------------------------------------------------------------------

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" ' \
     'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" ' \
     'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_APP = "application/vnd.openxmlformats-officedocument"


def docx(body: str, doctype: str = "", rels: str = "") -> bytes:
    return zipped({
        "[Content_Types].xml": (
            f'<Types xmlns="{_TYPES}"><Default Extension="rels" ContentType='
            '"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
            f'ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType='
            f'"{_APP}.wordprocessingml.document.main+xml"/></Types>').encode(),
        "_rels/.rels": (f'<Relationships xmlns="{_RELS}"><Relationship Id="r1" Type='
                        f'"{_OFFICE}/officeDocument" Target="word/document.xml"/>'
                        '</Relationships>').encode(),
        "word/_rels/document.xml.rels": (
            f'<Relationships xmlns="{_RELS}">{rels}</Relationships>').encode(),
        "word/document.xml": (f'<?xml version="1.0" encoding="UTF-8"?>{doctype}<w:document {_W}>'
                              f'<w:body>{body}</w:body></w:document>').encode()})


def xlsx(rows: str, doctype: str = "", dimension: str = "A1:B2") -> bytes:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return zipped({
        "[Content_Types].xml": (
            f'<Types xmlns="{_TYPES}"><Default Extension="rels" ContentType='
            '"application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Override PartName="/xl/workbook.xml" '
            f'ContentType="{_APP}.spreadsheetml.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType='
            f'"{_APP}.spreadsheetml.worksheet+xml"/></Types>').encode(),
        "_rels/.rels": (f'<Relationships xmlns="{_RELS}"><Relationship Id="r1" Type='
                        f'"{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
                        '</Relationships>').encode(),
        "xl/workbook.xml": (f'<workbook xmlns="{main}" xmlns:r="{_OFFICE}"><sheets><sheet name="一" '
                            'sheetId="1" r:id="r1"/></sheets></workbook>').encode(),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{_RELS}"><Relationship Id="r1" Type="{_OFFICE}/worksheet" '
            'Target="worksheets/sheet1.xml"/></Relationships>').encode(),
        "xl/worksheets/sheet1.xml": (
            f'<?xml version="1.0" encoding="UTF-8"?>{doctype}<worksheet xmlns="{main}">'
            f'<dimension ref="{dimension}"/><sheetData>{rows}</sheetData></worksheet>').encode()})


def _laughs(lure: Lure, root: str) -> str:
    entities = '<!ENTITY a "哈哈哈哈哈哈哈哈哈哈">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    return (f'<!DOCTYPE {root} [{entities}<!ENTITY x SYSTEM "{lure.file}">'
            f'<!ENTITY y SYSTEM "{lure.url}"><!ENTITY % z SYSTEM "{lure.url}"> %z;]>')


def _run(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


@kind
def docx_entities(lure: Lure) -> tuple[str, bytes]:
    return "a.docx", docx(_run(PROSE + lure.random.choice(("&j;", "&x;", "&y;"))),
                          _laughs(lure, "w:document"))


@kind
def docx_that_calls(lure: Lure) -> tuple[str, bytes]:
    rels = "".join(f'<Relationship Id="e{n}" Type="{_OFFICE}/{kind_of}" Target="{target}" '
                   'TargetMode="External"/>' for n, (kind_of, target) in enumerate((
                       ("image", lure.url), ("attachedTemplate", lure.url), ("image", lure.file),
                       ("oleObject", lure.file), ("hyperlink", lure.url),
                       ("subDocument", lure.url))))
    return "a.docx", docx(
        _run(PROSE) + '<w:p><w:r><w:drawing><a:blip r:link="e0"/><a:blip r:embed="e2"/></w:drawing>'
        '</w:r></w:p><w:subDoc r:id="e5"/><w:altChunk r:id="e3"/>', rels=rels)


@kind
def deep_docx(lure: Lure) -> tuple[str, bytes]:
    depth = lure.size(200, 60_000)
    return "a.docx", docx(
        "<w:tbl><w:tr><w:tc>" * depth + _run("深") + "</w:tc></w:tr></w:tbl>" * depth)


@kind
def docx_bomb(lure: Lure) -> tuple[str, bytes]:
    return "a.docx", docx(_run("一" * 1000) * lure.size(3_000, 60_000))


@kind
def damaged_docx(lure: Lure) -> tuple[str, bytes]:
    return "a.docx", damaged(lure, docx(_run(PROSE) * 30))


@kind
def xlsx_entities(lure: Lure) -> tuple[str, bytes]:
    return "a.xlsx", xlsx('<row r="1"><c r="A1" t="inlineStr"><is><t>&j;&x;</t></is></c></row>',
                          _laughs(lure, "worksheet"))


@kind
def xlsx_of_wide_sheets(lure: Lure) -> tuple[str, bytes]:
    last = lure.random.choice(("XFD1048576", "ZZZZZZ1", "A99999999999", "XFD1"))
    row = "".join(char for char in last if char.isdigit())
    return "a.xlsx", xlsx(f'<row r="1"><c r="A1"><v>1</v></c></row><row r="{row}"><c r="{last}">'
                          '<v>2</v></c></row>', dimension=f"A1:{last}")


@kind
def xlsx_of_many_cells(lure: Lure) -> tuple[str, bytes]:
    row = "".join(f"<c><v>{n}</v></c>" for n in range(50))
    return "a.xlsx", xlsx(f"<row>{row}</row>" * lure.size(5_000, 40_000))


@kind
def damaged_xls(lure: Lure) -> tuple[str, bytes]:
    return "a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + lure.random.randbytes(
        lure.size(500, 60_000))


# --- the run -------------------------------------------------------------------------------------

def make(folder: Path, count: int, seed: int, canary: str, port: int) -> None:
    """Write `count` files: every kind in turn, in an order that the seed gives."""
    chance = random.Random(seed)
    kinds = sorted(KINDS)
    chance.shuffle(kinds)
    for number in range(count):
        chosen = kinds[number % len(kinds)]
        name, data = KINDS[chosen](Lure(random.Random(f"{seed} {number}"), canary, port))
        place = folder / f"{number:04}-{chosen}"
        place.mkdir()
        (place / name).write_bytes(data)


def read(folder: Path) -> None:
    """Read all files of `folder`; a line of JSON for each, and one of the peaks in bytes."""
    from workbench.reading import read_each, sandbox
    for path in sorted(folder.glob("*/*")):
        begun = time.monotonic()
        found = list(read_each(path))
        print(json.dumps({
            "file": f"{path.parent.name}/{path.name}", "bytes": path.stat().st_size,
            "seconds": round(time.monotonic() - begun, 3),
            "documents": sum(len(one.documents) for one in found),
            "characters": sum(len(doc.text) for one in found for doc in one.documents),
            "errors": [str(one.error) for one in found if one.error][:3],
            "canary": any(CANARY in document.text for one in found for document in one.documents),
        }), flush=True)
        for one in found:
            for document in one.documents:
                document.check()
    print(json.dumps({"child": sandbox.peak(),
                      "self": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}))


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), sys.argv[5], int(sys.argv[6]))
    else:
        read(Path(sys.argv[2]))
