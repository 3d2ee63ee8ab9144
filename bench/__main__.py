"""`python -m bench`, or `make bench`: print the figures, write bench/results.json. ONLY=class_list (or --only) runs those whose names have it."""

import argparse
import logging
import os
from itertools import chain

from . import imports, pages, report, served
from .counties import LARGE, SMALL, houses


def main():
    options = _options()
    logging.disable(logging.INFO)
    words = [word for word in options.only.split(",") if word]
    figures = []

    def wanted(name):
        return not words or any(word in name for word in words)

    print(report.HEAD)
    with houses(SMALL, LARGE, engine=options.engine) as settled:
        for figure in chain(*(area.measure(settled, wanted) for area in (pages, served, imports))):
            if wanted(figure.name):
                figures.append(figure)
                print(report.line(figure), flush=True)
    report.write(figures)


def _options():
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--only", default=os.environ.get("ONLY", ""), help="names, or parts of them, divided by commas")
    parser.add_argument("--engine", default="sqlite", choices=("sqlite", "postgresql"))
    return parser.parse_args()


if __name__ == "__main__":
    main()
