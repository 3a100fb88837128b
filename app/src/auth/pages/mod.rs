//! The page of signing in. Checking passwords and keeping sessions is the server's work: the forms post to it.

mod sign_in;

pub use sign_in::{refused_first, sign_in};
