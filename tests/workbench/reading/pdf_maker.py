"""Writes small PDF files for tests: characters at places, rules, any object by hand."""
from __future__ import annotations

from dataclasses import dataclass, field

FONT = (b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UTF16-H "
        b"/DescendantFonts [<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light "
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> /DW 1000 "
        b"/W [814 939 500] >>] >>")


@dataclass
class Page:
    """An A4 page; y is measured from its top, in points."""

    width: int = 595
    height: int = 842
    drawn: list[str] = field(default_factory=list)

    def text(self, x: float, y: float, content: str, size: float = 16) -> "Page":
        code = content.encode("utf-16-be").hex()
        self.drawn.append(f"BT /F {size} Tf {x} {self.height - y - size} Td <{code}> Tj ET")
        return self

    def lines(self, x: float, y: float, *contents: str, size: float = 16) -> "Page":
        """Lines of running text; one that begins with two ideographic spaces is indented."""
        for number, content in enumerate(contents):
            inner = content.lstrip("\u3000")
            self.text(x + size * (len(content) - len(inner)), y + number * 1.8 * size, inner, size)
        return self

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> "Page":
        self.drawn.append(f"{x0} {self.height - y0} m {x1} {self.height - y1} l S")
        return self

    def table(self, x: float, y: float, widths: list[int], rows: list[list[str]],
              step: float = 24) -> "Page":
        """A ruled table with one line of text a cell."""
        right, bottom = x + sum(widths), y + step * len(rows)
        for number in range(len(rows) + 1):
            self.rule(x, y + number * step, right, y + number * step)
        edge = x
        for number in range(len(widths) + 1):
            self.rule(edge, y, edge, bottom)
            edge += widths[number] if number < len(widths) else 0
        for number, row in enumerate(rows):
            edge = x
            for width, content in zip(widths, row):
                if content:
                    self.text(edge + 3, y + number * step + 6, content, 10)
                edge += width
        return self

    def content(self) -> bytes:
        return "\n".join(self.drawn).encode("ascii")


def stream(content: bytes, extra: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), extra, content)


def assemble(objects: list[bytes], trailer: bytes = b"") -> bytes:
    """A file of numbered objects (the first is 1, the catalogue), with its table and trailer."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1, trailer, table)
    return bytes(out)


def pdf(*pages: Page, catalog: bytes = b"", rotate: int = 0) -> bytes:
    """A PDF of `pages`; `catalog` adds entries to its catalogue."""
    kids = b" ".join(b"%d 0 R" % (4 + 2 * number) for number in range(len(pages)))
    objects = [b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalog,
               b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(pages)), FONT]
    for number, page in enumerate(pages):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Rotate %d /Contents %d 0 R "
            b"/Resources << /Font << /F 3 0 R >> >> >>" % (
                page.width, page.height, rotate, 5 + 2 * number))
        objects.append(stream(page.content()))
    return assemble(objects)
