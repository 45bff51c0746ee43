"""Questions of a shop's support in four languages, with the ways people ask them again. Written for these tests."""

from search.documents import SearchDocument
from tests.search.documents import question

# Language → topic → (title, body, answer).
QUESTIONS: dict[str, dict[str, tuple[str, str, str]]] = {
    "en": {
        "refund": (
            "When do I get my money back after a return?",
            "I sent the parcel back last week. The tracking page says it has arrived.",
            "Refunds are paid within five working days to the card you paid with.",
        ),
        "address": (
            "Can I change the delivery address of an order?",
            "I moved house and forgot to update my profile before ordering.",
            "As long as the parcel has not left the warehouse: open the order and choose Edit.",
        ),
        "battery": (
            "Battery drains overnight",
            "Since the update to v4.1 the watch is empty every morning although I do not use it.",
            "Switch off the always-on display, then restart the watch.",
        ),
        "pairing": (
            "Headphones do not connect to my phone",
            "Bluetooth shows them for a second and then they vanish from the list.",
            "Hold the button for seven seconds until the light blinks blue, then pair again.",
        ),
        "invoice": (
            "Where can I download a VAT invoice?",
            "Accounting needs it as a PDF with our company's name.",
            "Under Orders, next to each order, there is a link to the receipt.",
        ),
        "err_1045": (
            "Sync stops with ERR_1045",
            "The progress bar stays at 99 % and the log says ERR_1045: access denied.",
            "The token has expired. Sign out and in again.",
        ),
        "twofactor": (
            "Lost my phone, cannot sign in with the second factor",
            "The code generator was on the phone that I lost.",
            "Use one of the recovery codes that you printed.",
        ),
        "export": (
            "Export contacts to a spreadsheet",
            "I want all customers in one CSV file to open in Excel.",
            "Choose Contacts, Export, and mark the columns you need.",
        ),
        "node": (
            "Does the SDK run on node.js 20?",
            "Our build uses node 20 and the documentation only names 18.",
            "Yes, since 3.2.0.",
        ),
        "noise": (
            "The fan makes a grinding noise",
            "It is loud when the machine is cold, and stops after some minutes.",
            "Dust in the bearing. A technician has to replace it.",
        ),
    },
    "ru": {
        "refund": (
            "Когда вернут деньги за возвращённый товар?",
            "Посылку я отправил неделю назад, по трекингу она уже на складе.",
            "Деньги приходят на карту, с которой вы платили, в течение пяти рабочих дней.",
        ),
        "address": (
            "Можно ли поменять адрес доставки заказа?",
            "Я переехал и забыл обновить профиль перед покупкой.",
            "Пока посылка не покинула склад: откройте заказ и нажмите «Изменить».",
        ),
        "battery": (
            "Часы разряжаются за ночь",
            "После обновления до v4.1 батарея садится, хотя я ими не пользуюсь.",
            "Отключите постоянно включённый экран и перезагрузите часы.",
        ),
        "pairing": (
            "Наушники не подключаются к телефону",
            "Bluetooth видит их секунду, а потом они исчезают из списка.",
            "Удерживайте кнопку семь секунд, пока не замигает синий огонёк.",
        ),
        "invoice": (
            "Где скачать счёт-фактуру?",
            "Бухгалтерия просит PDF с названием нашей компании.",
            "В разделе «Заказы» рядом с каждым заказом есть ссылка.",
        ),
        "err_1045": (
            "Синхронизация останавливается с ERR_1045",
            "Полоса стоит на 99 %, в журнале: доступ запрещён.",
            "Истёк срок действия токена. Выйдите и войдите снова.",
        ),
        "twofactor": (
            "Потерял телефон и не могу войти",
            "Приложение с кодами подтверждения было на потерянном телефоне.",
            "Воспользуйтесь одним из резервных кодов, которые вы напечатали.",
        ),
        "export": (
            "Выгрузка контактов в таблицу",
            "Хочу получить всех клиентов одним файлом CSV.",
            "Контакты → Экспорт, затем отметьте нужные столбцы.",
        ),
        "noise": (
            "Вентилятор скрежещет",
            "Громко, пока машина холодная, через несколько минут проходит.",
            "В подшипник попала пыль, его должен заменить мастер.",
        ),
    },
    "ja": {
        "refund": (
            "返品した商品の返金はいつですか",
            "先週荷物を送り返しました。追跡では倉庫に到着しています。",
            "お支払いのカードに五営業日以内に返金いたします。",
        ),
        "address": (
            "注文の届け先を変更できますか",
            "引っ越したのですが、注文の前に住所を更新するのを忘れました。",
            "発送前であれば、注文を開いて「編集」を選んでください。",
        ),
        "battery": (
            "一晩で電池が切れます",
            "v4.1に更新してから、使っていないのに腕時計が朝には空になっています。",
            "常時表示をオフにして、時計を再起動してください。",
        ),
        "pairing": (
            "ヘッドホンがスマートフォンに接続できません",
            "Bluetoothの一覧に一瞬だけ表示されて消えてしまいます。",
            "青く点滅するまでボタンを七秒間長押ししてください。",
        ),
        "invoice": (
            "請求書はどこでダウンロードできますか",
            "経理部から会社名の入ったPDFを求められています。",
            "「注文」の各注文の横にリンクがあります。",
        ),
        "err_1045": (
            "同期がERR_1045で止まります",
            "進捗が99％のまま動かず、ログにアクセス拒否と出ます。",
            "トークンの期限切れです。一度ログアウトしてください。",
        ),
        "twofactor": (
            "携帯をなくして二段階認証でログインできません",
            "認証アプリはなくした携帯に入っていました。",
            "印刷しておいた予備コードをお使いください。",
        ),
        "export": (
            "連絡先を表計算ソフトに書き出す",
            "すべてのお客様を一つのCSVファイルにしたいです。",
            "連絡先から「書き出し」を選び、必要な列に印を付けます。",
        ),
        "noise": (
            "ファンから異音がします",
            "機械が冷えている間はうるさく、数分で静かになります。",
            "軸受けのほこりが原因です。技術者による交換が必要です。",
        ),
    },
    "ar": {
        "refund": (
            "متى أسترد نقودي بعد إرجاع المنتج؟",
            "أعدت الطرد الأسبوع الماضي وتقول صفحة التتبع إنه وصل إلى المستودع.",
            "تصل المبالغ المستردة إلى بطاقتك خلال خمسة أيام عمل.",
        ),
        "address": (
            "هل يمكن تغيير عنوان التوصيل للطلب؟",
            "انتقلت إلى بيت جديد ونسيت تحديث ملفي قبل الشراء.",
            "ما دام الطرد في المستودع: افتح الطلب واختر تعديل.",
        ),
        "battery": (
            "تفرغ البطارية خلال الليل",
            "منذ التحديث إلى v4.1 أجد الساعة فارغة كل صباح مع أنني لا أستعملها.",
            "أوقف الشاشة الدائمة ثم أعد تشغيل الساعة.",
        ),
        "pairing": (
            "السماعات لا تتصل بالهاتف",
            "تظهر في قائمة البلوتوث لحظة ثم تختفي.",
            "اضغط الزر سبع ثوان حتى يومض الضوء الأزرق.",
        ),
        "invoice": (
            "من أين أحمّل الفاتورة الضريبية؟",
            "قسم المحاسبة يطلبها بصيغة PDF باسم شركتنا.",
            "في صفحة الطلبات بجانب كل طلب رابط.",
        ),
        "err_1045": (
            "تتوقف المزامنة مع ERR_1045",
            "يبقى الشريط عند 99 ويقول السجل إن الوصول مرفوض.",
            "انتهت صلاحية الرمز. سجّل الخروج ثم الدخول.",
        ),
        "twofactor": (
            "أضعت هاتفي ولا أستطيع الدخول بالتحقق الثنائي",
            "كان تطبيق الرموز على الهاتف الضائع.",
            "استعمل أحد رموز الاسترداد التي طبعتها.",
        ),
        "export": (
            "تصدير جهات الاتصال إلى جدول",
            "أريد كل العملاء في ملف CSV واحد.",
            "اختر جهات الاتصال ثم تصدير، وحدد الأعمدة.",
        ),
        "noise": (
            "صوت احتكاك من المروحة",
            "مرتفع حين تكون الآلة باردة ويتوقف بعد دقائق.",
            "غبار في المحمل، ويجب أن يستبدله فني.",
        ),
    },
}

