//! Customers: entered, found, changed and removed; taken over from sheets and given out as one.

use crate::world::{Answer, Client, World, id, now};
use actix_web::http::Method;
use serde_json::{Value, json};
use tsunagu_call::{CustomerId, DocumentId, Time};
use tsunagu_store::{CustomerImport, CustomerStore, ImportReport, ImportState, ImportStore};

const BOUNDARY: &str = "-----list";

impl Client {
    async fn patch_customer(&self, customer: CustomerId, body: Value) -> Answer {
        let path = format!("/api/customers/{customer}");
        self.send(Method::PATCH, &path, |request| request.set_json(&body)).await
    }

    async fn delete_customer(&self, customer: CustomerId) -> Answer {
        self.send(Method::DELETE, &format!("/api/customers/{customer}"), |request| request).await
    }

    async fn upload(&self, path: &str, field: &str, file: &[u8]) -> Answer {
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\npassed over\r\n--{BOUNDARY}\r\n\
             Content-Disposition: form-data; name=\"{field}\"; filename=\"list.csv\"\r\nContent-Type: text/csv\r\n\r\n"
        );
        let body = [head.as_bytes(), file, format!("\r\n--{BOUNDARY}--\r\n").as_bytes()].concat();
        self.send(Method::POST, path, |request| {
            request
                .insert_header(("Content-Type", format!("multipart/form-data; boundary={BOUNDARY}")))
                .set_payload(body)
        })
        .await
    }

    async fn import(&self, file: &[u8]) -> Value {
        self.upload("/api/customers/import", "file", file).await.data(200)
    }
}

fn names(answer: &Answer) -> Vec<String> {
    let data = answer.data(200);
    data.as_array().unwrap().iter().map(|shown| shown["name"].as_str().unwrap().to_owned()).collect()
}

fn figures(report: &Value) -> (u64, u64, u64, u64) {
    let figure = |key: &str| report[key].as_u64().unwrap();
    (figure("imported"), figure("updated"), figure("skipped"), figure("errorCount"))
}

#[actix_web::test]
async fn a_customer_is_entered_shown_changed_and_removed() {
    let world = World::new().await;
    let client = world.client(&world.ours.agent).await;
    let new = json!({
        "name": " 山田 太郎 ", "company": "青空運輸", "phone": "090-1234-5678", "email": "yamada@example.jp",
        "notes": "夕方に\n二行目", "status": "見込み", "nextCallAt": "2026-11-22T10:00:00+09:00",
        "lastCallResult": "成功", "unknown": 7,
    });
    let entered = client.post("/api/customers", &new).await.data(201);
    assert_eq!(
        (entered["name"].as_str(), entered["phone"].as_str()),
        (Some("山田 太郎"), Some("+819012345678"))
    );
    assert_eq!(
        (entered["doNotCall"].as_bool(), entered["wrongNumber"].as_bool()),
        (Some(false), Some(false))
    );
    assert_eq!((&entered["lastCallAt"], &entered["lastCallResult"]), (&Value::Null, &Value::Null));
    assert_eq!(entered["nextCallAt"], "2026-11-22T01:00:00.000Z");
    assert_eq!(entered["companyId"], world.ours.company.to_string());
    let customer: CustomerId = entered["_id"].as_str().unwrap().parse().unwrap();
    let path = format!("/api/customers/{customer}");
    assert_eq!(client.get(&path).await.data(200), entered);

    let changed = client.patch_customer(customer, json!({ "status": null, "phone": "03-9876-5432" })).await;
    let changed = changed.data(200);
    assert_eq!((&changed["status"], &changed["notes"]), (&Value::Null, &entered["notes"]));
    assert_eq!(changed["phone"], "+81398765432");
    let changed = client.put(&path, &json!({ "doNotCall": true, "name": "山田 次郎" })).await.data(200);
    assert_eq!((changed["name"].as_str(), changed["doNotCall"].as_bool()), (Some("山田 次郎"), Some(true)));

    for person in [&world.ours.agent, &world.ours.supervisor] {
        assert_eq!(world.client(person).await.delete_customer(customer).await.failure(403), "forbidden");
    }
    let admin = world.client(&world.ours.admin).await;
    assert_eq!(admin.delete_customer(customer).await.data(200)["_id"], customer.to_string());
    assert_eq!(admin.delete_customer(customer).await.failure(404), "not_found");
    assert_eq!(client.get(&path).await.failure(404), "not_found");
}

