"""The chat page when something goes wrong: a service that is busy, slow, gone or restarted, and what is on
its way meanwhile."""

from __future__ import annotations

import json
from collections.abc import Callable

import browsing
import pytest
from browsing import MESSAGES, NURSES, Service, Visit, ask, fulfil, hold, reply

pytest.importorskip("playwright", reason="the tests of the page need: pip install 'career-chatbot[dev]'")
from playwright.sync_api import Route, expect

browser, service, own_service, visit = (
    browsing.browser,
    browsing.service,
    browsing.own_service,
    browsing.visit,
)


def test_what_is_on_its_way_when_a_new_conversation_begins_is_not_shown(visit: Visit):
    page = visit()
    held = hold(page, "**/v1/conversations", times=1)
    page.get_by_label("Your question").fill(NURSES)
    page.keyboard.press("Enter")
    expect(page.get_by_role("log")).to_contain_text("Looking it up")
    page.get_by_role("button", name="New conversation").click()
    held[0].continue_()
    ask(page, "and in california?")
    expect(page.locator(".reply")).to_have_count(1)
    expect(page.locator(".reply")).not_to_contain_text("Registered Nurses")


def test_a_late_reply_of_the_old_conversation_does_not_end_the_waiting_of_the_new_one(visit: Visit):
    page = visit()
    held = hold(page, MESSAGES)
    for question in ("old", "new"):
        page.get_by_label("Your question").fill(question)
        page.keyboard.press("Enter")
        expect(page.get_by_role("log")).to_contain_text("Looking it up")
        if question == "old":
            page.get_by_role("button", name="New conversation").click()
    with page.expect_response(MESSAGES):
        held[0].fulfill(status=200, json=reply(text="late"))
    page.evaluate("new Promise((done) => setTimeout(done, 50))")
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_disabled()
    held[1].fulfill(status=200, json=reply(text="for the new one"))
    expect(page.locator(".text")).to_have_text("for the new one")
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_enabled()


def test_a_question_is_sent_once(visit: Visit):
    page = visit()
    held = hold(page, MESSAGES)
    field = page.get_by_label("Your question")
    field.fill(NURSES)
    page.keyboard.press("Enter")
    expect(page.get_by_role("log")).to_contain_text("Looking it up")
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_disabled()
    field.fill("and in california?")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator(".asked")).to_have_count(1)
    expect(field).to_have_value("and in california?")
    assert len(held) == 1
    held[0].continue_()
    expect(page.locator(".reply")).to_contain_text("Registered Nurses in Texas")
    page.unroute(MESSAGES)
    page.keyboard.press("Enter")
    expect(page.locator(".reply").nth(1)).to_contain_text("Registered Nurses in California")


def test_a_busy_service_is_asked_again_when_it_says(visit: Visit, own_service: Callable[..., Service]):
    page = visit(own_service(rate=5))
    expect(page.locator("#examples button")).to_have_count(6)
    while page.request.get("/v1/topics").status != 429:
        pass
    page.get_by_label("Your question").fill(NURSES)
    page.keyboard.press("Enter")
    expect(page.get_by_role("log")).to_contain_text("Too many questions at once. Asking again in 1 second.")
    expect(page.locator(".reply")).to_contain_text("Registered Nurses in Texas")
    expect(page.locator(".asked")).to_have_count(1)


def test_for_a_long_wait_the_user_decides(visit: Visit):
    page = visit()
    page.route(MESSAGES, fulfil(429, **{"Retry-After": "120"}), times=1)
    page.get_by_label("Your question").fill(NURSES)
    page.keyboard.press("Enter")
    expect(page.locator(".reply")).to_have_text("Too many questions at once. Please wait 2 minutes.Try again")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".reply")).to_contain_text("Registered Nurses in Texas")


def test_it_gives_up_asking_again_after_three_times(visit: Visit):
    page = visit()
    page.clock.install()
    asked = []
    page.on(
        "request", lambda request: asked.append(request.url) if request.url.endswith("/messages") else None
    )
    page.route(MESSAGES, fulfil(503, **{"Retry-After": "1"}))
    page.get_by_label("Your question").fill(NURSES)
    page.keyboard.press("Enter")
    for number in range(1, 4):
        expect(page.get_by_role("button", name="Ask now")).to_be_enabled()
        assert len(asked) == number
        page.clock.run_for(1000)
    expect(page.get_by_role("button", name="Try again")).to_be_enabled()
    page.clock.run_for(60_000)
    assert len(asked) == 4


def test_a_service_without_conversations_answers_single_questions(
    visit: Visit, own_service: Callable[..., Service]
):
    page = visit(own_service(conversations="off"))
    ask(page, NURSES)
    expect(page.get_by_role("status")).to_have_text(
        "No conversations are kept here: each question stands by itself."
    )
    ask(page, "therapist pay")
    expect(page.locator(".reply").nth(1)).to_contain_text("Which of these do you mean?")
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".reply")).to_have_count(0)


