"""UDIs as labels, scanners and people give them: every part, every check, every refusal."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vitals.udi import gs1, hibcc
from vitals.udi.errors import UdiError
from vitals.udi.identity import Issuer, Udi
from vitals.udi.parsing import LONGEST, parse

GS = "\x1d"
GTIN = "09506000134352"
"""Of GS1's own examples."""
WHOLE = Udi(
    issuer=Issuer.GS1,
    di=GTIN,
    lot="A1B2C3",
    serial="1234-5",
    expires=dt.date(2027, 1, 31),
    made=dt.date(2025, 2, 28),
    text=f"(01){GTIN}(17)270131(11)250228(10)A1B2C3(21)1234-5",
)


@pytest.mark.parametrize(
    "typed",
    [
        WHOLE.text,
        f" (01) {GTIN} (17) 270131 (11) 250228\n(10) A1B2C3 (21) 1234-5 ",
        f"01{GTIN}1727013111250228" + f"10A1B2C3{GS}211234-5",
        f"]d201{GTIN}1727013111250228" + f"10A1B2C3{GS}211234-5",
        f"]C1{GS}01{GTIN}{GS}17270131{GS}11250228" + f"10A1B2C3<GS>211234-5{GS}",
    ],
)
def test_one_label_is_the_same_typed_copied_or_scanned(typed: str) -> None:
    assert parse(typed) == WHOLE


@pytest.mark.parametrize(
    ("typed", "di"),
    [
        (GTIN, GTIN),
        ("9506000134352", GTIN),
        ("0 9506000 13435-2", GTIN),
        ("614141007349", "00614141007349"),
        ("96385074", "00000096385074"),
    ],
)
def test_a_device_identifier_by_itself_is_a_udi(typed: str, di: str) -> None:
    assert parse(typed) == Udi(issuer=Issuer.GS1, di=di, text=f"(01){di}")


def test_what_else_a_maker_adds_is_kept_in_the_text_and_read_over() -> None:
    typed = f"(01){GTIN}(240)UA-651(21)77(8012)1.0.3(91)X"
    assert parse(typed) == Udi(issuer=Issuer.GS1, di=GTIN, serial="77", text=typed)


def test_hibc_with_everything_in_it() -> None:
    body = "+A99912345/$$3280229LOT7/SSN-9/16D20250301/Q12"
    text = body + hibcc.check_character(body)
    assert parse(text.lower()) == Udi(
        issuer=Issuer.HIBCC,
        di="A99912345",
        lot="LOT7",
        serial="SN-9",
        expires=dt.date(2028, 2, 29),
        made=dt.date(2025, 3, 1),
        text=text,
    )


def test_the_standards_own_example_of_hibc_has_this_check() -> None:
    assert hibcc.check_character("+A123BJC5D6E71") == "G"
    assert parse("*+A123BJC5D6E71G*").di == "A123BJC5D6E71"


@pytest.mark.parametrize("end", ["_", " ", "_ "[:1] + "*", " *"])
def test_a_check_of_hibc_that_is_a_blank_is_printed_as_a_line(end: str) -> None:
    body = "+A99912345/S6"
    assert hibcc.check_character(body) == " "
    assert parse(body + end).text == body + "_"


@pytest.mark.parametrize(
    ("secondary", "lot", "serial", "expires"),
    [
        ("$LOT1", "LOT1", None, None),
        ("$+S1", None, "S1", None),
        ("$$0928LOT1", "LOT1", None, dt.date(2028, 9, 30)),
        ("$$2093028LOT1", "LOT1", None, dt.date(2028, 9, 30)),
        ("$$3280930", None, None, dt.date(2028, 9, 30)),
        ("$$428093012LOT1", "LOT1", None, dt.date(2028, 9, 30)),
        ("$$528274LOT1", "LOT1", None, dt.date(2028, 9, 30)),
        ("$$62827412LOT1", "LOT1", None, dt.date(2028, 9, 30)),
        ("$$7LOT1", "LOT1", None, None),
        ("$$8123280930LOT1", "LOT1", None, dt.date(2028, 9, 30)),
        ("$$9123453280930LOT1", "LOT1", None, dt.date(2028, 9, 30)),
        ("$$+3280930S1", None, "S1", dt.date(2028, 9, 30)),
        ("$$+7S1", None, "S1", None),
        ("28274LOT1", "LOT1", None, dt.date(2028, 9, 30)),
        ("14D20280930", None, None, dt.date(2028, 9, 30)),
    ],
)
def test_each_way_in_which_hibc_says_lot_serial_and_expiry(
    secondary: str, lot: str | None, serial: str | None, expires: dt.date | None
) -> None:
    body = f"+A99912345/{secondary}"
    found = parse(body + hibcc.check_character(body))
    assert (found.lot, found.serial, found.expires) == (lot, serial, expires)


