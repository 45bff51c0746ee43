"""Documents that the search tests share: a small support community in four languages, written for these tests."""

from datetime import UTC, datetime, timedelta

from search.documents import SearchDocument

START = datetime(2025, 1, 1, tzinfo=UTC)


def question(number: int, title: str, body: str = "", language: str | None = "en", **fields: object) -> SearchDocument:
    """A question that everybody may see; the higher its number, the later it was asked."""
    asked = START + timedelta(days=number)
    values: dict[str, object] = {"status": "open", "created_at": asked, "updated_at": asked, **fields}
    return SearchDocument(type="question", id=str(number), title=title, body=body, language=language, **values)


PRINTER = question(
    1,
    "The printer shows error E-104 after a paper jam",
    "I removed the paper, but the display still says E-104 and nothing prints.",
    answers="Open the rear cover and clean the small sensor. The message disappears after a restart.",
    topics=("printers", "errors"),
    status="answered",
    accepted=True,
    answers_count=1,
    score=7,
    author="maria",
    source_id="501",
)
PASSWORD = question(
    2,
    "How do I reset a forgotten password?",
    "The link in the letter has expired. Where do I ask for another one?",
    topics=("accounts",),
    score=12,
    author="tom",
)
INVOICE = question(
    3,
    "Invoices are exported without tax numbers",
    "Since v2.3 the CSV export of our invoices has empty columns.",
    topics=("invoices", "errors"),
    score=-2,
)
PRINTER_RU = question(
    4,
    "Принтер не печатает после замятия бумаги",
    "На экране ошибка E-104. Бумагу я вынул, ёлочка на панели мигает.",
    "ru",
    answers="Протрите датчик под задней крышкой и перезапустите принтер.",
    topics=("printers",),
    answers_count=1,
)
PASSWORD_JA = question(
    5,
    "パスワードを忘れた場合の再設定方法",
    "メールのリンクの有効期限が切れていました。もう一度送ってもらえますか。",
    "ja",
    topics=("accounts",),
)
PRINTER_JA = question(
    6, "プリンターの紙詰まりが直りません", "紙を取り除いても印刷できません。", "ja", topics=("printers",)
)
PASSWORD_AR = question(
    7,
    "كيف أعيد تعيين كلمة المرور؟",
    "انتهت صلاحية الرابط الذي وصل في الرسالة.",
    "ar",
    topics=("accounts",),
)
PRINTER_AR = question(
    8, "الطابعات لا تعمل بعد انحشار الورق", "نظّفت المستشعر ولم تتغير الرسالة.", "ar", topics=("printers",)
)
ARTICLE = SearchDocument(
    type="article",
    id="90",
    title="Cleaning the paper sensor of your printer",
    body="A dusty sensor is behind most messages about paper. Switch the printer off, wait, and wipe it.",
    language="en",
    topics=("printers",),
    official=True,
    created_at=START,
    updated_at=START + timedelta(days=40),
)
HIDDEN = question(
    11, "Secret prototype printer", "Only for the beta testers.", visibility=("space:3",), topics=("prototype",)
)
MEMBERS = question(12, "Members discuss the printer price", visibility=("members",))
UNKNOWN = question(13, "Wie stelle ich das Druckwerk ein?", "Der Ausdruck ist zu blass.", None)

COMMUNITY = (
    PRINTER,
    PASSWORD,
    INVOICE,
    PRINTER_RU,
    PASSWORD_JA,
    PRINTER_JA,
    PASSWORD_AR,
    PRINTER_AR,
    ARTICLE,
    HIDDEN,
    MEMBERS,
    UNKNOWN,
)
