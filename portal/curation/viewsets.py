"""The termbase and promoted results in Wagtail's admin."""

from typing import Any

from django.contrib import messages
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.compare import TextFieldComparison
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column, LiveStatusTagColumn
from wagtail.admin.widgets.button import Button
from wagtail.snippets.views.snippets import (
    CreateView,
    DeleteView,
    EditView,
    IndexView,
    SnippetViewSet,
    SnippetViewSetGroup,
)

from portal.core.templatetags.design import language_name

from .forms.entries import EntryForm, field_name, languages
from .forms.promotions import PromotionForm
from .models import Promotion, TermEntry
from .models.entry import LONGEST_TERM
from .selectors.promotions import promotion_states, promotions_kept
from .selectors.rights import may_curate
from .selectors.termbase import conflicts_of, entries_kept
from .services.entries import curated_remove
from .views import effects, removed, sheets
from .views.words import STATE_NAMES, conflict_told


class WordsPanel(FieldPanel):
    """A field of the form that is no field of the model; the history compares what ``read`` gives of an entry."""

    def __init__(self, field_name: str, *, read: Any = None, **kwargs: Any) -> None:
        super().__init__(field_name, **kwargs)
        self.read = read

    def clone_kwargs(self) -> dict[str, Any]:
        """Returns what a copy is made of."""
        return {**super().clone_kwargs(), "read": self.read}

    class BoundPanel(FieldPanel.BoundPanel):
        """The panel for one entry."""

        def get_comparison(self) -> list[Any]:
            """Returns how two revisions differ in these words."""
            return [lambda a, b: TextFieldComparison(_Words(self.heading, self.panel.read), a, b)]


class _Words:
    """What Wagtail's comparison asks of a field."""

    def __init__(self, name: Any, read: Any) -> None:
        self.verbose_name, self.name = str(name), "words"
        self.value_from_object = read


def _words_panel(language: str, *, one_way: bool) -> WordsPanel:
    def read(entry: TermEntry) -> str:
        return "\n".join(entry.in_language(language, one_way=one_way))

    return WordsPanel(field_name(language, one_way=one_way), read=read)


def _entry_panels() -> ObjectList:
    own = MultiFieldPanel([FieldPanel("name"), FieldPanel("protected"), FieldPanel("note")], heading=_("Entry"))
    words = [
        MultiFieldPanel(
            [_words_panel(language, one_way=False), _words_panel(language, one_way=True)],
            heading=language_name(language) if language else _("Every language"),
        )
        for language in languages()
    ]
    return ObjectList([own, *words, _days()], base_form_class=EntryForm)


def _days() -> FieldRowPanel:
    return FieldRowPanel([FieldPanel("starts_on"), FieldPanel("ends_on")], heading=_("Validity"))


def _promotion_panels() -> ObjectList:
    def read(promotion: Promotion) -> str:
        return "\n".join(each["path"] for each in promotion.targets)

    queries = MultiFieldPanel([FieldPanel("queries"), FieldPanel("matching"), FieldPanel("language")], heading=_("For"))
    panels = [queries, WordsPanel("pages", read=read, heading=_("Show first")), _days(), FieldPanel("note")]
    return ObjectList(panels, base_form_class=PromotionForm)


class CuratedDeleteView(DeleteView):
    """Takes an item out of force; it can be brought back from the list of removed ones."""

    def delete_action(self) -> None:
        """Removes the item; Wagtail's log keeps who did it."""
        curated_remove(item=self.object, user=self.request.user)


class _WarnsOfConflicts:
    """Says after saving an entry what it collides with."""

    def run_after_hook(self) -> Any:
        view: Any = self
        if not view.expects_json_response:
            for conflict in conflicts_of(view.object.get_latest_revision_as_object()):
                messages.warning(view.request, conflict_told(conflict))
        return super().run_after_hook()  # type: ignore[misc]


class EntryCreateView(_WarnsOfConflicts, CreateView):
    """A new entry; ``?words=`` and ``?language=`` are the term that it begins with."""

    def get_initial(self) -> dict[str, Any]:
        """Returns the first term, in its language: what was typed leads to what others write."""
        words, language = _asked_words(self.request)
        return {"name": words, field_name(language, one_way=True): words} if words else {}