def test_isbt_128_is_accepted() -> None:
    text = "=/A9999XYZ100T0944=,000025=A99991312345600=>030273=}029032&,1000000000000XYZ123"
    assert parse(text) == Udi(
        issuer=Issuer.ICCBBA,
        di="A9999XYZ100T0944",
        lot="000000000000XYZ123",
        serial="000025",
        expires=dt.date(2030, 9, 30),
        made=dt.date(2029, 2, 1),
        text=text,
    )


@pytest.mark.parametrize(
    ("digits", "date"),
    [
        ("240229", dt.date(2024, 2, 29)),
        ("240200", dt.date(2024, 2, 29)),
        ("250200", dt.date(2025, 2, 28)),
        ("271231", dt.date(2027, 12, 31)),
        ("000101", dt.date(2000, 1, 1)),
        ("991200", dt.date(2099, 12, 31)),
    ],
)
def test_an_expiry_without_day_is_the_last_of_its_month(digits: str, date: dt.date) -> None:
    assert parse(f"(01){GTIN}(17){digits}").expires == date


@pytest.mark.parametrize(
    ("typed", "part", "words"),
    [
        ("", "UDI", "must not be empty"),
        (GS, "UDI", "must not be empty"),
        ("UA-651BLE", "UDI", "none that is known here"),
        ("1" * (LONGEST + 1), "UDI", "at most 256 characters"),
        (f"(01){GTIN}(10)a\x00b", "UDI", "cannot be printed"),
        ("09506000134351", "device identifier", "last digit does not fit"),
        ("09506000134325", "device identifier", "last digit does not fit"),
        ("950600013435", "device identifier", "last digit does not fit"),
        ("9506000134", "device identifier", "has 10 digits"),
        ("00000000000000", "device identifier", "all zeros"),
        ("(01)0950600013435", "device identifier", "14 digits after (01)"),
        (f"(01){GTIN}2", "device identifier", "14 digits after (01)"),
        ("(17)270131", "device identifier", "is missing"),
        ("(9999)1", "UDI", "(9999) is not known here"),
        (f"(01){GTIN}(01){GTIN}", "device identifier", "twice"),
        (f"(01){GTIN}(17)271301", "expiry", "no month 13"),
        (f"(01){GTIN}(17)270001", "expiry", "no month 00"),
        (f"(01){GTIN}(17)250229", "expiry", "no day 29"),
        (f"(01){GTIN}(11)2702", "date made", "6 digits after (11)"),
        (f"(01){GTIN}(10)", "lot", "is missing after (10)"),
        (f"(01){GTIN}(21){'7' * 21}", "serial number", "21 characters, and may have 20"),
        (f"(01){GTIN}(10)LÖT", "lot", "no such label has"),
        (f"01{GTIN}10ABCDEFGHIJ1234521987654321", "lot", "left out what separates"),
        (f"01{GTIN}99X{GS}ABC", "UDI", "cannot be read from 'ABC'"),
        ("+A99912345", "check character", "does not fit"),
        ("+A999Ü2345A", "UDI", "which no HIBC label has"),
        ("+", "check character", "does not fit"),
        ("=,000025", "device identifier", "is missing"),
        ("=/A9999XYZ100T094", "UDI", "cannot be read"),
        ("=/A9999XYZ100T0944=>130273", "expiry", "begins with 0"),
        ("=/A9999XYZ100T0944=>029366", "expiry", "no day 366 in 2029"),
        ("=/A9999XYZ100T0944=,000025=,000025", "serial number", "twice"),
    ],
)
def test_what_is_wrong_is_said_with_its_part(typed: str, part: str, words: str) -> None:
    with pytest.raises(UdiError) as refused:
        parse(typed)
    assert refused.value.part == part
    assert words in refused.value.message


