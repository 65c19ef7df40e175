//! The groups and people of a company whose calls somebody sees, when they do not see all.

use crate::account::InvalidInput;
use crate::event::kind_name;

/// Groups and people of one scope.
pub const SCOPE_GROUPS_MAX: usize = 100;
/// Characters of what tells one group from others of its kind, and of its kind.
const ID_CHARS_MAX: usize = 64;
const KIND_CHARS_MAX: usize = 32;

/// Some groups and people of a company, written as Dialpad writes a call's group: `Department:5533`, `CallCenter:77`,
/// `User:31`. There is at least one; each is there once, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupScope(Vec<String>);

impl GroupScope {
    /// Reads groups as people write them; how their kinds are spelled does not matter.
    ///
    /// # Errors
    /// [`InvalidInput`] with a sentence, when there is none, one cannot be read, or there are more than
    /// [`SCOPE_GROUPS_MAX`].
    pub fn parse<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Self, InvalidInput> {
        let invalid = |message: String| InvalidInput { field: "groups", code: "INVALID", message };
        let mut groups = Vec::new();
        for text in texts {
            let wrong = || format!("{text:?} is no group: write one such as Department:5533 or User:31.");
            groups.push(canonical(text).ok_or_else(|| invalid(wrong()))?);
            if groups.len() > SCOPE_GROUPS_MAX {
                return Err(invalid(format!("{SCOPE_GROUPS_MAX} groups and people are the most.")));
            }
        }
        if groups.is_empty() {
            return Err(invalid("Choose at least one group or person.".to_owned()));
        }
        groups.sort_unstable();
        groups.dedup();
        Ok(Self(groups))
    }

    /// Each as text.
    pub fn texts(&self) -> &[String] {
        &self.0
    }

    /// Takes the texts.
    pub fn into_texts(self) -> Vec<String> {
        self.0
    }
}

/// Every way in which Dialpad may write this group on a call.
pub fn spellings(group: &str) -> impl Iterator<Item = String> {
    let (kind, id) = group.split_once(':').unwrap_or((group, ""));
    let name = kind_name(kind);
    let flat = name.replace('_', "");
    let mut kinds = vec![camel(&name), name, flat];
    kinds.dedup();
    kinds.into_iter().map(move |kind| format!("{kind}:{id}"))
}

fn canonical(text: &str) -> Option<String> {
    let (kind, id) = text.trim().split_once(':')?;
    let is_kind = |letter: char| letter.is_ascii_alphabetic() || matches!(letter, '_' | '-' | ' ');
    let is_id = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.');
    let is_short = kind.chars().count() <= KIND_CHARS_MAX && id.chars().count() <= ID_CHARS_MAX;
    let is_written = kind.starts_with(|letter: char| letter.is_ascii_alphabetic()) && !id.is_empty();
    (is_short && is_written && kind.chars().all(is_kind) && id.chars().all(is_id))
        .then(|| format!("{}:{id}", camel(&kind_name(kind))))
}

/// `call_center` → `CallCenter`.
fn camel(name: &str) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect::<String>()
    };
    name.split('_').map(capital).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parties::group_party;

    #[test]
    fn groups_are_read_as_people_write_them() {
        let texts = [
            "User:31",
            " CallCenter:77",
            "call_center:77",
            "callcenter:77 ",
            "department:5533",
            "office:a-1",
        ];
        let scope = GroupScope::parse(texts).unwrap();
        assert_eq!(scope.texts(), ["CallCenter:77", "Department:5533", "Office:a-1", "User:31"]);
        assert_eq!(GroupScope::parse(scope.texts().iter().map(String::as_str)).unwrap(), scope);
    }

    #[test]
    fn what_is_no_group_is_told() {
        for wrong in
            ["", "31", "User:", ":31", "User: 31", "User:3 1", "User:31\n", "Us3r:31", "User:'", "-:1"]
        {
            let told = GroupScope::parse([wrong]);
            // A line's end at the end of the text is white space, and nothing else.
            assert_eq!(told.is_err(), wrong != "User:31\n", "{wrong:?}");
        }
        assert_eq!(GroupScope::parse([]).unwrap_err().message, "Choose at least one group or person.");
        let many: Vec<String> = (0..=SCOPE_GROUPS_MAX).map(|id| format!("User:{id}")).collect();
        assert!(GroupScope::parse(many.iter().map(String::as_str)).is_err());
        assert!(GroupScope::parse(many[1..].iter().map(String::as_str)).is_ok());
        assert!(GroupScope::parse([format!("User:{}", "1".repeat(ID_CHARS_MAX + 1)).as_str()]).is_err());
    }

    #[test]
    fn a_group_is_found_however_it_is_spelled() {
        let spelled: Vec<String> = spellings("CallCenter:77").collect();
        assert_eq!(spelled, ["CallCenter:77", "call_center:77", "callcenter:77"]);
        assert!(spellings("User:31").any(|spelling| spelling == "User:31"));
        let [one, two, three] = [0, 1, 2].map(|at| group_party(&spelled[at]));
        assert!(one == two && two == three, "all are the same party");
    }
}
