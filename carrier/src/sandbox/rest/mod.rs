//! Twilio's REST API: `/2010-04-01/Accounts/{AC}/…`.

mod address;
mod calls;
mod conferences;
mod error;
mod form;
mod gate;
mod new_call;
pub mod page;
mod participants;
mod recordings;
mod streams;

pub use address::address;
pub use error::RestError;
pub use gate::Socket;

use actix_web::middleware::from_fn;
use actix_web::web::{self, ServiceConfig};
use form::Fields;

/// Longest body of a request, in bytes.
pub const MAX_BODY: usize = 64 * 1024;

/// Adds the API's routes.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(
            web::scope("/2010-04-01/Accounts/{account}")
                .wrap(from_fn(gate::pass))
                .service(web::resource("/Calls.json").post(calls::create).get(calls::list))
                .service(
                    web::resource("/Calls/{call}.json")
                        .get(calls::fetch)
                        .post(calls::update)
                        .delete(calls::delete),
                )
                .service(
                    web::resource("/Calls/{call}/Recordings.json")
                        .post(recordings::start)
                        .get(recordings::list_of_call),
                )
                .service(
                    web::resource("/Calls/{call}/Recordings/{recording}.json")
                        .post(recordings::update_of_call)
                        .get(recordings::fetch_nested)
                        .delete(recordings::delete_nested),
                )
                .service(web::resource("/Calls/{call}/Streams.json").post(streams::start))
                .service(web::resource("/Calls/{call}/Streams/{stream}.json").post(streams::stop))
                .service(web::resource("/Conferences.json").get(conferences::list))
                .service(
                    web::resource("/Conferences/{conference}.json")
                        .get(conferences::fetch)
                        .post(conferences::update),
                )
                .service(
                    web::resource("/Conferences/{conference}/Participants.json")
                        .post(participants::create)
                        .get(participants::list),
                )
                .service(
                    web::resource("/Conferences/{conference}/Participants/{call}.json")
                        .get(participants::fetch)
                        .post(participants::update)
                        .delete(participants::delete),
                )
                .service(
                    web::resource("/Conferences/{conference}/Recordings.json")
                        .get(recordings::list_of_conference),
                )
                .service(
                    web::resource("/Conferences/{conference}/Recordings/{recording}.json")
                        .post(recordings::update_of_conference)
                        .get(recordings::fetch_nested)
                        .delete(recordings::delete_nested),
                )
                .service(web::resource("/Recordings.json").get(recordings::list))
                .service(
                    web::resource("/Recordings/{recording}.json")
                        .get(recordings::fetch)
                        .delete(recordings::delete),
                )
                .service(web::resource("/Recordings/{recording}").get(recordings::media))
                .default_service(web::to(error::no_such_resource)),
        )
        .service(
            web::resource("/2010-04-01/Accounts/{account}.json")
                .wrap(from_fn(gate::pass))
                .get(conferences::account),
        );
}
