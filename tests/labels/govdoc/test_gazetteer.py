"""Places by name: the lexicon together with the divisions of jieba's dictionary."""
from __future__ import annotations

import pytest

from labels.govdoc import lexicon
from labels.govdoc.gazetteer import ADMINISTRATIVE, dated, gazetteer, verbs, wordiness


@pytest.mark.parametrize("name, kind", [
    ("湖南省", "province"), ("玉溪市", "city"), ("桃江县", "county"), ("鄂托克前旗", "county"),
    ("赫山区", "district"), ("汨罗", "city_short"), ("古丈", "county_short"), ("洱海", "nature"),
    ("乌干达", "country"), ("岭南", "region")])
def test_places_of_the_whole_country_have_a_kind(name: str, kind: str) -> None:
    assert gazetteer(lexicon("places")).kinds[name] == kind


@pytest.mark.parametrize("name", ["开发区", "示范县", "内陆地区", "宜居城市", "土家族自治县", "发展", "城中村"])
def test_kinds_of_places_are_no_places(name: str) -> None:
    assert name not in gazetteer(lexicon("places")).kinds


def test_a_short_name_that_is_a_word_waits_for_the_full_name() -> None:
    kinds = gazetteer(lexicon("places")).kinds
    assert kinds["和平"] == "county_ambiguous" and kinds["和平"] not in ADMINISTRATIVE


def test_the_longest_name_is_found() -> None:
    found = gazetteer(lexicon("places")).find("雄安新区和山东省")
    assert [name for name, _, _ in found] == ["雄安新区", "山东省"]


def test_verbs_and_wordiness_tell_names_from_words() -> None:
    assert "撤换" in verbs() and "管理" not in verbs()
    assert wordiness("现代农业") == 1.0 and wordiness("砚溪") == 0.0 and wordiness("") == 1.0


@pytest.mark.parametrize("date, expected", [
    ("2015-03-01", "国家卫生计生委"), ("2021-03-01", "国家卫生计生委 2013–2018"),
    ("2012-03-01", "国家卫生计生委 2013–2018"), (None, "国家卫生计生委")])
def test_an_entry_tells_when_a_date_lies_outside_its_years(date: str | None,
                                                           expected: str) -> None:
    entry = lexicon("organs").entries["国家卫生计生委"]
    assert dated("国家卫生计生委", entry, date) == expected


@pytest.mark.parametrize("name", ["organs", "places"])
def test_years_are_four_digits_and_in_order(name: str) -> None:
    for term, row in lexicon(name).entries.items():
        since, until = row.get("valid_from", ""), row.get("valid_to", "")
        assert all(not year or len(year) == 4 and year.isdigit() for year in (since, until)), term
        assert not (since and until) or since <= until, term
