"""Words left out of the stemmed fields. The exact fields keep them, so that a phrase of stop words is found.

The lists are short on purpose: pronouns, auxiliaries, prepositions and question words, as people put them around
the words that matter. They are in the folded spelling of :func:`search.analyzers.normalization.normalize`.
"""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ENGLISH = _words(
    """
    a about am an and any are as at be been but by can could did do does doing for from had has have having he her
    here him his how i if in into is it its just me my no nor not of on or our she should so some such than that the
    their them then there these they this those to too us was we were what when where which while who whom why will
    with would you your i'm i've i'd i'll it's that's what's don't doesn't didn't isn't aren't wasn't can't won't im
    ive dont
    """
)

RUSSIAN = _words(
    """
    а без более бы был была были было быть в вам вас весь во вот все всего всех вы где да даже для до его ее если
    есть еще же за здесь и из или им их к как какая какие какой каком ко когда кто ли либо мне можно мой моя мы на
    над надо нам нас не него нее нет ни них но ну о об однако он она они оно от очень по под при про с со так также
    такая такие такое такой там те тем то того той только том тот тут ты у уже хотя чего чей чем что чтобы чье чья
    эта эти это этого этой этом этот я
    """
)

ARABIC = _words(
    """
    من في علي الي عن مع هذا هذه ذلك تلك التي الذي الذين ما ماذا متي اين كيف هل لماذا لم لن لا ليس ان او ام ثم قد كان
    كانت يكون تكون هو هي هم هن انا نحن انت كل بعض غير بين عند عندما حيث اذا لو كما لكن و ف ب ل ك بعد قبل حتي اي ايضا
    فيه فيها به بها له لها منه منها عليه عليها هناك هنا كم مما فقط وهو وهي ومن وفي وقد يا
    """
)

BY_LANGUAGE = {"en": ENGLISH, "ru": RUSSIAN, "ar": ARABIC}
ALL = ENGLISH | RUSSIAN | ARABIC
