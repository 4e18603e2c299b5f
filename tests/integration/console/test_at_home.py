"""What people at home meet around their own pages, in both languages."""

import datetime as dt
from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlsplit

import pytest

from care.password_codes import issue_password_code
from care.sessions import IDLE_MAX_AT_HOME
from care.users import user_named
from store.pool import Pool
from tests.integration.console.conftest import PASSWORD, Api, Clock, Practice
from tests.integration.console.test_second_factor import code, secret_in
from tests.integration.console.visitor import Visitor, typed, visiting

SPANISH = {"Accept-Language": "es-MX,es;q=0.9,en;q=0.8"}
ACCOUNT = {
    "/account": ("Account", "Su cuenta"),
    "/account/password": ("Change your password", "Cambie su contraseña"),
    "/account/second-factor": ("Second factor", "Segundo paso"),
    "/account/sessions": ("Where you are signed in", "Dónde tiene la sesión abierta"),
}
STAFFS_RAIL = 'class="rail"'


@pytest.fixture
async def visitor(api: Api) -> AsyncIterator[Visitor]:
    async with visiting(api) as found:
        yield found


async def speak(pool: Pool, practice: Practice, language: str) -> None:
    await pool.execute(
        "UPDATE patients SET language = $2 WHERE id = $1", practice.patient, language
    )


async def test_the_page_to_sign_in_speaks_as_the_browser_does(visitor: Visitor) -> None:
    _, page = await visitor.get("/sign-in")
    assert '<html lang="en">' in page
    assert "User name" in page
    _, page = await visitor.get("/sign-in", headers=SPANISH)
    assert visitor.headers["Content-Language"] == "es"
    assert "Accept-Language" in visitor.headers["Vary"]
    assert '<html lang="es">' in page
    assert "Nombre de usuario" in page
    assert "User name" not in page


async def test_another_language_is_a_press_away_and_keeps_the_way_back(visitor: Visitor) -> None:
    _, page = await visitor.get("/sign-in?next=/my/readings&why=idle")
    link = "/sign-in?language=es&amp;next=%2Fmy%2Freadings&amp;why=idle"
    assert f'href="{link}"' in page
    _, page = await visitor.get(link.replace("&amp;", "&"))
    assert "pasó un rato sin actividad" in page
    assert 'name="language" value="es"' in page
    assert 'name="next" value="/my/readings"' in page


async def test_a_failure_is_told_in_spanish_and_not_what_was_wrong(
    visitor: Visitor, north: Practice
) -> None:
    pages = set()
    for name in (north.username("patient"), "nobody@north"):
        form = {"username": name, "password": "guess", "language": "es"}
        status, page = await visitor.send("/sign-in", form)
        assert status == 422
        pages.add(page.replace(name, "NAME"))
    assert len(pages) == 1
    page = pages.pop()
    assert "El nombre de usuario o la contraseña no es correcto." in page
    assert "The user name" not in page


async def test_a_language_that_we_do_not_have_is_never_shown(visitor: Visitor) -> None:
    status, page = await visitor.get('/sign-in?language="><script>&next=//evil.example')
    assert status == 200
    assert '<html lang="en">' in page
    assert "<script>" not in page
    assert "evil" not in page


async def test_the_language_goes_on_to_the_second_proof(
    visitor: Visitor, north: Practice, clock: Clock, pool: Pool
) -> None:
    await speak(pool, north, "es")
    await visitor.sign_in(north, "patient")
    _, page = await visitor.own("/account/second-factor/begin", password=PASSWORD)
    _, page = await visitor.get("/account/second-factor")
    assert "Apunte la cámara" in page
    _, page = await visitor.own("/account/second-factor", code="000000")
    assert "Este código no es correcto" in page
    _, page = await visitor.own("/account/second-factor", code=code(secret_in(page), clock))
    assert "Sus códigos de reserva" in page
    await visitor.own("/sign-out")
    assert visitor.where == "/sign-in?why=signed-out&language=es"
    await visitor.send("/sign-in", typed(north, "patient", language="es", next="/my/how"))
    assert parse_qs(urlsplit(visitor.where).query) == {"language": ["es"], "next": ["/my/how"]}
    _, page = await visitor.get(visitor.where)
    assert "Escriba su código" in page
    status, page = await visitor.halfway("/sign-in/code", code="000000", language="es")
    assert (status, "Ese código no es correcto" in page) == (422, True)


async def test_a_password_is_set_in_spanish_with_every_refusal(
    visitor: Visitor, north: Practice, clock: Clock, pool: Pool
) -> None:
    async with pool.acquire() as conn:
        user = await user_named(conn, north.organisation, north.username("patient"))
        link = await issue_password_code(conn, north.organisation, user.id, now=clock())
    _, page = await visitor.get(f"/sign-in/new-password?code={link}&language=es")
    assert "Ponga su contraseña" in page
    form = {"code": link, "language": "es"}
    for password, words in (
        ("corta", "Necesita al menos 12 letras"), ("Password2026!", "Mucha gente usa esta"),
        ("x" * 257, "Es demasiado larga"),
    ):  # fmt: skip
        form["new_password"] = password
        status, page = await visitor.send("/sign-in/new-password", form)
        assert (status, words in page) == (422, True)
        assert password not in page
    form["new_password"] = "tres palabras al azar"
    status, _ = await visitor.send("/sign-in/new-password", form)
    assert (status, visitor.where) == (303, "/sign-in?why=password&language=es")
    _, page = await visitor.get(f"/sign-in/new-password?code={link}", headers=SPANISH)
    assert "Este enlace ya pasó" in page


