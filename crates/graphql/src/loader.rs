//! What loaders share: keys that carry the right to enter a company, grouped by it.

use std::collections::HashMap;

use store::TenantAccess;

/// The right to enter a company, as part of a key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Access(pub(crate) TenantAccess);

impl std::hash::Hash for Access {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.tenant().hash(state);
    }
}

/// Groups what is to be loaded by company: one transaction for each, never one for several.
pub(crate) fn by_company<T>(wanted: impl Iterator<Item = (Access, T)>) -> HashMap<Access, Vec<T>> {
    let mut grouped: HashMap<Access, Vec<T>> = HashMap::new();
    for (access, one) in wanted {
        grouped.entry(access).or_default().push(one);
    }
    grouped
}
