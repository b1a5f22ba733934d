//! `POST /signup`, `/register`: a new company and its first user, who is its admin; with an `invitation`, a new user of the
//! company that invited them.

use super::{
    gate::Peer,
    join::Invited,
    session::{Account, Pair, Session, signed_up},
};
use crate::{
    App,
    envelope::{Body, Failure},
    error::ApiError,
};
use actix_web::{HttpResponse, rt, web::Data};
use secrecy::SecretString;
use tsunagu_actors::fresh;
use tsunagu_call::{CompanyId, Time};
use tsunagu_store::{Company, CompanySettings, CompanySpeech, User, UserRole, normal_email};
use utoipa::ToSchema;

/// The longest name of a person or a company, in characters.
pub(crate) const NAME: usize = 200;
/// The longest text that a company writes about itself, in characters.
const DESCRIPTION: usize = 2000;

/// A new user, of a new company or of the one that invited them.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes the body: what is asked depends on the invitation")]
struct SignUp {
    /// Required without an invitation.
    #[schema(max_length = 200)]
    company_name: Option<String>,
    /// The token of an invitation: joins that company, with the role of the invitation.
    #[schema(max_length = 200)]
    invitation: Option<String>,
    /// With an invitation, the address that was invited.
    #[schema(max_length = 254, format = Email)]
    email: String,
    /// Not one that is easily guessed; 72 bytes at most.
    #[schema(value_type = String, min_length = 8, max_length = 72, format = "new-password")]
    password: SecretString,
    #[schema(min_length = 1, max_length = 200, pattern = "\\S")]
    first_name: String,
    #[schema(min_length = 1, max_length = 200, pattern = "\\S")]
    last_name: String,
    /// International (`+81…`) or national Japanese.
    #[schema(max_length = 40, format = "phone", example = "03-1234-5678")]
    phone: String,
    #[schema(max_length = 200)]
    address: Option<String>,
    #[schema(max_length = 200)]
    business_type: Option<String>,
    #[schema(max_length = 200)]
    employees: Option<String>,
    #[schema(max_length = 2000)]
    description: Option<String>,
}

/// Who signs up.
struct Newcomer {
    email: String,
    password: SecretString,
    first_name: String,
    last_name: String,
    phone: String,
    joins: Joins,
}

/// Where they will work.
enum Joins {
    /// At the company that invited them.
    Invited(Box<Invited>),
    /// At a company of their own.
    New(Founding),
}

/// What is said about a new company.
#[derive(Default)]
struct Founding {
    name: String,
    address: Option<String>,
    business_type: Option<String>,
    employees: Option<String>,
    description: Option<String>,
}

/// Sign a new company up, of which whoever does is the admin; or join the company that invited you.
#[utoipa::path(
    post, path = "/signup", tag = "auth", request_body = SignUp,
    responses(
        (status = 201, description = "Signed up, and signed in", body = Session<'static>),
        (status = 409, description = "`email_in_use`", body = Failure),
        (status = 429, description = "`too_many_tries`; try again after `Retry-After` seconds", body = Failure),
    ),
)]
pub(super) async fn signup(app: Data<App>, from: Peer, mut body: Body) -> Result<HttpResponse, ApiError> {
    app.secrets.gate.sign_up(from)?;
    let asked = Newcomer::read(&app, &mut body).await?;
    body.done()?;
    // Once begun it is brought to its end, also for a client that does not wait.
    let done = rt::spawn(async move { asked.apply(&app).await });
    done.await.map_err(|error| ApiError::Faulty(error.into()))?
}

impl Newcomer {
    async fn read(app: &App, body: &mut Body) -> Result<Self, ApiError> {
        let invited = Invited::read(app, body).await?;
        let joins = match invited {
            Some(invited) => Joins::Invited(Box::new(invited)),
            // Who was invited in vain is not asked for a company's name.
            None if body.is_refused("invitation") => Joins::New(Founding::default()),
            None => Joins::New(Founding::read(body)),
        };
        let asked = Self {
            email: normal_email(&body.email("email")),
            password: body.password("password"),
            first_name: body.text("firstName", NAME),
            last_name: body.text("lastName", NAME),
            phone: body.phone("phone"),
            joins,
        };
        let company = match &asked.joins {
            Joins::Invited(invited) => {
                if !body.is_refused("email") && asked.email != invited.invitation.email {
                    body.refuse("email", "must be the address that was invited");
                }
                &invited.company.name
            }
            Joins::New(founding) => &founding.name,
        };
        let about = [&asked.email, &asked.first_name, &asked.last_name, company];
        body.judge_password("password", &asked.password, &about.map(String::as_str));
        Ok(asked)
    }

    async fn apply(self, app: &App) -> Result<HttpResponse, ApiError> {
        let ports = app.board.ports();
        if ports.store.user_by_email(&self.email).await?.is_some() {
            return Err(ApiError::email_in_use());
        }
        let password_hash = app.secrets.passwords.hash(self.password).await?;
        let now = ports.clock.now();
        let user = |company_id: CompanyId, role: UserRole| User {
            id: fresh(now),
            company_id,
            email: self.email,
            password_hash,
            first_name: self.first_name,
            last_name: self.last_name,
            phone: Some(self.phone),
            role,
            disabled: false,
            session_epoch: 0,
            created_at: now,
        };
        let (user, company) = match self.joins {
            Joins::Invited(invited) => {
                let user = user(invited.company.id, invited.invitation.role);
                invited.accept(app, user.clone()).await?;
                tracing::info!(company = %user.company_id, user = %user.id, "invitation accepted");
                (user, invited.company)
            }
            Joins::New(founding) => {
                let company = founding.company(now);
                let user = user(company.id, UserRole::Admin);
                ports.store.found_company(company.clone(), user.clone()).await?;
                tracing::info!(company = %company.id, user = %user.id, "company signed up");
                (user, company)
            }
        };
        Ok(signed_up(Pair::begin(app, &user).await?, &Account::of(&user, &company)))
    }
}

impl Founding {
    fn read(body: &mut Body) -> Self {
        Self {
            name: body.text("companyName", NAME),
            address: body.optional_text("address", NAME),
            business_type: body.optional_text("businessType", NAME),
            employees: body.optional_text_or_number("employees", NAME),
            description: body.optional_text("description", DESCRIPTION),
        }
    }

    fn company(self, now: Time) -> Company {
        Company {
            id: fresh(now),
            name: self.name,
            address: self.address,
            business_type: self.business_type,
            employees: self.employees,
            description: self.description,
            settings: CompanySettings::default(),
            speech: CompanySpeech::default(),
            created_at: now,
        }
    }
}
