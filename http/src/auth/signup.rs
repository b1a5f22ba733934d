//! `POST /signup`, `/register`: a new company and its first user, who is its admin.

use super::session::{Account, Pair, signed_up};
use crate::{App, envelope::Body, error::ApiError};
use actix_web::{HttpResponse, rt, web::Data};
use secrecy::SecretString;
use tsunagu_actors::fresh;
use tsunagu_store::{Company, CompanySettings, StoreError, User, UserRole, normal_email};

/// The longest name of a person or a company, in characters.
const NAME: usize = 200;
/// The longest text that a company writes about itself, in characters.
const DESCRIPTION: usize = 2000;

struct SignUp {
    company_name: String,
    email: String,
    password: SecretString,
    first_name: String,
    last_name: String,
    phone: String,
    address: Option<String>,
    business_type: Option<String>,
    employees: Option<String>,
    description: Option<String>,
}

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
            session_epoch: 0,
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
