//! What a company says of the provider by which its people sign in, and whom the provider may speak for.

use crate::account::{Email, InvalidInput};

/// Domains of one provider.
pub const DOMAINS_MAX: usize = 10;
/// Bytes of a domain.
const DOMAIN_BYTES_MAX: usize = 253;
/// Bytes of an issuer's address.
pub const ISSUER_BYTES_MAX: usize = 300;
/// Bytes of what a provider calls us, and of the secret that it gave us.
pub const CLIENT_BYTES_MAX: usize = 500;

/// The domains of the e-mail addresses that a provider may speak for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Domains(Vec<String>);

impl Domains {
    /// Reads domains such as `example.com`; `@example.com` is the same. One does not stand for those below it.
    ///
    /// # Errors
    /// [`InvalidInput`] with a sentence, when there is none, one cannot be read, or there are more than [`DOMAINS_MAX`].
    pub fn parse<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Self, InvalidInput> {
        let invalid = |message: String| InvalidInput { field: "domains", code: "INVALID", message };
        let mut domains = Vec::new();
        for text in texts {
            let domain = text.trim().trim_start_matches('@').to_ascii_lowercase();
            // Somebody there has to be able to have an address.
            let is_domain = domain.len() <= DOMAIN_BYTES_MAX && Email::parse(&format!("a@{domain}")).is_ok();
            if !is_domain {
                return Err(invalid(format!("{text:?} is no domain: write one such as example.com.")));
            }
            domains.push(domain);
            if domains.len() > DOMAINS_MAX {
                return Err(invalid(format!("{DOMAINS_MAX} domains are the most.")));
            }
        }
        if domains.is_empty() {
            return Err(invalid("Say which e-mail domain the provider may speak for.".to_owned()));
        }
        domains.sort_unstable();
        domains.dedup();
        Ok(Self(domains))
    }

    /// Whether the address is of one of them.
    pub fn include(&self, email: &Email) -> bool {
        let key = email.key();
        key.rsplit_once('@').is_some_and(|(_, domain)| self.0.iter().any(|known| known == domain))
    }

    /// Whether these are all among others.
    pub fn are_within(&self, others: &Self) -> bool {
        self.0.iter().all(|domain| others.0.contains(domain))
    }

    /// Each as text.
    pub fn texts(&self) -> &[String] {
        &self.0
    }
}

/// Reads what a provider calls us, or the secret that it gave us: visible signs, because both stand in headers.
///
/// # Errors
/// [`InvalidInput`] with a sentence.
pub fn check_client(field: &'static str, typed: &str) -> Result<String, InvalidInput> {
    let typed = typed.trim();
    let invalid = |message: String| InvalidInput { field, code: "INVALID", message };
    if typed.is_empty() {
        return Err(invalid("Copy this from your provider.".to_owned()));
    }
    if typed.len() > CLIENT_BYTES_MAX || !typed.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ') {
        return Err(invalid(format!(
            "This is not what a provider gives: at most {CLIENT_BYTES_MAX} letters, digits and signs."
        )));
    }
    Ok(typed.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn email(text: &str) -> Email {
        Email::parse(text).unwrap()
    }

    #[test]
    fn a_domain_is_its_own_addresses_and_no_others() {
        let domains = Domains::parse(["@Example.com", "b.example.org", "example.com "]).unwrap();
        assert_eq!(domains.texts(), ["b.example.org", "example.com"]);
        for inside in ["ada@example.com", "ADA@EXAMPLE.COM", "ada@b.example.org"] {
            assert!(domains.include(&email(inside)), "{inside}");
        }
        for outside in
            ["ada@sub.example.com", "ada@example.org", "ada@notexample.com", "ada@example.com.evil.example"]
        {
            assert!(!domains.include(&email(outside)), "{outside}");
        }
    }

    #[test]
    fn what_is_no_domain_is_refused() {
        for wrong in
            ["", "com", "a b.com", "exa_mple.com", "a@b.com", "*.example.com", "example.com.", "\u{212a}.com"]
        {
            assert_eq!(Domains::parse([wrong]).unwrap_err().field, "domains", "{wrong}");
        }
        assert!(Domains::parse([]).is_err());
        let many: Vec<String> = (0..=DOMAINS_MAX).map(|at| format!("d{at}.example")).collect();
        assert!(Domains::parse(many.iter().map(String::as_str)).is_err());
        assert!(Domains::parse(many[1..].iter().map(String::as_str)).is_ok());
    }

    #[test]
    fn what_a_provider_gives_stands_in_headers() {
        assert_eq!(check_client("clientId", " a-b~c ").unwrap(), "a-b~c");
        for wrong in ["", "a\nb", "ключ", &"x".repeat(CLIENT_BYTES_MAX + 1)] {
            assert!(check_client("clientId", wrong).is_err(), "{wrong:?}");
        }
    }
}
