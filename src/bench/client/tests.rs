use super::*;
use std::{
    io::{Read, Write},
    net::TcpListener,
    thread,
};

/// A server that answers each connection's requests with these texts, and then closes it.
fn server(connections: Vec<Vec<String>>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for answers in connections {
            let (mut stream, _) = listener.accept().unwrap();
            for answer in answers {
                let mut request = [0; 64];
                assert!(stream.read(&mut request).unwrap() > 0);
                stream.write_all(answer.as_bytes()).unwrap();
            }
        }
    });
    address
}

fn ok(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

async fn ask(connection: &mut Connection) -> Result<(u16, String)> {
    let answer = connection.exchange(|out| out.extend_from_slice(b"GET / HTTP/1.1\r\n\r\n")).await?;
    Ok((answer.status, String::from_utf8_lossy(answer.body).into_owned()))
}

#[tokio::test]
async fn a_connection_is_kept_and_replaced_when_the_server_closed_it() {
    let mut connection = Connection::new(server(vec![vec![ok("one"), ok("two")], vec![ok("three")]]));
    for body in ["one", "two", "three"] {
        assert_eq!(ask(&mut connection).await.unwrap(), (200, body.to_owned()));
    }
}

#[tokio::test]
async fn an_answer_larger_than_usual_is_read_whole() {
    let body = "x".repeat(5 * USUAL);
    let mut connection = Connection::new(server(vec![vec![ok(&body)]]));
    assert_eq!(ask(&mut connection).await.unwrap().1.len(), body.len());
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_an_error() {
    let mut connection =
        Connection::new(server(vec![vec!["HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf".to_owned()]]));
    assert!(ask(&mut connection).await.unwrap_err().to_string().contains("breaks off"));
}

#[tokio::test]
async fn a_server_that_never_answers_is_told_from_one_that_closed_an_old_connection() {
    let mut connection = Connection::new(server(vec![vec![]]));
    assert!(ask(&mut connection).await.is_err());
}

#[test]
fn heads_are_read_whatever_their_case() {
    let found =
        find(b"HTTP/1.1 404 Not Found\r\ncontent-LENGTH:2\r\nConnection: Close\r\n\r\nno").unwrap().unwrap();
    assert_eq!((found.status, found.closes), (404, true));
    assert_eq!(found.body.len(), 2);
    let found = find(b"HTTP/1.1 204 No Content\r\n\r\n").unwrap().unwrap();
    assert_eq!((found.status, found.body.len(), found.closes), (204, 0, false));
}

#[test]
fn what_is_not_all_there_is_waited_for() {
    for part in [
        "",
        "HTTP/1.1 2",
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r",
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab",
    ] {
        assert_eq!(find(part.as_bytes()).unwrap(), None, "{part}");
    }
    assert!(find(b"HTTP/1.1 200 OK\r\n\r\n").is_err(), "an answer of no told length");
    assert!(find(b"SMTP\r\n\r\n").is_err());
}