class PromotionCreateView(CreateView):
    """A new promotion; ``?words=`` and ``?language=`` are the query that it is for."""

    def get_initial(self) -> dict[str, Any]:
        """Returns the query and the language of its readers."""
        words, language = _asked_words(self.request)
        return {"queries": words, "language": language} if words else {}


def _asked_words(request: Any) -> tuple[str, str]:
    """Returns the words that an address names, and their language ("" where it is none of the portal's)."""
    words = " ".join(request.GET.get("words", "").replace("\x00", " ").split())[:LONGEST_TERM]
    language = request.GET.get("language", "")
    return words, language if language in languages() else ""


class EntryEditView(_WarnsOfConflicts, EditView):
    """An entry, with the way to what it would change."""

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        """Returns Wagtail's buttons and the preview."""
        address = reverse(effects.URL_NAME, args=[self.object.pk])
        return [Button(_("Preview effect"), url=address, icon_name="view", priority=1), *super().header_more_buttons]


class _CuratedIndexView(IndexView):
    """A list with the ways to what was removed, and for the termbase to sheets."""

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        """Returns Wagtail's buttons and ours."""
        user, name = self.request.user, self.model._meta.model_name
        ours: list[Any] = []
        if may_curate(user, self.model, "delete"):
            ours.append(Button(_("Removed"), url=reverse(removed.URL_NAME, args=[name]), icon_name="bin", priority=90))
        if self.model is TermEntry and may_curate(user, TermEntry):
            ours.append(Button(_("Download as CSV"), url=reverse("termbase-export"), icon_name="download", priority=70))
            ours.append(Button(_("Upload a CSV"), url=reverse("termbase-import"), icon_name="upload", priority=80))
        return [*super().header_more_buttons, *ours]


class _Terms(Column):
    """The first terms of an entry."""

    def get_value(self, entry: TermEntry) -> str:
        shown = [term.text for term in entry.terms[:4]]
        return " · ".join(shown) + (" …" if len(entry.terms) > 4 else "")


class EntryViewSet(SnippetViewSet):
    """The termbase."""

    model = TermEntry
    icon = "openquote"
    menu_label = _("Termbase")
    menu_name = "termbase"
    list_display = [
        "name",
        _Terms("terms", label=_("Terms")),
        BooleanColumn("protected", label=_("Protected")),
        LiveStatusTagColumn(),
        "starts_on",
        "ends_on",
    ]
    list_filter = ["protected", "live"]
    search_fields = ["name", "words_text", "note"]
    ordering = ["name"]
    edit_handler = _entry_panels()
    index_view_class = _CuratedIndexView
    add_view_class = EntryCreateView
    edit_view_class = EntryEditView
    delete_view_class = CuratedDeleteView

    def get_queryset(self, request: Any) -> Any:
        """Returns what was not removed."""
        return entries_kept()


class _State(Column):
    """How a promotion stands today."""

    def get_value(self, promotion: Promotion) -> Any:
        return STATE_NAMES[promotion_states([promotion])[promotion.pk]]


class PromotionViewSet(SnippetViewSet):
    """Promoted results."""

    model = Promotion
    icon = "pick"
    menu_label = _("Promoted results")
    menu_name = "promoted-results"
    list_display = ["__str__", _State("state", label=_("State")), "language", "starts_on", "ends_on"]
    list_filter = ["matching", "live"]
    search_fields = ["queries", "note"]
    ordering = ["queries"]
    edit_handler = _promotion_panels()
    index_view_class = _CuratedIndexView
    add_view_class = PromotionCreateView
    delete_view_class = CuratedDeleteView

    def get_queryset(self, request: Any) -> Any:
        """Returns what was not removed."""
        return promotions_kept()


class SearchWordsGroup(SnippetViewSetGroup):
    """What the staff teaches the search, in one place of the menu."""

    items = (EntryViewSet, PromotionViewSet)
    menu_label = _("Search words")
    menu_name = "search-words"
    menu_icon = "search"
    menu_order = 450


def url_patterns() -> list[URLPattern]:
    """Returns the addresses of the pages beside Wagtail's own."""
    return [
        path("termbase/<int:pk>/effect/", effects.effect, name=effects.URL_NAME),
        path("termbase/export.csv", sheets.export, name="termbase-export"),
        path("termbase/import/", sheets.upload, name="termbase-import"),
        path("removed/<slug:kind>/", removed.removed, name=removed.URL_NAME),
    ]
