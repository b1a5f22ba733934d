//! The app with two companies in it, and a client that speaks to it.

use actix_web::{
    body::MessageBody,
    dev::{Service, ServiceResponse},
    http::Method,
    test,
};
use serde_json::Value;
use std::{
    sync::{Arc, LazyLock, Mutex},
    time::Duration,
};
use tsunagu_actors::{
    Answer as Answered, CallDefaults, CampaignDesk, CampaignLimits, Clock, Courier, DeliveryDesk,
    DeliveryPorts, HubHandle, Letter, Ports, Switchboard, Trouble, Webhooks, fresh,
};
use tsunagu_call::{CallId, CompanyId, CustomerId, Input, Leg, LegStatus, Rules, Time, UserId};
use tsunagu_carrier::{sandbox::persona::Cast, script::ScriptedCarrier};
use tsunagu_conversation::{Engine, Limits};
use tsunagu_http::{App, Demo, Rate, Secrets, SignInLimits, Targets, Voices, hash_password};
use tsunagu_store::{
    AgentSettings, Availability, Company, CompanySettings, CompanySpeech, Customer, MemoryStore, Store, User,
    UserRole,
};
use tsunagu_twiml::signature::Verifier;

/// The password of everybody.
pub const PASSWORD: &str = "correct horse";
pub const JWT_SECRET: &str = "a secret of the test";
/// bcrypt's lowest cost.
const COST: u32 = 4;

static ENGINE: LazyLock<Arc<Engine>> = LazyLock::new(|| Arc::new(Engine::embedded().unwrap()));

/// The app and what stands behind it.
pub struct World {
    pub app: App,
    pub store: Arc<MemoryStore>,
    pub carrier: ScriptedCarrier,
    /// What was posted to receivers, each of which answers 200.
    pub posted: Arc<Posted>,
    /// The company that most tests are about.
    pub ours: Team,
    /// Another one.
    pub theirs: Team,
}

/// A courier that keeps what it should post.
#[derive(Debug, Default)]
pub struct Posted(pub Mutex<Vec<Letter>>);

#[async_trait::async_trait]
impl Courier for Posted {
    async fn post(&self, letter: Letter) -> Result<Answered, Trouble> {
        self.0.lock().unwrap().push(letter);
        Ok(Answered { status: 200, retry_after: None })
    }

    fn longest(&self) -> Duration {
        Duration::from_secs(1)
    }
}

/// A company with its people.
pub struct Team {
    pub company: CompanyId,
    pub admin: User,
    pub supervisor: User,
    /// Has settings, a telephone, and is available.
    pub agent: User,
    /// An agent without settings.
    pub colleague: User,
    pub customer: CustomerId,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: actix_web::http::header::HeaderMap,
    pub text: String,
}

impl World {
    pub async fn new() -> Self {
        Self::with_rules(Rules::default()).await
    }

    /// With so many tries at the door.
    pub async fn limited(limits: &SignInLimits) -> Self {
        Self::with(Rules::default(), limits).await
    }

    pub async fn with_rules(rules: Rules) -> Self {
        Self::with(rules, &unlimited()).await
    }

    async fn with(rules: Rules, limits: &SignInLimits) -> Self {
        let store = Arc::new(MemoryStore::new());
        let carrier = ScriptedCarrier::new();
        let base_url = "https://calls.example.jp";
        let ports = Ports {
            store: store.clone(),
            carrier: Arc::new(carrier.clone()),
            engine: ENGINE.clone(),
            clock: Clock::real(),
            webhooks: Webhooks::new(base_url),
            hub: HubHandle::start(),
        };
        let posted = Arc::<Posted>::default();
        let delivery_ports =
            DeliveryPorts { store: store.clone(), courier: posted.clone(), clock: Clock::real() };
        let defaults = CallDefaults { from: "+815030000000".into(), rules, limits: Limits::default() };
        let (board, defaults) = (Switchboard::start(ports, Vec::new()), Arc::new(defaults));
        board.recover().await.unwrap();
        let campaigns = CampaignDesk::open(board.clone(), defaults.clone(), CampaignLimits::default());
        let app = App {
            board,
            campaigns,
            defaults,
            secrets: Arc::new(secrets(limits)),
            verifier: Arc::new(Verifier::new(["token"])),
            voices: Arc::new(Voices::embedded(&ENGINE).unwrap()),
            base_url: base_url.into(),
            imports: Arc::default(),
            origins: Arc::new(["https://desk.example.jp".to_owned()]),
            deliveries: DeliveryDesk::start(delivery_ports, None),
            targets: Targets::default(),
            simulated: true,
            demo: Some(Demo::new(Cast::embedded().unwrap(), "http://127.0.0.1:9").unwrap()),
            advisor: None,
            metrics: None,
        };
        let password = hash_password(PASSWORD, COST).await.unwrap();
        let ours = Team::new(&*store, "青空商事", "ours", &password).await;
        let theirs = Team::new(&*store, "よその会社", "theirs", &password).await;
        Self { app, store, carrier, posted, ours, theirs }
    }

