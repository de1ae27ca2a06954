//! Work that waits or computes for long, off the threads that serve requests.

use std::any::Any;

use super::context::Context;
use crate::base::{Error, Result};

/// Runs `f` on a thread where it may block, for the present request, so that its log lines carry
/// that one's fields. `what` names the work in the log: "hashing a password".
///
/// Dropping the future does not stop `f` once it has begun.
///
/// # Errors
/// Those of `f`; `INTERNAL_ERROR` if it panics; `SERVICE_UNAVAILABLE` if the server stops before
/// `f` has begun.
pub async fn run<T: Send + 'static>(
    what: &'static str,
    f: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    let outcome = run_boxed(what, Box::new(|| Box::new(f()))).await?;
    let outcome = outcome.downcast::<Result<T>>();
    outcome.map_or_else(|_| Err(Error::internal(what)), |outcome| *outcome)
}

/// Work whose type is not known any more. Tokio's own code for a task is made anew for each type of
/// work, and all of them together take more memory than everything that they do.
type Boxed = Box<dyn Any + Send>;

async fn run_boxed(what: &str, f: Box<dyn FnOnce() -> Boxed + Send>) -> Result<Boxed> {
    let context = Context::current();
    let work = tokio::task::spawn_blocking(move || match context {
        Some(context) => context.scope(f),
        None => f(),
    });
    work.await.map_err(|error| match error.try_into_panic() {
        Ok(panic) => Error::internal(format!("{what} panicked: {}", words(&*panic))),
        Err(_) => Error::unavailable("Shutting down", 1),
    })
}

/// What a panic said.
fn words(panic: &(dyn Any + Send)) -> &str {
    let fixed = panic.downcast_ref::<&str>().copied();
    let built = || panic.downcast_ref::<String>().map(String::as_str);
    fixed.or_else(built).unwrap_or("without words")
}

#[cfg(test)]
mod tests {
    use std::future::Future;

    use super::{Context, run};
    use crate::base::{Code, Error};

    fn block_on<T>(future: impl Future<Output = T>) -> T {
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        runtime.unwrap().block_on(future)
    }

    #[test]
    fn the_outcome_comes_back_from_another_thread() {
        let here = std::thread::current().id();
        let there = block_on(run("asking", || Ok(std::thread::current().id())));
        assert_ne!(there.unwrap(), here);
        let refused: Result<(), Error> = block_on(run("asking", || Err(Error::not_found())));
        assert_eq!(refused.unwrap_err().code(), Code::NotFound);
    }

    #[test]
    fn a_panic_is_an_internal_error_that_tells_the_log_why() {
        let outcome: Result<(), Error> = block_on(run("dividing", || panic!("by {}", 0)));
        let error = outcome.unwrap_err();
        assert_eq!(
            (error.code(), error.message()),
            (Code::InternalError, "Internal error")
        );
        assert_eq!(
            error.cause().unwrap().to_string(),
            "dividing panicked: by 0"
        );
    }

    #[test]
    fn the_work_is_for_the_request_of_its_caller() {
        let request = Context::new("r1".into(), None);
        let asked = request.within(run("asking", || Ok(Context::current().is_some())));
        assert!(block_on(asked).unwrap());
        assert!(!block_on(run("asking", || Ok(Context::current().is_some()))).unwrap());
    }
}
