"""Conferences, those in them, and recordings."""

import requests
from twilio.twiml.voice_response import Dial, VoiceResponse

EVENTS = "start end join leave mute hold modify announcement"


def enter(stage, room, label, **attributes):
    """TwiML that leads into a room."""
    response = VoiceResponse()
    dial = Dial(action=stage.url(f"left-{label}"))
    dial.conference(
        room,
        participant_label=label,
        status_callback=stage.url("room"),
        status_callback_event=EVENTS,
        beep=False,
        **attributes,
    )
    response.append(dial)
    return str(response)


def two_in_a_room(stage, room, **attributes):
    """Rings two quiet people into a room: their calls, and the conference once it is in progress."""
    calls = []
    for label in ("one", "two"):
        stage.answer(f"left-{label}", "<Response><Hangup/></Response>")
        calls.append(stage.ring("manual", twiml=enter(stage, room, label, **attributes)))
        event(stage, "participant-join", ParticipantLabel=label)
    found = stage.until(
        lambda: stage.client.conferences.list(friendly_name=room, status="in-progress"),
        lambda found: found,
        "the conference",
    )
    stage.equal(len(found), 1, "conferences in the room")
    return calls, found[0]


def event(stage, name, **fields):
    return stage.wait(
        "room",
        lambda hook: hook["StatusCallbackEvent"] == name
        and all(hook[key] == value for key, value in fields.items()),
    )


def a_conference(stage):
    room = stage.room()
    calls, conference = two_in_a_room(stage, room)
    start = event(stage, "conference-start")
    stage.equal((start["ConferenceSid"], start["FriendlyName"]), (conference.sid, room), "the beginning")
    stage.expect(conference.sid.startswith("CF"), conference.sid)
    here = stage.client.conferences(conference.sid)
    stage.equal(here.fetch().status, "in-progress", "the conference")
    stage.equal({one.call_sid for one in here.participants.list()}, {call.sid for call in calls}, "those in it")
    one = here.participants("one").fetch()
    stage.equal((one.call_sid, one.label, one.status), (calls[0].sid, "one", "connected"), "one by label")
    stage.equal((one.muted, one.hold, one.coaching), (False, False, False), "as they came in")

    stage.expect(here.participants("one").update(muted=True).muted, "muted")
    stage.equal(event(stage, "participant-mute")["CallSid"], calls[0].sid, "who was muted")
    stage.equal([one.label for one in here.participants.list(muted=True)], ["one"], "the muted")
    stage.expect(not here.participants("one").update(muted=False).muted, "unmuted")
    event(stage, "participant-unmute", CallSid=calls[0].sid)

    stage.answer("hold", "<Response><Say>please hold</Say></Response>")
    stage.expect(
        here.participants(calls[1].sid).update(hold=True, hold_url=stage.url("hold"), hold_method="POST").hold, "held"
    )
    event(stage, "participant-hold", CallSid=calls[1].sid)
    stage.wait("hold")
    stage.expect(not here.participants(calls[1].sid).update(hold=False).hold, "taken off hold")
    event(stage, "participant-unhold", CallSid=calls[1].sid)

    stage.answer("announcement", "<Response><Say>this call is recorded</Say></Response>")
    here.update(announce_url=stage.url("announcement"), announce_method="POST")
    stage.wait("announcement")
    event(stage, "announcement-end")
    changed = here.participants("two").update(end_conference_on_exit=True)
    stage.expect(changed.end_conference_on_exit, "ends with two")
    event(stage, "participant-modify", CallSid=calls[1].sid)

    stage.expect(here.participants("one").delete(), "one is taken out")
    stage.equal(event(stage, "participant-leave")["CallSid"], calls[0].sid, "who left")
    stage.wait("left-one")
    stage.refused(404, 20404, lambda: here.participants("one").fetch(), "no longer there")

    ended = here.update(status="completed")
    stage.equal(ended.sid, conference.sid, "what was ended")
    end = event(stage, "conference-end")
    stage.equal(end["ReasonConferenceEnded"], "conference-ended-via-api", "why it ended")
    left = stage.wait("left-two")
    stage.equal(left["DialCallStatus"], "answered", "how the leg goes on")
    over = here.fetch()
    stage.equal((over.status, over.reason_conference_ended), ("completed", "conference-ended-via-api"), "over")
    stage.equal(here.participants.list(), [], "nobody is in it any more")
    stage.refused(404, 20404, lambda: here.participants("two").update(muted=True), "nor can be changed")
    numbers = [int(hook["SequenceNumber"]) for hook in stage.seen("room")]
    stage.equal(len(numbers), len(set(numbers)), "each event has its own number")


