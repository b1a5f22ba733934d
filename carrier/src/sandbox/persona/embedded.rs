//! The persona files that come with the program.

/// One file's name and text.
macro_rules! persona {
    ($name:literal) => {
        ($name, include_str!(concat!("../../../../config/personas/", $name)))
    };
}

/// File names and texts, in the order of the names.
pub(super) const SOURCES: &[(&str, &str)] = &[
    persona!("absent.toml"),
    persona!("absent_until_three.toml"),
    persona!("agent_accepts.toml"),
    persona!("agent_accepts_slowly.toml"),
    persona!("agent_declines.toml"),
    persona!("agent_engaged.toml"),
    persona!("agent_leaves_at_once.toml"),
    persona!("agent_no_answer.toml"),
    persona!("agent_not_in_use.toml"),
    persona!("agent_rings_off.toml"),
    persona!("agent_voicemail.toml"),
    persona!("asks_a_question.toml"),
    persona!("asks_company_first.toml"),
    persona!("asks_for_mail.toml"),
    persona!("asks_if_robot.toml"),
    persona!("asks_if_robot_en.toml"),
    persona!("busy_just_now.toml"),
    persona!("call_guard.toml"),
    persona!("callback_en.toml"),
    persona!("engaged.toml"),
    persona!("hangs_up.toml"),
    persona!("interested_at_once.toml"),
    persona!("interested_en.toml"),
    persona!("interested_manager.toml"),
    persona!("manual.toml"),
    persona!("manual_agent.toml"),
    persona!("mumbles.toml"),
    persona!("never_call_again.toml"),
    persona!("never_call_again_en.toml"),
    persona!("no_answer.toml"),
    persona!("not_in_use.toml"),
    persona!("refuses.toml"),
    persona!("refuses_en.toml"),
    persona!("silent.toml"),
    persona!("visitor.toml"),
    persona!("visitor_en.toml"),
    persona!("voicemail.toml"),
    persona!("voicemail_en.toml"),
    persona!("wrong_number.toml"),
];
