"""The form for a comment under an article."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.core.errors import Invalid
from portal.core.once import new_token
from portal.knowledge.models import ArticlePage
from portal.knowledge.selectors.comments import reply_parent
from portal.knowledge.services.comments import COMMENT_LONGEST, comment_errors


class CommentForm(forms.Form):
    """A member's comment. What django-comments' own form asks besides (name, address, home page) the account knows."""

    body = forms.CharField(
        label=_("Your comment"),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto", "maxlength": COMMENT_LONGEST}),
        strip=False,
    )
    once = forms.CharField(widget=forms.HiddenInput, required=False, initial=new_token)
    parent_id = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    follow = forms.BooleanField(required=False, label=_("Write to me when others comment here"))

    def __init__(self, page: ArticlePage, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.page = page

    def clean_body(self) -> str:
        """Returns the words, or says what is wrong with them."""
        body: str = self.cleaned_data["body"]
        errors = comment_errors(body)
        if errors:
            raise forms.ValidationError([str(error) for error in errors])
        return body

    def clean_parent_id(self) -> int | None:
        """Returns the comment replied to, checked: it is there, and a reply to it is not too deep."""
        parent_id: int | None = self.cleaned_data["parent_id"]
        try:
            reply_parent(self.page, parent_id)
        except Invalid as error:
            raise forms.ValidationError([str(said) for said in error.fields["parent_id"]]) from None
        return parent_id
