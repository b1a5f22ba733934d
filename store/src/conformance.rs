//! What every backend must do, as one suite that is run over each of them.
//!
//! A backend's tests call [`conformance_suite!`](crate::conformance_suite) with an expression that makes an empty store;
//! each rule becomes a test of its own.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a suite of tests")]
#![allow(missing_docs, reason = "each function is a rule, and named after it")]

pub mod agents;
pub mod callbacks;
pub mod calls;
pub mod campaigns;
pub mod companies;
pub mod customers;
pub mod fixture;
pub mod history;
pub mod imports;
pub mod invitations;
pub mod journal;
pub mod life;
pub mod lists;
pub mod load;
pub mod nodes;
pub mod tokens;
pub mod users;
pub mod webhooks;

/// Makes a test of each rule. The expression gives an empty store (an `Arc<dyn Store>`) and something that is kept
/// until the test is over, such as its folder. The rules of [`load`] are apart (`conformance_suite! { load: … }`) from all the
/// others (`conformance_suite! { rules: … }`) for a backend whose tests have a slow server.
#[macro_export]
macro_rules! conformance_suite {
    ($empty:expr) => {
        $crate::conformance_suite! { rules: $empty }
        $crate::conformance_suite! { load: $empty }
    };
    (load: $empty:expr) => {
        $crate::conformance_suite! { $empty;
            load: [what_is_kept_of_deliveries_is_bounded, what_waits_is_bounded_and_the_rest_is_dead] }
    };
    (rules: $empty:expr) => {
        $crate::conformance_suite! { $empty;
            journal: [
                what_is_committed_is_read_back_in_order, a_journal_has_no_gap_and_no_fork,
                a_commit_writes_both_or_neither, an_unknown_call_takes_no_commit, an_opening_is_checked,
                commits_are_applied_in_the_order_of_calling, a_failed_commit_fails_those_that_build_on_it,
                a_dropped_receipt_takes_nothing_back, of_many_writers_exactly_one_wins_each_place,
                a_call_of_ten_thousand_entries_is_read_in_pages, a_batch_suffers_nobody_for_another,
            ]
            calls: [
                a_customer_is_in_one_call_at_a_time, who_may_not_be_rung_is_not,
                nobody_is_rung_and_removed_at_once, of_many_openings_for_a_customer_one_wins,
                a_key_opens_one_call, a_key_is_forgotten_after_its_time, of_many_openings_with_a_key_one_is_new,
                a_call_that_is_over_and_settled_is_not_live, a_call_is_not_revived_beside_another,
                a_call_stays_with_its_company_and_customer, a_long_transcript_reads_back,
                a_company_sees_only_its_own_calls, recorded_calls_are_found_by_age_in_pages,
            ]
            history: [
                calls_are_searched_by_customer_and_notes, calls_are_found_by_what_was_said, calls_are_read_on_from_a_place,
                a_line_tells_how_the_recording_stands,
                figures_follow_what_is_put_right, figures_are_parted_by_the_places_days,
            ]
            lists: [calls_are_listed_newest_first_in_pages, calls_are_filtered, a_page_beyond_the_end_is_empty]
            agents: [
                candidates_are_those_who_may_work_and_have_settings, settings_are_replaced,
                settings_and_status_are_for_the_companys_own_users, of_many_reservers_one_gets_the_agent,
                a_reservation_is_renewed_taken_up_and_given_back, an_agent_is_freed_once,
                who_claims_a_call_is_promised_to_no_other, who_was_given_back_is_not_seated_by_what_comes_late,
                settings_are_changed_by_many_at_once, a_profile_is_changed, results_are_counted,
                who_comes_back_does_what_they_did, only_the_promises_that_are_over_are_released, nobody_reserves_a_stranger, live_calls_are_counted,
            ]
            companies: [
                a_company_is_kept_and_changed, a_companys_phrases_and_scripts_are_kept_and_counted, a_company_is_founded_with_its_first_user_or_not_at_all,
                an_email_address_is_taken_once, users_are_found_and_replaced,
                a_company_sees_only_its_own_users, companies_are_read_one_after_the_other,
            ]
            users: [
                users_are_listed_in_pages_and_filtered, a_user_is_changed, a_company_keeps_an_admin,
                of_two_admins_who_leave_at_once_one_stays, who_is_disabled_is_signed_out,
                who_is_disabled_keeps_their_call_and_gets_no_other, a_password_is_changed_from_the_one_that_is_known,
                a_password_reset_is_good_once_and_for_a_while, a_password_reset_is_void_for_who_is_disabled,
            ]
            invitations: [
                an_invitation_is_kept_shown_and_revoked, an_invitation_is_accepted_once,
                an_invitation_is_for_whom_it_names, invitations_expire_and_are_bounded,
            ]
            customers: [
                a_customer_is_kept_changed_and_removed, a_number_is_taken_once_in_a_company,
                customers_are_searched_and_sorted, a_change_and_a_mark_do_not_undo_each_other,
                what_calls_find_out_is_noted, a_company_sees_only_its_own_customers,
                width_and_kana_and_hyphens_do_not_matter, customers_are_found_by_their_flags,
                customers_are_read_one_after_the_other, many_are_entered_or_changed, of_many_all_are_entered_or_none,
                who_is_in_a_call_is_not_removed,
            ]
            imports: [an_import_is_kept_and_noted, the_oldest_imports_are_forgotten]
            callbacks: [
                a_call_makes_one_promise, callbacks_are_listed_as_they_fall_due, a_callback_is_changed,
                of_many_who_take_a_callback_one_gets_it,
            ]
            campaigns: [
                a_campaign_is_kept_changed_and_removed, campaigns_are_listed_newest_first,
                a_step_is_taken_from_where_it_begins, a_customer_is_on_a_list_once,
                of_many_who_claim_each_entry_goes_to_one,
                nobody_is_claimed_who_is_not_due_or_of_a_campaign_that_does_not_run,
                an_entry_is_replaced_only_as_it_was_seen, entries_are_counted_by_kind,
                prospects_tell_what_stands_in_the_way, of_two_campaigns_with_a_customer_the_later_one_knows,
                a_campaign_is_driven_until_nothing_is_to_be_done,
            ]
            tokens: [
                of_many_spenders_one_gets_it_fresh, a_token_is_void_when_its_time_is_over,
                a_revoked_family_stays_revoked, a_users_tokens_are_revoked, expired_tokens_are_forgotten,
            ]
            webhooks: [
                webhooks_are_kept_changed_and_removed, a_company_has_so_many_webhooks_at_most,
                what_changes_a_call_is_noted_with_it_for_those_who_want_it, an_event_is_queued_once_for_a_webhook,
                deliveries_of_a_call_keep_their_order_for_a_while, dead_letters_are_replayed,
                a_receiver_that_is_gone_is_switched_off,
            ]
            life: [a_closed_store_refuses, what_an_operator_watches_is_counted]
        }
    };
    ($empty:expr; $($part:ident: [$($rule:ident),* $(,)?])*) => {$(
        mod $part {
            use super::*;
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $rule() {
                    let (store, _kept) = $empty;
                    $crate::conformance::$part::$rule(store).await;
                }
            )*
        }
    )*};
}