def test_a_service_that_never_answers_is_given_up(visit: Visit):
    page = visit()
    page.clock.install()
    page.route(MESSAGES, lambda route: None, times=1)
    page.get_by_label("Your question").fill(NURSES)
    page.keyboard.press("Enter")
    page.clock.run_for(1000)
    expect(page.get_by_role("log")).to_contain_text("Looking it up")
    page.clock.run_for(20_000)
    expect(page.get_by_role("log")).to_contain_text("The service takes too long to answer.")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".reply")).to_contain_text("Registered Nurses in Texas")


def test_a_service_that_is_gone_and_comes_back(visit: Visit, own_service: Callable[..., Service]):
    running = own_service()
    page = visit(running)
    ask(page, NURSES)
    running.stop()
    page.get_by_label("Your question").fill("what do nurses earn in ohio")
    page.keyboard.press("Enter")
    expect(page.get_by_role("log")).to_contain_text("The service can't be reached just now.")
    expect(page.locator(".asked").nth(1)).to_contain_text("what do nurses earn in ohio")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("button", name="Try again")).to_be_enabled()
    running.start()  # it remembers no conversation of before
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".reply").nth(1)).to_contain_text("Registered Nurses in Ohio")
    expect(page.get_by_role("log")).to_contain_text(
        "The conversation above has expired. What follows is a new one."
    )
    expect(page.locator(".reply").nth(0)).to_contain_text("Registered Nurses in Texas")


def test_offline_is_said_and_the_question_outlives_a_reload(visit: Visit):
    page = visit()
    ask(page, "hi")
    page.context.set_offline(True)
    page.get_by_label("Your question").fill(NURSES)
    page.keyboard.press("Enter")
    expect(page.get_by_role("log")).to_contain_text("You seem to be offline.")
    page.context.set_offline(False)
    page.reload()
    expect(page.locator(".asked")).to_have_count(1)
    expect(page.get_by_label("Your question")).to_have_value(NURSES)


def test_an_answer_that_was_lost_on_its_way_is_there_after_a_reload(visit: Visit):
    page = visit()

    def lost(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route(MESSAGES, lost, times=1)
    page.get_by_label("Your question").fill(f" {NURSES} ")
    page.keyboard.press("Enter")
    expect(page.get_by_role("log")).to_contain_text("can't be reached")
    page.reload()
    expect(page.locator(".reply")).to_contain_text("Registered Nurses in Texas")
    expect(page.get_by_label("Your question")).to_have_value("")


def test_a_service_with_a_problem_says_so_in_one_line(visit: Visit):
    page = visit()
    page.route(MESSAGES, fulfil(200, "<html>a page of a proxy</html>"), times=1)
    page.route(MESSAGES, fulfil(503), times=1)
    page.get_by_label("Your question").fill(NURSES)
    page.keyboard.press("Enter")
    for _ in range(2):
        expect(page.locator(".trouble p")).to_have_text("The service can't answer just now.")
        page.get_by_role("button", name="Try again").click()
    expect(page.locator(".reply")).to_contain_text("Registered Nurses in Texas")


def test_a_question_that_is_refused_is_given_back(visit: Visit):
    page = visit()
    page.route(MESSAGES, fulfil(422, json.dumps({"detail": "question: at most 2000 characters"})))
    page.get_by_label("Your question").fill("so long")
    page.keyboard.press("Enter")
    expect(page.locator(".trouble")).to_have_text(
        "The service did not accept this: question: at most 2000 characters"
    )
    expect(page.get_by_label("Your question")).to_have_value("so long")


def test_without_its_cookie_no_conversation_is_kept_and_this_is_said(visit: Visit):
    page = visit()
    page.route(MESSAGES, fulfil(404))
    page.get_by_label("Your question").fill(NURSES)
    page.keyboard.press("Enter")
    expect(page.locator(".trouble")).to_contain_text("Please allow this site's cookie")


def test_an_expired_conversation_is_begun_anew(visit: Visit):
    page = visit()
    ask(page, NURSES)
    page.context.clear_cookies()
    ask(page, "what do nurses earn in ohio")
    expect(page.locator("#turns > li")).to_have_count(3)
    expect(page.locator("#turns > li").nth(1)).to_have_text(
        "The conversation above has expired. What follows is a new one."
    )
    expect(page.locator(".reply").nth(1)).to_contain_text("Registered Nurses in Ohio")


def test_a_conversation_that_can_t_be_loaded_is_not_lost(visit: Visit):
    page = visit()
    ask(page, NURSES)
    page.route("**/v1/conversations/*", fulfil(503), times=1)
    page.reload()
    expect(page.get_by_role("status")).to_contain_text("The service can't answer just now.")
    page.get_by_role("button", name="Show the conversation").click()
    expect(page.locator(".reply")).to_contain_text("Registered Nurses in Texas")


def test_what_can_t_be_deleted_now_is_not_called_deleted(visit: Visit):
    page = visit()
    ask(page, NURSES)
    page.context.set_offline(True)
    page.get_by_role("button", name="New conversation").click()
    expect(page.get_by_role("status")).to_have_text(
        "The old conversation can't be deleted just now. It will expire by itself."
    )
    expect(page.locator(".reply")).to_have_count(0)
    page.context.set_offline(False)
    ask(page, "hi")
    expect(page.locator(".reply")).to_contain_text("Hello!")
