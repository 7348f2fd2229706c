"""Archives: members become documents; what is wrong with one does not stop the others."""
import pytest

from labels.errors import ReadError
from tests.workbench.reading.hostile import seven, zipped
from workbench.reading import archives, limits, read_bytes, read_each, read_file

TEXT = "云泽区概况\n全区面积120平方公里。\n".encode()


def each(tmp_path, name, data):
    path = tmp_path / name
    path.write_bytes(data)
    return list(read_each(path))


@pytest.mark.parametrize("name, pack", (("报.zip", zipped), ("报.7z", seven)))
def test_members_are_documents_named_by_archive_and_member(tmp_path, name, pack):
    found = each(tmp_path, name, pack({"一/a.txt": TEXT, "b.html": b"<p>" + TEXT}))
    assert [one.name for one in found] == [f"{name}/一/a.txt", f"{name}/b.html"]
    assert [one.documents[0].source for one in found] == [one.name for one in found]
    assert len({one.documents[0].id for one in found}) == 2
    assert len(read_file(tmp_path / name)) == 2


def test_a_member_that_cannot_be_read_is_told_and_the_others_are_read(tmp_path):
    bad, good = each(tmp_path, "a.zip", zipped({"坏.pdf": b"%PDF-1.4", "好.txt": TEXT}))
    assert "a.zip/坏.pdf is no PDF, or a damaged one" in str(bad.error)
    assert good.error is None and len(good.documents) == 1


def test_files_of_other_kinds_are_passed_over(tmp_path):
    found = each(tmp_path, "a.zip", zipped({
        "图.png": b"1", "__MACOSX/a.txt": b"1", ".a.txt": b"1", "a.txt": TEXT}))
    assert [one.name for one in found] == ["a.zip/a.txt"]


def test_an_archive_without_a_readable_file_is_refused():
    with pytest.raises(ReadError, match="a.zip holds no file that can be read; known are .7z"):
        read_bytes("a.zip", zipped({"图.png": b"1"}))


def test_an_archive_in_an_archive_is_read_and_no_deeper(tmp_path):
    two = zipped({"b.zip": zipped({"a.txt": TEXT})})
    assert [one.name for one in each(tmp_path, "c.zip", two)] == ["c.zip/b.zip/a.txt"]
    (three,) = each(tmp_path, "d.zip", zipped({"c.zip": two}))
    assert "an archive this deep in others is not opened" in str(three.error)


def test_names_that_climb_are_only_labels(tmp_path):
    names = ("../../evil.txt", "/etc/evil.txt", "..\\c\\evil.txt", "a\u202ex.txt")
    found = each(tmp_path, "a.zip", zipped({name: TEXT for name in names}))
    assert [one.name for one in found] == [
        "a.zip/evil.txt", "a.zip/etc/evil.txt", "a.zip/c/evil.txt", "a.zip/ax.txt"]
    assert [path.name for path in tmp_path.rglob("*")] == ["a.zip"]


def test_names_in_gbk_are_read_as_such(tmp_path):
    raw = zipped({"xxxx.txt": TEXT}).replace(b"xxxx", "云泽".encode("gbk"))
    assert each(tmp_path, "a.zip", raw)[0].name == "a.zip/云泽.txt"


@pytest.mark.parametrize("name, pack", (("a.zip", zipped), ("a.7z", seven)))
def test_a_bomb_is_refused_by_its_ratio(name, pack):
    with pytest.raises(ReadError, match=rf"{name} unpacks to \d+ times its size"):
        read_bytes(name, pack({"a.txt": bytes(9_000_000)}))


def test_bombs_in_an_archive_share_one_budget(tmp_path):
    inner = zipped({"a.txt": b"1" * 4_000_000})
    found = each(tmp_path, "a.zip", zipped({f"{n}.zip": inner for n in range(20)}))
    told = [one for one in found if one.error and "unpack to too much" in str(one.error)]
    assert len(found) == 20 and len(told) >= 17


def test_what_an_archive_unpacks_to_is_limited(monkeypatch):
    monkeypatch.setattr(limits, "MAX_UNPACKED", 1000)
    for pack in (zipped, seven):
        name = "a.zip" if pack is zipped else "a.7z"
        with pytest.raises(ReadError, match="unpacks to more than 0 MB"):
            archives.unpack_here(name, pack({"a.txt": b"12" * 501}), print)


def test_too_many_members_are_refused():
    with pytest.raises(ReadError, match="holds 2001 files, more than 2000"):
        read_bytes("a.zip", zipped({f"{n}.txt": b"" for n in range(2001)}, 1))


@pytest.mark.parametrize("name, data", (
    ("a.7z", seven({"a.txt": TEXT}, "secret")),
    ("a.zip", zipped({"a.txt": TEXT}).replace(b"PK\x01\x02\x14\x03\x14\x00\x00",
                                              b"PK\x01\x02\x14\x03\x14\x00\x01"))))
def test_a_locked_archive_is_recognised(name, data):
    with pytest.raises(ReadError, match=f"{name} is locked with a password"):
        read_bytes(name, data)


@pytest.mark.parametrize("name", ("a.zip", "a.7z"))
def test_what_is_no_archive_is_refused(name):
    with pytest.raises(ReadError, match="is no archive of its kind, or a damaged one"):
        read_bytes(name, TEXT)
