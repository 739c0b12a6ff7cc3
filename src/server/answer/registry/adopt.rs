//! An anonymous owner's answers become a person's.

use super::Registry;
use crate::server::store::{OwnerId, StoreError};

impl Registry {
    /// Makes everything of an owner without a name another's: what is kept and what runs.
    ///
    /// # Errors
    ///
    /// When the store fails. Nothing has changed then.
    pub async fn adopt(&self, anonymous: OwnerId, by: OwnerId) -> Result<(), StoreError> {
        self.store.adopt(anonymous, by).await?;
        let mut inner = self.lock();
        for running in inner.running.values_mut().filter(|running| running.owner == anonymous) {
            running.owner = by;
        }
        Ok(())
    }
}
