"""What a log of searches must not keep, in every script, and what it may."""

import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from portal.discovery.models import Withheld
from portal.discovery.services.personal_text import luhn_holds, plain_text, withheld_reason

DIGITS = {
    "latin": "0123456789",
    "arabic": "٠١٢٣٤٥٦٧٨٩",
    "persian": "۰۱۲۳۴۵۶۷۸۹",
    "full width": "０１２３４５６７８９",
    "devanagari": "०१२३४५६७८९",
}
AROUND = [
    "{}",
    "my number {} please",
    "мой номер {} вот",
    "番号は{}です",
    "رقمي {} شكرا",
    "nr.{},",
    "({})",
    "\u200f{}\u200e",
]
digits_of = st.sampled_from(sorted(DIGITS.values()))
around = st.sampled_from(AROUND)
between = st.sampled_from(["", " ", "-", ".", " - ", "\u2013", "\u30fc", "\u2212", "\u00a0", "/"])


def written(text, digits):
    """Returns ``text`` with the digits of another script."""
    return text.translate({ord(str(number)): sign for number, sign in enumerate(digits)})


def parted(number, sign, size=3):
    """Returns a number in groups."""
    return sign.join(number[at : at + size] for at in range(0, len(number), size))


def with_check_digit(number):
    """Returns a number with the digit that makes Luhn's sum right."""
    return next(number + str(last) for last in range(10) if luhn_holds(number + str(last)))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("write to jo.smith+x@example.co.uk today", Withheld.EMAIL),
        ("почта иван@пример.рф не приходит", Withheld.EMAIL),
        ("メールｊｏ＠ｅｘａｍｐｌｅ．ｊｐに届かない", Withheld.EMAIL),
        ("jo @example.org", Withheld.EMAIL),
        ("jo@localhost", Withheld.EMAIL),
        ("call +49 (170) 123-45-67", Withheld.NUMBER),
        ("позвоните 8 (495) 123-45-67", Withheld.NUMBER),
        ("電話 ０９０ー１２３４ー５６７８", Withheld.NUMBER),
        ("اتصل على ٠٥٠ ١٢٣ ٤٥٦٧", Withheld.NUMBER),
        ("+4930123456", Withheld.NUMBER),
        ("serial 123456789", Withheld.NUMBER),
        ("card 4111 1111 1111 1111 declined", Withheld.CARD),
        ("карта 4111-1111-1111-1111", Withheld.CARD),
        ("pay with ４１１１ １１１１ １１１１ １１１１", Withheld.CARD),
        ("DE89 3704 0044 0532 0130 00 does not work", Withheld.IBAN),
        ("gb29nwbk60161331926819", Withheld.IBAN),
        ("SA0380000000608010167519", Withheld.IBAN),
        ("cannot reach 192.168.178.20 from here", Withheld.IP),
        ("server 2001:db8::8a2e:370:7334 is down", Withheld.IP),
        ("١٩٢.١٦٨.١.١", Withheld.IP),
        ("https://shop.example/reset?token=abc", Withheld.ADDRESS),
        ("https://example.org/#access", Withheld.ADDRESS),
        ("api key sk-live-abcdEFGH12345678", Withheld.CREDENTIAL),
        ("ghp_abcdefghij0123456789 rejected", Withheld.CREDENTIAL),
        ("Authorization: Bearer abcdefghijk", Withheld.CREDENTIAL),
        ("eyJhbGciOiJIUzI1NiJ9.e30.abc", Withheld.CREDENTIAL),
        ("-----BEGIN PRIVATE KEY-----", Withheld.CREDENTIAL),
        ("password: hunter2", Withheld.CREDENTIAL),
        ("my password is hunter22 and it fails", Withheld.CREDENTIAL),
        ("пароль: секрет", Withheld.CREDENTIAL),
        ("пароль это kot12345", Withheld.CREDENTIAL),
        ("パスワード：himitsu", Withheld.CREDENTIAL),
        ("暗証番号は1234です", Withheld.CREDENTIAL),
        ("كلمة المرور: سري", Withheld.CREDENTIAL),
        ("Passw0rd! does not work", Withheld.CREDENTIAL),
        ("d41d8cd98f00b204e9800998ecf8427e", Withheld.CREDENTIAL),
        ("0b2c7a4e-1d3f-4c5b-9e8a-7f6d5c4b3a21", Withheld.CREDENTIAL),
    ],
)
def test_what_is_found(text, reason):
    assert withheld_reason(text) == reason


