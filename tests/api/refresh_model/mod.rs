//! Refresh tokens against a plain model of what the protocol says of them: random stories of
//! several tabs and programs that sign in, refresh, show old tokens, wait, and end sessions.

mod model;
mod story;

use proptest::{collection::vec, prelude::*, test_runner::TestRunner};
use story::{Step, Story};

use crate::support::app::TestApp;

/// Milliseconds around what the protocol names, some of them often enough to be hit exactly.
fn wait() -> impl Strategy<Value = u64> {
    prop_oneof![
        6 => prop_oneof![Just(1), Just(4_000), Just(9_999), Just(10_000)],
        2 => prop_oneof![Just(60_000), Just(899_999), Just(900_000)],
        1 => prop_oneof![Just(86_400_000), Just(604_799_999), Just(604_800_000)],
    ]
}

/// Steps name clients and tokens by numbers, taken around the end of what there is.
fn step() -> impl Strategy<Value = Step> {
    let any = || 0..64_usize;
    prop_oneof![
        2 => Just(Step::Login),
        2 => any().prop_map(Step::OpenTab),
        8 => any().prop_map(Step::Refresh),
        5 => (0..6_usize).prop_map(Step::Replay),
        6 => wait().prop_map(Step::Wait),
        1 => any().prop_map(Step::Logout),
        1 => (any(), any()).prop_map(|(by, ended)| Step::End { by, ended }),
        1 => any().prop_map(Step::EndOthers),
    ]
}

#[test]
fn any_story_of_tabs_and_programs_goes_as_the_model_says() {
    let app = TestApp::start();
    let config = ProptestConfig {
        cases: 48,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let outcome = TestRunner::new(config).run(&vec(step(), 1..40), |steps| {
        let mut story = Story::begin(&app);
        for step in steps {
            story.go_on(&step)?;
        }
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}
