"""Calls: made, listened to, changed, ended, refused."""

from twilio.twiml.voice_response import Gather, VoiceResponse

from stage import FINAL

QUIET = '<Response><Pause length="600"/></Response>'
EVENTS = ["initiated", "ringing", "answered", "completed"]


def a_call_as_created(stage):
    to = stage.number("manual")
    call = stage.client.calls.create(to=to, from_=stage.sender, twiml=QUIET)
    stage.equal((call.to, call._from, call.direction), (to, stage.sender, "outbound-api"), "who rings whom")
    stage.equal(call.status, "queued", "a new call")
    stage.equal(call.account_sid, stage.settings.account, "the account")
    stage.expect(call.sid.startswith("CA") and len(call.sid) == 34, f"a sid: {call.sid}")
    stage.expect(call.date_created is not None, "the date of creation is RFC 2822")
    stage.equal((call.duration, call.end_time, call.answered_by), (None, None, None), "not known yet")
    stage.expect(call.uri.endswith(f"/Calls/{call.sid}.json"), f"uri: {call.uri}")
    stage.expect("recordings" in (call.subresource_uris or {}), "subresources")
    live = stage.status(call.sid, "in-progress")
    stage.expect(live.start_time is not None, "a start")
    ended = stage.client.calls(call.sid).update(status="completed")
    stage.equal(ended.sid, call.sid, "the call that was ended")
    over = stage.status(call.sid, "completed")
    stage.expect(over.duration is not None and int(over.duration) >= 0, f"duration: {over.duration}")
    stage.expect(over.end_time >= over.start_time, "it ends after it starts")
    stage.refused(400, 21220, lambda: stage.client.calls(call.sid).update(status="completed"), "over is over")
    stage.refused(400, 21220, lambda: stage.client.calls(call.sid).update(twiml=QUIET), "no redirect after it")
    stage.expect(stage.client.calls(call.sid).delete(), "an ended call can be deleted")
    stage.refused(404, 20404, lambda: stage.client.calls(call.sid).fetch(), "deleted")


def errors(stage):
    calls = stage.client.calls
    nobody = "CA" + "0" * 32
    url = stage.url("never")
    stage.refused(404, 20404, lambda: calls(nobody).fetch(), "fetching an unknown call")
    stage.refused(404, 20404, lambda: calls(nobody).update(status="completed"), "ending an unknown call")
    stage.refused(400, 21211, lambda: calls.create(to="12", from_=stage.sender, url=url), "To is no number")
    stage.refused(
        400, 21212, lambda: calls.create(to=stage.number("manual"), from_="nobody", url=url), "From is no number"
    )
    stage.refused(
        400,
        21205,
        lambda: calls.create(to=stage.number("manual"), from_=stage.sender, url="not a url"),
        "Url is no URL",
    )
    stage.refused(
        401, 20003, lambda: stage.client_with("wrong").calls.create(to="x", from_="y", url=url), "a wrong token"
    )
    stage.refused(404, 20404, lambda: stage.client.conferences("CF" + "0" * 32).fetch(), "an unknown conference")
    stage.refused(404, 20404, lambda: stage.client.recordings("RE" + "0" * 32).fetch(), "an unknown recording")


def ways_not_to_answer(stage):
    expected = {"busy": "busy", "failed": "failed", "no-answer": "no-answer"}
    made = {
        persona: stage.ring(
            persona,
            url=stage.url("never"),
            timeout=5,
            status_callback=stage.url(f"status-{persona}"),
            status_callback_event=EVENTS,
        )
        for persona in expected
    }
    for persona, status in expected.items():
        over = stage.status(made[persona].sid, status)
        stage.expect(over.duration in (None, "0"), f"{persona}: nothing was said: {over.duration}")
        last = stage.wait(f"status-{persona}", lambda hook: hook["CallStatus"] in FINAL)
        stage.equal(last["CallStatus"], status, f"{persona}: the last callback")
        stage.equal(last["CallSid"], made[persona].sid, f"{persona}: its call")
    stage.equal(stage.seen("never"), [], "nobody answered: no TwiML is asked for")


def given_up_while_ringing(stage):
    for given in ("canceled", "completed"):
        call = stage.ring("no-answer", url=stage.url("never"), timeout=600)
        stage.status(call.sid, "ringing")
        stage.client.calls(call.sid).update(status=given)
        over = stage.until(
            lambda: stage.client.calls(call.sid).fetch(), lambda call: call.status in FINAL, "the end"
        )
        stage.expect(over.status in ("canceled", "completed"), f"given up with {given}: {over.status}")
        stage.refused(
            400, 21220, lambda: stage.client.calls(call.sid).update(status="completed"), "nothing to end"
        )


