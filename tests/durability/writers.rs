//! Sixteen clients that write at the same time, at random.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
};

use super::{
    client::{Client, Outcome},
    ledger::{Ledger, State},
};

/// How many clients write at the same time.
pub const CLIENTS: u64 = 16;

/// The threads of the clients.
pub struct Writers {
    threads: Vec<JoinHandle<()>>,
    stop: Arc<AtomicBool>,
}

impl Writers {
    /// Starts the clients; besides records of their own they all write to `shared`.
    pub fn start(
        address: SocketAddr,
        token: &str,
        ledger: &Arc<Ledger>,
        shared: &str,
        seed: u64,
    ) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        // All connect before the first one writes, so that they begin together.
        let open = |_| Client::open(address, token, ledger).expect("a connection");
        let clients: Vec<Client> = (0..CLIENTS).map(open).collect();
        let start =
            |(number, mut client)| {
                let stop = Arc::clone(&stop);
                let mut writer = Writer {
                    random: Random(seed.wrapping_add(number)),
                    shared: shared.to_owned(),
                    own: Vec::new(),
                };
                std::thread::spawn(move || {
                    while !stop.load(Ordering::Relaxed) && writer.step(&mut client) {}
                })
            };
        let threads = (0..).zip(clients).map(start).collect();
        Self { threads, stop }
    }

    /// Waits until every client has lost its connection.
    pub fn wait(self) {
        for thread in self.threads {
            if let Err(fault) = thread.join() {
                std::panic::resume_unwind(fault);
            }
        }
    }

    /// Lets every client have the answer that it waits for, and no more.
    pub fn stop(self) {
        self.stop.store(true, Ordering::Relaxed);
        self.wait();
    }
}

/// What one client does next, and to which records.
struct Writer {
    random: Random,
    shared: String,
    /// Records that this client created and did not delete.
    own: Vec<String>,
}

impl Writer {
    /// One operation, among them some that must be refused; false once the connection is lost.
    fn step(&mut self, client: &mut Client) -> bool {
        let amount = i64::try_from(self.random.below(1000)).unwrap() + 1;
        let outcome = match (self.random.below(16), self.own.last().cloned()) {
            (0..6, _) | (_, None) => self.create(client),
            (6..9, Some(own)) => client.add(&own, amount),
            (9..12, _) => client.add(&self.shared, amount),
            (12, Some(own)) => client.add_to_wrong_version(&own, amount),
            (13, Some(own)) => client.create_titled(&own, "the id is taken"),
            (_, Some(own)) => {
                self.own.pop();
                client.delete(&own)
            }
        };
        outcome.answer.is_some()
    }

    fn create(&mut self, client: &mut Client) -> Outcome {
        let made = client.create();
        if made.state == State::Acknowledged {
            self.own.push(made.record.clone());
        }
        made
    }
}

/// Random numbers that a seed repeats (splitmix64).
pub struct Random(pub u64);

impl Random {
    /// A number below `bound`.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }
}
