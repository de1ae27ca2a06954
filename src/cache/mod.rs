//! What is read often and is small, kept in memory: the one cache that every owner of such things
//! declares its own of, with its key, its size and its lifetime.
//!
//! The generation of what was read (see `Db::generation`) is a part of the key, so that a read
//! which begins after an acknowledged write never finds, and never joins, what was read before it.
//!
//! Below, all of them are one type: moka makes well over 100 kB of code for each kind of key and
//! value that it holds.

use std::{
    any::Any,
    future::Future,
    hash::{DefaultHasher, Hash, Hasher},
    marker::PhantomData,
    pin::Pin,
    sync::Arc,
    time::Duration,
};

use moka::{Expiry, future::Cache as Entries};

use crate::base::{Error, Id, Result};

type Anything = Arc<dyn Any + Send + Sync>;

/// What something is kept under. Each cache uses the parts that it needs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Key {
    /// A revision.
    pub revision: i64,
    /// An id or a hash.
    pub id: [u8; 32],
    /// A question.
    pub text: Option<Arc<str>>,
}

impl From<Id> for Key {
    fn from(id: Id) -> Self {
        let mut key = Self::default();
        for (to, from) in key.id.iter_mut().zip(id.to_bytes()) {
            *to = from;
        }
        key
    }
}

/// A cache of `V`. Cheap to clone.
pub struct Cache<V> {
    entries: Entries<(Key, u64), Anything>,
    values: PhantomData<fn() -> V>,
}

impl<V> Clone for Cache<V> {
    fn clone(&self) -> Self {
        Self {
            entries: self.entries.clone(),
            values: PhantomData,
        }
    }
}

impl<V: Send + Sync + 'static> Cache<V> {
    /// One that holds up to `bytes`, as `size` says of a value, each for `life` and not much
    /// longer.
    pub fn new(bytes: u64, life: Duration, size: fn(&V) -> usize) -> Self {
        let weigh = move |(key, _): &(Key, u64), value: &Anything| {
            let text = key.text.as_ref().map_or(0, |text| text.len());
            let value = value.downcast_ref().map_or(0, size);
            u32::try_from(ENTRY + text + value).unwrap_or(u32::MAX)
        };
        let entries = Entries::builder()
            .max_capacity(bytes)
            .weigher(weigh)
            .expire_after(Life(life))
            .build();
        Self {
            entries,
            values: PhantomData,
        }
    }

    /// What is kept of `key` in this `generation`, else what `load` finds, which is then kept. One
    /// load at a time: who asks meanwhile waits for it.
    ///
    /// # Errors
    /// Those of `load`; they are kept for nobody.
    pub async fn get(
        &self,
        key: impl Into<Key>,
        generation: u64,
        load: impl Future<Output = Result<V>>,
    ) -> Result<Arc<V>> {
        let key = (key.into(), generation);
        let found = match self.entries.get(&key).await {
            Some(found) => found,
            None => {
                let load = async { Ok(Arc::new(load.await?) as Anything) };
                let load: Load<'_> = Box::pin(load);
                let loaded = self.entries.try_get_with(key, load).await;
                loaded.map_err(|error: Arc<Error>| (*error).clone())?
            }
        };
        let other = |_| Error::internal("a cache holds what is not its own");
        found.downcast().map_err(other)
    }
}

type Load<'a> = Pin<Box<dyn Future<Output = Result<Anything>> + 'a>>;

/// What an entry needs of memory beside the text of its key and its value, about.
const ENTRY: usize = 300;

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

    use super::{Cache, Key};
    use crate::base::{Error, Result};

    fn cache() -> Cache<usize> {
        Cache::new(10_000, Duration::from_secs(60), |_| 0)
    }

    fn key(revision: i64) -> Key {
        Key {
            revision,
            ..Key::default()
        }
    }

    /// Each load finds how many there were.
    async fn count(loads: Arc<AtomicUsize>) -> Result<usize> {
        tokio::task::yield_now().await;
        Ok(loads.fetch_add(1, Ordering::SeqCst) + 1)
    }

    #[actix_web::test]
    async fn who_asks_meanwhile_waits_for_the_one_load() {
        let (cache, loads) = (cache(), Arc::new(AtomicUsize::new(0)));
        let asked = (0..8).map(|_| cache.get(key(7), 0, count(Arc::clone(&loads))));
        for found in join_all(asked).await {
            assert_eq!(*found.unwrap(), 1);
        }
    }

    #[actix_web::test]
    async fn another_generation_joins_no_load_and_finds_nothing() {
        let (cache, loads) = (cache(), Arc::new(AtomicUsize::new(0)));
        let asked =
            [0, 1].map(|generation| cache.get(key(7), generation, count(Arc::clone(&loads))));
        let found: Vec<usize> = join_all(asked)
            .await
            .into_iter()
            .map(|found| *found.unwrap())
            .collect();
        assert_eq!(found, [1, 2]);
        assert_eq!(*cache.get(key(7), 2, count(loads)).await.unwrap(), 3);
    }

    #[actix_web::test]
    async fn an_error_is_kept_for_nobody() {
        let cache = cache();
        let failed = cache
            .get(key(7), 0, async { Err(Error::not_found()) })
            .await;
        assert_eq!(failed.unwrap_err().code(), Error::not_found().code());
        assert_eq!(*cache.get(key(7), 0, async { Ok(5) }).await.unwrap(), 5);
    }

    #[actix_web::test]
    async fn it_holds_no_more_than_its_bytes() {
        let cache = Cache::new(10_000, Duration::from_secs(60), |_: &usize| 800);
        for number in 0..100 {
            cache.get(key(number), 0, async { Ok(1) }).await.unwrap();
        }
        cache.entries.run_pending_tasks().await;
        assert!(cache.entries.weighted_size() <= 10_000);
        assert!(cache.entries.entry_count() > 0);
    }
}
