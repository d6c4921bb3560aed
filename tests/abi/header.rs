//! The committed header is what cbindgen makes of src/ffi/ today.
//! `UPDATE=1 cargo test --test abi` rewrites it.

use std::path::Path;

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The version as the header's number.
fn number() -> u32 {
    let parts = VERSION.split('.').map(|part| part.parse::<u32>().expect("a number"));
    parts.fold(0, |number, part| number * 100 + part)
}

#[test]
fn the_header_is_up_to_date() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut config =
        cbindgen::Config::from_file(root.join("cbindgen.toml")).expect("cbindgen.toml");
    config.after_includes = config
        .after_includes
        .map(|text| text.replace("@VERSION@", VERSION).replace("@NUMBER@", &number().to_string()));
    let mut made = Vec::new();
    cbindgen::Builder::new()
        .with_src(root.join("src/ffi/mod.rs"))
        .with_config(config)
        .generate()
        .expect("a header")
        .write(&mut made);
    let made = String::from_utf8(made).expect("UTF-8");
    let path = root.join("include/cs_scale_out.h");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &made).expect("include/ is writable");
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(committed, made, "run UPDATE=1 cargo test --test abi, and look at the difference");
}
