//! Whose request is worked on: the fields that each log line of a request carries.
//!
//! Spans of `tracing` would do as well, but cost several allocations and locks for each request,
//! also for the many that log nothing.

use std::{
    cell::RefCell,
    future::{Future, poll_fn},
    pin::pin,
    sync::{Arc, OnceLock},
};

use super::line::Fields;
use crate::base::Id;

thread_local! {
    static CURRENT: RefCell<Option<Context>> = const { RefCell::new(None) };
}

/// A request, as its log lines name it. Cheap to clone.
#[derive(Clone)]
pub struct Context(Arc<Known>);

struct Known {
    request_id: Arc<str>,
    trace: Option<Trace>,
    user: OnceLock<Id>,
}

/// The place in a trace that spans many services (W3C Trace Context).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// 32 hexadecimal digits.
    pub trace_id: String,
    /// 16 hexadecimal digits.
    pub span_id: String,
}

impl Context {
    /// A request whose user is not known yet.
    pub fn new(request_id: Arc<str>, trace: Option<Trace>) -> Self {
        Self(Arc::new(Known {
            request_id,
            trace,
            user: OnceLock::new(),
        }))
    }

    /// The request that this thread works on now.
    pub fn current() -> Option<Self> {
        CURRENT.with_borrow(Clone::clone)
    }

    /// Says who asks. Who was named first stays.
    pub fn set_user(&self, user: Id) {
        let _ = self.0.user.set(user);
    }

    /// Runs `f` for this request.
    pub fn scope<T>(&self, f: impl FnOnce() -> T) -> T {
        let _entered = Entered::new(self.clone());
        f()
    }

    /// Runs `future` for this request, whatever else its thread does between.
    pub async fn within<T>(self, future: impl Future<Output = T>) -> T {
        let mut future = pin!(future);
        poll_fn(|context| self.scope(|| future.as_mut().poll(context))).await
    }

    /// Adds its fields.
    pub(super) fn record(&self, fields: &mut Fields) {
        fields.put_text("request_id", &self.0.request_id);
        if let Some(trace) = &self.0.trace {
            fields.put_text("trace_id", &trace.trace_id);
            fields.put_text("span_id", &trace.span_id);
        }
        if let Some(user) = self.0.user.get() {
            fields.put_text("user_id", &user.to_string());
        }
    }
}

/// Gives the thread back to the request before.
struct Entered(Option<Context>);

impl Entered {
    fn new(context: Context) -> Self {
        Self(CURRENT.replace(Some(context)))
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        CURRENT.set(self.0.take());
    }
}

#[cfg(test)]
mod tests {
    use std::task::Poll;

    use super::Context;

    fn now() -> Option<String> {
        Context::current().map(|context| context.0.request_id.to_string())
    }

    fn request(id: &str) -> Context {
        Context::new(id.into(), None)
    }

    #[test]
    fn requests_that_share_a_thread_are_kept_apart() {
        let turns = |id: &str| {
            let mut left = 3;
            let expected = Some(id.to_owned());
            request(id).within(std::future::poll_fn(move |context| {
                assert_eq!(now(), expected);
                left -= 1;
                context.waker().wake_by_ref();
                if left == 0 {
                    Poll::Ready(())
                } else {
                    Poll::Pending
                }
            }))
        };
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        runtime.unwrap().block_on(async {
            tokio::join!(turns("a"), turns("b"));
            assert_eq!(now(), None);
        });
    }

    #[test]
    fn a_panic_gives_the_thread_back() {
        let outcome = std::panic::catch_unwind(|| request("a").scope(|| panic!("no bread left")));
        assert!(outcome.is_err());
        assert_eq!(now(), None);
    }
}
