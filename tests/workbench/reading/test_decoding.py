import pytest

from labels.errors import ReadError
from workbench.reading import SUFFIXES, read_bytes, read_file

PROSE = "云泽区全年实现地区生产总值120.5亿元，比上年增长6.3%。一般公共预算收入完成，民生支出增长。\n"
TRADITIONAL = "雲澤區全年實現地區生產總值，比上年增長，是在區委的領導下完成的。\n"


def text_of(data, name="报告.txt"):
    return read_bytes(name, data)[0].text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "gbk"])
def test_the_text_is_decoded_from_any_known_encoding(encoding):
    assert text_of(PROSE.encode(encoding)) == PROSE


def test_big5_is_told_from_gb18030():
    document = read_bytes("報告.txt", TRADITIONAL.encode("big5"))[0]
    assert document.text == TRADITIONAL
    assert [(w.code, w.message) for w in document.warnings] == [("encoding", "decoded as big5")]


def test_utf8_gives_no_encoding_warning():
    assert read_bytes("a.txt", PROSE.encode())[0].warnings == ()


def test_line_ends_become_one_form():
    assert text_of("一\r\n二\r三\n".encode()) == "一\n二\n三\n"


@pytest.mark.parametrize("data, words", [
    (b"", "is empty"), (b" \n\t\n", "is empty"), (b"\xef\xbb\xbf  ", "is empty"),
    (b"%PDF-1.7 rest", "PDF"), (b"PK\x03\x04rest", "ZIP"), (b"abc\0def", "not text"),
    (b"\x01\x02\x03\x04 words", "not text"), (b"\xff\xff\xfe\x80\x81", "encoding"),
    ("�� �� 文".encode(), "not text"), (b"\xff\xfe\x00\xd8\x41", "utf-16"),
])
def test_what_is_not_text_is_refused_in_one_line(data, words):
    with pytest.raises(ReadError) as refused:
        read_bytes("坏.txt", data)
    assert words in str(refused.value) and "坏.txt" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_an_unknown_ending_names_the_known_ones():
    with pytest.raises(ReadError) as refused:
        read_bytes("a.xyz", b"text")
    assert all(suffix in str(refused.value) for suffix in SUFFIXES)


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    with pytest.raises(ReadError, match="there is no file"):
        read_file(tmp_path / "没有.txt")
    with pytest.raises(ReadError, match="is a folder"):
        read_file(tmp_path)


def test_ids_keep_chinese_and_the_ending(tmp_path):
    path = tmp_path / "江岚市 2030年报告.md"
    path.write_text("正文。", encoding="utf-8")
    document = read_file(path)[0]
    assert (document.id, document.source) == ("江岚市-2030年报告.md", "江岚市 2030年报告.md")
