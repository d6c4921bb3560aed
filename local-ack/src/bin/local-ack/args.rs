//! The command line: options to values, mistakes to one line.

use local_ack::{Fault, Options};
use std::time::Duration;

pub const HELP: &str = "\
local-ack: a loopback stand-in for Alibaba Cloud's Container Service (ScaleOutCluster)

usage: local-ack [option]...

  --port N                 port on 127.0.0.1 (default: any free one)
  --access-key-id X        the only key it accepts (default: testid)
  --access-key-secret Y    its secret (default: testsecret)
  --security-token Z       the STS token every request must carry
  --fault TEXT             queue a fault; may be given several times, taken in order
  --clock-offset SECONDS   run the server's clock ahead of, or (negative) behind this machine's
  --latency-ms N           wait before each answer
  --task-delay-ms N        a task shows in task lists this late
  --found-delay-ms N       a task is found by its id this late
  --task-length-ms N       a task runs this long before it succeeds
  --tls                    serve https (if built with the feature \"tls\")
  --ca-out FILE            write the certificate to trust, as PEM
  --verbose                show each signed request on stderr, secrets masked
  --help, --version

It prints one line of JSON with its url and credentials, then serves until it is killed.

A fault is a name, and after a colon member=value pairs: close_after_read:executed=true
  close_before_read  reset_mid_request  connection_close  close_after_reply  informational
  with executed=true|false:  close_after_read  reset  hang  half_reply  half_body  short_body
    no_last_chunk  chunked  garbage  garbage_body  huge  no_task_id  close_delimited
    no_close_notify  delivered_twice  other_cluster  two_task_ids
  slow_drip:executed=true,gap_ms=5    delay:ms=250    die_on_second:executed=true,reset=false
  answer_twice:pause_ms=0  surplus_refusal:pause_ms=0  answer_first:status=200,cluster_id=c1
  task_id:value=T-1  contradiction:status=429,code=Throttling.User  body:status=200,value=[]
  front_end:status=502,date_offset=-7200
  status:status=429,shape=gateway,code=Throttling.User,message=slow down,header.Retry-After=1
    shape: gateway, cs, xml, text, html, nested or access_denied
  task_ends:state=fail,failed=1,code=OperationDenied.NoStock,message=sold out
    state: success, fail, failed, canceled or paused; failed: how many nodes
  for task lists:  endless_list  created:form=null (or empty, minutes, basic, no_zone,
    milliseconds, blank, epoch, epoch_ms)
  In values write , as %2C and % as %25.

While it runs (no signature needed):
  POST   /_local-ack/faults    fault text, or {\"cluster_id\":\"c1\",\"fault\":\"reset\"}, or
                               {\"reads\":true,\"fault\":\"reset\"} (\"every\": all from now
                               on), or a list of these
  DELETE /_local-ack/faults    forget the queued faults
  POST   /_local-ack/tasks     {\"cluster_id\":\"c1\",\"count\":1,\"age_ms\":60000}: one
                               that is there already; the answer names it
  POST   /_local-ack/tasks/ID  {\"state\":\"fail\",\"patch\":{...}}
  GET    /_local-ack/ledger    the purchases that were executed
  GET    /_local-ack/requests  the requests that came
";

/// What the command line asks for.
pub enum Wish {
    Help,
    Version,
    Serve(Box<Plan>),
}

pub struct Plan {
    pub options: Options,
    pub faults: Vec<Fault>,
    pub ca_out: Option<String>,
}

pub fn parse(args: impl IntoIterator<Item = String>) -> Result<Wish, String> {
    let mut plan = Plan { options: Options::default(), faults: Vec::new(), ca_out: None };
    let mut args = args.into_iter();
    while let Some(arg) = args.next() {
        let (name, inline) = match arg.split_once('=') {
            Some((name, value)) if name.starts_with("--") => (name, Some(value.to_string())),
            _ => (arg.as_str(), None),
        };
        match (name, &inline) {
            ("--help" | "-h", None) => return Ok(Wish::Help),
            ("--version", None) => return Ok(Wish::Version),
            ("--tls", None) => plan.options.tls = true,
            ("--verbose", None) => plan.options.verbose = true,
            ("--help" | "--version" | "--tls" | "--verbose", Some(_)) => {
                return Err(format!("{name} takes no value"));
            }
            _ if known(name) => {
                let value = inline.or_else(|| args.next());
                set(&mut plan, name, value.ok_or_else(|| format!("{name} needs a value"))?)?;
            }
            _ => return Err(format!("unknown option {name:?}, see --help")),
        }
    }
    if plan.ca_out.is_some() && !plan.options.tls {
        return Err("--ca-out needs --tls".into());
    }
    Ok(Wish::Serve(Box::new(plan)))
}

fn known(name: &str) -> bool {
    [
        "--port",
        "--access-key-id",
        "--access-key-secret",
        "--security-token",
        "--fault",
        "--clock-offset",
        "--latency-ms",
        "--task-delay-ms",
        "--found-delay-ms",
        "--task-length-ms",
        "--ca-out",
    ]
    .contains(&name)
}

fn set(plan: &mut Plan, name: &str, value: String) -> Result<(), String> {
    let options = &mut plan.options;
    match name {
        "--port" => options.port = number(name, &value)?,
        "--access-key-id" => options.access_key_id = value,
        "--access-key-secret" => options.access_key_secret = value,
        "--security-token" => options.security_token = Some(value),
        "--clock-offset" => options.clock_offset = number(name, &value)?,
        "--latency-ms" => options.latency = Duration::from_millis(number(name, &value)?),
        "--task-delay-ms" => options.task_delay = Duration::from_millis(number(name, &value)?),
        "--found-delay-ms" => options.found_delay = Duration::from_millis(number(name, &value)?),
        "--task-length-ms" => options.task_length = Duration::from_millis(number(name, &value)?),
        "--ca-out" => plan.ca_out = Some(value),
        _ => plan.faults.push(value.parse().map_err(|error| format!("--fault: {error}"))?),
    }
    Ok(())
}

fn number<T: std::str::FromStr>(name: &str, value: &str) -> Result<T, String> {
    value.parse().map_err(|_| format!("{name}: {value:?} is not a number it can be"))
}
