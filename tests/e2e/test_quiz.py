"""Taking a quiz: few requests, nothing lost, two pages, the clock, the keys."""

import re

from playwright.async_api import Page, Request, expect

from e2e.axe import COLOURS, violations, wider_than_the_screen
from e2e.conftest import Enrolled
from e2e.course import Course
from e2e.profiles import Profiles

MOST_REQUESTS = 5
CONFLICT = "the server responded with a status of 409"


async def start(page: Page, course: Course) -> str:
    await page.goto(f"/quizzes/{course.quiz}")
    await page.get_by_role("button", name=re.compile("Start the quiz|Try again")).click()
    await expect(page.get_by_role("link", name="Question 1, open", exact=True)).to_be_visible()
    return page.url.partition("#")[0]


def inputs(page: Page, number: int) -> str:
    return f"#question-{number} input[name^='answer-']"


async def expect_chosen(page: Page, number: int, place: int) -> None:
    await expect(page.locator(inputs(page, number)).nth(place)).to_be_checked()


async def test_a_whole_quiz_costs_few_requests(profiles: Profiles, course: Course, enrolled: Enrolled) -> None:
    page = await profiles.page(await enrolled())
    asked: list[str] = []

    def note(request: Request) -> None:
        if "/static/" not in request.url and not re.search(r"/(?:service-worker|manifest|favicon)", request.url):
            asked.append(f"{request.method} {request.url}")

    page.on("request", note)
    await start(page, course)
    for number in range(1, 11):
        await expect(page.locator(f"#question-{number}")).to_be_visible()
        await page.keyboard.press("1")
        await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Hand in").click()
    await expect(page).to_have_url(re.compile("/result$"))
    await expect(page.get_by_role("heading", name="By topic")).to_be_visible()
    assert len(asked) <= MOST_REQUESTS, asked


async def test_another_device_goes_on_where_the_first_was_left(
    profiles: Profiles, course: Course, enrolled: Enrolled
) -> None:
    profiles.expected.append(CONFLICT)
    token = await enrolled()
    phone, desk = await profiles.page(token), await profiles.page(token)
    attempt = await start(phone, course)
    await phone.keyboard.press("2")
    await phone.keyboard.press("Enter")
    await phone.keyboard.press("f")
    await expect(phone.locator("#announcer")).to_have_text("Marked to come back to.")
    async with phone.expect_response(lambda answer: answer.url.endswith("/saved")) as saved:
        await phone.keyboard.press("1")
        await phone.evaluate("window.dispatchEvent(new Event('pagehide'))")
    assert (await saved.value).ok

    await desk.goto(attempt)
    await expect_chosen(desk, 1, 1)
    await expect(desk.get_by_role("link", name="Question 2, answered, to come back to", exact=True)).to_be_visible()
    await expect(desk.locator("#question-2")).to_be_visible()
    await desk.keyboard.press("3")
    await desk.evaluate("window.dispatchEvent(new Event('pagehide'))")
    await expect(desk.get_by_text("Saved", exact=True)).to_be_attached()

    # The first page, which knows nothing of it, is told before it overwrites anything.
    await phone.keyboard.press("4")
    await phone.evaluate("window.dispatchEvent(new Event('pagehide'))")
    notice = phone.get_by_text("You have gone on with this attempt in another tab or on another device.")
    await expect(notice).to_be_visible()
    assert await violations(phone) == []
    await phone.get_by_role("button", name="Go on with those answers").click()
    await expect(notice).to_have_count(0)
    await expect_chosen(phone, 2, 2)


async def test_two_tabs_know_of_each_other_at_once(profiles: Profiles, course: Course, enrolled: Enrolled) -> None:
    profiles.expected.append(CONFLICT)
    context = await profiles.open(await enrolled())
    first, second = await context.new_page(), await context.new_page()
    attempt = await start(first, course)
    await second.goto(attempt)
    await first.locator("#question-1 .choice").nth(0).click()
    await expect(second.get_by_text("Nothing is overwritten until you choose.")).to_be_visible()
    await second.get_by_role("button", name="Go on with those answers").click()
    await expect_chosen(second, 1, 0)
    await second.locator("#question-1 .choice").nth(1).click()
    await expect(first.get_by_text("Nothing is overwritten until you choose.")).to_be_visible()
    await first.get_by_role("button", name="Keep the ones on this page").click()
    await expect_chosen(first, 1, 0)
    await expect(first.get_by_text("Saved", exact=True)).to_be_attached()


