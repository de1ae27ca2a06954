//! Any bytes are rows, each with its cells or with a fault, and what is kept of one is bounded.

#![no_main]

use libfuzzer_sys::fuzz_target;
use stead::base::csv;

/// Most bytes of a row.
const MOST: usize = 100;

fuzz_target!(|bytes: &[u8]| {
    for row in csv::rows(bytes, MOST) {
        assert!(!row.cells.is_empty());
        let kept: usize = row.cells.iter().map(|cell| cell.bytes.len()).sum();
        assert!(kept <= MOST);
        if row.fault.is_none() {
            let mut text = Vec::new();
            for (i, cell) in row.cells.iter().enumerate() {
                if i > 0 {
                    text.push(b',');
                }
                if cell.is_quoted || !cell.bytes.is_empty() {
                    csv::write(&cell.bytes, &mut text);
                }
            }
            text.push(b'\n');
            let again = csv::rows(&text, MOST);
            let same = |(one, other): (&csv::Cell, &csv::Cell)| one.bytes == other.bytes;
            assert_eq!(again.len(), 1);
            assert!(row.cells.iter().zip(&again[0].cells).all(same));
        }
    }
});
