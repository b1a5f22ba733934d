//! A body that does not come, on a real socket and in virtual time.

use crate::world::World;
use actix_http::HttpService;
use actix_web::{
    dev::{Service, ServiceFactory, fn_factory},
    rt, test,
};
use std::{convert::Infallible, net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::Instant,
};
use tsunagu_http::App;
use tsunagu_store::{CustomerFilter, CustomerStore, Paging};

/// Serves the app on this thread, whose time is the test's: the server's workers have their own.
async fn serve(app: App) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    rt::spawn(async move {
        let app = fn_factory(move || {
            let app = app.clone();
            let app = actix_web::App::new().configure(move |service| app.configure(service));
            async { Ok::<_, Infallible>(test::init_service(app).await) }
        });
        let http = HttpService::build().client_disconnect_timeout(Duration::from_secs(1)).finish(app).tcp();
        let http = http.new_service(()).await.unwrap();
        while let Ok((stream, _)) = listener.accept().await {
            rt::spawn(http.call(stream));
        }
    });
    address
}

/// Sends this, and nothing more; gives what comes until the other side closes, and after how long it did.
async fn send_and_wait(address: SocketAddr, request: &str) -> (String, Duration) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let begun = Instant::now();
    let mut answer = String::new();
    let closed = tokio::time::timeout(Duration::from_secs(120), stream.read_to_string(&mut answer)).await;
    closed.unwrap_or_else(|_| panic!("still open after {answer:?} to {request}")).unwrap();
    (answer, begun.elapsed())
}

#[actix_web::test]
async fn a_body_that_does_not_come_is_given_up_and_nothing_is_done() {
    let world = World::new().await;
    let token = world.client(&world.ours.admin).await.token.unwrap();
    let address = serve(world.app.clone()).await;
    let whole = r#"{"name":"山田","phone":"+819012345678"}"#;
    // All that matters is there, only the end is not.
    let length = whole.len() + 1;
    let json = format!(
        "POST /api/customers HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json"
    );
    let form = "POST /api/twilio/call/status/x HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded";
    let upload = format!(
        "POST /api/customers/import HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: multipart/form-data; boundary=y"
    );
    let rows = "--y\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nname,phone\r\n山田,+8190";
    let requests = [
        format!("{json}\r\nContent-Length: {length}\r\n\r\n{whole}"),
        format!("{form}\r\nContent-Length: 100\r\n\r\nCallSid=CA1"),
        format!("{upload}\r\nContent-Length: 1000\r\n\r\n{rows}"),
    ];
    let all = CustomerFilter::default();
    let customers =
        || async { world.store.customers(world.ours.company, &all, Paging::default()).await.unwrap().total };
    let before = customers().await;
    tokio::time::pause();
    for request in requests {
        let (answer, waited) = send_and_wait(address, &request).await;
        assert!(answer.starts_with("HTTP/1.1 408 Request Timeout\r\n"), "{request}\n{answer}");
        let head = answer.to_lowercase();
        assert!(head.contains("\r\nconnection: close\r\n"), "{request}\n{answer}");
        assert!(answer.contains(r#""code":"slow_body""#), "{request}\n{answer}");
        assert!((30..35).contains(&waited.as_secs()), "{waited:?}");
    }
    assert_eq!(customers().await, before);
}
