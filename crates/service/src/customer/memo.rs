//! What is worked out of the index when someone first asks for it.

use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use hashbrown::HashMap;

/// Things worked out once for each key.
#[derive(Debug)]
pub struct Memo<K, V>(Mutex<HashMap<K, Arc<V>>>);

impl<K, V> Default for Memo<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash, V> Memo<K, V> {
    /// What was worked out for a key, else what `work_out` gives. Who asks meanwhile works it out too, rather than
    /// having everyone wait.
    pub fn get(&self, key: K, work_out: impl FnOnce() -> V) -> Arc<V> {
        if let Some(known) = self.lock().get(&key) {
            return Arc::clone(known);
        }
        let found = Arc::new(work_out());
        Arc::clone(self.lock().entry(key).or_insert(found))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<K, Arc<V>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_thing_is_worked_out_once() {
        let memo = Memo::default();
        let asked = |key: u8, value| *memo.get(key, || value);
        assert_eq!([asked(1, 'a'), asked(2, 'b'), asked(1, 'c')], ['a', 'b', 'a']);
    }
}