/// Makes a test of each rule about nodes that share a store. The expression gives two handles of one empty store, each of a node
/// of its own, and something that is kept until the test is over.
#[macro_export]
macro_rules! sharing_suite {
    ($handles:expr) => {
        $crate::sharing_suite! { $handles; [
            who_wrote_last_owns_the_call, what_is_wanted_is_in_the_hands_of_who_wrote_it,
            of_two_who_take_over_one_does, a_call_that_somebody_owns_is_adopted_by_nobody, what_was_opened_lately_is_found_even_when_it_is_over, what_is_over_is_held_by_nobody, signs_are_seen_until_a_node_is_forgotten,
            journals_of_live_calls_are_read_together,
            a_delivery_is_claimed_by_one_node_at_a_time, one_node_at_a_time_rings_for_campaigns,
            what_agents_do_is_seen_by_all_nodes, sign_ins_that_end_are_seen_by_all_nodes,
            of_writers_on_two_nodes_exactly_one_wins_each_place,
        ] }
    };
    ($handles:expr; [$($rule:ident),* $(,)?]) => {
        mod sharing {
            use super::*;
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $rule() {
                    let (ours, theirs, _kept) = $handles;
                    $crate::conformance::nodes::$rule(ours, theirs).await;
                }
            )*
        }
    };
}
