"""All addresses. They are a contract (design 4): tests, bookmarks and other sites rely on them."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from portal.accounts import urls as accounts_urls
from portal.core.sitemaps import sitemap_index
from portal.core.styleguide import styleguide
from portal.knowledge import urls as knowledge_urls
from portal.knowledge.sitemaps import PageSitemap
from portal.questions import urls as questions_urls
from portal.questions.feeds import AnswersOfQuestion, NewestQuestions, TopicQuestions
from portal.questions.sitemaps import QuestionSitemap
from portal.questions.urls import duplicate_urlpatterns

SITEMAPS = {"pages": PageSitemap, "questions": QuestionSitemap}

urlpatterns = [
    path("", include("portal.core.urls")),
    path("sitemap.xml", sitemap_index, {"sitemaps": SITEMAPS}, name="sitemap"),
    path("sitemap-<section>.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap-section"),
    path("feeds/questions.atom", NewestQuestions(), name="feed-questions"),
    path("feeds/questions/<int:question_id>.atom", AnswersOfQuestion(), name="feed-question"),
    path("feeds/topics/<str:slug>.atom", TopicQuestions(), name="feed-topic"),
    path("api/", include("portal.api.urls")),
    path("", include(accounts_urls.avatar_urlpatterns)),
    path("", include(questions_urls.upload_urlpatterns)),
    path("", include("portal.analytics.urls")),
    path("", include(duplicate_urlpatterns)),
    path("", include(questions_urls.staff_urlpatterns)),
    path("cms/", include(wagtailadmin_urls)),
    path("documents/", include(knowledge_urls.document_urlpatterns)),
    path("documents/", include(wagtaildocs_urls)),
    *i18n_patterns(
        path("", include("portal.curation.urls")),
        path("", include("portal.experts.urls")),
        path("", include("portal.accounts.urls")),
        path("account/", include("allauth.urls")),
        path("", include("portal.notifications.urls")),
        path("", include("portal.discovery.urls")),
        path("", include("portal.questions.urls")),
        path("", include("portal.knowledge.urls")),
        path("", include(knowledge_urls.page_urlpatterns)),
        path("", include(wagtail_urls)),
    ),
]

if settings.DEBUG:
    urlpatterns.insert(0, path("django-admin/", admin.site.urls))
    urlpatterns[:0] = i18n_patterns(path("styleguide/", styleguide))

handler429 = "portal.accounts.views.limits.too_many"
