"""What checking the arithmetic of a document of 400 tables costs: ``python -m bench.checking``."""
from __future__ import annotations

from bench.timing import timed
from labels import govdoc
from labels.checks import Figures, run
from labels.document import Cell, Document, Table
from workbench.reading.values import number_of

TABLES = 400
RUNS = 5


def many(count: int) -> Document:
    """`count` tables of 40 rows and four columns, coded, with sums both ways."""
    text, made = "", []
    columns = (("类",), ("款",), ("科目名称",), ("合计",), ("基本支出",), ("项目支出",))
    for number in range(count):
        start, rows = len(text), []
        lines = []
        for group in range(8):
            items = [(f"{201 + group}", f"{item:02}", f"科目{number}之{group}{item}",
                      100 * group + 7 * item + number, 50 + item) for item in range(1, 5)]
            lines.append((f"{201 + group}", "", f"大类{number}之{group}",
                          sum(item[3] for item in items), sum(item[4] for item in items)))
            lines.extend(items)
        groups = [line for line in lines if not line[1]]
        lines.append(("合计", "", "", sum(line[3] for line in groups),
                      sum(line[4] for line in groups)))
        for code, inner, name, one, other in lines:
            cells = []
            for column, words in enumerate((code, inner, name, f"{one + other}.00", f"{one}.00",
                                            f"{other}.00")):
                read = number_of(words) if column > 2 else None
                cells.append(Cell(words, len(text), len(text) + len(words),
                                  read[0] if read else None, "万元" if read else None, (),
                                  columns[column]))
                text += words + "\t"
            text += "\n"
            rows.append(tuple(cells))
        made.append(Table(f"表{number} 支出决算表", "", "万元", start, len(text), columns, tuple(rows)))
    return Document("many", text, tables=tuple(made))


def main() -> None:
    document, checks = many(TABLES), govdoc.load_checks()
    found = timed(lambda: run(Figures(document), checks), len(document.text), RUNS)
    middle = found.seconds[len(found.seconds) // 2]
    print(f"checking {TABLES} tables of 41 rows: {middle:.2f} s of processor time, median of {RUNS}"
          f" runs ({found.seconds[0]:.2f}–{found.seconds[-1]:.2f})")


if __name__ == "__main__":
    main()