@pytest.mark.parametrize(
    "text",
    [
        "", "printer jams on page 3", "error E-104 after update", "0x80070005", "E-17 leak alarm every night",
        "reset my password", "password is not accepted", "forgot password", "пароль не подходит", "забыл пароль",
        "パスワードを忘れた", "パスワードが違います", "نسيت كلمة المرور", "كلمة المرور لا تعمل",
        "Windows 11 23H2", "version 2.4.1", "version 10.2.3", "iPhone 15 Pro Max", "HP LaserJet 4250dtn",
        "2024-01-15", "12:30", "usb 3.2 gen 2x2", "1 000 000 rows", "std::vector", "a::b", "50% slower",
        "@kenji answered", "C++ vs C#", "https://example.org/manual", "IPv6 support", "the pin is bent",
        "what is a token", "topic:battery is:accepted", "インクが出ません", "الطابعة لا تعمل منذ أمس",
        "не печатает принтер 3 страницу", "ISO 9001", "Room 101-B",
    ],
)  # fmt: skip
def test_what_people_ask_is_kept(text):
    assert withheld_reason(text) is None


names = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=12)


@given(names, names, st.sampled_from(["org", "co.jp", "рф", "example"]), st.sampled_from(["@", "＠", "﹫"]), around)
def test_every_address_of_mail_is_found(name, host, end, at, words):
    assert withheld_reason(words.format(f"{name}{at}{host}.{end}")) is not None


@given(st.text(string.digits, min_size=9, max_size=18), digits_of, between, st.integers(2, 5), around)
def test_every_long_number_is_found_in_every_script(number, digits, sign, size, words):
    assert withheld_reason(words.format(written(parted(number, sign, size), digits))) is not None


@given(st.text(string.digits, min_size=12, max_size=18), digits_of, between, around)
def test_every_card_is_found_in_every_script(number, digits, sign, words):
    card = with_check_digit(number)
    assert withheld_reason(words.format(written(parted(card, sign, 4), digits))) is not None


@given(st.text(string.digits, min_size=8, max_size=13), digits_of, between)
def test_every_telephone_with_a_country_is_found(number, digits, sign):
    assert withheld_reason("+" + written(parted(number, sign), digits)) is not None


@given(st.ip_addresses(), digits_of, around)
def test_every_network_address_is_found(address, digits, words):
    text = str(address)
    assume(len(text) > 3 and any(char.isdigit() for char in text))
    assert withheld_reason(words.format(written(text, digits))) is not None


@given(st.binary(min_size=16, max_size=40), around)
def test_every_key_in_hexadecimal_is_found(key, words):
    assert withheld_reason(words.format(key.hex())) is not None


@given(st.text(string.ascii_letters, min_size=12, max_size=20), st.integers(100, 999), st.integers(0, 5))
def test_every_random_looking_run_is_found(letters, number, at):
    run = (letters[:at] + str(number) + letters[at:]).ljust(20, "k")
    assert withheld_reason(f"it says {run} there") is not None


@given(st.text(string.digits, min_size=1, max_size=9), digits_of, st.integers(0, 8))
def test_invisible_characters_hide_nothing(number, digits, at):
    whole = (number * 9)[:9]
    hidden = whole[:at] + "\u200b\u2060" + whole[at:]
    assert withheld_reason(written(hidden, digits)) is not None


@given(st.text(max_size=300))
def test_any_text_gets_an_answer(text):
    assert withheld_reason(text) in {None, *Withheld}


@given(st.text(string.ascii_letters + "абвгд ёяあいう漢字 ابتث", max_size=19))
def test_words_without_digits_and_signs_are_kept(text):
    assert withheld_reason(text) is None


@given(st.text(string.digits, min_size=1, max_size=30), digits_of)
def test_digits_of_every_script_become_the_same(number, digits):
    assert plain_text(written(number, digits)) == number


def test_the_check_digit_of_cards():
    assert luhn_holds("79927398713")  # the standard's own example
    assert not luhn_holds("79927398710")


@given(st.text(string.digits, min_size=2, max_size=19), st.data())
def test_one_wrong_digit_breaks_the_check(number, data):
    card = with_check_digit(number)
    at = data.draw(st.integers(0, len(card) - 1))
    other = data.draw(st.sampled_from([digit for digit in string.digits if digit != card[at]]))
    assert not luhn_holds(card[:at] + other + card[at + 1 :])
