//! What is read often and is small, kept in memory: the one cache that every owner of such things
//! declares its own of, with its key, its size and its lifetime.
//!
//! The generation of what was read (see `Db::generation`) is a part of the key, so that a read
//! which begins after an acknowledged write never finds, and never joins, what was read before it.

use std::{
    future::Future,
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
    time::Duration,
};

use moka::{Expiry, future::Cache as Entries};

use crate::base::{Error, Result};

/// A cache from `K` to `V`. Cheap to clone; so must both be.
#[derive(Clone)]
pub struct Cache<K, V> {
    entries: Entries<(K, u64), V>,
}

impl<K, V> Cache<K, V>
where
    K: Clone + Hash + Eq + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    /// One that holds up to `bytes`, as `size` says of a key and its value, each for `life` and
    /// not much longer.
    pub fn new(bytes: u64, life: Duration, size: fn(&K, &V) -> usize) -> Self {
        let weigh = move |(key, _): &(K, u64), value: &V| {
            u32::try_from(ENTRY + size(key, value)).unwrap_or(u32::MAX)
        };
        let entries = Entries::builder()
            .max_capacity(bytes)
            .weigher(weigh)
            .expire_after(Life(life))
            .build();
        Self { entries }
    }

    /// What is kept of `key` in this `generation`, else what `load` finds, which is then kept. One
    /// load at a time: who asks meanwhile waits for it.
    ///
    /// # Errors
    /// Those of `load`; they are kept for nobody.
    pub async fn get(
        &self,
        key: K,
        generation: u64,
        load: impl Future<Output = Result<V>>,
    ) -> Result<V> {
        let loaded = self.entries.try_get_with((key, generation), load).await;
        loaded.map_err(|error: Arc<Error>| (*error).clone())
    }
}

/// What an entry needs of memory beside its key and value, about.
const ENTRY: usize = 200;

/// Some die a tenth later than others, so that what was kept together is not read anew together.
struct Life(Duration);

impl<K: Hash, V> Expiry<K, V> for Life {
    fn expire_after_create(&self, key: &K, _: &V, _: std::time::Instant) -> Option<Duration> {
        let mut hasher = DefaultHasher::new();
        key.hash(&mut hasher);
        let thousandths = u32::try_from(hasher.finish() % 100).unwrap_or_default();
        Some(self.0 + self.0 / 1_000 * thousandths)
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::{
            Arc,
            atomic::{AtomicUsize, Ordering},
        },
        time::Duration,
    };

    use futures_util::future::join_all;

    use super::Cache;
    use crate::base::{Error, Result};

    fn cache() -> Cache<u32, usize> {
        Cache::new(10_000, Duration::from_secs(60), |_, _| 0)
    }

    /// Each load finds how many there were.
    async fn count(loads: Arc<AtomicUsize>) -> Result<usize> {
        tokio::task::yield_now().await;
        Ok(loads.fetch_add(1, Ordering::SeqCst) + 1)
    }

    #[actix_web::test]
    async fn who_asks_meanwhile_waits_for_the_one_load() {
        let (cache, loads) = (cache(), Arc::new(AtomicUsize::new(0)));
        let asked = (0..8).map(|_| cache.get(7, 0, count(Arc::clone(&loads))));
        for found in join_all(asked).await {
            assert_eq!(found.unwrap(), 1);
        }
    }

    #[actix_web::test]
    async fn another_generation_joins_no_load_and_finds_nothing() {
        let (cache, loads) = (cache(), Arc::new(AtomicUsize::new(0)));
        let asked = [0, 1].map(|generation| cache.get(7, generation, count(Arc::clone(&loads))));
        let found: Vec<usize> = join_all(asked)
            .await
            .into_iter()
            .map(Result::unwrap)
            .collect();
        assert_eq!(found, [1, 2]);
        assert_eq!(cache.get(7, 2, count(loads)).await.unwrap(), 3);
    }

    #[actix_web::test]
    async fn an_error_is_kept_for_nobody() {
        let cache = cache();
        let failed = cache.get(7, 0, async { Err(Error::not_found()) }).await;
        assert_eq!(failed.unwrap_err().code(), Error::not_found().code());
        assert_eq!(cache.get(7, 0, async { Ok(5) }).await.unwrap(), 5);
    }

    #[actix_web::test]
    async fn it_holds_no_more_than_its_bytes() {
        let cache = Cache::new(10_000, Duration::from_secs(60), |_: &u32, _: &usize| 800);
        for key in 0..100 {
            cache.get(key, 0, async { Ok(1) }).await.unwrap();
        }
        cache.entries.run_pending_tasks().await;
        assert!(cache.entries.weighted_size() <= 10_000);
        assert!(cache.entries.entry_count() > 0);
    }
}
