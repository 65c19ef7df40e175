//! What people type to sign up, read once into types that cannot be wrong.

use crate::text;

/// Characters of a company's name.
pub const COMPANY_NAME_CHARS_MAX: usize = 100;
/// Characters of an e-mail address.
pub const EMAIL_CHARS_MAX: usize = 254;
/// Characters of a password, at least.
pub const PASSWORD_CHARS_MIN: usize = 8;
/// Characters of a password, at most: checked before anything is hashed.
pub const PASSWORD_CHARS_MAX: usize = 256;
/// Characters of what a person is called.
pub const PERSON_NAME_CHARS_MAX: usize = 60;
/// Characters of a company's part of an address.
const SLUG_CHARS_MAX: usize = 40;
/// Characters of one that somebody chooses, at least.
const SLUG_CHARS_MIN: usize = 2;

/// Passwords that are tried first by whoever guesses.
const COMMON_PASSWORDS: [&str; 24] = [
    "12345678",
    "123456789",
    "1234567890",
    "11111111",
    "00000000",
    "87654321",
    "password",
    "password1",
    "passw0rd",
    "qwertyui",
    "qwertyuiop",
    "qwerty123",
    "iloveyou",
    "sunshine",
    "princess",
    "football",
    "baseball",
    "welcome1",
    "abcd1234",
    "abc12345",
    "letmein1",
    "changeme",
    "superman",
    "trustno1",
];

/// What is wrong with something a person typed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct InvalidInput {
    /// The field, as the API names it.
    pub field: &'static str,
    /// A stable code.
    pub code: &'static str,
    /// A clear sentence.
    pub message: String,
}

impl InvalidInput {
    fn new(field: &'static str, message: impl Into<String>) -> Self {
        Self { field, code: "INVALID", message: message.into() }
    }
}

/// An e-mail address that can be written to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email(String);

impl Email {
    /// Reads an address: plain ASCII, one `@`, a domain with a dot. Look-alike letters of other scripts are refused,
    /// so that nobody can take an address that only looks like somebody's.
    ///
    /// # Errors
    /// [`InvalidInput`] with a sentence.
    pub fn parse(typed: &str) -> Result<Self, InvalidInput> {
        let invalid = |why: &str| InvalidInput::new("email", why);
        let typed = typed.trim();
        if typed.is_empty() {
            return Err(invalid("Enter your e-mail address."));
        }
        if typed.len() > EMAIL_CHARS_MAX {
            return Err(invalid("This e-mail address is too long."));
        }
        let allowed = |c: char| c.is_ascii_graphic() && !"\"(),:;<>[\\]".contains(c);
        let Some((name, domain)) = typed.split_once('@').filter(|_| typed.chars().all(allowed)) else {
            return Err(invalid("This is not an e-mail address."));
        };
        let labels = || domain.split('.');
        let is_domain = labels().count() > 1
            && labels().all(|label| {
                !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            });
        if name.is_empty() || !is_domain {
            return Err(invalid("This is not an e-mail address."));
        }
        Ok(Self(typed.to_owned()))
    }

