//! Present so that the build dependencies of the manifest take effect.

fn main() {}
