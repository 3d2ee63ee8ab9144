"""Enrols pupils for ever, saying each case's number once it is acknowledged; the test kills it in the middle. Run as a process of its own."""

import json
import os
import sys
from pathlib import Path

from app import clock, config, create_app
from app.services.intake import enrolments
from tests.cast import Cast, new_pupil


def main(first):
    settings = config.read(json.loads(os.environ["HOUSE"])) | {"TESTING": True}
    app = create_app(settings)
    with app.app_context():
        county = Cast()
        actor, class_id = county.actor("registrar.a1"), county.class_("a1")
        for number in range(first, first + 1000):
            case = enrolments.apply(new_pupil(number), class_id, actor=actor, today=clock.today(), now=clock.now())
            sys.stdout.write(f"{case}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    main(int(sys.argv[1]))
