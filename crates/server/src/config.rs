//! Settings: read once, from the command line, the environment, a file, and the defaults that are built in.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use accounts::{MailServer, ProviderPlaces};
use anyhow::{Context as _, bail};
use config::{Config, Environment, File, FileFormat};
use domain::network::Networks;
use serde::Deserialize;

/// Every setting with its default and its explanation.
const DEFAULTS: &str = include_str!("../../../deploy/trunkline.default.toml");
/// Connections that can be open at once: what a setting may ask for.
const CONNECTIONS_MAX: usize = 100_000;

/// Every setting; explained in `deploy/trunkline.default.toml`.
#[derive(Clone, Deserialize)]
pub(crate) struct Settings {
    pub(crate) listen: String,
    pub(crate) public_url: String,
    pub(crate) data_dir: PathBuf,
    pub(crate) database_url: String,
    pub(crate) redis_url: String,
    pub(crate) postgres_bin_dir: String,
    pub(crate) master_key: String,
    pub(crate) smtp_url: String,
    pub(crate) mail_from: String,
    pub(crate) trusted_proxies: String,
    pub(crate) provider_networks: String,
    pub(crate) log: String,
    pub(crate) log_format: String,
    pub(crate) connections_max: usize,
    pub(crate) journal_bytes_max: u64,
    /// Breaks the first promise, so that tests can show that they notice. No setting: it is not in a release.
    #[cfg(debug_assertions)]
    #[serde(default)]
    pub(crate) acknowledge_early: bool,
}

/// What the command line says; it counts before everything else.
#[derive(Clone, Debug, Default)]
pub(crate) struct Overrides {
    pub(crate) file: Option<PathBuf>,
    pub(crate) listen: Option<String>,
    pub(crate) data_dir: Option<PathBuf>,
}

impl Settings {
    /// Reads the settings.
    ///
    /// # Errors
    /// When a file or a value cannot be read; says which.
    pub(crate) fn read(overrides: &Overrides) -> anyhow::Result<Self> {
        let mut sources = Config::builder().add_source(File::from_str(DEFAULTS, FileFormat::Toml));
        if let Some(file) = &overrides.file {
            sources = sources.add_source(File::from(file.as_path()).format(FileFormat::Toml));
        }
        // `DATABASE_URL` is what platforms set; the one with our name counts before it.
        if let Some(url) = environment("DATABASE_URL") {
            sources = sources.set_override("database_url", url)?;
        }
        if let Some(url) = environment("TRUNKLINE_DATABASE_URL") {
            sources = sources.set_override("database_url", url)?;
        }
        if let Some(url) = environment("REDIS_URL") {
            sources = sources.set_override("redis_url", url)?;
        }
        if let Some(url) = environment("TRUNKLINE_REDIS_URL") {
            sources = sources.set_override("redis_url", url)?;
        }
        let environment = Environment::with_prefix("TRUNKLINE").prefix_separator("_").try_parsing(true);
        let mut sources = sources.add_source(environment);
        if let Some(listen) = &overrides.listen {
            sources = sources.set_override("listen", listen.as_str())?;
        }
        if let Some(data_dir) = &overrides.data_dir {
            sources = sources.set_override("data_dir", data_dir.display().to_string())?;
        }
        let settings: Self = sources.build()?.try_deserialize().context("the settings cannot be read")?;
        settings.check()?;
        Ok(settings)
    }

    fn check(&self) -> anyhow::Result<()> {
        self.listen_address()?;
        if !self.public_url.is_empty() {
            let is_url = self.public_url.starts_with("http://") || self.public_url.starts_with("https://");
            if !is_url || self.public_url.ends_with('/') {
                bail!("public_url must be an http or https address without a slash at its end");
            }
        }
        if self.redis_url().is_some_and(|url| !store::is_redis_url(url)) {
            bail!("redis_url must be an address such as redis://host:6379");
        }
        if !(1..=CONNECTIONS_MAX).contains(&self.connections_max) {
            bail!("connections_max must be between 1 and {CONNECTIONS_MAX}");
        }
        if self.journal_bytes_max == 0 {
            bail!("journal_bytes_max must be above zero");
        }
        self.mail_server()?;
        self.trusted_proxies()?;
        self.provider_places("")?;
        if !matches!(self.log_format.as_str(), "text" | "json") {
            bail!("log_format must be text or json");
        }
        Ok(())
    }

