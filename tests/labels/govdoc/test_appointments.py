"""Who takes, leaves or holds which post."""
from __future__ import annotations

from tests.labels.govdoc.found import relations


def found(text: str, *types: str) -> list[tuple[str, str, str]]:
    return [(kind, source, target) for kind, source, target, _ in relations(text) if kind in types]


def test_every_name_of_an_appointment_takes_the_post() -> None:
    assert found("任命陈雨、李云川为云泽区人民法院审判员；", "APPOINTED") == [
        ("APPOINTED", "陈雨", "审判员"), ("APPOINTED", "李云川", "审判员")]


def test_a_removal_takes_every_post_named() -> None:
    assert found("免去陈雨的云泽区人民法院副庭长、审判员职务。", "REMOVED") == [
        ("REMOVED", "陈雨", "副庭长"), ("REMOVED", "陈雨", "审判员")]


def test_two_acts_in_a_row_do_not_mix() -> None:
    text = "任命陈雨为区财政局局长；免去李云川的区教育局副局长职务。"
    assert found(text, "APPOINTED", "REMOVED") == [
        ("APPOINTED", "陈雨", "局长"), ("REMOVED", "李云川", "副局长")]


def test_resignation_and_by_election() -> None:
    assert found("接受王岚辞去区人大常委会委员职务的请求。", "RESIGNED") == [("RESIGNED", "王岚", "委员")]
    assert found("补选赵青山为江岚市第十二届人民代表大会代表。", "ELECTED") == [
        ("ELECTED", "赵青山", "代表")]


def test_joined_posts_share_their_organisation() -> None:
    assert found("免去陈雨的云泽区人民法院副庭长、审判员职务。", "POST_OF") == [
        ("POST_OF", "副庭长", "云泽区人民法院"), ("POST_OF", "审判员", "云泽区人民法院")]


def test_a_post_beside_a_name_is_held() -> None:
    assert found("常务副区长陈雨、区人大常委会副主任李云川等领导出席", "HOLDS") == [
        ("HOLDS", "陈雨", "常务副区长"), ("HOLDS", "李云川", "副主任")]


def test_no_act_is_read_from_a_rule_about_acts() -> None:
    assert found("常务委员会根据主任会议提请，决定任命副主任", "APPOINTED", "REMOVED") == []


def test_posts_joined_over_their_organisations() -> None:
    assert found("区委书记、区人大常委会主任陈雨川主持", "HOLDS", "POST_OF") == [
        ("POST_OF", "书记", "区委"), ("POST_OF", "主任", "区人大常委会"),
        ("HOLDS", "陈雨川", "书记"), ("HOLDS", "陈雨川", "主任")]


def test_a_row_of_posts_shares_the_organisation_named_first() -> None:
    text = "区人大常委会主任陈雨川，副主任李青山、王岚和秘书长周敏出席"
    assert found(text, "POST_OF") == [
        ("POST_OF", "主任", "区人大常委会"), ("POST_OF", "副主任", "区人大常委会"),
        ("POST_OF", "秘书长", "区人大常委会")]


def test_the_verb_behind_the_name_says_what_becomes_of_it() -> None:
    text = "陈雨川同志任云泽区水务局局长，李青山同志不再担任云泽区水务局局长职务。"
    assert found(text, "APPOINTED", "REMOVED") == [
        ("APPOINTED", "陈雨川", "局长"), ("REMOVED", "李青山", "局长")]


def test_the_verb_of_the_first_speaks_for_the_others() -> None:
    text = "选举陈雨川为云泽县人民政府县长，李青山、王岚为云泽县人民政府副县长。"
    assert found(text, "ELECTED", "HOLDS") == [
        ("ELECTED", "陈雨川", "县长"), ("ELECTED", "李青山", "副县长"), ("ELECTED", "王岚", "副县长")]


def test_a_head_of_a_division_is_not_of_the_committee_named_before() -> None:
    assert found("县委常委、常务副县长周敏列席", "POST_OF") == [("POST_OF", "常委", "县委")]
