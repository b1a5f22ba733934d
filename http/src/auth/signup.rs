//! `POST /signup`, `/register`: a new company and its first user, who is its admin.

use super::session::{Account, Pair, Session, signed_up};
use crate::{
    App,
    envelope::{Body, Failure},
    error::ApiError,
};
use actix_web::{HttpResponse, rt, web::Data};
use secrecy::SecretString;
use tsunagu_actors::fresh;
use tsunagu_store::{Company, CompanySettings, StoreError, User, UserRole, normal_email};
use utoipa::ToSchema;

/// The longest name of a person or a company, in characters.
const NAME: usize = 200;
/// The longest text that a company writes about itself, in characters.
const DESCRIPTION: usize = 2000;

/// A new company and its first user.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
struct SignUp {
    #[schema(min_length = 1, max_length = 200, pattern = "\\S")]
    company_name: String,
    #[schema(max_length = 254, format = Email)]
    email: String,
    #[schema(value_type = String, min_length = 8, max_length = 72, format = Password)]
    password: SecretString,
    #[schema(min_length = 1, max_length = 200, pattern = "\\S")]
    first_name: String,
    #[schema(min_length = 1, max_length = 200, pattern = "\\S")]
    last_name: String,
    /// International (`+81…`) or national Japanese.
    #[schema(max_length = 40, example = "03-1234-5678")]
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

/// Sign a new company up; whoever does is its admin.
#[utoipa::path(
    post, path = "/signup", tag = "auth", request_body = SignUp,
    responses(
        (status = 201, description = "Signed up, and signed in", body = Session<'static>),
        (status = 409, description = "`email_in_use`", body = Failure),
    ),
)]
pub(super) async fn signup(app: Data<App>, body: Body) -> Result<HttpResponse, ApiError> {
    let asked = SignUp::read(body)?;
    // Once begun it is brought to its end, also for a client that does not wait.
    let done = rt::spawn(async move { asked.apply(&app).await });
    done.await.map_err(|error| ApiError::Faulty(error.into()))?
}

impl SignUp {
    fn read(mut body: Body) -> Result<Self, ApiError> {
        let asked = Self {
            company_name: body.text("companyName", NAME),
            email: normal_email(&body.email("email")),
            password: body.new_password("password"),
            first_name: body.text("firstName", NAME),
            last_name: body.text("lastName", NAME),
            phone: body.phone("phone"),
            address: body.optional_text("address", NAME),
            business_type: body.optional_text("businessType", NAME),
            employees: body.optional_text_or_number("employees", NAME),
            description: body.optional_text("description", DESCRIPTION),
        };
        body.done()?;
        Ok(asked)
    }

    async fn apply(self, app: &App) -> Result<HttpResponse, ApiError> {
        let ports = app.board.ports();
        if ports.store.user_by_email(&self.email).await?.is_some() {
            return Err(email_in_use());
        }
        let password_hash = app.secrets.passwords.hash(self.password).await?;
        let now = ports.clock.now();
        let company = Company {
            id: fresh(now),
            name: self.company_name,
            address: self.address,
            business_type: self.business_type,
            employees: self.employees,
            description: self.description,
            settings: CompanySettings::default(),
            created_at: now,
        };
        let user = User {
            id: fresh(now),
            company_id: company.id,
            email: self.email,
            password_hash,
            first_name: self.first_name,
            last_name: self.last_name,
            phone: Some(self.phone),
            role: UserRole::Admin,
            disabled: false,
            created_at: now,
        };
        ports.store.create_company(company.clone()).await?;
        match ports.store.create_user(user.clone()).await {
            Err(StoreError::Duplicate { field: "email", .. }) => return Err(email_in_use()),
            result => result?,
        }
        tracing::info!(company = %company.id, user = %user.id, "company signed up");
        Ok(signed_up(Pair::begin(app, &user).await?, &Account::of(&user, &company)))
    }
}

fn email_in_use() -> ApiError {
    ApiError::Conflict {
        code: "email_in_use",
        sentence: "this e-mail address is in use; sign in instead".into(),
    }
}