    /// Where to listen.
    pub(crate) fn listen_address(&self) -> anyhow::Result<SocketAddr> {
        self.listen
            .parse()
            .with_context(|| format!("listen is {:?}: write an address like 127.0.0.1:8080", self.listen))
    }

    /// The address under which we are reached, when we listen on `address`.
    pub(crate) fn public_url(&self, address: SocketAddr) -> String {
        if self.public_url.is_empty() { format!("http://{address}") } else { self.public_url.clone() }
    }

    /// The address of Redis, when it is set.
    pub(crate) fn redis_url(&self) -> Option<&str> {
        (!self.redis_url.is_empty()).then_some(self.redis_url.as_str())
    }

    /// The mail server, when there is one.
    ///
    /// # Errors
    /// Says which setting is wrong.
    pub(crate) fn mail_server(&self) -> anyhow::Result<Option<MailServer>> {
        let is_set = !self.smtp_url.is_empty();
        Ok(is_set.then(|| MailServer::new(&self.smtp_url, &self.mail_from)).transpose()?)
    }

    /// The proxies whose word counts for who sends a request.
    ///
    /// # Errors
    /// When one cannot be read.
    pub(crate) fn trusted_proxies(&self) -> anyhow::Result<Networks> {
        let proxies = self.trusted_proxies.split([' ', ',']).filter(|text| !text.is_empty());
        Networks::parse(proxies).context("trusted_proxies cannot be read")
    }

    /// Where the providers of companies may be, for a server that is reached at `public_url`.
    ///
    /// # Errors
    /// When a network cannot be read.
    pub(crate) fn provider_places(&self, public_url: &str) -> anyhow::Result<ProviderPlaces> {
        let own = self.provider_networks.split([' ', ',']).filter(|text| !text.is_empty());
        let own = Networks::parse(own).context("provider_networks cannot be read")?;
        Ok(ProviderPlaces::new(own, public_url))
    }

    /// The directory of PostgreSQL's programs, when it is set.
    pub(crate) fn postgres_bin_dir(&self) -> Option<&Path> {
        (!self.postgres_bin_dir.is_empty()).then(|| Path::new(&self.postgres_bin_dir))
    }
}

#[expect(clippy::disallowed_methods, reason = "settings are read here, once")]
fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_defaults_are_complete() {
        let settings =
            Settings::read(&Overrides { listen: Some("127.0.0.1:0".to_owned()), ..Overrides::default() });
        assert_eq!(settings.unwrap().listen, "127.0.0.1:0");
    }

    #[test]
    fn wrong_values_are_named() {
        let read = |text: &str| {
            let file = tempfile::NamedTempFile::with_suffix(".toml").unwrap();
            std::fs::write(file.path(), text).unwrap();
            Settings::read(&Overrides { file: Some(file.path().to_owned()), ..Overrides::default() }).err()
        };
        for (text, names) in [
            ("listen = \"nowhere\"", "listen"),
            ("public_url = \"example.com\"", "public_url"),
            ("redis_url = \"localhost\"", "redis_url"),
            ("smtp_url = \"localhost\"", "smtp_url"),
            ("smtp_url = \"smtp://localhost\"\nmail_from = \"nobody\"", "mail_from"),
            ("connections_max = 0", "connections_max"),
            ("journal_bytes_max = 0", "journal_bytes_max"),
            ("log_format = \"xml\"", "log_format"),
            ("trusted_proxies = \"10.0.0.0/8, proxy.example\"", "trusted_proxies"),
            ("provider_networks = \"id.example\"", "provider_networks"),
        ] {
            assert!(read(text).unwrap().to_string().contains(names), "{text}");
        }
    }
}
