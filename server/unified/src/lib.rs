//! Holds no code: its manifest makes every cargo call choose the same features of the dependencies.
