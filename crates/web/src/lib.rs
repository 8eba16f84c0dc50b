//! Pages: what use cases show, as HTML. The only crate that names axum and maud.
//!
//! A page is a pure function from a view of `service` to markup (`pages`); `routes` ties addresses to use cases;
//! `visit` knows language, theme, session and the headers that protect. Every page works without the script.

pub mod address;
pub mod assets;
pub mod chart;
pub mod pages;
pub mod ui;

mod csv;
mod routes;
mod visit;

use std::sync::Arc;

use axum::Router;
use domain::Instant;
use service::Services;

/// What pages need from outside.
#[derive(Clone)]
pub struct Settings {
    /// Tells the time.
    pub clock: Arc<dyn Fn() -> Instant + Send + Sync>,
    /// Gives unguessable bytes for session tokens.
    pub random: Arc<dyn Fn() -> [u8; 32] + Send + Sync>,
    /// Whether browsers reach us over HTTPS only.
    pub secure_cookies: bool,
}

/// All pages of the product.
pub fn router(services: Arc<Services>, settings: Settings) -> Router {
    routes::all(App { services, settings })
}

/// Answers requests on a listener until told to stop; what is under way is finished.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: tokio::net::TcpListener,
    router: Router,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    axum::serve(listener, router).with_graceful_shutdown(stop).await
}

#[derive(Clone)]
pub(crate) struct App {
    services: Arc<Services>,
    settings: Settings,
}
