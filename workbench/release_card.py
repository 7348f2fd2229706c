"""The card of a release: what a reader of the data must know, in Chinese and in English."""
from __future__ import annotations

from typing import Iterator, Sequence

from labels.gold import SPLITS
from labels.release_figures import LENGTHS
from workbench.release_report import Report

Words = dict[str, str]

# One card a language; the fields are filled from the report.
_ZH: Words = {
    "title": "{project}·第 {number} 号发布",
    "what": "中文公文标注数据：{documents} 份文件、{regions} 个语段、{characters} 个字符、"
            "{spans} 处标注、{relations} 条关系。由 {annotators} 人标注、定稿后冻结；"
            "内容哈希 `{hash}`，标注体系 {schema} {version}（`{schema_hash}`），冻结于 {created}。",
    "region": "只有语段内的文字是标注过的：语段内没有标注是“空”，语段外是“未标注”。"
              "偏移按 Unicode 码点计，左闭右开。",
    "splits": "拆分", "split": "拆分", "documents": "文件", "regions": "语段", "spans": "标注",
    "group": "{ties}的文件归为一组，整组进入同一拆分，此后不再变动；共 {groups} 组。",
    "alone": "每份文件自成一组，此后不再变动；共 {groups} 组。",
    "family": "同一系列", "place-year": "同一地区同一年份", "near-duplicate": "近重复", "or": "、",
    "leak": "测试集中可比较的 {compared} 个段落里有 {again} 个（{share}）在训练集里有近重复；"
            "若逐行随机拆分，这一比例是 {row_share}（{row_again}/{row_compared}）。",
    "labels": "标签", "label": "标签", "train": "训练", "validation": "验证", "test": "测试",
    "total": "合计", "lengths": "语段长度（字符）",
    "rare": "稀少或在某一拆分中缺失的标签：{names}。", "norare": "没有稀少的标签。",
    "quality": "质量",
    "agreement": "盲标一致性（标注精确 F1）：{value}{between}；{peers} 人重叠标注了 {overlap} 个语段，"
                 "两两相比共 {count} 处标注，只计未见他人答案的。",
    "agreement_class": "盲标一致性（段落分类 {name}，Krippendorff α）：{value}{between}，{count} 段。",
    "between": "（95% 区间 {low}–{high}）",
    "noagreement": "没有两人独立标注的语段，未测一致性。",
    "acceptance": "规则建议共判定 {answered} 条，{right} 条未改动即采纳（{share}，95% 区间 {low}–{high}）。"
                  "标注时能看到建议，采纳率因此偏高。",
    "noacceptance": "没有已判定的规则建议。",
    "suspects": "可疑之处：{conflicts} 个词面有多种标签，{left_out} 个常见词面有未标注的出现；"
                "未答复的勾稽问题 {findings} 处。",
    "baselines": "基线（测试集，标注精确匹配，95% 自助区间）",
    "baseline": "基线", "precision": "精确率", "recall": "召回率", "interval": "区间",
    "dictionary": "训练集词面的词典", "rules": "规则建议", "nobaseline": "没有测试集，无从评分。",
    "unit_documents": "按文件重抽样（{units} 份）。",
    "unit_regions": "测试文件不足五份，按语段重抽样（{units} 个），区间偏窄。",
    "sources": "来源", "document": "文件", "place": "来源文件", "date": "日期",
    "notes": "与上一次发布的不同", "withdrawn": "撤回 {document}：{why}（{by}）。",
    "returned": "恢复 {document}（{by}）。",
    "moved": "{document} 由{from_split}移到{to_split}：它的组与更早的组 {to} 合并了。",
}
_EN: Words = {
    "title": "{project} · release {number}",
    "what": "Annotated Chinese public documents: {documents} documents, {regions} regions,"
            " {characters} characters, {spans} spans, {relations} relations. Annotated by"
            " {annotators} people, settled, then frozen; content hash `{hash}`, schema {schema}"
            " {version} (`{schema_hash}`), frozen at {created}.",
    "region": "Only the text of regions is annotated: a region without spans is empty, text"
              " outside of regions is not annotated. Offsets count Unicode code points, end"
              " exclusive.",
    "splits": "Splits", "split": "Split", "documents": "Documents", "regions": "Regions",
    "spans": "Spans",
    "group": "Documents of {ties} form a group; a whole group is in one split, and stays there in"
             " later releases. {groups} groups.",
    "alone": "Each document is a group of its own, and stays in its split in later releases."
             " {groups} groups.",
    "family": "one family", "place-year": "one place and year",
    "near-duplicate": "mostly the same paragraphs", "or": ", or of ",
    "leak": "Of {compared} paragraphs of the test that can be compared, {again} ({share}) have a"
            " near duplicate in training; dealt row by row it would be {row_share}"
            " ({row_again}/{row_compared}).",
    "labels": "Labels", "label": "Label", "train": "Training", "validation": "Validation",
    "test": "Test", "total": "Total", "lengths": "Lengths of regions (characters)",
    "rare": "Labels that are rare, or missing in a split: {names}.", "norare": "No label is rare.",
    "quality": "Quality",
    "agreement": "Agreement of blind answers (exact F1 of spans): {value}{between}; {peers} people,"
                 " {overlap} regions in common, {count} marks over all pairs, of answers that were"
                 " made without seeing another one.",
    "agreement_class": "Agreement of blind answers (class {name} of paragraphs, Krippendorff's α):"
                       " {value}{between}, {count} paragraphs.",
    "between": " (95 % interval {low}–{high})",
    "noagreement": "No region was answered by two people apart; agreement was not measured.",
    "acceptance": "Of {answered} suggestions of rules that were judged, {right} were taken"
                  " unchanged ({share}, 95 % interval {low}–{high}). Annotators saw them, so the"
                  " share flatters the rules.",
    "noacceptance": "No suggestion of a rule was judged.",
    "suspects": "Suspects: {conflicts} surfaces with several labels, {left_out} frequent surfaces"
                " that stand unmarked elsewhere; {findings} unanswered findings of the"
                " arithmetic.",
    "baselines": "Baselines (test, exact spans, 95 % bootstrap intervals)",
    "baseline": "Baseline", "precision": "Precision", "recall": "Recall", "interval": "Interval",
    "dictionary": "dictionary of the surfaces of training", "rules": "suggestions of the rules",
    "nobaseline": "There is no test split to score on.",
    "unit_documents": "Documents were drawn ({units}).",
    "unit_regions": "Fewer than five documents in the test: regions were drawn ({units}), so the"
                    " intervals are too narrow.",
    "sources": "Sources", "document": "Document", "place": "Source file", "date": "Date",
    "notes": "What differs from the release before",
    "withdrawn": "{document} was withdrawn: {why} ({by}).",
    "returned": "{document} is back ({by}).",
    "moved": "{document} went from {from_split} to {to_split}: its group grew together with the"
             " older group {to}.",
}


