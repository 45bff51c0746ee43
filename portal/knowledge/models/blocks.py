"""The blocks an article is built of. What each looks like is in ``templates/knowledge/blocks/``."""

from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from .tables import TranslatedTableBlock

RICH_FEATURES = ["bold", "italic", "code", "link", "document-link", "ol", "ul", "superscript", "subscript"]
VIDEO_TYPES = {"mp4": "video/mp4", "webm": "video/webm"}
CODE_LANGUAGES = [
    ("text", _("Plain text")),
    ("bash", "Shell"),
    ("console", _("Shell session")),
    ("css", "CSS"),
    ("diff", "Diff"),
    ("docker", "Dockerfile"),
    ("go", "Go"),
    ("html", "HTML"),
    ("http", "HTTP"),
    ("ini", "INI"),
    ("java", "Java"),
    ("javascript", "JavaScript"),
    ("json", "JSON"),
    ("nginx", "nginx"),
    ("php", "PHP"),
    ("powershell", "PowerShell"),
    ("python", "Python"),
    ("ruby", "Ruby"),
    ("rust", "Rust"),
    ("sql", "SQL"),
    ("toml", "TOML"),
    ("typescript", "TypeScript"),
    ("xml", "XML"),
    ("yaml", "YAML"),
]


class UntranslatedTextBlock(blocks.TextBlock):
    """A text that is the same in every language: wagtail-localize makes no segment of it."""

    def get_translatable_segments(self, value: str) -> list[Any]:
        """Returns nothing to translate."""
        return []

    def restore_translated_segments(self, value: str, segments: list[Any]) -> str:
        """Returns the text as it is in the source."""
        return value


class HeadingBlock(blocks.StructBlock):
    """A heading inside an article; readers can link to it."""

    text = blocks.CharBlock(label=_("Heading"), max_length=160)
    level = blocks.ChoiceBlock(
        label=_("Level"), choices=[("h2", _("Section")), ("h3", _("Part of a section"))], default="h2"
    )

    class Meta:
        icon = "title"
        label = _("Heading")
        template = "knowledge/blocks/heading.html"


class ImageBlock(blocks.StructBlock):
    """A picture with words for those who cannot see it."""

    image = ImageChooserBlock(label=_("Image"))
    alt = blocks.CharBlock(
        label=_("Description"),
        max_length=250,
        help_text=_("What the picture shows, for readers who cannot see it."),
    )
    caption = blocks.CharBlock(label=_("Caption"), max_length=250, required=False)

    class Meta:
        icon = "image"
        label = _("Image")
        template = "knowledge/blocks/image.html"


class CodeValue(blocks.StructValue):
    """A piece of code that can show itself highlighted."""

    def highlighted(self) -> str:
        """Returns the code as HTML with Pygments' classes (no inline styles), escaped."""
        lexer = get_lexer_by_name(self.get("language") or "text", stripnl=False)
        return str(highlight(self.get("code") or "", lexer, HtmlFormatter(nowrap=True)))


class CodeBlock(blocks.StructBlock):
    """Code, highlighted when the page is rendered."""

    language = blocks.ChoiceBlock(label=_("Language"), choices=CODE_LANGUAGES, default="text")
    filename = UntranslatedTextBlock(label=_("File name"), required=False, rows=1, max_length=120)
    code = UntranslatedTextBlock(label=_("Code"), rows=8)

    class Meta:
        icon = "code"
        label = _("Code")
        template = "knowledge/blocks/code.html"
        value_class = CodeValue


class CalloutBlock(blocks.StructBlock):
    """Something set apart from the text around it."""

    kind = blocks.ChoiceBlock(
        label=_("Kind"),
        choices=[("info", _("Note")), ("tip", _("Tip")), ("warning", _("Warning")), ("danger", _("Danger"))],
        default="info",
    )
    title = blocks.CharBlock(label=_("Title"), max_length=120, required=False)
    text = blocks.RichTextBlock(label=_("Text"), features=RICH_FEATURES)

    class Meta:
        icon = "warning"
        label = _("Callout")
        template = "knowledge/blocks/callout.html"


class StepBlock(blocks.StructBlock):
    """One step of a procedure."""

    title = blocks.CharBlock(label=_("What to do"), max_length=160)
    text = blocks.RichTextBlock(label=_("How"), features=RICH_FEATURES, required=False)

    class Meta:
        icon = "list-ol"
        label = _("Step")


class StepsBlock(blocks.StructBlock):
    """Numbered steps."""

    steps = blocks.ListBlock(StepBlock(), label=_("Steps"), min_num=1)

    class Meta:
        icon = "list-ol"
        label = _("Steps")
        template = "knowledge/blocks/steps.html"


class VideoValue(blocks.StructValue):
    """A film that lies here or elsewhere."""

    @cached_property
    def media_type(self) -> str:
        """The uploaded file's MIME type; empty for a link or a file that no browser plays."""
        file = self.get("file")
        return VIDEO_TYPES.get(file.file_extension.lower(), "") if file else ""

    @property
    def host(self) -> str:
        """The site that a linked film lies on."""
        return urlsplit(self.get("link") or "").hostname or ""


class VideoBlock(blocks.StructBlock):
    """A film: an uploaded file played from this site, or a link. Nothing of another site is ever loaded."""

    title = blocks.CharBlock(label=_("Title"), max_length=160)
    file = DocumentChooserBlock(
        label=_("Video file"), required=False, help_text=_("An MP4 or WebM file from the documents.")
    )
    captions = DocumentChooserBlock(
        label=_("Captions"), required=False, help_text=_("A WebVTT file, for readers who cannot hear it.")
    )
    link = blocks.URLBlock(
        label=_("Link"), required=False, help_text=_("A video on another site: shown as a link, never embedded.")
    )

    class Meta:
        icon = "media"
        label = _("Video")
        template = "knowledge/blocks/video.html"
        value_class = VideoValue

    def clean(self, value: Any) -> Any:
        """Refuses a block that has neither a playable file nor a link, or both."""
        cleaned = super().clean(value)
        errors = {}
        if bool(cleaned.get("file")) == bool(cleaned.get("link")):
            errors["link"] = ValidationError(_("Choose a file or give a link, one of the two."))
        elif cleaned.get("file") and not cleaned.media_type:
            errors["file"] = ValidationError(_("Only MP4 and WebM files can be played here."))
        if cleaned.get("captions") and cleaned["captions"].file_extension.lower() != "vtt":
            errors["captions"] = ValidationError(_("Captions must be a WebVTT file (.vtt)."))
        if errors:
            raise blocks.StructBlockValidationError(errors)
        return cleaned


class ArticleBody(blocks.StreamBlock):
    """The body of an article or a piece of news."""

    heading = HeadingBlock()
    text = blocks.RichTextBlock(
        label=_("Text"), icon="pilcrow", features=RICH_FEATURES, template="knowledge/blocks/text.html"
    )
    image = ImageBlock()
    code = CodeBlock()
    callout = CalloutBlock()
    steps = StepsBlock()
    table = TranslatedTableBlock(label=_("Table"), template="knowledge/blocks/table.html")
    video = VideoBlock()