    /// The client of somebody who has signed in.
    pub async fn client(&self, user: &User) -> Client {
        let body = serde_json::json!({ "email": user.email, "password": PASSWORD });
        let answer = self.nobody().post("/api/auth/login", &body).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        self.with_token(answer.json()["token"].as_str().unwrap())
    }

    /// The client of somebody who has not.
    pub fn nobody(&self) -> Client {
        Client { app: self.app.clone(), token: None, address: None }
    }

    /// A client with whatever token.
    pub fn with_token(&self, token: &str) -> Client {
        Client { app: self.app.clone(), token: Some(token.to_owned()), address: None }
    }

    /// A call that somebody has started, and the sid of the customer's leg.
    pub async fn call_by(&self, user: &User, customer: CustomerId) -> (CallId, String) {
        let client = self.client(user).await;
        let body = serde_json::json!({ "customerId": customer });
        let answer = client.post("/api/calls/start", &body).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        let data = answer.json()["data"].clone();
        (
            data["callId"].as_str().unwrap().parse().unwrap(),
            data["twilioCallSid"].as_str().unwrap().to_owned(),
        )
    }

    /// The customer picks up, and the AI says who is calling.
    pub async fn answer(&self, call: CallId, call_sid: &str) {
        let status = LegStatus::InProgress;
        let input =
            Input::Progress { leg: Leg::Customer, call_sid: call_sid.to_owned(), status, sequence: Some(1) };
        self.app.board.tell(call, input).await.unwrap();
        self.app.board.tell(call, Input::CustomerAsks { call_sid: call_sid.to_owned() }).await.unwrap();
    }

    /// One more customer of a company.
    pub async fn customer(&self, company: CompanyId, phone: &str) -> CustomerId {
        customer(&*self.store, company, phone).await
    }
}

/// Our secrets, with a trusted proxy at 10.0.0.1.
fn secrets(limits: &SignInLimits) -> Secrets {
    let proxies = vec!["10.0.0.1/32".parse().unwrap()];
    Secrets::with_cost(JWT_SECRET.into(), COST).limited(limits).behind(proxies)
}

/// More tries than any test makes.
pub fn unlimited() -> SignInLimits {
    let rate = Rate::new(1_000_000, 1_000_000);
    SignInLimits { address: rate, account: rate, strangers: rate, sign_ups: rate, refreshes: rate }
}

impl Team {
    async fn new(store: &dyn Store, name: &str, mark: &str, password: &str) -> Self {
        let company = id();
        let made = Company {
            id: company,
            name: name.to_owned(),
            address: None,
            business_type: None,
            employees: None,
            description: None,
            settings: CompanySettings::default(),
            speech: CompanySpeech::default(),
            created_at: now(),
        };
        store.create_company(made).await.unwrap();
        let mut people = Vec::new();
        for (given, role) in [
            ("admin", UserRole::Admin),
            ("supervisor", UserRole::Supervisor),
            ("agent", UserRole::Agent),
            ("colleague", UserRole::Agent),
        ] {
            let user = User {
                id: id(),
                company_id: company,
                email: format!("{given}@{mark}.example.jp"),
                password_hash: password.to_owned(),
                first_name: given.to_owned(),
                last_name: "山田".to_owned(),
                phone: None,
                role,
                disabled: false,
                session_epoch: 0,
                created_at: now(),
            };
            store.create_user(user.clone()).await.unwrap();
            people.push(user);
        }
        let [admin, supervisor, agent, colleague] = <[User; 4]>::try_from(people).unwrap();
        let mut settings = AgentSettings::new(agent.id, company);
        settings.phone_number = Some("+819011112222".into());
        settings.conversation_settings.company_name = name.to_owned();
        store.put_agent_settings(settings).await.unwrap();
        store.set_agent_status(company, agent.id, Availability::Available, now()).await.unwrap();
        let customer = customer(store, company, "+81312345678").await;
        Self { company, admin, supervisor, agent, colleague, customer }
    }
}

