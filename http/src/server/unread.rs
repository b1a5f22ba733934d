//! A body in chunks that nobody reads to its end, as of a request that is refused: the connection is closed behind the answer.
//! The server would read on for as long as the client cares to send, since it does not know how much is to come; a body
//! whose length is known it closes by itself.

use actix_web::{
    Error, HttpMessage,
    body::{BodySize, MessageBody},
    dev::{Payload, ServiceRequest, ServiceResponse},
    error::PayloadError,
    http::header,
    middleware::Next,
    web::Bytes,
};
use futures_util::Stream;
use std::{
    cell::RefCell,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll},
};

/// A request's body, of which a part may be unread.
#[derive(Clone)]
struct Shared(Rc<RefCell<Payload>>);

/// An answer that keeps the request's body until it is sent: the server closes the connection when it is there and not at its
/// end, and not when it is gone.
struct Answer<B> {
    body: Pin<Box<B>>,
    _request: Option<Shared>,
}

/// The middleware.
pub(super) async fn close(
    mut request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let in_chunks = request.headers().contains_key(header::TRANSFER_ENCODING);
    let shared = in_chunks.then(|| Shared(Rc::new(RefCell::new(request.take_payload()))));
    if let Some(shared) = shared.clone() {
        request.set_payload(Payload::Stream { payload: Box::pin(shared) });
    }
    let response = next.call(request).await?;
    Ok(response.map_body(|_, body| Answer { body: Box::pin(body), _request: shared }))
}

impl Stream for Shared {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Pin::new(&mut *self.0.borrow_mut()).poll_next(cx)
    }
}

impl<B: MessageBody> MessageBody for Answer<B> {
    type Error = B::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        self.body.as_mut().poll_next(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::{App, HttpResponse, HttpServer, middleware::from_fn, rt, web};
    use std::{
        io::{Read, Write},
        net::{TcpListener, TcpStream},
        time::Duration,
    };

    /// What a client gets who sends this and waits until the connection is closed.
    async fn sent(request: &'static str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let app = || {
            App::new()
                .route("/refused", web::post().to(|| async { HttpResponse::Unauthorized().body("no") }))
                .route("/read", web::post().to(|body: String| async { body }))
                .wrap(from_fn(close))
        };
        let server = HttpServer::new(app).workers(1).disable_signals().listen(listener).unwrap().run();
        let handle = server.handle();
        rt::spawn(server);
        let answer = web::block(move || {
            let mut stream = TcpStream::connect(address).unwrap();
            stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
            stream.write_all(request.as_bytes()).unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).unwrap();
            answer
        });
        let answer = answer.await.unwrap();
        handle.stop(false).await;
        answer
    }

    #[actix_web::test]
    async fn a_body_without_an_end_is_not_waited_for() {
        let chunks = "Host: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n";
        for path in ["/refused", "/nowhere"] {
            let request = format!("POST {path} HTTP/1.1\r\n{chunks}");
            let answer = sent(request.leak()).await;
            assert!(answer.starts_with("HTTP/1.1 40"), "{answer}");
        }
    }

    #[actix_web::test]
    async fn a_body_that_is_read_leaves_the_connection_open() {
        let answer = sent(
            "POST /read HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n\
             POST /read HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\ncd",
        )
        .await;
        assert_eq!(answer.matches("HTTP/1.1 200 OK").count(), 2, "{answer}");
        assert!(answer.ends_with("cd"), "{answer}");
    }
}