async def test_the_clock_is_calm_then_speaks_then_hands_in(
    profiles: Profiles, course: Course, enrolled: Enrolled
) -> None:
    page = await profiles.page(await enrolled())
    await page.clock.install()
    await start(page, course)
    timer = page.get_by_role("timer", name="Time left")
    await page.clock.run_for(1000)
    await expect(timer).to_contain_text("14:5")
    await page.clock.run_for("09:57")
    await expect(page.locator("#announcer")).to_have_text("5 minutes left")
    await expect(timer).not_to_have_attribute("data-urgent", "")
    await page.clock.run_for("03:00")
    await expect(timer).to_have_attribute("data-urgent", "")
    assert await violations(page) == []
    await page.clock.run_for("01:02")
    await expect(page.locator("#announcer")).to_contain_text("One minute left.")
    await page.keyboard.press("1")
    await page.clock.run_for("01:02")
    await expect(page).to_have_url(re.compile("/result$"))
    await expect(page.locator("#question-1 .choice").first).to_contain_text("Your answer")


async def test_the_clock_goes_on_by_the_server_after_a_reload(
    profiles: Profiles, course: Course, enrolled: Enrolled
) -> None:
    page = await profiles.page(await enrolled())
    await start(page, course)
    deadline = await page.locator("quiz-timer").get_attribute("deadline")
    await page.reload()
    assert await page.locator("quiz-timer").get_attribute("deadline") == deadline
    await expect(page.get_by_role("timer", name="Time left")).to_have_text(re.compile(r"^14:\d\d$"))


async def test_all_together_is_remembered_and_keys_can_be_turned_off(
    profiles: Profiles, course: Course, enrolled: Enrolled
) -> None:
    page = await profiles.page(await enrolled())
    await start(page, course)
    await expect(page.locator(".question:visible")).to_have_count(1)
    await page.get_by_role("button", name="All together").click()
    await expect(page.locator(".question:visible")).to_have_count(10)
    await expect(page.get_by_role("button", name="Next")).to_have_count(0)
    await page.reload()
    await expect(page.get_by_role("button", name="All together")).to_have_attribute("aria-pressed", "true")
    await expect(page.locator(".question:visible")).to_have_count(10)
    await page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    assert await violations(page, COLOURS) == [], "dark"
    await page.emulate_media(color_scheme="light", forced_colors="active")
    assert await violations(page) == []
    await page.set_viewport_size({"width": 320, "height": 640})
    assert [html for html in await wider_than_the_screen(page) if "menu-" not in html] == [], (
        "but for the shell's menus"
    )
    await page.set_viewport_size({"width": 1280, "height": 900})

    await page.locator(".quiz-keys summary").click()
    await page.get_by_role("checkbox", name="Use these keys").uncheck()
    await page.locator("#question-4").focus()
    await page.keyboard.press("1")
    await page.keyboard.press("f")
    await expect(page.get_by_role("link", name="Question 4, open", exact=True)).to_be_visible()
    await page.get_by_role("checkbox", name="Use these keys").check()
    await page.locator("#question-4").focus()
    await page.keyboard.press("1")
    await page.keyboard.press("f")
    flagged = page.get_by_role("link", name="Question 4, answered, to come back to", exact=True)
    await expect(flagged).to_be_visible()
    await expect(page.get_by_text("1 of 10 answered")).to_be_visible()


async def test_an_outage_in_mid_quiz_loses_nothing(profiles: Profiles, course: Course, enrolled: Enrolled) -> None:
    profiles.expected.append("net::ERR")
    page = await profiles.page(await enrolled())
    await start(page, course)
    await page.context.set_offline(True)
    await page.keyboard.press("2")
    await page.evaluate("window.dispatchEvent(new Event('pagehide'))")
    await expect(page.get_by_text("Kept in this browser. It will be saved as soon as possible.")).to_be_attached()
    await page.context.set_offline(False)
    await expect(page.get_by_text("Saved", exact=True)).to_be_attached(timeout=15_000)
    await page.reload()
    await expect_chosen(page, 1, 1)
