"""How often each rule of the built-in pack is right on the demo gold, counted and written down.

``python -m workbench.measure`` (or ``make measure``) writes ``labels/govdoc/measured.tsv``, from
which the scores of suggestions come. Run it after changing a rule, a lexicon or the gold; a test
fails while the file is of other rules.
"""
from __future__ import annotations

import sys

from labels import govdoc
from labels.measures import Measure, format_measures
from labels.rules import Pack
from workbench import demo
from workbench.files import write_atomically
from workbench.scoreboard import score_reference


def measure(pack: Pack) -> dict[str, Measure]:
    """What each rule of `pack` answers on the demo gold; rules without an answer have no entry."""
    tallies = score_reference(demo.GOLD, pack=pack)["all"].rules
    return {name: Measure(pack.versions[name], tally.answered, tally.right)
            for name, tally in tallies.items()}


def main() -> int:
    found = measure(govdoc.load())
    with write_atomically(govdoc.MEASURES) as handle:
        handle.write(format_measures(found))
    print(f"{len(found)} rules measured: {govdoc.MEASURES}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
