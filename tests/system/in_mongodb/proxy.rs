//! A way to MongoDB that can be cut, or stop carrying.

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// How it is on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weather {
    /// Everything gets through.
    Fair,
    /// Connections are cut, and nobody gets through, as when the server has gone.
    Cut,
    /// Connections stay, but nothing comes of them, as when the server hangs.
    Frozen,
}

pub struct Proxy {
    /// Where the store is reached through it.
    pub uri: String,
    weather: watch::Sender<Weather>,
}

impl Proxy {
    /// One before the server of this URI; nothing when it names several servers.
    #[expect(clippy::print_stderr, reason = "whoever runs the tests wants to know")]
    pub async fn before(uri: &str) -> Option<Self> {
        let (scheme, hosts, rest) = super::parts(uri);
        let (sign_in, host) = hosts.rsplit_once('@').map_or(("", hosts), |(user, host)| (user, host));
        if scheme != "mongodb://" || host.contains(',') {
            eprintln!("skipped: trouble on the way is tried with one server, by a URI that names it");
            return None;
        }
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let sign_in = if sign_in.is_empty() { String::new() } else { format!("{sign_in}@") };
        let database = uri[scheme.len() + hosts.len()..].trim_end_matches(rest);
        let uri = format!("{scheme}{sign_in}{}{database}{rest}", listener.local_addr().unwrap());
        let (weather, seen) = watch::channel(Weather::Fair);
        let host = host.to_owned();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                if *seen.borrow() == Weather::Cut {
                    continue;
                }
                if let Ok(server) = TcpStream::connect(&host).await {
                    tokio::spawn(carry(client, server, seen.clone()));
                }
            }
        });
        Some(Self { uri, weather })
    }

    pub fn turn(&self, weather: Weather) {
        self.weather.send_replace(weather);
    }
}

/// Carries a connection's bytes until it is cut.
async fn carry(mut client: TcpStream, mut server: TcpStream, mut weather: watch::Receiver<Weather>) {
    let (mut asked, mut answered) = (vec![0; 64 * 1024], vec![0; 64 * 1024]);
    loop {
        let now = *weather.borrow_and_update();
        // Also where it was cut between being accepted and being carried.
        if now == Weather::Cut {
            return;
        }
        let carried = tokio::select! {
            changed = weather.changed() => changed.is_ok(),
            read = client.read(&mut asked), if now == Weather::Fair => pass(read, &asked, &mut server).await,
            read = server.read(&mut answered), if now == Weather::Fair => pass(read, &answered, &mut client).await,
        };
        if !carried {
            return;
        }
    }
}

async fn pass(read: std::io::Result<usize>, bytes: &[u8], to: &mut TcpStream) -> bool {
    match read {
        Ok(0) | Err(_) => false,
        Ok(read) => to.write_all(&bytes[..read]).await.is_ok(),
    }
}