@pytest.mark.parametrize(
    ("body", "part"),
    [
        ("+1234", "device identifier"),
        ("+A999X", "device identifier"),
        ("+A99912345/$$3281301L", "expiry"),
        ("+A99912345/$$32813", "expiry"),
        ("+A99912345/$$528366L", None),
        ("+A99912345/$$529366L", "expiry"),
        ("+A99912345/$$528000L", "expiry"),
        ("+A99912345/14D19280930", "expiry"),
        ("+A99912345/16D202809", "date made"),
        ("+A99912345/$", "lot"),
        ("+A99912345/S123456789012345678901", "serial number"),
        ("+A99912345/SA/SB", "serial"),
        ("+A99912345/X1", "UDI"),
    ],
)
def test_hibc_with_a_right_check_and_a_wrong_part(body: str, part: str | None) -> None:
    typed = body + hibcc.check_character(body)
    if part is None:
        assert parse(typed).expires == dt.date(2028, 12, 31)
        return
    with pytest.raises(UdiError) as refused:
        parse(typed)
    assert refused.value.part == part


BODIES = st.text("0123456789", min_size=13, max_size=13).filter(lambda body: body.strip("0"))
VALUES = st.text("ABCXYZabc0189-_./+", min_size=1, max_size=20)
DATES = st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31))


@given(BODIES, st.none() | VALUES, st.none() | VALUES, st.none() | DATES, st.none() | DATES)
def test_print_and_scan_of_one_device_say_the_same_and_read_again_the_same(
    body: str,
    lot: str | None,
    serial: str | None,
    expires: dt.date | None,
    made: dt.date | None,
) -> None:
    di = body + gs1.check_digit(body)
    parts = [("01", di), ("17", expires), ("11", made), ("10", lot), ("21", serial)]
    told = [
        (ai, f"{value:%y%m%d}" if isinstance(value, dt.date) else value)
        for ai, value in parts
        if value is not None
    ]
    printed = parse("".join(f"({ai}){value}" for ai, value in told))
    scanned = parse(GS.join(f"{ai}{value}" for ai, value in told))
    assert printed == scanned == parse(printed.text)
    assert (printed.di, printed.lot, printed.serial) == (di, lot, serial)
    assert (printed.expires, printed.made) == (expires, made)


def test_a_scan_is_no_longer_in_print_than_what_may_be_read_again() -> None:
    dates = "".join(f"{ai}260131" for ai in ("11", "12", "13", "15", "16", "17"))
    head = f"0109506000134352{dates}20017003{'1' * 10}{GS}91{'A' * 90}{GS}92"
    # Brackets for each part, and none of what separates them: 20 more signs than were scanned.
    fits = parse(head + "B" * (LONGEST - 20 - len(head)))
    assert len(fits.text) == LONGEST
    assert parse(fits.text) == fits
    with pytest.raises(UdiError, match="at most 256 characters"):
        parse(head + "B" * (LONGEST - 19 - len(head)))


@given(BODIES, st.integers(0, 13), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(body: str, place: int, by: int) -> None:
    di = body + gs1.check_digit(body)
    wrong = di[:place] + str((int(di[place]) + by) % 10) + di[place + 1 :]
    with pytest.raises(UdiError):
        parse(wrong)


@given(st.text(hibcc.ALPHABET, min_size=1, max_size=30), st.data())
def test_one_wrong_sign_of_hibc_is_always_found(rest: str, data: st.DataObject) -> None:
    body = f"+{rest}"
    check = hibcc.check_character(body)
    wrong = data.draw(st.sampled_from(hibcc.ALPHABET).filter(lambda sign: sign != check))
    with pytest.raises(UdiError):
        parse(body + wrong)


@given(st.text(max_size=60) | st.text("()01017+$/=,>&ABC0123456789\x1d", max_size=60))
def test_whatever_is_typed_is_read_or_refused_in_words(typed: str) -> None:
    try:
        found = parse(typed)
    except UdiError:
        return
    assert parse(found.text) == found