@pytest.mark.parametrize("role", ["patient", "caregiver"])
@pytest.mark.parametrize("path", ACCOUNT)
async def test_the_account_is_in_the_shell_and_the_language_of_home(
    api: Api, north: Practice, pool: Pool, role: str, path: str
) -> None:
    browser, page = await api.browser(north, role), ""
    for language, title in zip(("en", "es"), ACCOUNT[path], strict=True):
        await speak(pool, north, language)
        status, page = await browser.get(path)
        assert status == 200
        assert f'<html lang="{language}">' in page
        assert f"<h1>{title}</h1>" in page
        assert STAFFS_RAIL not in page
        assert 'class="home"' in page
        assert "data-stay-title=" in page
        assert ('href="/my/people"' in page) == (role == "patient")
    assert "Nadie vigila" in page


async def test_a_chosen_language_wins_and_brings_back_to_the_account(
    api: Api, north: Practice
) -> None:
    browser = await api.browser(north, "patient")
    await browser.send("/my/language", {"language": "es", "back": "/account/password"})
    assert browser.where == "/account/password"
    _, page = await browser.get("/account/password")
    assert "Cambie su contraseña" in page
    assert 'autocomplete="current-password"' in page
    assert 'autocomplete="new-password"' in page
    status, page = await browser.send(
        "/account/password", {"old_password": "guess", "new_password": "x"}
    )
    assert (status, "Esta no es su contraseña." in page) == (422, True)


@pytest.mark.parametrize("path", ACCOUNT)
async def test_the_staffs_pages_stay_as_they_are(
    api: Api, north: Practice, pool: Pool, path: str
) -> None:
    await speak(pool, north, "es")
    browser = await api.browser(north, "nurse")
    _, page = await browser.get(path, headers=SPANISH)
    assert '<html lang="en">' in page
    assert STAFFS_RAIL in page
    assert 'class="home"' not in page


async def test_how_long_there_is_stands_by_the_form(api: Api, north: Practice) -> None:
    browser = await api.browser(north, "patient")
    for path in ("/account/password", "/account/second-factor"):
        _, page = await browser.get(path)
        assert "You have 30 minutes to send this" in page


@pytest.mark.parametrize(
    ("sent_to", "page"),
    [
        ("/account/password", "/account/password"),
        ("/account/second-factor/remove", "/account/second-factor"),
        ("/my/language", "/my"),
    ],
)
async def test_a_form_sent_too_late_leads_back_to_its_page(
    api: Api, north: Practice, clock: Clock, visitor: Visitor, sent_to: str, page: str
) -> None:
    browser = await api.browser(north, "patient")
    clock.now += IDLE_MAX_AT_HOME + dt.timedelta(seconds=1)
    status, _ = await browser.send(sent_to, {"new_password": "a secret"})
    asked = urlsplit(browser.where)
    assert (status, asked.path) == (303, "/sign-in")
    assert parse_qs(asked.query) == {"why": ["not-saved"], "next": [page]}
    _, shown = await visitor.get(browser.where, headers=SPANISH)
    assert "lo que envió no se guardó" in shown
    await visitor.send("/sign-in", typed(north, "patient", next=page))
    assert visitor.where == page


async def test_what_is_not_there_is_told_to_everybody_in_their_words(
    api: Api, north: Practice, pool: Pool, visitor: Visitor
) -> None:
    status, page = await visitor.get("/nowhere", headers=SPANISH)
    assert (status, "Aquí no hay nada" in page) == (404, True)
    status, page = await visitor.get("/nowhere?language=en", headers=SPANISH)
    assert (status, "There is nothing here" in page) == (404, True)
    await speak(pool, north, "es")
    browser = await api.browser(north, "patient")
    status, page = await browser.get("/patients")
    assert (status, "Esto no está abierto para usted" in page) == (403, True)
    assert "Esta página no es para usted" in page
    assert "vieja" not in page
    assert 'class="home"' in page
    assert "your role" not in page
    status, page = await browser.ask("POST", "/account", data={"display_name": "x"})
    assert (status, "Puede que la página sea vieja" in page) == (403, True)
    nurse = await api.browser(north, "nurse")
    status, page = await nurse.get("/people", headers=SPANISH)
    assert (status, "This is not open to you" in page) == (403, True)
    assert "Your account does not include it." in page
    assert "role does not" not in page
    status, page = await nurse.ask("POST", "/account", data={"display_name": "x"})
    assert (status, "The page is too old" in page) == (403, True)
    assert "Your account does not include it." not in page
    status, page = await nurse.get("/nowhere", headers=SPANISH)
    assert (status, "It may have been moved, or it is not yours to see." in page) == (404, True)
    assert "Español" not in page
    status, page = await browser.get("/nowhere")
    assert (status, 'class="home"' in page, "Aquí no hay nada" in page) == (404, True, True)
