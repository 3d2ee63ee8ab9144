"""Numbers that no two people of one seed share: telephones and identity numbers."""

from random import Random

from app.identity.id_number import check_character


class Phones:
    """Numbers of valid shape, never the same twice: a counter walked through a full cycle that the seed chose.

    The mobile ranges are those that no operator has been given, so that no message reaches anybody; landlines begin with 9, as no exchange does.
    """

    _RANGES = ("161", "163", "164", "168")

    def __init__(self, seed):
        rng = Random(f"{seed}/phones")
        self._step = rng.randrange(10_000_000, 99_999_999) // 10 * 10 + 7  # ends in 7: no factor in common with 10
        self._offset = rng.randrange(100_000_000)
        self._mobiles = self._landlines = 0

    def mobile(self):
        self._mobiles += 1
        return f"{self._RANGES[self._mobiles & 3]}{(self._mobiles * self._step + self._offset) % 100_000_000:08}"

    def landline(self, area_code):
        self._landlines += 1
        return f"{area_code}-9{(self._landlines * self._step + self._offset) % 1_000_000:06}"


class DocumentNumbers:
    def __init__(self, rng):
        self._random = rng.random
        self._given = set()

    def identity(self, place, birth, sex):
        """公民身份号码: place, birth date, an order that is odd for men, check character (GB 11643)."""
        day = birth.isoformat().replace("-", "")
        while True:
            number = f"{place}{day}{1 + 2 * int(self._random() * 499) + (sex == '2'):03}"
            if self._first(number):
                return number + check_character(number)

    def other(self, shape):
        while True:
            number = shape.format(1 + int(self._random() * 9_999_999))
            if self._first(number):
                return number

    def _first(self, number):
        if number in self._given:
            return False
        self._given.add(number)
        return True
