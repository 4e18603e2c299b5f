"""Signing in, errors and the account at home, in a browser: large, narrow, in both languages."""

import pytest
from playwright.async_api import expect

from console.account import words
from console.account.words import Words
from console.web import errors
from tests.browser.axe import overflow
from tests.browser.site import NARROW, Site
from tests.browser.test_my_pages import CUT_OFF, faults, lengthened

ALONE = ("/sign-in?why=idle", "/sign-in/new-password?code=x", "/nowhere")
OWN = (
    "/account",
    "/account/password",
    "/account/second-factor",
    "/account/sessions",
    "/patients",
)


@pytest.mark.parametrize("language", ["en", "es"])
async def test_who_is_not_signed_in_reads_large_words_in_one_column(
    site: Site, language: str
) -> None:
    page = await site.page(await site.context())
    for path in ALONE:
        await page.goto(f"{path}{'&' if '?' in path else '?'}language={language}")
        assert await faults(page) == [], path
        assert await page.locator("html").get_attribute("lang") == language


@pytest.mark.parametrize("language", ["en", "es"])
async def test_the_account_of_somebody_at_home_is_large_too(site: Site, language: str) -> None:
    await site.pool.execute("UPDATE patients SET language = $1", language)
    page = await site.signed_in("patient")
    for path in OWN:
        await page.goto(path)
        assert await faults(page) == [], path
        assert await page.locator("html").get_attribute("lang") == language


@pytest.fixture
def long_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """A language that nobody speaks, in the place of every one."""
    texts = {name: lengthened(text) for name, text in words.catalogue("en").texts.items()}
    monkeypatch.setattr(words, "catalogue", lambda language: Words(language, texts))
    monkeypatch.setattr(errors, "catalogue", lambda language: Words(language, texts))


@pytest.mark.usefixtures("long_words")
async def test_in_a_language_of_long_words_nothing_is_cut_off(site: Site) -> None:
    stranger = await site.page(await site.context(width=NARROW))
    patient = await site.signed_in("patient", width=NARROW)
    for page, paths in ((stranger, ALONE), (patient, OWN)):
        for path in paths:
            await page.goto(path)
            assert await overflow(page) == 0, path
            assert await page.evaluate(CUT_OFF) == [], path
    await expect(patient.get_by_role("heading", level=1)).to_contain_text("ThísTh")


async def test_without_scripts_somebody_signs_in_in_spanish_after_a_mistake(site: Site) -> None:
    await site.pool.execute("UPDATE patients SET language = 'es'")
    page = await site.page(await site.context(width=NARROW, scripts=False))
    await page.goto("/account/password")
    await page.get_by_role("link", name="Español").click()
    await page.get_by_label("Nombre de usuario").fill(site.practice.username("patient"))
    await page.get_by_label("Contraseña").fill("no sé")
    await page.get_by_role("button", name="Entrar").click()
    await expect(page.get_by_role("alert")).to_contain_text("no es correcto")
    await page.get_by_label("Contraseña").fill("correct horse battery")
    await page.get_by_role("button", name="Entrar").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Cambie su contraseña")


async def test_the_warning_before_the_end_is_in_their_language(site: Site) -> None:
    await site.pool.execute("UPDATE patients SET language = 'es'")
    page = await site.signed_in("patient", width=NARROW)
    await page.clock.install()
    await page.goto("/account", wait_until="networkidle")
    await site.pool.execute(
        "UPDATE sessions SET last_seen_at = last_seen_at - interval '29 minutes 10 seconds'"
    )
    await page.clock.run_for(61_000)
    dialog = page.get_by_role("alertdialog", name="¿Sigue usted ahí?")
    await dialog.get_by_role("button", name="Sí, aquí estoy").click()
    await dialog.wait_for(state="detached")