def a_talk(stage):
    def opening(hook):
        response = VoiceResponse()
        gather = Gather(
            input="speech dtmf", language="ja-JP", timeout=20, speech_timeout=2, action=stage.url("heard")
        )
        gather.say("お世話になっております。ご担当者様はいらっしゃいますでしょうか", language="ja-JP")
        response.append(gather)
        response.redirect(stage.url("voice"))
        return response

    def goodbye(hook):
        response = VoiceResponse()
        response.say("ありがとうございました。失礼いたします", language="ja-JP")
        response.hangup()
        return response

    stage.answer("voice", opening)
    stage.answer("heard", goodbye)
    call = stage.ring(
        "interested",
        url=stage.url("voice"),
        status_callback=stage.url("status"),
        status_callback_event=EVENTS,
    )
    asked = stage.wait("voice")
    stage.equal((asked["CallSid"], asked["CallStatus"]), (call.sid, "in-progress"), "the request for TwiML")
    stage.equal((asked["Direction"], asked["ApiVersion"]), ("outbound-api", "2010-04-01"), "its parameters")
    stage.equal((asked["To"], asked["Called"], asked["From"]), (call.to, call.to, stage.sender), "its numbers")
    heard = stage.wait("heard")
    stage.expect(heard["SpeechResult"], "somebody spoke")
    stage.expect(0 <= float(heard["Confidence"] or -1) <= 1, f"confidence: {heard['Confidence']}")
    stage.status(call.sid, "completed")
    stage.wait("status", lambda hook: hook["CallStatus"] == "completed")
    steps = sorted(stage.seen("status"), key=lambda hook: int(hook["SequenceNumber"]))
    stage.equal(
        [hook["CallStatus"] for hook in steps], ["initiated", "ringing", "in-progress", "completed"], "progress"
    )
    stage.equal([hook["SequenceNumber"] for hook in steps], ["0", "1", "2", "3"], "its numbers")
    stage.expect(all(hook["CallbackSource"] == "call-progress-events" for hook in steps), "its source")
    stage.expect(steps[-1]["CallDuration"] is not None, "its duration")


def a_key_is_pressed(stage):
    def whisper(hook):
        response = VoiceResponse()
        gather = Gather(input="dtmf", num_digits=1, timeout=20, action=stage.url("pressed"))
        gather.say("お客様がお待ちです。お受けになる場合は1を押してください", language="ja-JP")
        response.append(gather)
        return response

    stage.answer("whisper", whisper)
    stage.answer("pressed", "<Response><Hangup/></Response>")
    call = stage.ring("agent", url=stage.url("whisper"))
    pressed = stage.wait("pressed")
    stage.equal((pressed["Digits"], pressed["SpeechResult"]), ("1", None), "the key")
    stage.status(call.sid, "completed")


def a_live_call_is_redirected(stage):
    call = stage.ring("manual", twiml=QUIET)
    stage.status(call.sid, "in-progress")
    stage.answer("next", "<Response><Say>goodbye</Say><Hangup/></Response>")
    stage.client.calls(call.sid).update(url=stage.url("next"), method="POST")
    stage.equal(stage.wait("next")["CallSid"], call.sid, "the call that asks for the new document")
    stage.status(call.sid, "completed")


def the_fallback_is_asked(stage):
    stage.answer("broken", "this is not TwiML")
    stage.answer("fallback", "<Response><Hangup/></Response>")
    call = stage.ring("manual", url=stage.url("broken"), fallback_url=stage.url("fallback"))
    hook = stage.wait("fallback")
    stage.equal(hook["ErrorUrl"], stage.url("broken"), "what failed")
    stage.expect((hook["ErrorCode"] or "").isdigit(), f"how it failed: {hook['ErrorCode']}")
    stage.status(call.sid, "completed")


def a_machine_is_noticed(stage):
    call = stage.ring(
        "voicemail",
        twiml=QUIET,
        machine_detection="DetectMessageEnd",
        async_amd="true",
        async_amd_status_callback=stage.url("amd"),
    )
    hook = stage.wait("amd")
    stage.equal((hook["CallSid"], hook["AnsweredBy"]), (call.sid, "machine_end_beep"), "who answered")
    stage.expect((hook["MachineDetectionDuration"] or "").isdigit(), "how long that took")
    stage.equal(stage.client.calls(call.sid).fetch().answered_by, "machine_end_beep", "the call knows it")
    stage.client.calls(call.sid).update(status="completed")


def lists_and_pages(stage):
    to = stage.number("busy")
    made = {stage.client.calls.create(to=to, from_=stage.sender, url=stage.url("never")).sid for _ in range(3)}
    for sid in made:
        stage.status(sid, "busy")
    listed = stage.client.calls.list(to=to)
    stage.equal({call.sid for call in listed}, made, "the calls to one number")
    paged = [call.sid for call in stage.client.calls.stream(to=to, page_size=1)]
    stage.equal((set(paged), len(paged)), (made, 3), "one by one")
    stage.equal(len(stage.client.calls.list(to=to, limit=2)), 2, "no more than asked for")
    stage.equal(stage.client.calls.list(to=to, status="completed"), [], "none of them was answered")
    stage.equal(len(stage.client.calls.list(to=to, status="busy")), 3, "all of them were engaged")


CHECKS = [
    a_call_as_created,
    errors,
    ways_not_to_answer,
    given_up_while_ringing,
    a_talk,
    a_key_is_pressed,
    a_live_call_is_redirected,
    the_fallback_is_asked,
    a_machine_is_noticed,
    lists_and_pages,
]
