//! A wire between a browser and the server that can be cut, and mended.

use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
};

pub struct Gap {
    port: u16,
    whole: watch::Sender<bool>,
}

impl Gap {
    /// Opens one in front of a port of this machine.
    pub async fn open(behind: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (whole, state) = watch::channel(true);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let mut state = state.clone();
                if *state.borrow() {
                    tokio::spawn(async move {
                        tokio::select! {
                            () = carry(near, behind) => {}
                            _ = state.wait_for(|whole| !whole) => {}
                        }
                    });
                }
            }
        });
        Self { port, whole }
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub fn cut(&self) {
        self.whole.send_replace(false);
    }

    pub fn mend(&self) {
        self.whole.send_replace(true);
    }
}

async fn carry(mut near: TcpStream, behind: u16) {
    if let Ok(mut far) = TcpStream::connect(("127.0.0.1", behind)).await {
        drop(copy_bidirectional(&mut near, &mut far).await);
    }
}