#[actix_web::test]
async fn a_number_is_one_customers() {
    let world = World::new().await;
    let client = world.client(&world.ours.agent).await;
    let twin = json!({ "name": "別人", "phone": "03-1234-5678" });
    assert_eq!(client.post("/api/customers", &twin).await.failure(409), "phone_in_use");
    let other = world.customer(world.ours.company, "+819012345678").await;
    let taken = client.patch_customer(other, json!({ "phone": "03 1234 5678" })).await;
    assert_eq!(taken.failure(409), "phone_in_use");
    let stranger = world.client(&world.theirs.agent).await;
    assert_eq!(
        stranger.post("/api/customers", &json!({ "name": "a", "phone": "0311112222" })).await.status,
        201
    );
    assert_eq!(
        client.post("/api/customers", &json!({ "name": "a", "phone": "0311112222" })).await.status,
        201
    );
}

#[actix_web::test]
async fn every_field_that_is_wrong_is_told() {
    let world = World::new().await;
    let client = world.client(&world.ours.agent).await;
    let wrong = json!({
        "name": "長".repeat(201), "company": 7, "phone": "110", "email": "nobody", "notes": "\u{0}", "status": ["x"],
        "doNotCall": "yes", "wrongNumber": 1, "nextCallAt": "tomorrow",
    });
    let fields =
        ["company", "doNotCall", "email", "name", "nextCallAt", "notes", "phone", "status", "wrongNumber"];
    let blamed = |answer: Answer| {
        assert_eq!(answer.failure(422), "invalid");
        let mut blamed = answer.blamed();
        blamed.sort();
        blamed
    };
    assert_eq!(blamed(client.post("/api/customers", &wrong).await), fields);
    assert_eq!(blamed(client.patch_customer(world.ours.customer, wrong).await), fields);
    assert_eq!(blamed(client.post("/api/customers", &json!({})).await), ["name", "phone"]);
    let emptied = client.patch_customer(world.ours.customer, json!({ "name": null, "phone": "" })).await;
    assert_eq!(blamed(emptied), ["name", "phone"]);
    let nothing = client.patch_customer(world.ours.customer, json!({})).await.data(200);
    assert_eq!(nothing["name"], "鈴木 一郎");
}

#[actix_web::test]
async fn customers_are_searched_filtered_sorted_and_paged() {
    let world = World::new().await;
    let client = world.client(&world.ours.agent).await;
    for (name, phone, status) in
        [("ヤマダ タロウ", "090-1234-5678", "見込み"), ("Sato", "03-1111-2222", "既存")]
    {
        client
            .post("/api/customers", &json!({ "name": name, "phone": phone, "status": status }))
            .await
            .data(201);
    }
    let barred = client.patch_customer(world.ours.customer, json!({ "doNotCall": true })).await;
    barred.data(200);
    let of = |query: &str| {
        let (client, path) = (client.clone(), format!("/api/customers?{query}"));
        async move { names(&client.get(&path).await) }
    };
    let encoded = |text: &str| {
        let mut query = form(text);
        query.insert_str(0, "search=");
        query
    };
    for text in ["やまだ", "ﾔﾏﾀﾞ", "090-1234", "+81 90 1234 5678", "０９０１２３４"] {
        assert_eq!(of(&encoded(text)).await, ["ヤマダ タロウ"], "{text}");
    }
    assert_eq!(of(&encoded("海山")).await, ["鈴木 一郎"]);
    assert_eq!(of("doNotCall=true").await, ["鈴木 一郎"]);
    assert_eq!(of("doNotCall=false&sort=name").await, ["Sato", "ヤマダ タロウ"]);
    assert_eq!(of("wrongNumber=true").await, [""; 0]);
    assert_eq!(of(&format!("status={}", form("既存"))).await, ["Sato"]);
    assert_eq!(of("status=&search=&sort=createdAt").await.len(), 3);
    let page = client.get("/api/customers?sort=createdAt&page=2&limit=2").await;
    assert_eq!((page.data(200).as_array().unwrap().len(), page.json()["total"].as_u64()), (1, Some(3)));
    let wrong = client.get("/api/customers?sort=phone&doNotCall=1&page=0&colour=blue").await;
    assert_eq!(wrong.failure(422), "invalid");
    assert_eq!(wrong.blamed(), ["page", "sort", "doNotCall", "colour"]);
    let stranger = world.client(&world.theirs.agent).await;
    assert_eq!(names(&stranger.get("/api/customers?search=Sato").await), [""; 0]);
}

