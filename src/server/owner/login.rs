//! From a name and a password to a person, not too often.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::Instant;

use super::password::{PasswordHash, check_name};
use crate::server::store::{OwnerId, Owners, StoreError};

/// How many failures a name has from one address in a [`WINDOW`].
const MAX_FAILURES: u32 = 10;
const WINDOW: Duration = Duration::from_secs(15 * 60);
/// How many names and addresses are remembered; of more, those that began first are forgotten. Each
/// costs a stranger a hash, so that to be forgotten takes minutes.
const MAX_REMEMBERED: usize = 10_000;
/// How many passwords are hashed at once: each takes a core and 19 MiB.
const HASHING: usize = 2;
/// How many more may wait for that.
const WAITING: usize = 32;
/// Seconds after which a place may be free for one who was turned away from the queue.
const QUEUE_SECONDS: u64 = 5;

/// Lets people in.
#[derive(Debug)]
pub struct Logins {
    failures: Mutex<Failures>,
    queue: Semaphore,
    hashing: Semaphore,
}

/// Why somebody is not let in.
#[derive(Debug, thiserror::Error)]
pub enum LoginError {
    /// There is no such person, or it is not their password; which of them is not said.
    #[error("the name or the password is wrong")]
    Wrong,
    /// Too many failures with this name, or too many people at the door.
    #[error("too many attempts")]
    TooMany {
        /// After which it can be tried again.
        retry_after_seconds: u64,
    },
    /// The store itself fails.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Default for Logins {
    fn default() -> Self {
        Self {
            failures: Mutex::default(),
            queue: Semaphore::new(HASHING + WAITING),
            hashing: Semaphore::new(HASHING),
        }
    }
}

impl Logins {
    /// The person of this name, if it is their password. `from` is the address that asks.
    ///
    /// # Errors
    ///
    /// See [`LoginError`]. An unknown name takes as long as a wrong password.
    pub async fn check(
        &self,
        people: &dyn Owners,
        name: &str,
        password: String,
        from: IpAddr,
    ) -> Result<OwnerId, LoginError> {
        // Nobody has such a name, which anybody may know.
        if check_name(name).is_err() {
            return Err(LoginError::Wrong);
        }
        let too_many = |seconds| LoginError::TooMany { retry_after_seconds: seconds };
        let _place = self.queue.try_acquire().map_err(|_| too_many(QUEUE_SECONDS))?;
        // Counted before the password is looked at, so that many attempts at once are as many.
        let attempt = self.failures().begin(name, from).map_err(too_many)?;
        let person = people.person(name).await?;
        let (id, hash) = person.map(|person| (person.id, PasswordHash(person.password))).unzip();
        if self.is_right(hash, password).await
            && let Some(id) = id
        {
            self.failures().forget(attempt);
            return Ok(id);
        }
        Err(LoginError::Wrong)
    }

    /// Compares, on a thread that may be kept busy.
    async fn is_right(&self, hash: Option<PasswordHash>, password: String) -> bool {
        let Ok(_turn) = self.hashing.acquire().await else {
            return false;
        };
        let compare = move || match hash {
            Some(hash) => hash.is_of(&password),
            None => {
                // For the time that it takes alone.
                PasswordHash::of(&password);
                false
            }
        };
        tokio::task::spawn_blocking(compare).await.unwrap_or(false)
    }

    fn failures(&self) -> std::sync::MutexGuard<'_, Failures> {
        self.failures.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Failures of names from addresses, each in a window that begins with the first of them. A name is
/// remembered as a hash, which is short whatever is sent.
#[derive(Debug, Default)]
struct Failures {
    windows: HashMap<u64, (Instant, u32)>,
    keys: RandomState,
}

impl Failures {
    /// Counts an attempt as failed until [`Self::forget`]; the seconds to wait where there were too
    /// many.
    fn begin(&mut self, name: &str, from: IpAddr) -> Result<u64, u64> {
        let (key, now) = (self.keys.hash_one((name, from)), Instant::now());
        if self.windows.len() >= MAX_REMEMBERED && !self.windows.contains_key(&key) {
            self.make_room(now);
        }
        let (begun, count) = self.windows.entry(key).or_insert((now, 0));
        if now - *begun >= WINDOW {
            (*begun, *count) = (now, 0);
        }
        if *count >= MAX_FAILURES {
            return Err((WINDOW - (now - *begun)).as_secs() + 1);
        }
        *count += 1;
        Ok(key)
    }

    fn forget(&mut self, key: u64) {
        self.windows.remove(&key);
    }

    /// Forgets what is over, or else the older half, so that this is rare.
    fn make_room(&mut self, now: Instant) {
        self.windows.retain(|_, (begun, _)| now - *begun < WINDOW);
        if self.windows.len() >= MAX_REMEMBERED {
            let mut begun: Vec<Instant> = self.windows.values().map(|(begun, _)| *begun).collect();
            let (_, middle, _) = begun.select_nth_unstable(MAX_REMEMBERED / 2);
            let middle = *middle;
            self.windows.retain(|_, (begun, _)| *begun > middle);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
    const THERE: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));

    #[tokio::test(start_paused = true)]
    async fn ten_failures_of_a_name_from_an_address_are_enough_for_a_quarter_of_an_hour() {
        let mut failures = Failures::default();
        for _ in 0..10 {
            assert!(failures.begin("anna", HERE).is_ok());
            tokio::time::advance(Duration::from_secs(1)).await;
        }
        assert_eq!(failures.begin("anna", HERE), Err(15 * 60 - 10 + 1));
        assert!(failures.begin("anna", THERE).is_ok(), "from elsewhere");
        assert!(failures.begin("ben", HERE).is_ok(), "with another name");
        tokio::time::advance(WINDOW - Duration::from_secs(10)).await;
        assert!(failures.begin("anna", HERE).is_ok(), "afterwards");
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_remembered_is_bounded() {
        let mut failures = Failures::default();
        for n in 0..3 * MAX_REMEMBERED {
            failures.begin(&n.to_string(), HERE).unwrap();
            tokio::time::advance(Duration::from_millis(1)).await;
            assert!(failures.windows.len() <= MAX_REMEMBERED);
        }
        assert!(failures.windows.len() >= MAX_REMEMBERED / 3);
    }
}
