"""Sign-up and sign-in: django-allauth."""

from typing import Any

from portal.settings.environment import read_environment

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "portal.accounts.backends.PortalBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
# One password field: who mistypes it asks for a new one by mail.
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*"]
ACCOUNT_FORMS = {
    "add_email": "portal.accounts.forms.AddEmailForm",
    "change_password": "portal.accounts.forms.ChangePasswordForm",
    "login": "portal.accounts.forms.LoginForm",
    "reauthenticate": "portal.accounts.forms.ReauthenticateForm",
    "reset_password": "portal.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "portal.accounts.forms.ResetPasswordKeyForm",
    "set_password": "portal.accounts.forms.SetPasswordForm",
    "signup": "portal.accounts.forms.SignupForm",
}
# People do not see this field; what fills it in is a robot, which is thanked and forgotten.
ACCOUNT_SIGNUP_FORM_HONEYPOT_FIELD = "nickname"
# The same answer whether an address is known or not; the mail tells its owner which.
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 3
ACCOUNT_MAX_EMAIL_ADDRESSES = 5
# Allauth's own limits, loosened where several people share an address; none where limits are lifted.
ACCOUNT_RATE_LIMITS: dict[str, Any] | bool = (
    {"signup": "20/10m/ip", "login": "60/m/ip"} if read_environment().limits else False
)
# Names that would pass for the portal, its staff, or a part of its addresses.
ACCOUNT_USERNAME_BLACKLIST = [
    *("account", "admin", "administrator", "anonymous", "api", "ask", "author", "authors", "avatar", "avatars"),
    *("badges", "bot", "cms", "community", "documents", "everyone", "events", "experts", "feeds", "guest", "help"),
    *("hiroba", "home", "ideas", "inbox", "info", "knowledge", "login", "logout", "mail", "me", "media", "member"),
    *("members", "moderator", "moderators", "news", "nobody", "null", "official", "owner", "polls", "postmaster"),
    *("questions", "root", "search", "security", "settings", "signup", "spaces", "staff", "static", "support"),
    *("system", "team", "topics", "undefined", "user", "users", "webmaster", "www"),
]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = False
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_ADAPTER = "portal.accounts.adapter.PortalAccountAdapter"
ACCOUNT_USER_DISPLAY = "portal.accounts.models.shown_name"
ACCOUNT_PRESERVE_USERNAME_CASING = True
# Two: names of two characters are common in Japanese.
ACCOUNT_USERNAME_MIN_LENGTH = 2
ACCOUNT_EMAIL_NOTIFICATIONS = False
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
