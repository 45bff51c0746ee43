"""A member's own pages and everybody's picture (sign-up and sign-in are django-allauth's views with our templates)."""
