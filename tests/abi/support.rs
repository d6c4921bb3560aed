//! Runs a program of tests/c, on the bare machine and under valgrind.

use std::path::Path;

use crate::common::Servers;
use crate::common_c::{Runner, Workshop};

/// Compiles tests/c/NAME.c, and hands it to `run` once for each way to run it, with stand-ins of its own.
pub fn each_way(name: &str, run: impl Fn(&Runner, &Path, &Servers)) {
    let shop = Workshop::new(name);
    let program = shop.build(&format!("tests/c/{name}.c"));
    for runner in shop.runners() {
        run(&runner, &program, &Servers::start());
    }
}
