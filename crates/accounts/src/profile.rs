//! What people say of themselves.

use std::net::IpAddr;

use domain::account::PersonName;
use store::SessionUser;

use crate::service::{AccountError, AccountService};

impl AccountService {
    /// Calls someone what they typed, in all of their companies; nothing but spaces takes the name away. Gives the name.
    ///
    /// # Errors
    /// [`AccountError::Invalid`] with a sentence.
    pub async fn rename(
        &self,
        person: &SessionUser,
        typed: &str,
        address: IpAddr,
    ) -> Result<Option<PersonName>, AccountError> {
        let name = PersonName::parse(typed)?;
        let address = address.to_canonical().to_string();
        let said = name.as_ref().map(PersonName::as_str);
        self.store.rename(person.user, said, &address, self.edge.now()).await?;
        Ok(name)
    }
}
