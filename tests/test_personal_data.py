import datetime as dt
from pathlib import Path

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answer import Conversation
from bot.assistant import Assistant
from bot.channels.web import create_app
from bot.database import Database
from bot.personal_data import MASK, mask
from bot.settings import Settings

# The numbering plans are read at the first number of a country.
patiently = settings(deadline=None)
WORDS = st.sampled_from(
    ["", "hej", "vad är målet", "min mamma", "1", "år 2024", "§ 62", "Värnamo", "kl 8", "😢"]
)


def check_digit(digits: str) -> str:
    """The digit that makes the sum of the others, every second doubled, divisible by ten."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


@st.composite
def personal_numbers(draw: st.DrawFn) -> str:
    born = draw(st.dates(dt.date(1900, 1, 1), dt.date(2029, 12, 31)))
    day = born.day + draw(st.sampled_from([0, 60]))
    birth = f"{born:%y%m}{day:02}"
    serial = f"{draw(st.integers(1, 999)):03}"
    last = serial + check_digit(birth + serial)
    long = draw(st.booleans())
    shape = draw(st.sampled_from(["{birth}{sign}{last}", "{y} {m} {d} {last}", "{y} {m} {d}-{last}"]))
    year = f"{born:%Y}" if long else f"{born:%y}"
    sign = draw(st.sampled_from(["-", "+", "", " ", " - ", "–"]))
    parts = {"y": year, "m": birth[2:4], "d": birth[4:], "birth": year + birth[2:]}
    return shape.format(sign=sign, last=last, **parts)


@st.composite
def card_numbers(draw: st.DrawFn) -> str:
    start = draw(st.sampled_from(["4", "51", "55", "6011", "2221"]))
    digits = start + draw(st.text("0123456789", min_size=15 - len(start), max_size=15 - len(start)))
    digits += check_digit(digits)
    separator = draw(st.sampled_from(["", " ", "-"]))
    return separator.join(digits[i : i + 4] for i in range(0, 16, 4))


# A mobile's number, and one in an area with two digits, of seven and six digits.
@st.composite
def phone_numbers(draw: st.DrawFn) -> str:
    start, count = draw(st.sampled_from([("70", 7), ("73", 7), ("76", 7), ("40", 6), ("370", 5), ("8", 7)]))
    digits = (
        draw(st.integers(2, 9)),
        *draw(st.lists(st.integers(0, 9), min_size=count - 1, max_size=count - 1)),
    )
    rest = "".join(map(str, digits))
    prefix = draw(st.sampled_from(["0", "+46", "+46 ", "0046", "+46 (0)"]))
    separator = draw(st.sampled_from(["", "-", " "]))
    if draw(st.booleans()):
        rest = f"{rest[:-4]} {rest[-4:-2]} {rest[-2:]}"
    return f"{prefix}{start}{separator}{rest}"


@patiently
@given(WORDS, personal_numbers(), WORDS)
def test_personal_numbers_are_masked(before: str, number: str, after: str) -> None:
    text = f"{before}: {number}, {after}"
    masked = mask(text)
    assert masked.text == f"{before}: {MASK * len(number)}, {after}"
    assert "personal_number" in masked.kinds


@patiently
@given(WORDS, card_numbers(), WORDS)
def test_card_numbers_are_masked(before: str, number: str, after: str) -> None:
    masked = mask(f"{before}: {number}. {after}")
    assert masked.text == f"{before}: {MASK * len(number)}. {after}"


@patiently
@given(WORDS, phone_numbers(), WORDS)
def test_phone_numbers_are_masked(before: str, number: str, after: str) -> None:
    masked = mask(f"{before}: {number}, {after}")
    assert not any(character.isdecimal() for character in masked.text[len(before) + 2 :][: len(number)])
    # One in a few hundred is a valid personal number, too.
    assert set(masked.kinds) & {"phone", "personal_number"}


@patiently
@given(WORDS, st.emails(domains=st.sampled_from(["example.se", "mail.example.com"])), WORDS)
def test_email_addresses_are_masked(before: str, address: str, after: str) -> None:
    masked = mask(f"{before} {address} {after}")
    assert "@" not in masked.text
    assert "example" not in masked.text
    assert masked.kinds == ("email",)


YEARS = st.integers(1900, 2100)
DATES = st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31))
HARMLESS = st.one_of(
    YEARS.map(str),
    st.tuples(YEARS, st.sampled_from("-–—"), YEARS).map(lambda parts: "".join(map(str, parts))),
    st.integers(0, 10**11).map(lambda sum: f"{sum:,} kr".replace(",", " ")),
    st.integers(0, 10**9).map(lambda sum: f"{sum:,}".replace(",", ".")),
    DATES.map(lambda day: f"{day:%Y-%m-%d}"),
    DATES.map(lambda day: f"{day.day}/{day.month} {day.year}"),
    DATES.map(lambda day: f"{day.day} juni {day.year}"),
    DATES.map(lambda day: f"{day:%d-%m-%Y}"),
    DATES.map(lambda day: f"{day:%d.%m.%Y}"),
    st.integers(1, 400).map(lambda paragraph: f"§ {paragraph}"),
    st.integers(10000, 99999).map(lambda code: f"{code // 100} {code % 100:02}"),
    st.times().map(lambda time: f"kl {time:%H.%M}"),
    st.tuples(st.times(), st.times()).map(lambda times: f"{times[0]:%H.%M}-{times[1]:%H.%M}"),
    st.sampled_from(["112", "1177", "90101", "114 14", "50 %", "3,5 %", "1:250", "40 000 invånare 2035"]),
)


@patiently
@given(st.lists(HARMLESS, min_size=1, max_size=4), st.sampled_from([" ", ", ", " och ", "; "]))
def test_years_sums_and_dates_are_not_masked(numbers: list[str], between: str) -> None:
    text = f"vad säger målen om {between.join(numbers)}?"
    assert mask(text).text == text


@patiently
@given(st.text() | st.text(st.sampled_from("0123456789 -+.@a")))
def test_masking_keeps_the_length_and_is_done_at_once(text: str) -> None:
    masked = mask(text)
    assert len(masked.text) == len(text)
    assert mask(masked.text).text == masked.text
    assert bool(masked.kinds) == (masked.text != text)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("mitt personnummer är 19811228-9874", ("personal_number",)),
        ("811228-9874", ("personal_number",)),
        ("8112289874", ("personal_number",)),
        ("8 1 1 2 2 8 9 8 7 4", ("personal_number",)),
        ("1981-12-28-9874", ("personal_number",)),
        ("701063-2391", ("personal_number",)),
        ("jag heter Bo, bo.ek@example.se", ("email",)),
        ("bo.ek (at) example.se", ("email",)),
        ("ring 070-174 06 05", ("phone",)),
        ("ring 0701740605", ("phone",)),
        ("ring +46 70 174 06 05", ("phone",)),
        ("ring 08-465 004 00", ("phone",)),
        ("ring 0370-12 34 56", ("phone",)),
        ("0046 701 74 06 05", ("phone",)),
        ("4111 1111 1111 1111", ("card_number",)),
        ("378282246310005", ("card_number",)),
        ("3782 822463 10005", ("card_number",)),
        ("811228-9874 och bo@example.se, 070-1740605", ("personal_number", "email", "phone")),
        ("811228-9875", ()),
        ("811328-9872", ()),
        ("202100-5489", ()),
        ("gäller 2020–2023", ()),
        ("2019 2020 2021 2022 2023 2024", ()),
        ("40 000 invånare 2035", ()),
        ("§ 62 den 19 juni 2023", ()),
        ("1 januari 2024", ()),
        ("från 2024-01-01 till 2027-12-31", ()),
        ("20240101-20271231", ()),
        ("12 500 000 kr", ()),
        ("1 012 240 000 kr", ()),
        ("331 30 Värnamo", ()),
        ("112, 1177 eller 90101", ()),
        ("öppet 08.00-16.30", ()),
        ("08-12-2024", ()),
        ("@kommunen", ()),
        ("3,14159265358979", ()),
    ],
)
def test_what_is_personal(text: str, kinds: tuple[str, ...]) -> None:
    assert mask(text).kinds == kinds


def test_a_long_text_is_masked() -> None:
    text = "ring 070-174 06 05 eller 811228-9874, " * 400
    assert not any(character.isdecimal() for character in mask(text).text)


def test_the_answer_says_what_was_masked_and_nothing_keeps_it(assistant: Assistant) -> None:
    question = "Vad betyder målet om en grön kommun? Mitt personnummer är 811228-9874."
    answer = assistant.ask(question, Conversation())
    assert answer.kind == "answer"
    assert "personnummer" in answer.notices[0]
    assert answer.text.startswith(answer.notices[0])
    assert "9874" not in str(answer)
    english = assistant.ask("What is the green goal? My e-mail is bo.ek@example.se")
    assert "e-mail" in english.notices[0]
    assert "bo.ek" not in str(english)


def test_distress_beside_personal_data(assistant: Assistant) -> None:
    answer = assistant.ask("811228-9874 jag vill inte leva längre")
    assert answer.reason == "distress"
    assert not answer.notices
    assert "9874" not in str(answer)


async def test_the_form_does_not_show_personal_data_again(assistant: Assistant, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    database = await Database.open(settings)
    transport = httpx.ASGITransport(create_app(assistant, settings, database))
    async with httpx.AsyncClient(transport=transport, base_url="http://malvakt.test") as client:
        long = "x" * 1000
        for question in ("bo.ek@example.se vad är målet?", f"bo.ek@example.se {long}"):
            page = (await client.post("/fraga", data={"question": question})).text
            assert "bo.ek" not in page
            assert "*****" in page
    await database.close()