fn form(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[actix_web::test]
async fn whoever_is_barred_is_not_rung() {
    let world = World::new().await;
    let client = world.client(&world.ours.agent).await;
    let order = json!({ "customerId": world.ours.customer });
    let start = || client.post("/api/calls/start", &order);
    for (field, code) in [("doNotCall", "do_not_call"), ("wrongNumber", "wrong_number")] {
        client.patch_customer(world.ours.customer, json!({ field: true })).await.data(200);
        assert_eq!(start().await.failure(409), code);
        client.patch_customer(world.ours.customer, json!({ field: false })).await.data(200);
    }
    client.import("phone,dnc\n03-1234-5678,yes\n".as_bytes()).await;
    assert_eq!(start().await.failure(409), "do_not_call");
    client.patch_customer(world.ours.customer, json!({ "doNotCall": false })).await.data(200);
    start().await.data(201);
}

#[actix_web::test]
async fn nobody_is_removed_during_a_call() {
    let world = World::new().await;
    let (call, _) = world.call_by(&world.ours.supervisor, world.ours.customer).await;
    let admin = world.client(&world.ours.admin).await;
    assert_eq!(admin.delete_customer(world.ours.customer).await.failure(409), "customer_busy");
    admin.post(&format!("/api/calls/{call}/end"), &json!({})).await.data(200);
    admin.delete_customer(world.ours.customer).await.data(200);
}

#[actix_web::test]
async fn another_companys_customer_is_not_there() {
    let world = World::new().await;
    let stranger = world.client(&world.theirs.admin).await;
    for customer in [world.ours.customer, id()] {
        assert_eq!(stranger.get(&format!("/api/customers/{customer}")).await.failure(404), "not_found");
        assert_eq!(
            stranger.patch_customer(customer, json!({ "notes": "x" })).await.failure(404),
            "not_found"
        );
        assert_eq!(stranger.delete_customer(customer).await.failure(404), "not_found");
    }
    assert_eq!(stranger.get("/api/customers/nobody").await.failure(404), "not_found");
    for (method, path) in [
        (Method::GET, "/api/customers"),
        (Method::POST, "/api/customers/import"),
        (Method::GET, "/api/customers/export.csv"),
        (Method::GET, "/api/customers/imports/000000000000000000000000"),
        (Method::DELETE, "/api/customers/000000000000000000000000"),
    ] {
        let answer = world.nobody().send(method, path, |request| request).await;
        assert_eq!(answer.failure(401), "not_signed_in", "{path}");
    }
    assert_eq!(
        stranger.post("/api/customers/export.csv", &json!({})).await.failure(405),
        "method_not_allowed"
    );
}

#[actix_web::test]
async fn a_list_is_taken_over_and_its_bad_rows_are_told() {
    let world = World::new().await;
    let client = world.client(&world.ours.agent).await;
    let file = "氏名,会社名,電話番号,メール,備考,社員番号\r\n\
                山田 太郎,青空運輸,090-1234-5678,yamada@example.jp,\"夕方, \"\"必ず\"\"\r\n二行目\",1\r\n\
                ,,03-1234-5678,,更新だけ,2\r\n\
                \r\n\
                佐藤,,12,bad,,3\r\n\
                ,,03-5555-6666,,名なし,4\r\n\
                高橋,,０３−７７７７−８８８８,,,5,,\r\n\
                多い,,03-7777-8889,,,6,7\r\n";
    let report = client.import(file.as_bytes()).await;
    assert_eq!(figures(&report), (2, 1, 3, 4));
    assert_eq!(report["encoding"], "UTF-8");
    let errors: Vec<(u64, &str)> = report["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| (error["row"].as_u64().unwrap(), error["field"].as_str().unwrap()))
        .collect();
    assert_eq!(errors, [(5, "email"), (5, "phone"), (6, "name"), (8, "")]);
    let found = client.get("/api/customers?search=yamada").await.data(200);
    assert_eq!(found[0]["notes"], "夕方, \"必ず\"\r\n二行目");
    let known = client.get(&format!("/api/customers/{}", world.ours.customer)).await.data(200);
    assert_eq!((known["name"].as_str(), known["notes"].as_str()), (Some("鈴木 一郎"), Some("更新だけ")));

    let progress = client.get(&format!("/api/customers/imports/{}", report["_id"].as_str().unwrap())).await;
    let progress = progress.data(200);
    assert_eq!((progress["state"].as_str(), figures(&progress)), (Some("done"), (2, 1, 3, 4)));
    assert_eq!(progress["bytes"].as_u64(), Some(file.len() as u64));
    let again = client.import(file.as_bytes()).await;
    assert_eq!(figures(&again), (0, 3, 3, 4));
}

#[actix_web::test]
async fn excels_shift_jis_is_seen() {
    let world = World::new().await;
    let client = world.client(&world.ours.agent).await;
    // 名前,電話番号 / 山田,090-1234-5678 in Shift_JIS
    let file = b"\x96\xbc\x91\x4f,\x93\x64\x98\x62\x94\xd4\x8d\x86\r\n\x8e\x52\x93\x63,090-1234-5678\r\n";
    let report = client.import(file).await;
    assert_eq!((figures(&report), report["encoding"].as_str()), ((1, 0, 0, 0), Some("Shift_JIS")));
    assert_eq!(names(&client.get("/api/customers?search=0901234").await), ["山田"]);
}

#[actix_web::test]
async fn a_list_never_lifts_a_bar() {
    let world = World::new().await;
    let client = world.client(&world.ours.agent).await;
    client.patch_customer(world.ours.customer, json!({ "doNotCall": true })).await.data(200);
    client.import(b"phone,doNotCall,notes\n0312345678,false,x\n").await;
    let kept = client.get(&format!("/api/customers/{}", world.ours.customer)).await.data(200);
    assert_eq!((kept["doNotCall"].as_bool(), kept["notes"].as_str()), (Some(true), Some("x")));
}

#[actix_web::test]
async fn what_is_no_list_is_refused() {
    let world = World::new().await;
    let client = world.client(&world.ours.agent).await;
    let path = "/api/customers/import";
    for file in [&b""[..], b"name,company\na,b\n", b"\xff\xfen\0", b"PK\x03\x04xxxx"] {
        let refused = client.upload(path, "file", file).await;
        assert_eq!((refused.failure(422).as_str(), refused.blamed()), ("invalid", vec!["file".to_owned()]));
    }
    assert_eq!(client.upload(path, "data", b"phone\n").await.blamed(), ["file"]);
    assert_eq!(client.post(path, &json!({})).await.failure(415), "unsupported_media_type");
    let without = client
        .send(Method::POST, path, |request| request.insert_header(("Content-Type", "multipart/form-data")))
        .await;
    assert_eq!(without.failure(415), "unsupported_media_type");
    let large = client
        .send(Method::POST, path, |request| {
            request
                .insert_header(("Content-Type", "multipart/form-data; boundary=x"))
                .insert_header(("Content-Length", "99999999999"))
        })
        .await;
    assert_eq!(large.failure(413), "too_large");
    let cut = client
        .send(Method::POST, path, |request| {
            request
                .insert_header(("Content-Type", "multipart/form-data; boundary=x"))
                .set_payload("--x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nname,ph")
        })
        .await;
    assert_eq!(cut.failure(400), "malformed");
    let import: DocumentId = id();
    let named = format!("{path}?id={import}");
    client.upload(&named, "file", b"name,phone\nx,0399998888\n").await.data(200);
    assert_eq!(client.upload(&named, "file", b"phone\n").await.failure(409), "import_id_in_use");
    assert_eq!(client.upload(&format!("{path}?id=x&y=1"), "file", b"").await.blamed(), ["id", "y"]);
    let stranger = world.client(&world.theirs.agent).await;
    assert_eq!(stranger.get(&format!("/api/customers/imports/{import}")).await.failure(404), "not_found");
}

#[actix_web::test]
async fn an_import_is_known_after_a_restart() {
    let mut world = World::new().await;
    let import: DocumentId = id();
    let path = |import: DocumentId| format!("/api/customers/imports/{import}");
    let client = world.client(&world.ours.agent).await;
    let named = format!("/api/customers/import?id={import}");
    client.upload(&named, "file", b"name,phone\nx,0399998888\ny,1\n").await.data(200);
    let done = client.get(&path(import)).await.data(200);
    let running = |seen_at| CustomerImport {
        id: id(),
        company_id: world.ours.company,
        state: ImportState::Running,
        bytes: 7,
        total_bytes: Some(9),
        report: ImportReport { imported: 3, ..ImportReport::default() },
        started_at: now(),
        seen_at,
        finished_at: None,
    };
    let (silent, lately) = (running(now().plus_millis(-60_000)), running(now()));
    for import in [&silent, &lately] {
        world.store.begin_import(import.clone(), 20, Time::from_millis(0)).await.unwrap();
    }

    // A process that has run none of them.
    world.app.imports = std::sync::Arc::default();
    let client = world.client(&world.ours.agent).await;
    assert_eq!(client.get(&path(import)).await.data(200), done);
    assert_eq!(client.upload(&named, "file", b"phone\n").await.failure(409), "import_id_in_use");
    let told = client.get(&path(silent.id)).await.data(200);
    assert_eq!((told["state"].as_str(), told["imported"].as_u64()), (Some("failed"), Some(3)));
    assert!(told["finishedAt"].is_string(), "{told}");
    let told = client.get(&path(lately.id)).await.data(200);
    assert_eq!((told["state"].as_str(), &told["finishedAt"]), (Some("running"), &Value::Null));
}

#[actix_web::test]
async fn the_errors_listed_are_bounded_and_all_are_counted() {
    let world = World::new().await;
    let client = world.client(&world.ours.agent).await;
    let file = format!("name,phone\n{}last,03-5555-7777\n", "x,1\n".repeat(1500));
    let report = client.import(file.as_bytes()).await;
    assert_eq!(figures(&report), (1, 0, 1500, 1500));
    assert_eq!(report["errors"].as_array().unwrap().len(), 1000);
}

#[actix_web::test]
async fn the_sheet_given_out_is_one_that_can_be_taken_over() {
    let world = World::new().await;
    let client = world.client(&world.ours.agent).await;
    let risky = json!({ "name": "=cmd|' /C calc'!A0", "company": "a,\"b\"", "phone": "0399998888", "notes": "-1\n+2" });
    client.post("/api/customers", &risky).await.data(201);
    let sheet = client.get("/api/customers/export.csv").await;
    assert_eq!(sheet.status, 200);
    assert_eq!(sheet.header("content-type"), Some("text/csv; charset=utf-8"));
    assert!(sheet.header("content-disposition").unwrap().contains("customers.csv"));
    let lines: Vec<&str> = sheet.text.split("\r\n").collect();
    assert!(lines[0].starts_with("\u{feff}name,company,phone,email,"));
    assert_eq!(lines[1], "鈴木 一郎,海山工業,+81312345678,,,,false,false,,,");
    assert!(
        lines[2].starts_with("'=cmd|' /C calc'!A0,\"a,\"\"b\"\"\",+81399998888,,\"'-1\n+2\","),
        "{}",
        lines[2]
    );

    let stranger = world.client(&world.theirs.agent).await;
    assert_eq!(figures(&stranger.import(sheet.text.as_bytes()).await), (1, 1, 0, 0));
    let taken = stranger.get("/api/customers?search=0399998888").await.data(200);
    for key in ["name", "company", "notes"] {
        assert_eq!(taken[0][key], risky[key]);
    }
    let some = client.get("/api/customers/export.csv?search=9999").await;
    assert_eq!(some.text.split("\r\n").count(), 3, "{}", some.text);
    assert_eq!(client.get("/api/customers/export.csv?page=1").await.blamed(), ["page"]);
}

#[actix_web::test]
async fn a_sheet_of_many_customers_is_whole() {
    let world = World::new().await;
    let client = world.client(&world.ours.agent).await;
    let rows: String = (0..1200).map(|number| format!("顧客{number},050-1000-{number:04}\n")).collect();
    let report = client.import(format!("name,phone\n{rows}").as_bytes()).await;
    assert_eq!(figures(&report), (1200, 0, 0, 0));
    let sheet = client.get("/api/customers/export.csv").await;
    assert_eq!(sheet.text.split("\r\n").count(), 1 + 1201 + 1);
    assert!((0..1200).all(|number| sheet.text.contains(&format!("顧客{number},,+815010"))));
    let kept = world.store.customer_by_phone(world.ours.company, "+815010001199").await.unwrap();
    assert_eq!(kept.unwrap().name, "顧客1199");
}
