//! A balancer that knows nothing: it hands each connection to the next server that takes it.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
};

#[derive(Clone)]
pub struct Balancer {
    /// Where the servers are reached through it.
    pub url: String,
    servers: Arc<Mutex<Vec<SocketAddr>>>,
}

impl Balancer {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let balancer =
            Self { url: format!("http://{}", listener.local_addr().unwrap()), servers: Arc::default() };
        let balanced = balancer.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(balanced.clone().carry(client));
            }
        });
        balancer
    }

    /// From now on connections go to this one too.
    pub fn add(&self, port: u16) {
        self.servers.lock().unwrap().push(([127, 0, 0, 1], port).into());
    }

    async fn carry(self, mut client: TcpStream) {
        let servers = {
            let mut servers = self.servers.lock().unwrap();
            servers.rotate_left(1);
            servers.clone()
        };
        for next in servers {
            if let Ok(mut server) = TcpStream::connect(next).await {
                drop(copy_bidirectional(&mut client, &mut server).await);
                return;
            }
        }
    }
}
