"""Who accepted an answer."""

from django.db.models import F, Q


def accepted_by_its_author(path: str = "") -> Q:
    """Returns the condition that who wrote an answer accepted it too; staff can. It counts for nobody.

    path: what leads to the answer, as in ``accepted_answer__``.
    """
    # Said in full, because a comparison with nobody is neither true nor false.
    return Q(
        **{
            f"{path}accepted_by__isnull": False,
            f"{path}author__isnull": False,
            f"{path}accepted_by": F(f"{path}author"),
        }
    )