async fn customer(store: &dyn Store, company: CompanyId, phone: &str) -> CustomerId {
    let customer = Customer {
        id: id(),
        company_id: company,
        name: "鈴木 一郎".into(),
        company: Some("海山工業".into()),
        phone: phone.to_owned(),
        email: None,
        notes: None,
        status: None,
        do_not_call: false,
        wrong_number: false,
        last_call_at: None,
        last_call_result: None,
        next_call_at: None,
        created_at: now(),
    };
    store.create_customer(customer.clone()).await.unwrap();
    customer.id
}

/// An id of nothing yet.
pub fn id<T>() -> tsunagu_call::Id<T> {
    fresh(now())
}

pub fn now() -> Time {
    Clock::real().now()
}

/// Makes a change to a user.
pub async fn change(world: &World, user: UserId, change: impl FnOnce(&mut User)) {
    use tsunagu_store::UserStore;
    let mut user = world.store.find_user(user).await.unwrap().unwrap();
    change(&mut user);
    world.store.update_user(user).await.unwrap();
}

/// Speaks to the app, signed in or not.
#[derive(Clone)]
pub struct Client {
    app: App,
    pub token: Option<String>,
    address: Option<std::net::IpAddr>,
}

impl Client {
    /// The same from this address.
    pub fn at(mut self, address: &str) -> Self {
        self.address = Some(address.parse().unwrap());
        self
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, |request| request).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::POST, path, |request| request.set_json(body)).await
    }

    pub async fn remove(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, |request| request).await
    }

    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::PUT, path, |request| request.set_json(body)).await
    }

    pub async fn patch(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::PATCH, path, |request| request.set_json(body)).await
    }

    pub async fn send(
        &self,
        method: Method,
        path: &str,
        shape: impl FnOnce(test::TestRequest) -> test::TestRequest,
    ) -> Answer {
        let app = self.app.clone();
        let service =
            test::init_service(actix_web::App::new().configure(|service| app.configure(service))).await;
        let mut request = test::TestRequest::with_uri(path).method(method);
        if let Some(address) = self.address {
            request = request.peer_addr((address, 4711).into());
        }
        if let Some(token) = &self.token {
            request = request.insert_header(("Authorization", format!("Bearer {token}")));
        }
        Answer::read(service.call(shape(request).to_request()).await.unwrap()).await
    }
}

impl Answer {
    async fn read<B: MessageBody>(response: ServiceResponse<B>) -> Self {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = test::read_body(response).await;
        Self { status, headers, text: String::from_utf8_lossy(&body).into_owned() }
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// What an answer of success holds; checks its envelope.
    #[track_caller]
    pub fn data(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        let json = self.json();
        assert_eq!(json["success"], true, "{}", self.text);
        json["data"].clone()
    }

    /// The machine word of a failure; checks its envelope.
    #[track_caller]
    pub fn failure(&self, status: u16) -> String {
        assert_eq!(self.status, status, "{}", self.text);
        let json = self.json();
        let keys: Vec<_> = json.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(keys, ["code", "details", "error", "message", "success"], "{}", self.text);
        assert_eq!(json["success"], false);
        assert_eq!(json["error"], json["message"]);
        assert!(!json["error"].as_str().unwrap().is_empty());
        json["code"].as_str().unwrap().to_owned()
    }

    /// The fields that a failure blames.
    pub fn blamed(&self) -> Vec<String> {
        let json = self.json();
        let details = json["details"].as_array().unwrap();
        details.iter().map(|detail| detail["field"].as_str().unwrap().to_owned()).collect()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}
