//! Answers that were computed once, kept by question and version of the data. A new version makes every old answer unreachable, so nothing
//! is ever stale; the number of answers is bounded, the longest unused goes first.

use crate::error::{Error, Result};
use std::any::Any;
use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex};
use tokio::sync::OnceCell;

/// Answers that are kept.
const KEPT: usize = 256;

type Answer = Arc<dyn Any + Send + Sync>;

#[derive(Default)]
pub struct Answers {
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    entries: HashMap<(i64, String), Entry>,
    /// Counts look-ups, to know what was not used for longest.
    looks: u64,
}

struct Entry {
    answer: Arc<OnceCell<Answer>>,
    looked_at: u64,
}

impl Answers {
    /// A copy of [`Answers::get`], for answers that are handed on.
    pub async fn copy<T, F>(&self, version: i64, question: String, make: F) -> Result<T>
    where
        T: Any + Send + Sync + Clone,
        F: Future<Output = Result<T>>,
    {
        self.get(version, question, make).await.map(Arc::unwrap_or_clone)
    }

    /// The kept answer, or the one that `make` gives. Two who ask the same at the same time wait for one computation; a failure is not
    /// kept.
    pub async fn get<T, F>(&self, version: i64, question: String, make: F) -> Result<Arc<T>>
    where
        T: Any + Send + Sync,
        F: Future<Output = Result<T>>,
    {
        let cell = self.cell(version, question)?;
        let answer = cell
            .get_or_try_init(|| async { Ok::<Answer, Error>(Arc::new(make.await?)) })
            .await?;
        answer
            .clone()
            .downcast()
            .map_err(|_| Error::internal("two answers of different types under one question"))
    }

    /// The answer, when it is kept already.
    pub fn peek<T: Any + Send + Sync>(&self, version: i64, question: &str) -> Option<Arc<T>> {
        let held = self.held.lock().ok()?;
        held.entries
            .get(&(version, question.to_owned()))?
            .answer
            .get()?
            .clone()
            .downcast()
            .ok()
    }

    fn cell(&self, version: i64, question: String) -> Result<Arc<OnceCell<Answer>>> {
        let mut held = self
            .held
            .lock()
            .map_err(|_| Error::internal("the kept answers are broken"))?;
        held.looks += 1;
        let looks = held.looks;
        let key = (version, question);
        if !held.entries.contains_key(&key) && held.entries.len() >= KEPT {
            let oldest = held
                .entries
                .iter()
                .min_by_key(|(_, entry)| entry.looked_at)
                .map(|(key, _)| key.clone());
            oldest.and_then(|oldest| held.entries.remove(&oldest));
        }
        let entry = held.entries.entry(key).or_insert_with(|| Entry {
            answer: Arc::default(),
            looked_at: looks,
        });
        entry.looked_at = looks;
        Ok(entry.answer.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_answer_is_computed_once_per_version_and_failures_are_not_kept() {
        let answers = Answers::default();
        let ask = |version: i64, value: i32| answers.get(version, "q".to_owned(), async move { Ok(value) });
        assert_eq!(*ask(1, 10).await.unwrap(), 10);
        assert_eq!(*ask(1, 20).await.unwrap(), 10);
        assert_eq!(*ask(2, 30).await.unwrap(), 30);
        assert_eq!(answers.peek::<i32>(1, "q").map(|kept| *kept), Some(10));
        let failed: Result<Arc<i32>> = answers.get(3, "q".to_owned(), async { Err(Error::Cancelled) }).await;
        assert!(failed.is_err());
        assert_eq!(*ask(3, 40).await.unwrap(), 40);
    }

    #[tokio::test]
    async fn the_longest_unused_answer_goes() {
        let answers = Answers::default();
        for question in 0..=KEPT {
            answers
                .get(1, question.to_string(), async move { Ok(question) })
                .await
                .unwrap();
            answers.get(1, "0".to_owned(), async { Ok(0_usize) }).await.unwrap();
        }
        assert!(answers.peek::<usize>(1, "0").is_some() && answers.peek::<usize>(1, "1").is_none());
    }
}
