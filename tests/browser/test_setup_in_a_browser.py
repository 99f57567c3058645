"""Dora's day at her browser: a company taken up, others imported, a colleague let in."""

from pathlib import Path

import pytest
from playwright.sync_api import Error, Page, expect

from tests.browser.conftest import OpenWindow, Window

CSV = "company,plan,from,label\nNuova,premium,2026-01-01,Milan\nAltra,standard,2026-01-01,\n"


def come_in(window: Window) -> Page:
    """Dora signs in, comes to what is set up first, and goes on to the subscriptions."""
    page = window.page
    page.goto(window.url)
    page.get_by_label("Name").fill("dora")
    page.get_by_label("Password").fill(window.demo["sign_ins"]["dora"])
    page.locator(".sign-in button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hours")
    page.get_by_role("link", name="Subscriptions", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Subscriptions")
    return page


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def window(request: pytest.FixtureRequest, open_window: OpenWindow) -> Window:
    """With scripts and without: the whole day goes either way."""
    return open_window(scripts=request.param)


def test_dora_takes_up_a_company_and_its_code_is_gone_when_she_goes_back(window: Window) -> None:
    page = come_in(window)
    page.get_by_role("link", name="New subscription").click()
    page.get_by_label("Company").fill("Nuova")
    page.get_by_label("Label of its first code").fill("Milan")
    page.get_by_role("button", name="Take it up").click()
    code = page.locator(".secret").inner_text()
    assert code.isdecimal()
    assert code not in page.url
    page.get_by_role("link", name="I have it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nuova")
    with pytest.raises(
        Error, match="CACHE_MISS"
    ):  # the browser has kept nothing, and asks before it sends again
        page.go_back(wait_until="commit")


def test_dora_imports_a_file_and_saves_its_codes(window: Window, tmp_path: Path) -> None:
    page = come_in(window)
    page.get_by_role("link", name="Import from a file").click()
    file = {"name": "all.csv", "mimeType": "text/csv", "buffer": CSV.encode()}
    page.get_by_label("A CSV file").set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name="Look it over").click()
    expect(page.locator(".sums")).to_contain_text("2")
    page.get_by_role("button", name="Take all of it").click()
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save the file of 2 codes").click()
    saved.value.save_as(tmp_path / "codes.csv")
    text = (tmp_path / "codes.csv").read_text(encoding="utf-8-sig")
    assert text.splitlines()[0] == "company,label,code"
    assert text.count("\n") == 3


def test_dora_lets_a_colleague_in(window: Window) -> None:
    page = come_in(window)
    page.get_by_role("link", name="People", exact=True).click()
    page.get_by_role("link", name="New person").click()
    page.get_by_label("Signs in as").fill("carla")
    page.get_by_label("Name", exact=True).fill("Carla")
    page.get_by_label("Mon").fill("9 to 5")
    page.get_by_role("button", name="Let them in").click()
    expect(page.locator(".wrong")).to_contain_text("is no shift")
    expect(page.get_by_label("Mon")).to_have_value("9 to 5")
    window.expects("400")
    page.get_by_label("Mon").fill("09:00-17:00")
    page.get_by_role("button", name="Let them in").click()
    assert len(page.locator(".secret").inner_text()) == 19
