use super::*;
use crate::Carrier;

fn call() -> NewCall {
    NewCall::new("+815010010000", "+815030000000", "https://a.example/voice", Default::default())
}

#[actix_web::test]
async fn records_what_was_done_and_counts_its_sids() {
    let carrier = ScriptedCarrier::new();
    let made = carrier.create_call(&call()).await.unwrap();
    assert_eq!(made.sid, format!("CA{:032x}", 1));
    carrier.redirect_call(&made.sid, "https://a.example/next").await.unwrap();
    assert_eq!(carrier.hang_up(&made.sid).await.unwrap().status, CallStatus::Completed);
    assert!(matches!(carrier.hang_up(&made.sid).await, Err(CarrierError::NotInProgress)));
    let commands = carrier.take_commands();
    assert!(matches!(
        commands.as_slice(),
        [Command::CreateCall { .. }, Command::RedirectCall { .. }, Command::HangUp { .. }]
    ));
    assert!(carrier.commands().is_empty());
}

#[actix_web::test]
async fn a_lost_answer_may_have_been_done_or_not() {
    let carrier = ScriptedCarrier::new();
    carrier.fail_next(1, Fault::LostBefore);
    carrier.fail_next(1, Fault::LostAfter);
    assert!(carrier.create_call(&call()).await.unwrap_err().is_ambiguous());
    assert!(carrier.calls().is_empty());
    assert!(carrier.create_call(&call()).await.unwrap_err().is_ambiguous());
    assert_eq!(carrier.calls().len(), 1);
    assert!(carrier.create_call(&call()).await.is_ok());
}

#[actix_web::test]
async fn a_room_is_a_new_conference_after_its_end() {
    let carrier = ScriptedCarrier::new();
    let customer = carrier.create_call(&call()).await.unwrap();
    let first = carrier.join("room", &customer.sid);
    let agent = NewParticipant::new("+81701001000", "+815030000000", Default::default());
    let agent = carrier.create_participant("room", &agent).await.unwrap();
    assert_eq!(agent.conference_sid, first);
    assert_eq!(carrier.participants(&first).await.unwrap().len(), 2);
    let hold = ParticipantUpdate { hold: Some(true), ..Default::default() };
    assert!(carrier.update_participant(&first, &customer.sid, &hold).await.unwrap().hold);
    carrier.end_conference(&first).await.unwrap();
    assert!(carrier.participants(&first).await.unwrap().is_empty());
    assert_ne!(carrier.join("room", &customer.sid), first);
}
