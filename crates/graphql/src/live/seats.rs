//! How many may watch at once, in this process and of one company.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::ids::TenantId;

/// Connections that watch, in this process.
const CONNECTIONS_MAX: usize = 2_000;
/// Connections of one company that watch, in this process.
const CONNECTIONS_OF_COMPANY_MAX: usize = 200;

/// The seats that are taken, by company.
#[derive(Clone, Default)]
pub(super) struct Seats(Arc<Mutex<Taken>>);

#[derive(Default)]
struct Taken {
    all: usize,
    companies: HashMap<TenantId, usize>,
}

/// A seat of a connection, later also in each of its companies; free again when it is dropped.
pub(super) struct Seat {
    seats: Seats,
    companies: Vec<TenantId>,
}

impl Seats {
    /// A seat for somebody of whom nothing is known yet, if there is one.
    pub(super) fn seat(&self) -> Option<Seat> {
        let mut taken = self.locked();
        if taken.all >= CONNECTIONS_MAX {
            return None;
        }
        taken.all += 1;
        drop(taken);
        Some(Seat { seats: self.clone(), companies: Vec::new() })
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, Taken> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seat {
    /// The same seat in each of these companies too, if there is one.
    pub(super) fn of(mut self, companies: Vec<TenantId>) -> Option<Self> {
        let mut taken = self.seats.locked();
        let is_full = |tenant: &TenantId| taken.companies.get(tenant) >= Some(&CONNECTIONS_OF_COMPANY_MAX);
        if companies.iter().any(is_full) {
            drop(taken);
            return None;
        }
        for tenant in &companies {
            *taken.companies.entry(*tenant).or_default() += 1;
        }
        drop(taken);
        self.companies = companies;
        Some(self)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.seats.locked();
        taken.all -= 1;
        for tenant in &self.companies {
            if let Some(count) = taken.companies.get_mut(tenant) {
                *count -= 1;
            }
        }
        taken.companies.retain(|_, count| *count > 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_company_cannot_take_every_seat() {
        let (seats, tenant) = (Seats::default(), |at: usize| vec![TenantId(Uuid::from_u128(at as u128))]);
        let seat = |companies| seats.seat().and_then(|seat| seat.of(companies));
        let mut taken: Vec<Seat> =
            (0..CONNECTIONS_OF_COMPANY_MAX).map(|_| seat(tenant(1)).unwrap()).collect();
        assert!(seat(tenant(1)).is_none());
        assert!(seat([tenant(2), tenant(1)].concat()).is_none());
        taken.extend((CONNECTIONS_OF_COMPANY_MAX..CONNECTIONS_MAX).map(|at| seat(tenant(2 + at)).unwrap()));
        assert!(seats.seat().is_none());
        taken.clear();
        assert!(seat(tenant(1)).is_some());
        assert!(seats.locked().companies.is_empty());
    }
}
