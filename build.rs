//! One link argument for the shared library.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    // dlclose() must not unmap code that runs: a name look-up may outlast its call on a thread of its
    // own, and threads that made calls have destructors here. (No SONAME: test programs, linked with
    // the library where cargo leaves it, would look for it under that name.)
    println!("cargo:rustc-cdylib-link-arg=-Wl,-z,nodelete");
}
