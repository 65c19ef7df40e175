//! Black-box tests, one file per area.
