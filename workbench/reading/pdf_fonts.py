"""One font in memory for every font that a PDF does not carry.

Many Chinese PDFs name 宋体 and the like without holding them. pdfium then looks for a font of the
system, and leaves characters out if it cannot open one; in the child that parses it cannot. So the
font that it takes for Chinese is loaded beforehand and given to it whatever it asks for: only the
height of its boxes is used, the characters and their widths stand in the file.
"""
from __future__ import annotations

import ctypes
from typing import Any

_TTCF = 0x74746366  # asks whether the file is a collection
_GB = 134           # FXFONT_GB2312_CHARSET
_HANDLE = 1
_CHARSETS = (_GB, 136, 0)
_KEPT: list[Any] = []  # what pdfium holds pointers to

_PROBE = b"""%PDF-1.4
1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj
2 0 obj << /Type /Pages /Kids [3 0 R] /Count 1 >> endobj
3 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Contents 4 0 R
/Resources << /Font << /F << /Type /Font /Subtype /Type0 /BaseFont /STSong-Light
/Encoding /UniGB-UCS2-H /DescendantFonts [<< /Type /Font /Subtype /CIDFontType0
/BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >>
>>] >> >> >> >> endobj
4 0 obj << /Length 29 >> stream
BT /F 9 Tf 9 9 Td <4e00> Tj ET
endstream endobj
trailer << /Root 1 0 R >>
%%EOF
"""


def prepare() -> None:
    """Load the font, and make pdfium ask nobody else; once a process, before any PDF is opened."""
    import pypdfium2
    from pypdfium2 import raw
    if _KEPT:
        return
    system = raw.FPDF_GetDefaultSystemFontInfo()
    tables: dict[int, bytes] = {}
    info = raw.FPDF_SYSFONTINFO(version=1)
    kinds = dict(raw.FPDF_SYSFONTINFO._fields_)

    def load(face: Any, exact: Any) -> None:
        """Read the system's font for Chinese, or any, into `tables`."""
        for charset in _CHARSETS:
            handle = system.contents.MapFont(system, 400, 0, charset, 0, face, exact)
            if not handle:
                continue
            for table in (0, _TTCF):
                size = system.contents.GetFontData(system, handle, table, None, 0)
                buffer = (ctypes.c_ubyte * size)()
                read = system.contents.GetFontData(system, handle, table, buffer, size)
                tables[table] = bytes(buffer)[:read]
            system.contents.DeleteFont(system, handle)
            if any(tables.values()):
                return

    def map_font(this: Any, weight: int, italic: int, charset: int, pitch: int, face: Any,
                 exact: Any) -> int | None:
        if not tables:
            load(face, exact)
        return _HANDLE if any(tables.values()) else None

    def font_data(this: Any, handle: Any, table: int, buffer: Any, size: int) -> int:
        held = tables.get(table, b"")
        if buffer and size >= len(held):
            ctypes.memmove(buffer, held, len(held))
        return len(held)

    for name, function in (
            ("EnumFonts", lambda this, mapper: system.contents.EnumFonts(system, mapper)),
            ("MapFont", map_font), ("GetFont", lambda this, face: None),
            ("GetFontData", font_data), ("GetFaceName", lambda this, handle, buffer, size: 0),
            ("GetFontCharset", lambda this, handle: _GB),
            ("DeleteFont", lambda this, handle: None)):
        callback = kinds[name](function)
        _KEPT.append(callback)
        setattr(info, name, callback)
    _KEPT.extend((info, system))
    raw.FPDF_SetSystemFontInfo(info)
    with pypdfium2.PdfDocument(_PROBE) as probe:
        page = probe[0]
        page.get_textpage().close()
        page.close()
