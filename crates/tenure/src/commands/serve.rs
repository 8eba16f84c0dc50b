//! `tenure serve`.

use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;
use std::sync::Arc;

use domain::{Message, Problem, ProblemKind};
use serde::Serialize;
use service::Services;
use tokio::net::TcpListener;

use crate::arguments::{Common, Serve};
use crate::{ambient, house, report};

#[derive(Serialize)]
struct Document<'a> {
    url: &'a str,
}

/// Serves the pages until Ctrl-C.
pub async fn run(options: &Serve, common: &Common) -> Result<ExitCode, Problem> {
    let (services, _lake) = house::open(common).await?;
    let server = Server::bind(options.port).await?;
    if common.json {
        report::json(&Document { url: &server.url })?;
    } else {
        report::line(common.lang, &Message::new("cli-ready").with("url", server.url.as_str()));
    }
    server.serve(Arc::new(services), common).await
}

/// A bound address; only this machine can reach it.
pub struct Server {
    listener: TcpListener,
    /// Where the pages are.
    pub url: String,
}

impl Server {
    /// Binds a port of 127.0.0.1; 0 lets the system choose.
    pub async fn bind(port: u16) -> Result<Self, Problem> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let refused = |error: std::io::Error| {
            let cause = Message::new("problem-port")
                .with("address", address.to_string())
                .with("error", error.to_string());
            Problem::new(ProblemKind::Environment, cause).hint(Message::new("hint-port")).because(error)
        };
        let listener = TcpListener::bind(address).await.map_err(refused)?;
        let bound = listener.local_addr().map_err(refused)?;
        Ok(Self { listener, url: format!("http://{bound}") })
    }

    /// Serves until Ctrl-C or a request to stop.
    pub async fn serve(self, services: Arc<Services>, common: &Common) -> Result<ExitCode, Problem> {
        // Bound to this machine only: browsers reach it without TLS.
        let settings = web::Settings {
            clock: Arc::new(ambient::now),
            random: Arc::new(ambient::random),
            secure_cookies: false,
        };
        // The first visitor need not wait for the list to be read.
        let early = Arc::clone(&services);
        tokio::spawn(async move {
            if let Err(problem) = early.warm_up().await {
                tracing::warn!(error = %problem, "the list of customers could not be read ahead");
            }
        });
        let router = web::router(services, settings);
        web::serve(self.listener, router, stopped()).await.map_err(Problem::internal)?;
        report::aside(common.lang, &Message::new("cli-stopped"));
        Ok(ExitCode::SUCCESS)
    }
}

async fn stopped() {
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminate => {}
    }
}