def card(found: Report) -> str:
    """Markdown, Chinese first."""
    return "\n".join([*_card(found, _ZH), "", "---", "", *_card(found, _EN), ""])


def _card(found: Report, words: Words) -> Iterator[str]:
    release, figures = found.release, found.figures
    yield f"# {_fill(words, 'title', project=release.project, number=release.number)}"
    yield ""
    yield _fill(words, "what", documents=len(found.sources), regions=sum(figures.regions.values()),
                characters=figures.characters, spans=sum(one.total for one in figures.spans),
                relations=sum(one.total for one in figures.relations),
                annotators=found.annotators, hash=release.hash, schema=release.schema,
                version=release.schema_version, schema_hash=release.schema_hash,
                created=release.created)
    yield ""
    yield words["region"]
    for part in (_splits, _labels, _quality, _baselines, _sources, _notes):
        yield ""
        yield from part(found, words)


def _splits(found: Report, words: Words) -> Iterator[str]:
    figures, leak = found.figures, found.figures.leakage
    yield f"## {words['splits']}"
    yield ""
    yield from _table(
        [words[name] for name in ("split", "documents", "regions", "spans")],
        [[words[split], figures.documents[split], figures.regions[split],
          sum(one.splits[split] for one in figures.spans)] for split in SPLITS])
    yield ""
    yield _fill(words, "group" if found.ties else "alone", groups=figures.groups,
                ties=words["or"].join(words[tie] for tie in found.ties))
    yield ""
    yield _fill(words, "leak", compared=leak.compared, again=leak.grouped,
                share=percent(leak.grouped, leak.compared), row_again=leak.by_row,
                row_compared=leak.row_compared, row_share=percent(leak.by_row, leak.row_compared))