def an_agent_is_added(stage):
    room = stage.room()
    calls, conference = two_in_a_room(stage, room)
    here = stage.client.conferences(conference.sid)
    by_name = stage.client.conferences(room).participants.create(
        to=stage.number("manual"),
        from_=stage.sender,
        label="three",
        beep="false",
        end_conference_on_exit=True,
        status_callback=stage.url("three"),
        status_callback_event=["initiated", "ringing", "answered", "completed"],
    )
    stage.equal(by_name.conference_sid, conference.sid, "the room's live conference")
    stage.equal((by_name.label, by_name.end_conference_on_exit), ("three", True), "as it was asked for")
    stage.expect(by_name.status in ("queued", "connecting", "ringing"), f"on the way: {by_name.status}")
    joined = event(stage, "participant-join", ParticipantLabel="three")
    stage.equal(joined["CallSid"], by_name.call_sid, "who joined")
    stage.equal(len(here.participants.list()), 3, "those in it")
    stage.refused(
        400,
        16025,
        lambda: here.participants.create(to=stage.number("manual"), from_=stage.sender, label="three"),
        "a label is taken",
    )
    stage.client.calls(by_name.call_sid).update(status="completed")
    end = event(stage, "conference-end")
    stage.equal(
        end["ReasonConferenceEnded"], "participant-with-end-conference-on-exit-left", "it ends when three leaves"
    )
    for call in calls:
        stage.status(call.sid, "completed")


def nobody_comes(stage):
    room = stage.room()
    _, conference = two_in_a_room(stage, room)
    here = stage.client.conferences(conference.sid)
    added = here.participants.create(to=stage.number("busy"), from_=stage.sender, label="engaged")
    left = event(stage, "participant-leave", CallSid=added.call_sid)
    stage.equal(left["ReasonParticipantLeft"], "participant_add_failed", "why")
    stage.equal(left["ParticipantCallStatus"], "busy", "how")
    stage.equal(len(here.participants.list()), 2, "the others stay")
    here.update(status="completed")


def a_call_is_recorded(stage):
    call = stage.ring(
        "manual",
        twiml='<Response><Say>this is being recorded</Say><Pause length="2"/><Hangup/></Response>',
        record=True,
        recording_channels="dual",
        recording_status_callback=stage.url("recording"),
    )
    hook = stage.wait("recording", lambda hook: hook["RecordingStatus"] == "completed")
    stage.equal((hook["CallSid"], hook["RecordingChannels"]), (call.sid, "2"), "what was recorded")
    found = stage.client.calls(call.sid).recordings.list()
    stage.equal([recording.sid for recording in found], [hook["RecordingSid"]], "the call's recordings")
    recording = stage.client.recordings(hook["RecordingSid"]).fetch()
    stage.equal((recording.status, recording.channels, recording.call_sid), ("completed", 2, call.sid), "the recording")
    stage.expect(int(recording.duration) >= 1, f"its length: {recording.duration}")
    media = requests.get(
        f"{stage.settings.base_url}/2010-04-01/Accounts/{stage.settings.account}/Recordings/{recording.sid}.wav",
        auth=(stage.settings.account, stage.settings.token),
        timeout=30,
    )
    stage.equal((media.status_code, media.content[:4], media.content[8:12]), (200, b"RIFF", b"WAVE"), "its sound")
    stage.expect(stage.client.recordings(recording.sid).delete(), "deleted")
    stage.refused(404, 20404, lambda: stage.client.recordings(recording.sid).fetch(), "gone")


def a_conference_is_recorded(stage):
    room = stage.room()
    _, conference = two_in_a_room(
        stage,
        room,
        record="record-from-start",
        recording_status_callback=stage.url("recording"),
        recording_status_callback_event="in-progress completed",
    )
    here = stage.client.conferences(conference.sid)
    stage.wait("recording", lambda hook: hook["RecordingStatus"] == "in-progress")
    current = here.recordings("Twilio.CURRENT")
    stage.equal(current.update(status="paused", pause_behavior="skip").status, "paused", "paused")
    stage.equal(current.update(status="in-progress").status, "in-progress", "going on")
    here.update(status="completed")
    hook = stage.wait("recording", lambda hook: hook["RecordingStatus"] == "completed")
    stage.equal(hook["ConferenceSid"], conference.sid, "what was recorded")
    found = here.recordings.list()
    stage.equal([recording.sid for recording in found], [hook["RecordingSid"]], "its recordings")


CHECKS = [a_conference, an_agent_is_added, nobody_comes, a_call_is_recorded, a_conference_is_recorded]
