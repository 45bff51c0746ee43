"""Whether words look like personal data or a secret, so that a log must not keep them.

It looks for what has a shape: addresses of mail and of networks, numbers of cards, accounts and telephones, keys and
passwords, addresses of pages that may carry any of these. Digits of every script count, in full width too, with
whatever people put between them. Names of people have no shape and cannot be found out; when in doubt, words go.
"""

import ipaddress
import re
import unicodedata

from portal.discovery.models import Withheld

# What stands between the digits of one number: blanks, points, strokes, brackets, and the dashes of all scripts, the
# Japanese sign for a long vowel among them, which many type for a dash.
BETWEEN = r"[ .\-_/()\u2010-\u2015\u2212\u30fc\u00b7,'’:]"
DIGITS = re.compile(rf"\+?\d(?:{BETWEEN}{{0,3}}\d)*")
PLUS = re.compile(rf"\+{BETWEEN}{{0,3}}\d(?:{BETWEEN}{{0,3}}\d)*")
LONG_NUMBER = 9
MAIL = re.compile(r"[^\s@<>(),;:\"]+\s?@\s?[^\s@<>(),;:\"]*[\w]\.?[^\s@<>(),;:\"]*")
PAGE = re.compile(r"\b[a-z][a-z0-9+.-]{1,20}://(\S+)", re.IGNORECASE)
IBAN = re.compile(r"(?<![A-Z0-9])[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]){11,30}", re.IGNORECASE)
COLONS = re.compile(r"[0-9a-f:.]*:[0-9a-f:.]*:[0-9a-f:.]*", re.IGNORECASE)
FOUR = re.compile(r"(?<!\d)(?<!\d\.)(?:\d{1,3}\.){3}\d{1,3}(?![\d.]*\d)")
KNOWN_KEYS = re.compile(
    r"-----BEGIN|\beyJ[\w-]{8,}|\bAKIA[A-Z0-9]{8,}|\bAIza[\w-]{10,}|\bgh[opsur]_\w{8,}|\bglpat-[\w-]{8,}"
    r"|\b[srp]k[-_](?:live|test|proj)?[-_]?\w{8,}|\bxox[abprs]-[\w-]{8,}|\bbearer\s+\S{8,}|\bhvs\.\w{8,}",
    re.IGNORECASE,
)
RUN = re.compile(r"[A-Za-z0-9_+/=.\-]{20,}")
HEX = re.compile(r"(?<![0-9a-z])[0-9a-f]{16,}(?![0-9a-z])", re.IGNORECASE)
SIGNS = frozenset("!@#$%^&*?~=+|\\<>;")
WORDS_BEFORE = (
    r"passwords?|passwd|pwd|passphrase|passcode|pin(?:[ -]?code)?|api[ _-]?key|access[ _-]?key|secret|token|otp"
    r"|парол\w*|пин(?:-?код)?|ключ|токен|код подтверждения|パスワード|暗証番号|認証コード|トークン|秘密鍵"
    r"|كلمة المرور|كلمة السر|كلمه المرور|كلمه السر|الرقم السري|رمز التحقق|الرمز"
)
TOLD = re.compile(rf"(?:(?<!\w)|(?<=[一-龠ァ-ヶ])|^)(?:{WORDS_BEFORE})\s*[:=]\s*\S+", re.IGNORECASE)
TOLD_SO = re.compile(
    rf"(?:{WORDS_BEFORE})\s*(?:is|was|это|—|は|が|هي|هو)?\s*[\"'«「“]?(?=\S*\d)(?=\S*[A-Za-z])\S{{5,}}"
    rf"|(?:{WORDS_BEFORE})\s*(?:is|was|это|—|は|が|هي|هو)\s*[\"'«「“]?\d{{4,}}",
    re.IGNORECASE,
)


