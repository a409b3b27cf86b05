"""Reading a lesson: its contents, the place that was left, the film with what is said in it."""

from playwright.async_api import expect

from e2e.axe import violations
from e2e.conftest import Enrolled
from e2e.course import Course
from e2e.profiles import Profiles

VISIT_ENDS = "window.dispatchEvent(new Event('pagehide'))"


async def test_the_contents_say_where_one_is_and_the_place_is_kept(
    profiles: Profiles, course: Course, enrolled: Enrolled
) -> None:
    token = await enrolled()
    page = await profiles.page(token)
    lesson = f"/materials/{course.material('ARTICLE')}"
    await page.goto(lesson)
    await expect(page.get_by_text("Continue where you left")).to_have_count(0)
    contents = page.get_by_role("navigation", name="On this page")
    middle = contents.get_by_role("link").nth(3)
    title = await middle.inner_text()
    await middle.click()
    await expect(middle).to_have_attribute("aria-current", "location")
    async with page.expect_response(lambda answer: answer.url.endswith("/position")) as kept:
        await page.evaluate(VISIT_ENDS)
    assert (await kept.value).status == 204

    elsewhere = await profiles.page(token, reduced_motion="reduce")
    await elsewhere.goto(lesson)
    assert await elsewhere.evaluate("scrollY") == 0, "nobody is made to jump"
    back = elsewhere.get_by_role("link", name="Continue where you left")
    await expect(back).to_be_visible()
    assert await violations(elsewhere) == []
    await back.click()
    await expect(
        elsewhere.get_by_role("navigation", name="On this page").get_by_role("link", name=title, exact=True)
    ).to_have_attribute("aria-current", "location")
    await expect(back).to_have_count(0)


async def test_a_heading_is_the_link_to_itself(profiles: Profiles, course: Course, enrolled: Enrolled) -> None:
    page = await profiles.page(await enrolled())
    await page.goto(f"/materials/{course.material('ARTICLE')}")
    link = page.locator(".prose h2 .heading-link").nth(1)
    heading = page.locator(".prose h2").nth(1)
    await link.click()
    assert page.url.endswith(f"#{await heading.get_attribute('id')}")
    await expect(heading).to_be_in_viewport()


async def test_what_is_said_leads_to_its_place_in_the_film(
    profiles: Profiles, course: Course, enrolled: Enrolled
) -> None:
    token = await enrolled()
    page = await profiles.page(token)
    lesson = f"/materials/{course.material('VIDEO')}"
    await page.goto(lesson)
    film = page.locator("video")
    await page.wait_for_function("document.querySelector('video').readyState >= 1")
    await page.get_by_text("Transcript", exact=True).click()
    sentence = page.locator(".cues li").nth(6)
    await sentence.get_by_role("link").click()
    seconds = float(await sentence.get_by_role("link").get_attribute("data-seek") or "0")
    assert seconds > 10
    await page.wait_for_function(f"Math.abs(document.querySelector('video').currentTime - {seconds}) < 3")
    await page.get_by_label("Speed").select_option("1.5")
    assert await film.evaluate("film => film.playbackRate") == 1.5
    async with page.expect_response(lambda answer: answer.url.endswith("/position")) as kept:
        await film.evaluate("film => film.pause()")
        await page.evaluate(VISIT_ENDS)
    assert (await kept.value).status == 204
    left = await film.evaluate("film => film.currentTime")
    assert await violations(page) == []

    elsewhere = await profiles.page(token)
    await elsewhere.goto(lesson)
    await elsewhere.wait_for_function(f"Math.abs(document.querySelector('video').currentTime - {left}) < 1")
    assert await elsewhere.locator("video").evaluate("film => film.playbackRate") == 1
    await page.reload()
    await expect(page.get_by_label("Speed")).to_have_value("1.5")
