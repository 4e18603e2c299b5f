"""The clinic's own settings, its words of consent, and its programmes."""

from pathlib import Path

import pytest

from store.pool import Pool
from tests.integration.console.conftest import Api, Browser, Practice

CLINIC = {
    "name": "North Clinic",
    "time_zone": "America/Denver",
    "phone": "+1 555 010 0000",
    "emergency_number": "911",
    "weight_unit": "kg",
    "glucose_unit": "mmol/L",
    "temperature_unit": "C",
}
SHIPPED = Path("care/programmes/hypertension-us.toml")


@pytest.fixture
async def admin(api: Api, north: Practice) -> Browser:
    return await api.browser(north, "admin")


def own(version: int = 1) -> str:
    text = SHIPPED.read_text(encoding="utf-8")
    text = text.replace('id = "hypertension-us"', 'id = "our-own"')
    return text.replace("version = 1", f"version = {version}", 1)


async def test_the_clinic_is_changed_and_new_patients_follow(
    admin: Browser, pool: Pool, north: Practice
) -> None:
    status, text = await admin.send("/clinic", CLINIC | {"second_factor": "yes"})
    assert status == 303, text
    row = await pool.fetchrow("SELECT * FROM organisations WHERE id = $1", north.organisation)
    assert row is not None
    assert {name: row[name] for name in CLINIC} == CLINIC
    assert row["second_factor_required"]
    # Months are of this zone: whoever changed it approves nothing that comes of it.
    told = await pool.fetch("SELECT what, fields, actor IS NOT NULL FROM billing_record_changes")
    assert [tuple(each) for each in told] == [("practice", ["time_zone"], True)]
    _, text = await admin.get("/patients/new")
    assert 'value="America/Denver"' in text
    assert '<option value="kg" selected>' in text
    assert '<option value="C" selected>' in text


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("name", "", "Must not be empty"),
        ("name", "south", "already"),
        ("time_zone", "Mars/Olympus", "no IANA time zone"),
        ("time_zone", "../../etc/passwd", "no IANA time zone"),
        ("phone", "ring me", "no telephone number"),
        ("emergency_number", "9", "2 to 15"),
        ("weight_unit", "stone", "one of kg, lb"),
        ("temperature_unit", "K", "one of C, F"),
    ],
)
async def test_what_cannot_be_is_said_at_its_field(
    admin: Browser, south: Practice, pool: Pool, field: str, typed: str, words: str
) -> None:
    assert south.name == "south"
    status, text = await admin.send("/clinic", CLINIC | {field: typed})
    assert status == 422
    assert words in text
    assert 'value="911"' in text or field == "emergency_number"
    assert await pool.fetchval("SELECT name FROM organisations WHERE name = 'North Clinic'") is None


async def test_words_of_consent_are_kept_in_versions(admin: Browser, pool: Pool) -> None:
    status, text = await admin.get("/clinic")
    assert "version 1 (suggested)" in text
    for body in ("Our own words.", "Our own words."):
        status, _ = await admin.send("/clinic/consent-text", {"language": "en", "body": body})
        assert status == 303
    status, text = await admin.send("/clinic/consent-text", {"language": "en", "body": " "})
    assert (status, "what patients are told" in text) == (422, True)
    status, text = await admin.send("/clinic/consent-text", {"language": "xx", "body": "a"})
    assert status == 422
    rows = await pool.fetch(
        "SELECT version, body FROM consent_texts WHERE language = 'en' ORDER BY version"
    )
    assert [row["version"] for row in rows] == [1, 2]
    assert rows[1]["body"] == "Our own words."


async def test_programmes_are_shown_and_signed_off_for_a_clinic(
    api: Api, north: Practice, south: Practice, admin: Browser
) -> None:
    _, text = await admin.get("/programmes")
    assert "Not signed off" in text
    _, text = await admin.get("/programmes/heart-failure")
    assert "must be signed off" in text
    assert "Staffed:" in text
    status, text = await admin.send(
        "/programmes/heart-failure/sign-off", {"version": "1", "lead": ""}
    )
    assert (status, "Must not be empty" in text) == (422, True)
    signed = {"version": "1", "lead": "Maria Ortiz, MD", "note": "as is"}
    for _ in range(2):
        status, text = await admin.send("/programmes/heart-failure/sign-off", signed)
        assert status == 303, text
    _, text = await admin.get("/programmes/heart-failure")
    assert "Signed off by Maria Ortiz, MD" in text
    other = await api.browser(south, "admin")
    _, text = await other.get("/programmes/heart-failure")
    assert "Maria Ortiz" not in text
    for role, expected in (("clinician", 303), ("nurse", 403), ("biller", 403), ("auditor", 403)):
        browser = await api.browser(north, role)
        status, _ = await browser.send("/programmes/copd/sign-off", signed)
        assert (role, status) == (role, expected)
        assert (await browser.get("/programmes/copd"))[0] == 200
    for path in (
        "/programmes/no-such",
        "/programmes/copd?version=99",
        "/programmes/copd?version=x",
    ):
        assert (await admin.get(path))[0] == 404


async def test_an_own_programme_is_checked_compared_and_taken_in(
    admin: Browser, pool: Pool
) -> None:
    status, text = await admin.send("/programmes/new", {"file": own(), "do": "check"})
    assert status == 200, text
    assert "has no faults" in text
    assert await pool.fetchval("SELECT count(*) FROM programmes WHERE id = 'our-own'") == 0
    for _ in range(2):
        status, text = await admin.send("/programmes/new", {"file": own(), "do": "import"})
        assert (status, admin.where) == (303, "/programmes/our-own?version=1"), text
    second = own(2).replace("180", "175")
    status, text = await admin.send("/programmes/new", {"file": second, "do": "check"})
    assert "Against version 1" in text
    assert "175" in text
    status, _ = await admin.send("/programmes/new", {"file": second, "do": "import"})
    assert status == 303
    _, text = await admin.get("/programmes/our-own")
    assert "Since version 1" in text
    clash = own().replace("180", "176")
    status, text = await admin.send("/programmes/new", {"file": clash, "do": "import"})
    assert (status, "says something else already" in text) == (422, True)


async def test_a_faulty_file_is_told_line_by_line(admin: Browser) -> None:
    broken = own().replace('metric = "systolic"', 'metric = "systolik"', 1)
    status, text = await admin.send("/programmes/new", {"file": broken, "do": "import"})
    assert status == 422
    assert "did you mean" in text
    assert 'data-label="Line">' in text
    assert "systolik" in text
    for file in ("not toml at all [", "", "<script>alert(1)</script>"):
        status, text = await admin.send("/programmes/new", {"file": file, "do": "check"})
        assert status == 422
        assert "<script>alert" not in text


async def test_where_organisations_share_programmes_come_by_command(
    admin: Browser, south: Practice, pool: Pool
) -> None:
    assert south.name == "south"
    _, text = await admin.get("/programmes/new")
    assert "hearthbeat programme register" in text
    status, _ = await admin.send("/programmes/new", {"file": own(), "do": "check"})
    assert status == 200
    status, text = await admin.send("/programmes/new", {"file": own(), "do": "import"})
    assert (status, "share this installation" in text) == (422, True)
    assert await pool.fetchval("SELECT count(*) FROM programmes WHERE id = 'our-own'") == 0
