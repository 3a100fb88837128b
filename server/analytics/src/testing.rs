//! What the tests of several modules share.

/// Fails unless `found` is within `tolerance` of `expected`, relative to it.
pub fn assert_close(found: f64, expected: f64, tolerance: f64) {
    let distance = (found - expected).abs() / expected.abs().max(f64::MIN_POSITIVE);
    assert!(distance <= tolerance, "{found} is {distance:e} away from {expected}");
}
