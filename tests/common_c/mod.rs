//! What the tests of the C side share: a compiler, a place for its products, and two ways to run
//! them, plain and under valgrind.

#![allow(dead_code, reason = "each test file uses its part")]

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

pub const STRICT: [&str; 4] = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"];

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The directory that holds the shared library of this very build.
///
/// cargo puts it beside the test programs, not into target/debug. rustc writes all crate types in
/// one run, in the order of Cargo.toml, so a shared library that is older than a Rust library was
/// left behind by an earlier build.
///
/// `CS_TEST_LIBRARY_DIR` names another one: scripts/check-release has the release build tested.
pub fn library_dir() -> PathBuf {
    if let Some(dir) = std::env::var_os("CS_TEST_LIBRARY_DIR") {
        return root().join(dir);
    }
    let own = std::env::current_exe().expect("this test has a path");
    let dir = own.parent().expect("and a directory").to_owned();
    let newest = |end: &str| {
        let entries = fs::read_dir(&dir).expect("it can be read").filter_map(Result::ok);
        let named = entries.filter(|entry| {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            name.starts_with("libcs_scale_out") && name.ends_with(end)
        });
        named.filter_map(|entry| entry.metadata().ok()?.modified().ok()).max()
    };
    let (shared, rust) = (newest("out.so"), newest(".rlib"));
    assert!(
        shared.is_some() && shared >= rust,
        "{}: libcs_scale_out.so is missing, or from an earlier build",
        dir.display()
    );
    dir
}

pub fn library() -> PathBuf {
    library_dir().join("libcs_scale_out.so")
}

pub fn header() -> String {
    fs::read_to_string(root().join("include/cs_scale_out.h")).expect("the header is there")
}

/// The functions the header declares, sorted.
pub fn declared_functions() -> Vec<String> {
    let text = header();
    let code = text.lines().filter(|line| !line.starts_with([' ', '*', '/', '#']));
    let names = code.filter_map(|line| {
        let before = line.split_once('(')?.0;
        let name = before.rsplit([' ', '*']).next()?;
        name.starts_with("cs_").then(|| name.to_owned())
    });
    let mut names: Vec<_> = names.collect();
    names.sort();
    assert!(names.len() >= 6, "{names:?}");
    names
}

/// Tells what was not tested, past the harness, which keeps what passing tests print to itself.
/// `make test` counts these lines, each once.
pub fn skip(what: &str) {
    let line = format!("skipped: {}\n", what);
    drop(std::io::Write::write_all(&mut std::io::stderr(), line.as_bytes()));
}

/// Whether a tool can be started; if not, what needs it is skipped by the tool's name.
pub fn has(mut tool: Command) -> bool {
    let is_there = tool.arg("--version").output().is_ok();
    if !is_there {
        skip(&format!("{} is not installed", tool.get_program().display()));
    }
    is_there
}

/// A tool's standard output; the tool must succeed.
pub fn output_of(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|e| panic!("{command:?}: {e}"));
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{command:?}: {}", text(&output.stderr));
    text(&output.stdout)
}

/// A directory for one test's products, removed with this.
pub struct Workshop(PathBuf);

impl Workshop {
    pub fn new(test: &str) -> Workshop {
        let name = format!("{test}-{}", std::process::id());
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&dir).expect("a directory for build products");
        Workshop(dir)
    }

    pub fn dir(&self) -> &Path {
        &self.0
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, content).expect("build products can be written");
        path
    }

    /// Compiles one C99 source, strictly, and links it with the library.
    pub fn build(&self, source: &str) -> PathBuf {
        self.compile("CC", "-std=c99", Path::new(source), &["-g", "-pthread"])
    }

    /// The same in any language: `variable` names the compiler, as make does.
    pub fn compile(&self, variable: &str, std: &str, source: &Path, flags: &[&str]) -> PathBuf {
        let program = self.path("program");
        let libraries = library_dir();
        output_of(
            compiler(variable)
                .arg(std)
                .args(STRICT)
                .args(flags)
                .args(["-Iinclude".as_ref(), "-o".as_ref(), program.as_os_str()])
                .args([source.as_os_str(), "-L".as_ref(), libraries.as_os_str()])
                .args(["-lcs_scale_out", "-ldl"])
                .arg(format!("-Wl,-rpath,{}", libraries.display())),
        );
        program
    }

    /// Runs on the bare machine.
    pub fn bare(&self) -> Runner {
        Runner { home: self.0.clone(), log: None }
    }

    /// Plain, and where it is installed, under valgrind.
    pub fn runners(&self) -> Vec<Runner> {
        let mut runners = vec![self.bare()];
        if has(Command::new("valgrind")) {
            runners.push(Runner { home: self.0.clone(), log: Some(self.path("valgrind.log")) });
        }
        runners
    }
}