    /// The address as typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address as accounts are found by it: case does not matter.
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

/// A company's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompanyName(String);

impl CompanyName {
    /// Reads a name. Addresses and markup are refused: the name stands in mails to other people.
    ///
    /// # Errors
    /// [`InvalidInput`] with a sentence.
    pub fn parse(typed: &str) -> Result<Self, InvalidInput> {
        let invalid = |why: String| InvalidInput::new("companyName", why);
        let typed = typed.trim();
        if typed.is_empty() {
            return Err(invalid("Enter your company's name.".to_owned()));
        }
        if typed.chars().count() > COMPANY_NAME_CHARS_MAX {
            return Err(invalid(format!("A company's name can have {COMPANY_NAME_CHARS_MAX} characters.")));
        }
        if typed.chars().any(|c| c.is_control() || c == '<' || c == '>') || typed.contains("://") {
            return Err(invalid("A company's name cannot be an address or hold markup.".to_owned()));
        }
        Ok(Self(typed.to_owned()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What the company's addresses begin with: `Grace & Söhne` → `grace-sohne`.
    pub fn slug(&self) -> String {
        let mut slug = String::new();
        for word in text::words(&self.0) {
            let word: String = word.chars().filter(char::is_ascii_alphanumeric).collect();
            if !word.is_empty() && slug.len() + word.len() < SLUG_CHARS_MAX {
                slug.extend((!slug.is_empty()).then_some('-'));
                slug.push_str(&word);
            }
        }
        if slug.is_empty() { "company".to_owned() } else { slug }
    }
}

/// What a person is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonName(String);

impl PersonName {
    /// Reads a name; `None` when there is nothing but spaces. What looks like an address or markup, and signs that are not
    /// seen or turn the text around, are refused: nobody shall look like somebody else beside it.
    ///
    /// # Errors
    /// [`InvalidInput`] with a sentence.
    pub fn parse(typed: &str) -> Result<Option<Self>, InvalidInput> {
        let typed = typed.trim();
        if typed.chars().count() > PERSON_NAME_CHARS_MAX {
            let message = format!("A name can have {PERSON_NAME_CHARS_MAX} characters.");
            return Err(InvalidInput::new("name", message));
        }
        let unseen = |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
        let refused = |c: char| c.is_control() || unseen(c) || "<>@".contains(c);
        if typed.chars().any(refused) || typed.contains("://") {
            let message = "A name cannot be an address, or hold markup or signs that are not seen.";
            return Err(InvalidInput::new("name", message));
        }
        Ok((!typed.is_empty()).then(|| Self(typed.to_owned())))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A company's part of the address of every page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slug(String);

impl Slug {
    /// Reads one: small letters and digits, with single hyphens between them.
    ///
    /// # Errors
    /// [`InvalidInput`] with a sentence.
    pub fn parse(typed: &str) -> Result<Self, InvalidInput> {
        let is_word = |word: &str| {
            !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        };
        if (SLUG_CHARS_MIN..=SLUG_CHARS_MAX).contains(&typed.len()) && typed.split('-').all(is_word) {
            return Ok(Self(typed.to_owned()));
        }
        let message = format!(
            "Use {SLUG_CHARS_MIN} to {SLUG_CHARS_MAX} small letters and digits, with single hyphens between them."
        );
        Err(InvalidInput::new("slug", message))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Checks a new password of someone in these companies. No rules of composition: length, and nothing that is guessed
/// first.
///
/// # Errors
/// [`InvalidInput`] with a sentence.
pub fn check_password(password: &str, email: &Email, companies: &[&str]) -> Result<(), InvalidInput> {
    let weak = |message: String| InvalidInput { field: "password", code: "WEAK_PASSWORD", message };
    let chars = password.chars().count();
    if chars < PASSWORD_CHARS_MIN {
        return Err(weak(format!("A password needs at least {PASSWORD_CHARS_MIN} characters.")));
    }
    if chars > PASSWORD_CHARS_MAX {
        return Err(weak(format!("A password can have {PASSWORD_CHARS_MAX} characters.")));
    }
    let folded = text::fold(password);
    let name = email.key().split('@').next().unwrap_or_default().to_owned();
    let companies = companies.iter().map(|company| text::fold(company));
    let guessed_first = COMMON_PASSWORDS.contains(&folded.as_str())
        || [email.key(), name, "trunkline".to_owned()].into_iter().chain(companies).any(|known| {
            // The bare word, or the word with a few digits behind it.
            folded.strip_prefix(known.as_str()).is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit()))
        });
    if guessed_first {
        Err(weak("This password is easy to guess. Choose another.".to_owned()))
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_people() {
        for (typed, name) in [(" Grace Hopper ", "Grace Hopper"), ("O'Söhne-Ω 李", "O'Söhne-Ω 李")] {
            assert_eq!(PersonName::parse(typed).unwrap().unwrap().as_str(), name);
        }
        assert_eq!(PersonName::parse("  "), Ok(None));
        assert!(PersonName::parse(&"é".repeat(PERSON_NAME_CHARS_MAX)).is_ok());
        let long = "é".repeat(PERSON_NAME_CHARS_MAX + 1);
        for wrong in [&long, "<b>Grace</b>", "ada@example.com", "x://y", "a\nb", "a\u{202e}b", "a\u{200b}b"] {
            assert_eq!(PersonName::parse(wrong).unwrap_err().field, "name", "{wrong:?}");
        }
    }

    #[test]
    fn addresses() {
        assert_eq!(Email::parse(" Grace.Hopper+x@Example.com ").unwrap().key(), "grace.hopper+x@example.com");
        for wrong in [
            "",
            "grace",
            "@example.com",
            "grace@",
            "grace@localhost",
            "grace@example.com.",
            "a@b@example.com",
            "grace@example.com\r\nBcc: x@example.com",
            "a@example.com,b@example.com",
            "<grace@example.com>",
            "grace @example.com",
            "\u{212a}ate@example.com",
            "grace@exa_mple.com",
        ] {
            assert!(Email::parse(wrong).is_err(), "{wrong:?}");
        }
        assert!(Email::parse(&format!("{}@example.com", "x".repeat(250))).is_err());
    }

    #[test]
    fn names_and_slugs() {
        assert_eq!(CompanyName::parse("Grace & Söhne").unwrap().slug(), "grace-sohne");
        assert_eq!(CompanyName::parse("電話").unwrap().slug(), "company");
        assert!(CompanyName::parse(&"word ".repeat(20)).unwrap().slug().len() <= SLUG_CHARS_MAX);
        for wrong in ["", "  ", "https://example.com", "<b>x</b>", "a\nb", &"x".repeat(101)] {
            assert!(CompanyName::parse(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn slugs_that_are_chosen() {
        for fine in ["ab", "hopper-lines", "4-you", &"x".repeat(40)] {
            assert_eq!(Slug::parse(fine).unwrap().as_str(), fine);
        }
        for wrong in ["", "a", "-ab", "ab-", "a--b", "Hopper", "söhne", "a b", "a/b", "a.b", &"x".repeat(41)]
        {
            assert!(Slug::parse(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn passwords() {
        let email = Email::parse("grace@example.com").unwrap();
        let companies = ["Lovelace Ltd", "Hopper Lines"];
        for fine in ["correct horse", "pass phrase with 😀", "Tr0ub4dor", &"x".repeat(256)] {
            assert_eq!(check_password(fine, &email, &companies), Ok(()), "{fine}");
        }
        for weak in [
            "1234567",
            "password",
            "PASSWORD",
            "grace@example.com",
            "hopper lines",
            "trunkline1",
            &"x".repeat(257),
        ] {
            assert!(check_password(weak, &email, &companies).is_err(), "{weak}");
        }
    }
}
