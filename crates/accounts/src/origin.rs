//! Requests that another site made a browser send.
//!
//! Browsers say where a request comes from (`Sec-Fetch-Site`, `Origin`). What they say is believed; programs that are
//! no browsers say nothing and carry no cookie that a site could misuse.

use http::HeaderMap;
use http::header::{HOST, ORIGIN};

/// The request comes from another site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the request comes from another site")]
pub struct CrossSite;

/// Whether the request comes from our own pages. `Ok(true)`: a browser says so; `Ok(false)`: nothing says anything.
///
/// # Errors
/// [`CrossSite`] when it comes from elsewhere; a sibling subdomain is elsewhere.
pub fn check_same_origin(headers: &HeaderMap) -> Result<bool, CrossSite> {
    let text = |name| headers.get(name).map(|value: &http::HeaderValue| value.to_str().unwrap_or("?"));
    let fetch_site = text(http::HeaderName::from_static("sec-fetch-site"));
    let origin = text(ORIGIN);
    if fetch_site.is_some_and(|site| site != "same-origin" && site != "none") {
        return Err(CrossSite);
    }
    if let Some(origin) = origin {
        let host = origin.split_once("://").map(|(_, host)| host);
        if host.is_none() || host != text(HOST) {
            return Err(CrossSite);
        }
    }
    Ok(fetch_site.is_some() || origin.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pairs: &[(&'static str, &'static str)]) -> Result<bool, CrossSite> {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, "app.example.com".parse().unwrap());
        for (name, value) in pairs {
            headers.insert(*name, value.parse().unwrap());
        }
        check_same_origin(&headers)
    }

    #[test]
    fn only_our_own_pages_pass() {
        assert_eq!(check(&[]), Ok(false));
        assert_eq!(check(&[("origin", "https://app.example.com")]), Ok(true));
        assert_eq!(
            check(&[("sec-fetch-site", "same-origin"), ("origin", "https://app.example.com")]),
            Ok(true)
        );
        assert_eq!(check(&[("sec-fetch-site", "none")]), Ok(true));
        for bad in [
            ("origin", "https://evil.example"),
            ("origin", "null"),
            ("origin", "https://www.app.example.com"),
            ("origin", "https://app.example.com.evil.example"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
        ] {
            assert_eq!(check(&[bad]), Err(CrossSite), "{bad:?}");
        }
    }
}
