"""The words that an empty portal's pages begin with. Editors change them in the CMS; they are never written again."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TreeTexts:
    """Titles and introductions of the pages that every language has."""

    home_title: str
    headline: str
    home_intro: str
    knowledge_title: str
    knowledge_intro: str
    news_title: str
    news_intro: str


TREE_TEXTS = {
    "en": TreeTexts(
        home_title="Community",
        headline="What can we help you with?",
        home_intro=(
            "Search what others have asked and what our team has written. "
            "Not there? Ask, and people who know will answer."
        ),
        knowledge_title="Knowledge base",
        knowledge_intro="Guides and explanations written by the people who build and support the product.",
        news_title="News",
        news_intro="What is new, what is changing and what you may want to prepare for.",
    ),
    "ru": TreeTexts(
        home_title="Сообщество",
        headline="Чем вам помочь?",
        home_intro=(
            "Поищите среди вопросов других участников и статей нашей команды. "
            "Не нашли? Задайте вопрос — вам ответят те, кто знает."
        ),
        knowledge_title="База знаний",
        knowledge_intro="Инструкции и объяснения от тех, кто создаёт и поддерживает продукт.",
        news_title="Новости",
        news_intro="Что появилось, что меняется и к чему стоит подготовиться.",
    ),
    "ja": TreeTexts(
        home_title="コミュニティ",
        headline="何をお探しですか？",
        home_intro="これまでの質問とスタッフの記事をまとめて検索できます。見つからないときは質問してください。詳しい人がお答えします。",
        knowledge_title="ナレッジベース",
        knowledge_intro="製品の開発とサポートに携わるスタッフが書いた、使い方と解説の記事です。",
        news_title="お知らせ",
        news_intro="新しい機能、これからの変更、事前に準備していただきたいことをお伝えします。",
    ),
    "ar": TreeTexts(
        home_title="المجتمع",
        headline="كيف يمكننا مساعدتك؟",
        home_intro=("ابحث في أسئلة الآخرين وفي مقالات فريقنا. لم تجد ما تريد؟ اطرح سؤالك وسيجيبك أهل الخبرة."),
        knowledge_title="قاعدة المعرفة",
        knowledge_intro="أدلة وشروح يكتبها من يطوّرون المنتج ويدعمونه.",
        news_title="الأخبار",
        news_intro="ما الجديد، وما الذي يتغيّر، وما يحسن أن تستعد له.",
    ),
}


def tree_texts(language: str) -> TreeTexts:
    """Returns the texts for a language; one that the portal was not written in begins in English."""
    return TREE_TEXTS.get(language) or TREE_TEXTS.get(language.split("-", maxsplit=1)[0]) or TREE_TEXTS["en"]
