"""Refusals: sentences that a clerk can act on. A service raises them, a view shows them and picks the status."""


class Refusal(Exception):
    """`field` names the control that the sentence belongs beside; `article` the rule it comes from."""

    status = 422

    def __init__(self, sentence, *, field=None, article=None):
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
        self.article = article


class Refusals(Refusal):
    """Several at once: everything that is wrong with what was handed in (一次性告知)."""

    def __init__(self, refusals):
        self.refusals = list(refusals)
        super().__init__("；".join(refusal.sentence for refusal in self.refusals))


class MovedOn(Refusal):
    """Someone else was first. The sentence says who and when; `title` may head its page, `ways` are the (address, words) that lead on from there."""

    status = 409

    def __init__(self, sentence, *, title="", ways=(), **beside):
        super().__init__(sentence, **beside)
        self.title = title
        self.ways = ways


class NotAllowed(Refusal):
    """Theirs to see, not theirs to do. The sentence says whose it is."""

    status = 403


class NotFound(Refusal):
    """Not there, or not theirs: nobody can tell which."""

    status = 404

    def __init__(self, sentence="没有找到，也可能不在您的管理范围内"):
        super().__init__(sentence)


class TooMany(Refusal):
    """Asked too often; `seconds` until it may be asked again."""

    status = 429

    def __init__(self, sentence, *, seconds):
        super().__init__(sentence)
        self.seconds = seconds


class KeySpent(Refusal):
    """The key of this form stands for what was handed in before; the form comes back with a new one. `location` is where the first answer pointed."""

    def __init__(self, sentence, location):
        super().__init__(sentence)
        self.location = location


class AlreadyDone(Exception):
    """This very form was carried out before; `location` is where its answer pointed."""

    def __init__(self, location):
        super().__init__(location)
        self.location = location
