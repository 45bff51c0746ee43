"""Topics in Wagtail's admin, under Snippets."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.log_actions import log
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import DeleteView, SnippetViewSet

from portal.core.models import Topic
from portal.core.templatetags.design import language_name

from .forms import TopicForm
from .services import topic_forget


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
        [FieldRowPanel([FieldPanel("name"), FieldPanel("slug")]), FieldPanel("parent"), FieldPanel("description")],
        heading=_("Topic"),
    )
    return ObjectList([own, *languages], base_form_class=TopicForm)


class TopicViewSet(SnippetViewSet):
    """The topics: words in every language and their place in the tree."""

    model = Topic
    icon = "tag"
    menu_label = _("Topics")
    add_to_admin_menu = True
    list_display = ["name", "slug", "parent", Column("questions_count", label=_("Questions"))]
    search_fields = ["name", "slug"]
    ordering = ["name"]
    edit_handler = _panels()
    delete_view_class = TopicDeleteView

    def get_queryset(self, request: Any) -> Any:
        """Returns the topics with how many questions each has."""
        return Topic.objects.select_related("parent").annotate(questions_count=Count("question_items"))


register_snippet(TopicViewSet)
