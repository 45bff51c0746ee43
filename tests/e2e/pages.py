"""The main pages, as addresses below the language: what is checked for every one of them is listed once."""

from __future__ import annotations

MAIN_PAGES = {
    "home": "/",
    "questions": "/questions/",
    "unanswered": "/questions/?tab=unanswered",
    "search": "/search/?q=a",
    "nothing found": "/search/?q=zzzqqqxxx",
    "topics": "/topics/",
    "members": "/members/",
    "experts": "/experts/",
    "knowledge": "/knowledge/",
    "news": "/news/",
    "sign in": "/account/login/",
    "sign up": "/account/signup/",
    "not found": "/no-such-page/",
}
"""Pages that anybody can read, without an id in the address."""

DEEP_PAGES = {
    "question": ("/questions/", ".question-row-title a"),
    "topic": ("/topics/", "main .card-link a, main .chip"),
    "member": ("/members/", "main .author-card-name a"),
    "article": ("/knowledge/", "main .card-link a"),
    "news item": ("/news/", "main .card-link a"),
}
"""Pages reached from another: where from, and the first link to follow."""