def withheld_reason(text: str) -> Withheld | None:
    """Returns why ``text`` must not be kept, None where nothing speaks against it."""
    plain = plain_text(text)
    checks = (
        (Withheld.EMAIL, _has_mail),
        (Withheld.ADDRESS, _has_telling_page),
        (Withheld.IBAN, _has_iban),
        (Withheld.CREDENTIAL, _has_credential),
        (Withheld.IP, _has_network_address),
        (Withheld.CARD, _has_card),
        (Withheld.NUMBER, _has_long_number),
    )
    return next((reason for reason, found in checks if found(plain)), None)


def plain_text(text: str) -> str:
    """Returns ``text`` without invisible characters and with digits of every script as 0 to 9, full width as half."""
    folded = unicodedata.normalize("NFKC", text)
    shown = (char for char in folded if unicodedata.category(char) not in ("Cf", "Mn"))
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in shown)


def _has_mail(text: str) -> bool:
    return MAIL.search(text) is not None


def _has_telling_page(text: str) -> bool:
    """An address with more than a host and a readable path: names before an @, questions and what follows a #."""
    return any(re.search(r"[?#@;=]|%40", found.group(1)) for found in PAGE.finditer(text))


def _has_network_address(text: str) -> bool:
    return any(_is_address(found.group().strip(".")) for found in FOUR.finditer(text)) or any(
        _is_address(found.group().strip(".")) for found in COLONS.finditer(text) if _has_digit_and_more(found.group())
    )


def _has_digit_and_more(text: str) -> bool:
    """``a::b`` is an address by the rules, and something else where people write it."""
    return len(text) > 3 and any(char.isdigit() for char in text)


def _is_address(text: str) -> bool:
    try:
        # A leading zero is a way of writing that Python refuses.
        ipaddress.ip_address(re.sub(r"(?<![\da-f:])0+(?=\d)", "", text))
    except ValueError:
        return False
    return True


def _has_iban(text: str) -> bool:
    """ISO 13616: an account's number, its check digits by ISO 7064 (mod 97-10)."""
    for found in IBAN.finditer(text):
        letters = re.sub(r"[ -]", "", found.group()).upper()
        # What follows may be words: any end of the run may be the number's.
        if any(_mod_97(letters[:end]) == 1 for end in range(15, min(len(letters), 34) + 1)):
            return True
    return False


def _mod_97(account: str) -> int:
    turned = account[4:] + account[:4]
    return int("".join(str(int(char, 36)) for char in turned if char.isascii())) % 97


def _numbers(text: str) -> list[str]:
    """The numbers in ``text``, each as its digits alone."""
    return ["".join(char for char in found.group() if char.isdigit()) for found in DIGITS.finditer(text)]


def _has_card(text: str) -> bool:
    return any(luhn_holds(number[at : at + size]) for number in _numbers(text)
               for size in range(13, 20) for at in range(len(number) - size + 1))  # fmt: skip


def luhn_holds(digits: str) -> bool:
    """Returns whether the last digit is the check digit of ISO/IEC 7812-1, annex B (Luhn)."""
    doubled = [int(char) * (1 + place % 2) for place, char in enumerate(reversed(digits))]
    return sum(value - 9 * (value > 9) for value in doubled) % 10 == 0


def _has_long_number(text: str) -> bool:
    """A telephone, an order, a serial number: nine digits and more, or eight after a plus."""
    international = any(len(re.sub(r"\D", "", found.group())) >= LONG_NUMBER - 1 for found in PLUS.finditer(text))
    return international or any(len(number) >= LONG_NUMBER for number in _numbers(text))


def _has_credential(text: str) -> bool:
    if KNOWN_KEYS.search(text) or HEX.search(text) or TOLD.search(text) or TOLD_SO.search(text):
        return True
    return any(_looks_random(run) for run in RUN.findall(text)) or any(_is_password(word) for word in text.split())


def _looks_random(run: str) -> bool:
    return sum(char.isdigit() for char in run) >= 3 and sum(char.isalpha() for char in run) >= 3


def _is_password(word: str) -> bool:
    """Eight and more characters of all four kinds, as rules for passwords ask."""
    kinds = (str.islower, str.isupper, str.isdigit, SIGNS.__contains__)
    return len(word) >= 8 and all(any(kind(char) for char in word) for kind in kinds)
