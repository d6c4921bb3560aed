//! Runs the stand-in on its own, for people and for tests in any language.
#![forbid(unsafe_code)]

mod args;

use args::{HELP, Plan, Wish};
use local_ack::LocalAck;
use std::io::Write;
use std::process::ExitCode;

fn main() -> ExitCode {
    // std::env::args panics on what is not UTF-8.
    let args = std::env::args_os().skip(1).map(|arg| arg.to_string_lossy().into_owned());
    match args::parse(args) {
        Ok(Wish::Help) => say(HELP),
        Ok(Wish::Version) => say(concat!("local-ack ", env!("CARGO_PKG_VERSION"), "\n")),
        Ok(Wish::Serve(plan)) => match serve(&plan) {
            Ok(server) => rest(&server),
            Err(error) => complain(&error, 1),
        },
        Err(error) => complain(&error, 2),
    }
}

/// Starts the server and says where it is.
fn serve(plan: &Plan) -> Result<LocalAck, String> {
    let server = LocalAck::with(plan.options.clone()).map_err(|error| error.to_string())?;
    plan.faults.iter().cloned().for_each(|fault| server.fault(fault));
    if let Some((path, pem)) = plan.ca_out.as_ref().zip(server.ca_pem()) {
        std::fs::write(path, pem).map_err(|error| format!("{path}: {error}"))?;
    }
    let mut line = serde_json::json!({
        "url": server.url(),
        "access_key_id": plan.options.access_key_id,
        "access_key_secret": plan.options.access_key_secret,
        "pid": std::process::id(),
    });
    if let Some(token) = &plan.options.security_token {
        line["security_token"] = token.as_str().into();
    }
    put(&format!("{line}\n")).map_err(|error| format!("stdout: {error}"))?;
    Ok(server)
}

/// Until a signal ends the process.
fn rest(_server: &LocalAck) -> ! {
    loop {
        std::thread::park();
    }
}

fn say(text: &str) -> ExitCode {
    // `local-ack --help | head` is no failure.
    let _ = put(text);
    ExitCode::SUCCESS
}

fn put(text: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

fn complain(error: &str, status: u8) -> ExitCode {
    eprintln!("local-ack: {error}");
    ExitCode::from(status)
}