# (language asked in, what was typed, the topic that answers).
ASKED: list[tuple[str, str, str]] = [
    ("en", "refund", "refund"),
    ("en", "how many days until my refund is paid", "refund"),
    ("en", "returned my parcel, where is the money", "refund"),
    ("en", "wrong delivery address", "address"),
    ("en", "I have moved, change address of orders", "address"),
    ("en", "watch battery empty in the morning", "battery"),
    ("en", "batteries draining after updating", "battery"),
    ("en", "headphone pairing bluetooth", "pairing"),
    ("en", "can't connect headphones", "pairing"),
    ("en", "downloading invoices as pdf", "invoice"),
    ("en", "receipt for our accountants", "invoice"),
    ("en", "ERR_1045", "err_1045"),
    ("en", "err 1045 access denied when syncing", "err_1045"),
    ("en", "ERR-1045", "err_1045"),
    ("en", "recovery codes", "twofactor"),
    ("en", "I lost the phone with my code generator", "twofactor"),
    ("en", "csv of all my customers", "export"),
    ("en", "exporting contact columns", "export"),
    ("en", "nodejs", "node"),
    ("en", "node.js version sdk", "node"),
    ("en", "noisy fan grinds when cold", "noise"),
    ("ru", "вернуть деньги", "refund"),
    ("ru", "когда вернутся деньги за товары", "refund"),
    ("ru", "изменить адрес в заказе", "address"),
    ("ru", "поменять адреса доставки", "address"),
    ("ru", "быстро садится батарея часов", "battery"),
    ("ru", "разряжаются часы после обновления", "battery"),
    ("ru", "не подключаются блютуз наушники", "pairing"),
    ("ru", "подключение наушников к телефонам", "pairing"),
    ("ru", "счет-фактура pdf", "invoice"),
    ("ru", "скачать счёт для бухгалтерии", "invoice"),
    ("ru", "ошибка err_1045 доступ запрещен", "err_1045"),
    ("ru", "резервные коды", "twofactor"),
    ("ru", "потерян телефон с кодами", "twofactor"),
    ("ru", "выгрузить клиентов в csv", "export"),
    ("ru", "экспорт контактов", "export"),
    ("ru", "скрежет вентилятора", "noise"),
    ("ru", "пыль в подшипниках", "noise"),
    ("ja", "返金", "refund"),
    ("ja", "返品のお金はいつ戻りますか", "refund"),
    ("ja", "届け先の住所を間違えた", "address"),
    ("ja", "引越し 住所変更", "address"),
    ("ja", "電池がすぐなくなる", "battery"),
    ("ja", "腕時計の電池", "battery"),
    ("ja", "ヘッドホン 接続できない", "pairing"),
    ("ja", "ﾍｯﾄﾞﾎﾝがつながらない", "pairing"),
    ("ja", "請求書 PDF ダウンロード", "invoice"),
    ("ja", "ＥＲＲ＿１０４５", "err_1045"),
    ("ja", "同期が止まった", "err_1045"),
    ("ja", "二段階認証 携帯 紛失", "twofactor"),
    ("ja", "予備コード", "twofactor"),
    ("ja", "連絡先をCSVに書き出したい", "export"),
    ("ja", "ファンがうるさい", "noise"),
    ("ja", "異音", "noise"),
    ("ar", "المبالغ المستردة", "refund"),
    ("ar", "متى تصل النقود بعد الارجاع", "refund"),
    ("ar", "تغيير العنوان", "address"),
    ("ar", "عنوان توصيل الطلبات", "address"),
    ("ar", "البطاريه تفرغ بسرعه", "battery"),
    ("ar", "بطارية الساعة", "battery"),
    ("ar", "السماعة لا تتصل", "pairing"),
    ("ar", "سماعات بلوتوث", "pairing"),
    ("ar", "تحميل الفاتورة", "invoice"),
    ("ar", "فاتوره ضريبيه", "invoice"),
    ("ar", "ERR_1045 الوصول مرفوض", "err_1045"),
    ("ar", "رموز الإسترداد", "twofactor"),
    ("ar", "ضاع هاتفي", "twofactor"),
    ("ar", "تصدير العملاء csv", "export"),
    ("ar", "صوت المروحه", "noise"),
]


def documents() -> list[SearchDocument]:
    """Every question of every language; the id is language and topic."""
    made = []
    for language, topics in QUESTIONS.items():
        for number, (topic, (title, body, answer)) in enumerate(topics.items()):
            base = question(number, title, body, language, answers=answer, answers_count=1, topics=(topic,))
            made.append(SearchDocument(**{**fields_of(base), "id": f"{language}-{topic}"}))
    return made


def fields_of(document: SearchDocument) -> dict[str, object]:
    return {name: getattr(document, name) for name in document.__dataclass_fields__}
