"""One code table: what a code is called, what a menu offers, and what a clerk may type for it.

The files in `tables/` are those of the standards. `retired` marks codes that menus no longer offer and old records
still carry; `own` marks codes of this product (91 and up, where no national code fits), which never leave the house
in a national exchange file.
"""

import csv
import difflib
import unicodedata
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from .aliases import ALIASES

FOLDER = Path(__file__).parent / "tables"
NO_MENU = {"inclusive_vs_disability", "admin_division_retired"}  # a list of pairs; codes that nobody may choose any more


@dataclass(frozen=True)
class CodeTable:
    name: str
    labels: dict[str, str]
    retired: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()
    typed: dict[str, str] = field(default_factory=dict, repr=False)

    def label(self, code):
        return self.labels.get(code, code)

    def choices(self):
        return [(code, label) for code, label in self.labels.items() if code not in self.retired]

    def code_of(self, text):
        """The code of a code, a label or a known other word for it; None when there is none."""
        return self.typed.get(fold(text))

    def nearest(self, text):
        """The label that the writer of `text` most likely meant; None when nothing comes near."""
        wanted = fold(text)
        if not wanted:
            return None
        offered = [label for _, label in self.choices()]
        if padded := self.labels.get(wanted.zfill(max(map(len, self.labels)))):  # a spreadsheet has eaten the leading zero
            return padded
        for test in (
            lambda label: label == wanted + "族",
            lambda label: label.startswith(wanted),
            lambda label: wanted in label or (len(label) > 1 and label in wanted),
        ):
            if found := [label for label in offered if test(fold(label))]:
                return min(found, key=len)
        close = difflib.get_close_matches(wanted, [fold(label) for label in offered], n=1, cutoff=0.6)
        return next((label for label in offered if close and fold(label) == close[0]), None)

    def __contains__(self, code):
        return code in self.labels

    def __iter__(self):
        return iter(self.labels)

    def __len__(self):
        return len(self.labels)


def fold(text):
    """Width, case and blanks do not tell one code from another."""
    return "".join(unicodedata.normalize("NFKC", str(text)).split()).upper()


@cache
def table(name):
    if name not in names():
        raise LookupError(f"There is no code table {name!r}.")
    rows = read(FOLDER / f"{name}.csv")
    labels = {row["code"]: row["name"] for row in rows}
    # Laid down from the weakest claim to the strongest: another word never takes the place of a label, nor a label of a code.
    typed = {fold(word): code for word, code in ALIASES.get(name, {}).items()}
    typed |= {fold(row[column]): row["code"] for row in rows for column in ("alpha2", "alpha3") if row.get(column)}
    typed |= {fold(row["name"]): row["code"] for row in reversed(rows)}
    typed |= {fold(code): code for code in labels}
    return CodeTable(
        name,
        labels,
        retired=frozenset(row["code"] for row in rows if row.get("retired")),
        own=frozenset(row["code"] for row in rows if row.get("own")),
        typed=typed,
    )


@cache
def names():
    """Every table to choose a code from."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.csv") if path.stem not in NO_MENU))


@cache
def inclusive_pairs():
    """The pairs (随班就读, 残疾类型) that belong together. Another pair is a warning, never a refusal (送教上门)."""
    return frozenset((row["inclusive_class"], row["disability_type"]) for row in read(FOLDER / "inclusive_vs_disability.csv"))


def read(path):
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
