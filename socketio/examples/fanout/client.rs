//! Clients that cost next to nothing: they speak just enough WebSocket to be let in, answer pings, and count what they hear.

use hdrhistogram::Histogram;
use std::{
    error::Error,
    io,
    net::SocketAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};
use tokio::{net::TcpStream, sync::Notify, time::Instant};

/// An answer to a ping and the wish to come in, masked with zeros as a client's frames must be masked.
const PONG: [u8; 7] = [0x81, 0x81, 0, 0, 0, 0, b'3'];
const CONNECT: [u8; 8] = [0x81, 0x82, 0, 0, 0, 0, b'4', b'0'];

/// What all clients have heard.
pub struct Heard {
    clients: u64,
    events: AtomicU64,
    more: Notify,
    begun: Mutex<Vec<Instant>>,
    delays: Mutex<Option<Histogram<u64>>>,
}

impl Heard {
    pub fn new(clients: u64) -> Self {
        let delays = Histogram::new_with_bounds(1, 60_000_000, 3).ok();
        let (events, more, begun) = (AtomicU64::new(0), Notify::new(), Mutex::default());
        Self { clients, events, more, begun, delays: Mutex::new(delays) }
    }

    /// A broadcast begins: its number.
    pub fn begin(&self) -> usize {
        let mut begun = lock(&self.begun);
        begun.push(Instant::now());
        begun.len() - 1
    }

    /// So many broadcasts have been heard by all.
    pub async fn until(&self, broadcasts: u64) {
        while self.events.load(Ordering::Acquire) < broadcasts * self.clients {
            self.more.notified().await;
        }
    }

    /// How long events took, in microseconds.
    pub fn delays(&self) -> Histogram<u64> {
        lock(&self.delays)
            .take()
            .unwrap_or_else(|| Histogram::new_with_max(1, 1).unwrap_or_else(|_| unreachable!()))
    }

    fn event(&self, payload: &[u8]) {
        let number = payload.iter().skip(r#"42["event","#.len()).take_while(|byte| byte.is_ascii_digit());
        let number = number.fold(0, |number, digit| number * 10 + usize::from(digit - b'0'));
        let began = lock(&self.begun).get(number).copied();
        if let (Some(began), Some(delays)) = (began, lock(&self.delays).as_mut()) {
            let _ = delays.record(began.elapsed().as_micros() as u64);
        }
        if (self.events.fetch_add(1, Ordering::AcqRel) + 1).is_multiple_of(self.clients) {
            self.more.notify_one();
        }
    }
}

/// Runs all clients on this thread.
pub fn run(address: SocketAddr, clients: usize, heard: &Arc<Heard>) {
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
    let local = tokio::task::LocalSet::new();
    local.block_on(&runtime, async {
        let mut all = Vec::with_capacity(clients);
        for _ in 0..clients {
            let stream = loop {
                match open(address).await {
                    Ok(stream) => break stream,
                    Err(_) => tokio::task::yield_now().await,
                }
            };
            let heard = heard.clone();
            all.push(tokio::task::spawn_local(async move { listen(stream, &heard).await }));
        }
        for one in all {
            let _ = one.await;
        }
    });
}

async fn open(address: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let request = "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n\
                   Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    write(&stream, request.as_bytes()).await?;
    let mut answer = Vec::new();
    while !answer.windows(4).any(|end| end == b"\r\n\r\n") {
        stream.readable().await?;
        let mut byte = [0];
        match stream.try_read(&mut byte) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(_) => answer.extend(byte),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
    write(&stream, &CONNECT).await?;
    Ok(stream)
}

async fn write(stream: &TcpStream, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        stream.writable().await?;
        match stream.try_write(bytes) {
            Ok(written) => bytes = bytes.get(written..).unwrap_or_default(),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Hears until the connection ends. What is left of a frame is kept; nothing else is.
async fn listen(stream: TcpStream, heard: &Heard) -> Result<(), Box<dyn Error>> {
    let mut rest = Vec::new();
    loop {
        stream.readable().await?;
        for _ in 0..hear(&stream, &mut rest, heard)? {
            write(&stream, &PONG).await?;
        }
    }
}

/// Hears what has come: how many pings.
fn hear(stream: &TcpStream, rest: &mut Vec<u8>, heard: &Heard) -> io::Result<usize> {
    let mut buffer = [0; 8192];
    let read = match stream.try_read(&mut buffer) {
        Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
        Ok(read) => read,
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(0),
        Err(error) => return Err(error),
    };
    rest.extend_from_slice(buffer.get(..read).unwrap_or_default());
    let (mut pings, mut bytes) = (0, rest.as_slice());
    while let Some((payload, behind)) = frame(bytes) {
        match payload {
            b"2" => pings += 1,
            [b'4', b'2', ..] => heard.event(payload),
            _ => {}
        }
        bytes = behind;
    }
    *rest = bytes.to_vec();
    Ok(pings)
}

/// The first frame's payload, and what is behind it.
fn frame(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, head) = match *bytes.get(1)? {
        126 => (usize::from(u16::from_be_bytes([*bytes.get(2)?, *bytes.get(3)?])), 4),
        short => (usize::from(short), 2),
    };
    bytes.get(head..)?.split_at_checked(length)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
