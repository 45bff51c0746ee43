"""Members who ask, answer, edit, accept, delete and restore, and an author who hides and shows articles."""

import random
from collections.abc import Callable


def prepare() -> None:
    """Set up the portal on an empty, migrated database, with members and the first posts."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


class Portal:
    """Changes posts through the services that pages and API call."""

    def __init__(self) -> None:
        from tests.factories.accounts import member
        from tests.factories.knowledge import article

        self.staff = member("chaos-staff", staff=True)
        # Who asks may accept another's answer at once, and reputation comes of it.
        self.helper = member("chaos-helper", staff=True)
        self.articles = [article(f"Article {number} of the chaos") for number in range(6)]
        self.steps = 0

    def change(self, chance: random.Random) -> str:
        """Make one change that is possible now."""
        self.steps += 1
        changes: list[Callable[[random.Random], bool]] = [
            self.ask, self.edit, self.answer, self.edit_answer, self.accept, self.delete, self.restore,
            self.delete_answer, self.restore_answer, self.hide, self.show,
        ]  # fmt: skip
        while True:
            change = chance.choice(changes)
            if change(chance):
                return change.__name__.replace("_", " ")

    def ask(self, chance: random.Random) -> bool:
        from portal.questions.services.questions import question_create

        title = f"Why does step {self.steps} fail?"
        question_create(user=self.staff, title=title, body="It worked before.", language=chance.choice(["en", "ja"]))
        return True

    def edit(self, chance: random.Random) -> bool:
        from portal.questions.services.questions import question_edit

        question = self._any_question(chance, deleted=False)
        if question is None:
            return False
        title = f"Edited in step {self.steps}: why?"
        question_edit(user=self.staff, question_id=question.pk, version=question.version, title=title)
        return True

    def answer(self, chance: random.Random) -> bool:
        from portal.questions.services.answers import answer_create

        question = self._any_question(chance, deleted=False)
        if question is None:
            return False
        answer_create(user=self.helper, question_id=question.pk, body=f"Answer of step {self.steps}.")
        return True

    def edit_answer(self, chance: random.Random) -> bool:
        from portal.questions.services.answers import answer_edit

        answer = self._any_answer(chance, deleted=False)
        if answer is None:
            return False
        body = f"Edited in step {self.steps}."
        answer_edit(user=self.staff, answer_id=answer.pk, version=answer.version, body=body)
        return True

    def accept(self, chance: random.Random) -> bool:
        from portal.questions.services.answers import answer_accept

        answer = self._any_answer(chance, deleted=False)
        if answer is not None:
            answer_accept(user=self.staff, answer_id=answer.pk)
        return answer is not None

    def delete(self, chance: random.Random) -> bool:
        from portal.questions.services.questions import question_delete

        question = self._any_question(chance, deleted=False)
        if question is not None:
            question_delete(user=self.staff, question_id=question.pk)
        return question is not None

    def restore(self, chance: random.Random) -> bool:
        from portal.questions.services.questions import question_restore

        question = self._any_question(chance, deleted=True)
        if question is not None:
            question_restore(user=self.staff, question_id=question.pk)
        return question is not None

    def delete_answer(self, chance: random.Random) -> bool:
        from portal.questions.services.answers import answer_delete

        answer = self._any_answer(chance, deleted=False)
        if answer is not None:
            answer_delete(user=self.staff, answer_id=answer.pk)
        return answer is not None

    def restore_answer(self, chance: random.Random) -> bool:
        from portal.questions.services.answers import answer_restore

        answer = self._any_answer(chance, deleted=True)
        if answer is not None:
            answer_restore(user=self.staff, answer_id=answer.pk)
        return answer is not None

    def hide(self, chance: random.Random) -> bool:
        return self._shown(chance, live=True, change=lambda page: page.unpublish())

    def show(self, chance: random.Random) -> bool:
        return self._shown(chance, live=False, change=lambda page: page.get_latest_revision().publish())

    def _shown(self, chance: random.Random, *, live: bool, change: Callable[..., object]) -> bool:
        from django.db import transaction

        page = chance.choice(self.articles)
        page.refresh_from_db()
        if page.live != live:
            return False
        with transaction.atomic():
            change(page)
        return True

    def _any_question(self, chance: random.Random, *, deleted: bool):  # type: ignore[no-untyped-def]
        from portal.questions.models import Question

        found = list(Question.objects.filter(deleted_at__isnull=not deleted).order_by("pk"))
        return chance.choice(found) if found else None

    def _any_answer(self, chance: random.Random, *, deleted: bool):  # type: ignore[no-untyped-def]
        from portal.questions.models import Answer

        answers = Answer.objects.filter(deleted_at__isnull=not deleted, question__deleted_at__isnull=True)
        found = list(answers.select_related("question").order_by("pk"))
        return chance.choice(found) if found else None

    def titles(self) -> set[str]:
        """Return the titles of everything that the registered types want to be found."""
        from search.documents import DocumentKey
        from search.indexing import load_documents
        from search.rebuild import batches
        from search.registry import registered

        found: set[str] = set()
        for indexed in registered():
            for keys in batches(DocumentKey(indexed.name, each) for each in indexed.ids()):
                found |= {document.title for document in load_documents(keys)[0]}
        return found
