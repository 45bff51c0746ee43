"""Topics, the termbase and promoted results in Wagtail's admin."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.log_actions import log
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import DeleteView, SnippetViewSet

from portal.core.models import Topic
from portal.core.templatetags.design import language_name

from .forms.topics import TopicForm
from .models import Promotion, TermEntry
from .services.entries import RESTORED, curated_remove
from .services.topics import topic_forget
from .viewsets import SearchWordsGroup, url_patterns


class TopicDeleteView(DeleteView):
    """Deletes a topic and tells the search of its questions."""

    def delete_action(self) -> None:
        """Deletes the topic; Wagtail's log keeps who did it."""
        with transaction.atomic():
            log(instance=self.object, action="wagtail.delete")
            topic_forget(topic=self.object)


def _panels() -> ObjectList:
    languages: list[Any] = [
        MultiFieldPanel([FieldPanel(f"name_{code}"), FieldPanel(f"description_{code}")], heading=language_name(code))
        for code, _name in settings.LANGUAGES
    ]
    own = MultiFieldPanel(
        [
            FieldRowPanel([FieldPanel("name"), FieldPanel("slug")]),
            FieldRowPanel([FieldPanel("kind"), FieldPanel("parent")]),
            FieldPanel("description"),
        ],
        heading=_("Topic"),
    )
    return ObjectList([own, *languages], base_form_class=TopicForm)


class TopicViewSet(SnippetViewSet):
    """The topics: words in every language and their place in the tree."""

    model = Topic
    icon = "tag"
    menu_label = _("Topics")
    add_to_admin_menu = True
    list_display = ["name", "slug", "kind", "parent", Column("questions_count", label=_("Questions"))]
    list_filter = ["kind"]
    search_fields = ["name", "slug"]
    ordering = ["name"]
    edit_handler = _panels()
    delete_view_class = TopicDeleteView

    def get_queryset(self, request: Any) -> Any:
        """Returns the topics with how many questions each has."""
        return Topic.objects.select_related("parent").annotate(questions_count=Count("question_items"))


register_snippet(TopicViewSet)
register_snippet(SearchWordsGroup)


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def register_search_words() -> list[URLPattern]:
    """The pages of the termbase beside Wagtail's own."""
    return url_patterns()


@hooks.register("register_log_actions")  # type: ignore[untyped-decorator]
def register_restoring(actions: Any) -> None:
    """What the log says of an item that was brought back."""
    actions.register_action(RESTORED, _("Restore"), _("Brought back"))


@hooks.register("before_bulk_action")  # type: ignore[untyped-decorator]
def remove_instead(request: HttpRequest, action: str, objects: list[Any], _view: Any) -> HttpResponse | None:
    """Removes terms and promotions where Wagtail would delete several at once with their history."""
    kept = [item for item in objects if isinstance(item, (TermEntry, Promotion))]
    if action != "delete" or not kept:
        return None
    for item in kept:
        curated_remove(item=item, user=request.user)
    messages.success(request, _("Removed. The list of removed ones brings them back."))
    return redirect(type(kept[0]).snippet_viewset.get_url_name("list"))
