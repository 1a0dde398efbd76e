//! A function as a process of its own, behind the interface Lambda gives it
//! (<https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>).

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path as UrlPath, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio::sync::{Mutex as AsyncMutex, mpsc, oneshot};

use crate::streamed::{self, Streamed};

/// The longest an invocation may take, as infra/template.yaml has it.
const TIMEOUT: Duration = Duration::from_secs(30);

type Invocation = (String, Value);
type Answer = Result<Answered, String>;

/// What a function gives to its interface.
#[derive(Debug)]
enum Answered {
    Whole(Value),
    Streamed(Streamed),
}

struct Interface {
    next: AsyncMutex<mpsc::Receiver<Invocation>>,
    answers: Mutex<HashMap<String, oneshot::Sender<Answer>>>,
    first_poll: Mutex<Option<Instant>>,
}

/// A running function.
pub struct Function {
    process: Arc<AsyncMutex<Child>>,
    process_id: u32,
    interface: Arc<Interface>,
    invocations: mpsc::Sender<Invocation>,
    count: AtomicU64,
    started: Instant,
    log: PathBuf,
    limit: Duration,
}

/// How an invocation ended.
#[derive(Debug)]
pub enum Ending {
    /// The function answered.
    Answered(Value),
    /// The function has begun to answer.
    Streaming(Streamed),
    /// The function reported an error.
    Failed(String),
    /// The process ended before it answered.
    Died,
}

/// Kills a function's process, as the platform does with one that is out of time or memory.
#[derive(Clone)]
pub struct Killer(Arc<AsyncMutex<Child>>);

impl Killer {
    /// Kills it.
    pub async fn kill(&self) {
        // It may have ended by itself; then there is nothing to kill.
        let _ = self.0.lock().await.start_kill();
    }
}

/// The folder with the functions built for the tests: the one the test itself was built into.
pub fn binaries() -> Result<PathBuf> {
    let test = std::env::current_exe()?;
    let folder = test.parent().and_then(Path::parent).context("a test runs from target/<profile>/deps")?;
    Ok(folder.to_owned())
}

/// A function as `make bench` builds it, unless `ROOST_FUNCTIONS_PROFILE` names another profile.
#[must_use]
pub fn released(name: &str) -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    let target = target.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../target"));
    target.join(std::env::var("ROOST_FUNCTIONS_PROFILE").unwrap_or_else(|_| "release".to_owned())).join(name)
}

