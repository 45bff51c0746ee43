"""Comments under articles and news: django-comments-xtd, mended in portal.knowledge (docs/adr/0006)."""

COMMENTS_APP = "django_comments_xtd"
COMMENTS_XTD_MODEL = "portal.knowledge.models.ArticleComment"
COMMENTS_XTD_MAX_THREAD_LEVEL = 3
COMMENTS_XTD_CONFIRM_EMAIL = True
COMMENTS_XTD_APP_MODEL_OPTIONS = {
    "default": {
        "allow_flagging": True,
        "allow_feedback": False,
        "show_feedback": False,
        "who_can_post": "users",
        "check_input_allowed": lambda *args, **kwargs: True,
    }
}