impl Drop for Workshop {
    fn drop(&mut self) {
        // What cannot be removed stays below target/.
        drop(fs::remove_dir_all(&self.0));
    }
}

/// $CC or cc, $CXX or c++, with whatever arguments the variable has. It runs in the root, so that
/// messages name files as people do.
pub fn compiler(variable: &str) -> Command {
    let usual = if variable == "CXX" { "c++" } else { "cc" };
    let named = std::env::var(variable).ok().filter(|text| !text.trim().is_empty());
    let named = named.unwrap_or_else(|| usual.to_owned());
    let mut words = named.split_whitespace();
    let mut command = Command::new(words.next().unwrap_or(usual));
    command.args(words).current_dir(root());
    command
}

/// How a program runs.
pub struct Runner {
    home: PathBuf,
    /// Valgrind's report; without, the program runs on the bare machine.
    log: Option<PathBuf>,
}

/// What a program left behind.
pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Runner {
    /// One number on the bare machine, a smaller one where each step takes fifty times as long.
    pub fn pick<T>(&self, bare: T, slow: T) -> T {
        if self.log.is_some() { slow } else { bare }
    }

    /// Runs with an environment of `variables` and nothing else. Fails if valgrind finds anything.
    pub fn run<A: AsRef<OsStr>>(
        &self,
        program: &Path,
        arguments: &[A],
        variables: &[(&str, &str)],
        stdin: &[u8],
    ) -> Ran {
        let mut command = self.command(program);
        command.args(arguments).env_clear().env("HOME", &self.home);
        command.envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
        command.envs(variables.iter().copied()).current_dir(root());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap_or_else(|e| panic!("{command:?}: {e}"));
        // A program that does not read it all has said so by its exit code.
        drop(child.stdin.take().map(|mut pipe| pipe.write_all(stdin)));
        let Output { status, stdout, stderr } = child.wait_with_output().expect("it ends");
        let log = self.log.as_ref().map(|log| fs::read_to_string(log).unwrap_or_default());
        assert_ne!(status.code(), Some(99), "valgrind: {}", log.unwrap_or_default());
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        Ran { code: status.code(), out: text(stdout), err: text(stderr) }
    }

    fn command(&self, program: &Path) -> Command {
        let Some(log) = &self.log else { return Command::new(program) };
        let mut command = Command::new("valgrind");
        command.args(["--quiet", "--error-exitcode=99", "--leak-check=full"]);
        command.args(["--errors-for-leak-kinds=definite,indirect"]);
        command.args(["--show-leak-kinds=definite,indirect", "--num-callers=40"]);
        command.arg("--suppressions=tests/c/valgrind.supp");
        command.arg(format!("--log-file={}", log.display())).arg(program);
        command
    }

    /// Runs one of tests/c: each line is a check that went well, and nothing else is written.
    pub fn check(&self, program: &Path, arguments: &[&str], variables: &[(&str, &str)]) {
        let Ran { code, out, err } = self.run(program, arguments, variables, b"");
        let lines: Vec<_> = out.lines().collect();
        let checks = lines.iter().filter(|line| line.starts_with("ok - ")).count();
        let last = format!("{checks} checks, 0 failed");
        let other: Vec<_> = lines.iter().filter(|line| !line.starts_with("ok - ")).collect();
        assert_eq!((code, other), (Some(0), vec![&last.as_str()]), "{out}\n{err}");
        assert_eq!(err, "", "the library wrote to stderr");
        // What valgrind makes impossible was checked on the bare machine.
        let skipped = lines.iter().filter_map(|line| line.split_once("skipped: "));
        for (_, what) in skipped.filter(|_| self.log.is_none()) {
            skip(what);
        }
    }
}