impl Function {
    /// Starts the function of that name with the given environment and no other.
    pub async fn start(binary: &Path, name: &str, environment: &HashMap<String, String>, log: &Path) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let (invocations, next) = mpsc::channel(64);
        let interface = Arc::new(Interface {
            next: AsyncMutex::new(next),
            answers: Mutex::default(),
            first_poll: Mutex::default(),
        });
        let routes = routes(Arc::clone(&interface));
        tokio::spawn(async move { axum::serve(listener, routes).await });
        let output = std::fs::OpenOptions::new().create(true).append(true).open(log)?;
        let started = Instant::now();
        let process = Command::new(binary)
            .env_clear()
            .envs(environment)
            .env("AWS_LAMBDA_RUNTIME_API", address.to_string())
            .env("AWS_LAMBDA_FUNCTION_NAME", name)
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
            .env("AWS_LAMBDA_LOG_FORMAT", "JSON")
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("the function {} is not built", binary.display()))?;
        let process_id = process.id().context("the function ended at once")?;
        let process = Arc::new(AsyncMutex::new(process));
        let count = AtomicU64::new(0);
        let (log, limit) = (log.to_owned(), TIMEOUT);
        Ok(Self { process, process_id, interface, invocations, count, started, log, limit })
    }

    /// The same function where an invocation may take longer until its answer begins.
    #[must_use]
    pub fn within(self, limit: Duration) -> Self {
        Self { limit, ..self }
    }

    /// Invokes it with an event.
    pub async fn invoke(&self, event: Value) -> Result<Ending> {
        let id = format!("00000000-0000-0000-0000-{:012}", self.count.fetch_add(1, Ordering::Relaxed));
        let (answer, answered) = oneshot::channel();
        self.interface.answers.lock().map_err(|_| anyhow::anyhow!("poisoned"))?.insert(id.clone(), answer);
        self.invocations.send((id, event)).await?;
        tokio::select! {
            answer = answered => Ok(match answer? {
                Ok(Answered::Whole(value)) => Ending::Answered(value),
                Ok(Answered::Streamed(streamed)) => Ending::Streaming(streamed),
                Err(error) => Ending::Failed(error),
            }),
            () = self.ended() => Ok(Ending::Died),
            () = tokio::time::sleep(self.limit) => bail!("the function did not answer in {} s", self.limit.as_secs()),
        }
    }

    /// Invokes it with a batch of messages, and answers with how many it did not handle.
    pub async fn handle(&self, bodies: &[String]) -> Result<Ending> {
        let records = bodies.iter().enumerate().map(|(number, body)| {
            json!({"messageId": number.to_string(), "body": body, "eventSource": "aws:sqs", "attributes": {}})
        });
        self.invoke(json!({"Records": records.collect::<Vec<_>>()})).await
    }

    /// What kills it.
    #[must_use]
    pub fn killer(&self) -> Killer {
        Killer(Arc::clone(&self.process))
    }

    /// Its process id.
    #[must_use]
    pub fn process_id(&self) -> u32 {
        self.process_id
    }

    /// The most memory its process had, in megabytes.
    pub fn peak_megabytes(&self) -> Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process_id))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no VmHWM")?;
        let kilobytes: u32 = line.trim().trim_end_matches(" kB").parse()?;
        Ok(f64::from(kilobytes) / 1e3)
    }

    /// From the start of the process to its first question for work, once it asked.
    #[must_use]
    pub fn cold_start(&self) -> Option<Duration> {
        let polled = self.interface.first_poll.lock().ok().and_then(|polled| *polled);
        polled.map(|polled| polled.duration_since(self.started))
    }

    /// All it has logged, a JSON value for each line.
    pub async fn logged(&self) -> Result<Vec<Value>> {
        let text = tokio::fs::read_to_string(&self.log).await?;
        Ok(text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect())
    }

    async fn ended(&self) {
        loop {
            if !matches!(self.process.lock().await.try_wait(), Ok(None)) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

fn routes(interface: Arc<Interface>) -> Router {
    Router::new()
        .route("/2018-06-01/runtime/invocation/next", get(next))
        .route("/2018-06-01/runtime/invocation/{id}/response", post(response))
        .route("/2018-06-01/runtime/invocation/{id}/error", post(failure))
        .route("/2018-06-01/runtime/init/error", post(|| async { StatusCode::ACCEPTED }))
        .with_state(interface)
}

async fn next(State(interface): State<Arc<Interface>>) -> impl IntoResponse {
    if let Ok(mut first) = interface.first_poll.lock() {
        first.get_or_insert_with(Instant::now);
    }
    let Some((id, event)) = interface.next.lock().await.recv().await else {
        return StatusCode::GONE.into_response();
    };
    let deadline = Timestamp::now().as_millisecond() + i64::try_from(TIMEOUT.as_millis()).unwrap_or(i64::MAX);
    let headers = [
        ("lambda-runtime-aws-request-id", id),
        ("lambda-runtime-deadline-ms", deadline.to_string()),
        ("lambda-runtime-invoked-function-arn", "arn:aws:lambda:eu-west-1:000000000000:function:test".to_owned()),
    ];
    (headers, event.to_string()).into_response()
}

async fn response(
    State(interface): State<Arc<Interface>>,
    UrlPath(id): UrlPath<String>,
    headers: HeaderMap,
    body: Body,
) -> StatusCode {
    if streamed::is_streamed(&headers) {
        let Some((streamed, rest)) = streamed::begin(body).await else { return StatusCode::BAD_REQUEST };
        answer(&interface, &id, Ok(Answered::Streamed(streamed)));
        return rest.pass_on().await;
    }
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    answer(&interface, &id, Ok(Answered::Whole(serde_json::from_slice(&body).unwrap_or(Value::Null))))
}

async fn failure(State(interface): State<Arc<Interface>>, UrlPath(id): UrlPath<String>, body: Bytes) -> StatusCode {
    answer(&interface, &id, Err(String::from_utf8_lossy(&body).into_owned()))
}

fn answer(interface: &Interface, id: &str, answer: Answer) -> StatusCode {
    let waiting = interface.answers.lock().ok().and_then(|mut answers| answers.remove(id));
    // Nobody waits any more if the test gave up; the function need not know.
    let _ = waiting.map(|waiting| waiting.send(answer));
    StatusCode::ACCEPTED
}
