"""A lesson: its contents, the place that was left, the film with what is said in it, its programs, and that it is done."""

import re

from playwright.async_api import expect

from e2e.axe import violations
from e2e.conftest import Enrolled
from e2e.course import Course
from e2e.profiles import Profiles
from e2e.steps import code_in, editor, write_program

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


async def test_captions_and_speed_stay_as_chosen(profiles: Profiles, course: Course, enrolled: Enrolled) -> None:
    page = await profiles.page(await enrolled())
    await page.goto(f"/materials/{course.material('VIDEO')}")
    shown = "document.querySelector('video').textTracks[0].mode === 'showing'"
    await page.wait_for_function(shown)
    # As the browser's own button turns them off.
    await page.evaluate("document.querySelector('video').textTracks[0].mode = 'disabled'")
    await page.get_by_label("Speed").select_option("0.75")
    await page.wait_for_function("localStorage.getItem('codezest:captions') === 'off'")
    for _ in range(2):
        await page.reload()
        await page.wait_for_function("document.querySelector('video').readyState >= 1")
        await expect(page.get_by_label("Speed")).to_have_value("0.75")
        assert await page.locator("video").evaluate("film => film.playbackRate") == 0.75
        assert not await page.evaluate(shown)
        assert await page.evaluate("localStorage.getItem('codezest:captions')") == "off"
    await page.evaluate("document.querySelector('video').textTracks[0].mode = 'showing'")
    await page.wait_for_function("localStorage.getItem('codezest:captions') === 'on'")
    await page.reload()
    await page.wait_for_function(shown)


async def test_a_step_that_is_done_is_done_everywhere_on_the_page(
    profiles: Profiles, course: Course, enrolled: Enrolled
) -> None:
    token = await enrolled()
    page = await profiles.page(token)
    await page.goto(f"/materials/{course.material('ARTICLE')}")
    contents = page.get_by_role("navigation", name=course.title)
    here = contents.locator("[aria-current=page]")
    await expect(here.get_by_role("img", name="In progress")).to_be_visible()
    await expect(contents).to_contain_text(f"0 of {course.items}")
    await page.evaluate("window.same = true")
    await page.get_by_role("button", name="Mark as complete").click()
    await expect(here.get_by_role("img", name="Done")).to_be_visible()
    await expect(contents).to_contain_text(f"1 of {course.items}")
    await expect(page.get_by_role("link", name=re.compile("^Next: "))).to_be_focused()
    await expect(page.get_by_role("button", name="Mark as complete")).to_have_count(0)
    assert await page.evaluate("window.same") is True, "the page is the same one"
    assert await violations(page) == []

    plain = await profiles.page(token, java_script_enabled=False)
    await plain.goto(f"/materials/{course.material('CODE_EXAMPLE')}")
    await plain.get_by_role("button", name="Mark as complete").click()
    await expect(plain.get_by_role("navigation", name=course.title)).to_contain_text(f"2 of {course.items}")


async def test_a_program_in_a_lesson_is_kept_and_starts_over(
    profiles: Profiles, course: Course, enrolled: Enrolled
) -> None:
    token = await enrolled()
    page = await profiles.page(token)
    lesson = f"/materials/{course.material('INTERACTIVE')}"
    await page.goto(lesson)
    await expect(editor(page)).to_be_visible()
    starter = await code_in(page)
    await write_program(page, "print('mine')\n")
    await expect(page.locator(".code-cell [data-editor-state]")).to_have_text(re.compile("^Saved "))
    await page.get_by_role("button", name="Run").click()
    await expect(page.locator("[data-results]")).to_contain_text("mine")
    await page.reload()
    assert await code_in(page) == "print('mine')\n"
    await page.get_by_role("button", name="Start over").click()
    assert await code_in(page) == starter
    await page.get_by_role("button", name="Undo").click()
    assert await code_in(page) == "print('mine')\n"
    await page.get_by_role("button", name="Start over").click()
    await expect(page.locator(".code-cell [data-editor-state]")).to_have_text(re.compile("^Saved "))
    elsewhere = await profiles.page(token)
    await elsewhere.goto(lesson)
    assert await code_in(elsewhere) == starter