def _labels(found: Report, words: Words) -> Iterator[str]:
    figures = found.figures
    yield f"## {words['labels']}"
    yield ""
    yield from _table(
        [words[name] for name in ("label", *SPLITS, "total")],
        [[one.name, *(one.splits[split] for split in SPLITS), one.total]
         for one in (*figures.spans, *figures.relations, *figures.classes)])
    yield ""
    yield (_fill(words, "rare", names=", ".join(one.name for one in figures.rare))
           if figures.rare else words["norare"])
    yield ""
    yield f"{words['lengths']}: " + " · ".join(
        f"{name} {count}" for name, count in zip(length_names(), figures.lengths))


def _quality(found: Report, words: Words) -> Iterator[str]:
    yield f"## {words['quality']}"
    yield ""
    told = list(_agreed(found, words))
    yield from (f"- {line}" for line in told or [words["noagreement"]])
    accepted = found.accepted
    yield "- " + (_fill(words, "acceptance", answered=accepted.answered, right=accepted.right,
                        share=percent(accepted.right, accepted.answered),
                        low=f"{accepted.low:.3f}", high=f"{accepted.high:.3f}")
                  if accepted.answered else words["noacceptance"])
    yield "- " + _fill(words, "suspects", conflicts=len(found.figures.conflicts),
                       left_out=len(found.figures.left_out),
                       findings=sum(one.count for one in found.findings))


def _agreed(found: Report, words: Words) -> Iterator[str]:
    """All spans together, and each set of classes."""
    for one in found.agreement:
        name, measure = {"span": ("agreement", "F1"), "class": ("agreement_class", "alpha")}.get(
            one.group, ("", ""))
        figure = one.figures.get(measure)
        if figure is None or figure.value is None or (
                one.name if one.group == "span" else "=" in one.name):
            continue
        between = "" if figure.low is None or figure.high is None else _fill(
            words, "between", low=f"{figure.low:.3f}", high=f"{figure.high:.3f}")
        yield _fill(words, name, value=f"{figure.value:.3f}", between=between, count=one.count,
                    name=one.name, peers=found.peers, overlap=found.overlap.get("spans", 0))


def _baselines(found: Report, words: Words) -> Iterator[str]:
    yield f"## {words['baselines']}"
    yield ""
    if not found.baselines:
        yield words["nobaseline"]
        return
    yield from _table(
        [words[name] for name in ("baseline", "precision", "recall")] + ["F1", words["interval"]],
        [[words[name], f"{one.precision:.3f}", f"{one.recall:.3f}", f"{one.f1:.3f}",
          f"{one.low:.3f}–{one.high:.3f}"] for name, one in found.baselines])
    yield ""
    first = found.baselines[0][1]
    yield _fill(words, f"unit_{first.unit}", units=first.units)


def _sources(found: Report, words: Words) -> Iterator[str]:
    yield f"## {words['sources']}"
    yield ""
    yield from _table(
        [words[name] for name in ("document", "place", "date", "split", "regions")],
        [[one.title or one.name, one.source, one.date or "", words[one.split], one.regions]
         for one in found.sources])


def _notes(found: Report, words: Words) -> Iterator[str]:
    if found.notes:
        yield f"## {words['notes']}"
        yield ""
    for note in found.notes:
        content = {name: words.get(value, value) if name.endswith("_split") else value
                   for name, value in note["content"].items()}
        yield "- " + _fill(words, note["kind"], document=note["document"], **content)


def _fill(words: Words, name: str, /, **fields: object) -> str:
    return words[name].format(**fields)


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> Iterator[str]:
    """A table of Markdown; what would end a cell is escaped."""
    for row in (head, ["---"] * len(head), *rows):
        yield "| " + " | ".join(" ".join(str(cell).split()).replace("|", "\\|")
                                for cell in row) + " |"


def length_names() -> list[str]:
    """The classes of `labels.release_figures.LENGTHS` as ``1–50``, the last as ``1601+``."""
    ends = [0, *LENGTHS]
    return [f"{low + 1}–{high}" for low, high in zip(ends, LENGTHS)] + [f"{LENGTHS[-1] + 1}+"]


def percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}%" if whole else "—"
