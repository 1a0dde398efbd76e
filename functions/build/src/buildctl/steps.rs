//! The steps of one build: follows the daemon's statuses, and tells what of them concerns people.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use jiff::Timestamp;
use roost_domain::build::{Happening, log_line};

use super::solve_status::{SolveStatus, Vertex, VertexLog};

/// So many of a step's last lines are kept for its failure.
const KEPT_LINES: usize = 20;
/// A line that goes on for longer is shown in parts.
const LONGEST_PART: usize = log_line::LONGEST_LINE;
const CANCELED: &str = "context canceled";

/// What happened, and when.
pub(crate) type Told = (Timestamp, Happening);

/// Steps by the daemon's digest.
#[derive(Debug, Default)]
pub(crate) struct Steps {
    steps: BTreeMap<String, Step>,
    numbered: u32,
}

#[derive(Debug)]
struct Step {
    /// By the order in which they begin; absent for what the daemon does by itself.
    number: Option<u32>,
    name: String,
    state: State,
    cached: bool,
    error: String,
    unfinished_line: Vec<u8>,
    last_lines: VecDeque<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Known,
    Started,
    Done,
}

/// The step that a build failed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FailedStep {
    pub(crate) name: String,
    pub(crate) error: String,
    pub(crate) last_lines: Vec<String>,
}

/// How many steps of the Dockerfile there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Count {
    pub(crate) known: u32,
    pub(crate) done: u32,
    pub(crate) cached: u32,
}

impl Steps {
    pub(crate) fn take(&mut self, status: SolveStatus) -> Vec<Told> {
        let mut told = Vec::new();
        for vertex in status.vertexes {
            self.take_vertex(vertex, &mut told);
        }
        for log in status.logs {
            self.take_log(&log, &mut told);
        }
        let warnings = status.warnings.iter().map(|warning| log_line::clean(&warning.short));
        told.extend(warnings.map(|text| (Timestamp::now(), Happening::Note { text: format!("Warning: {text}") })));
        told
    }

    pub(crate) fn count(&self) -> Count {
        // By name: where another build has just done the same, the daemon tells of its step as well as of this one's.
        let count = |counts: fn(&Step) -> bool| {
            let counted = self.steps.values().filter(|step| is_of_dockerfile(&step.name) && counts(step));
            let names: BTreeSet<&str> = counted.map(|step| step.name.as_str()).collect();
            u32::try_from(names.len()).unwrap_or(u32::MAX)
        };
        Count {
            known: count(|_| true),
            done: count(|step| step.state == State::Done),
            cached: count(|step| step.cached),
        }
    }

    /// The first step with an error of its own: others are cancelled because of it.
    pub(crate) fn failed(&self) -> Option<FailedStep> {
        let has_failed =
            |step: &&Step| !step.error.is_empty() && !step.error.ends_with(CANCELED) && !is_optional(&step.name);
        let step = self.steps.values().find(has_failed)?;
        let last_lines = step.last_lines.iter().cloned().collect();
        Some(FailedStep { name: step.name.clone(), error: step.error.clone(), last_lines })
    }

    /// The step that is at work, for a build that is stopped.
    pub(crate) fn running(&self) -> Option<FailedStep> {
        let step = self.steps.values().find(|step| step.number.is_some() && step.state == State::Started)?;
        let last_lines = step.last_lines.iter().cloned().collect();
        Some(FailedStep { name: step.name.clone(), error: String::new(), last_lines })
    }

    fn take_vertex(&mut self, vertex: Vertex, told: &mut Vec<Told>) {
        let step = self.steps.entry(vertex.digest).or_insert_with(|| Step::new(&vertex.name));
        step.cached |= vertex.cached;
        if let (Some(started), State::Known) = (vertex.started, step.state) {
            if is_shown(&step.name) {
                self.numbered += 1;
                step.number = Some(self.numbered);
            }
            step.start(started, told);
        }
        if !vertex.error.is_empty() {
            step.error = vertex.error;
        }
        if let (Some(completed), State::Started) = (vertex.completed, step.state) {
            let took = vertex.started.map(|started| completed.duration_since(started));
            step.complete(completed, took.map_or(0, |took| took.as_millis()), told);
        }
    }

    fn take_log(&mut self, log: &VertexLog, told: &mut Vec<Told>) {
        if let Some(step) = self.steps.get_mut(&log.vertex) {
            step.print(&log.data, log.timestamp, told);
        }
    }
}

impl Step {
    fn new(name: &str) -> Self {
        Self {
            number: None,
            name: log_line::clean(name.as_bytes()),
            state: State::Known,
            cached: false,
            error: String::new(),
            unfinished_line: Vec::new(),
            last_lines: VecDeque::new(),
        }
    }

    fn start(&mut self, at: Timestamp, told: &mut Vec<Told>) {
        self.state = State::Started;
        if let Some(step) = self.number {
            told.push((at, Happening::StepStarted { step, name: self.name.clone() }));
        }
    }

    fn complete(&mut self, at: Timestamp, ms: i128, told: &mut Vec<Told>) {
        self.state = State::Done;
        self.end_line(at, told);
        let Some(step) = self.number else { return };
        let name = self.name.clone();
        if self.error.is_empty() {
            let ms = u64::try_from(ms).unwrap_or(0);
            told.push((at, Happening::StepFinished { step, name, cached: self.cached, ms }));
        } else if !self.error.ends_with(CANCELED) {
            let text = log_line::clean(self.error.replace('\n', " ").as_bytes());
            told.push((at, Happening::StepFailed { step, name, text }));
        }
    }

    fn print(&mut self, data: &[u8], at: Timestamp, told: &mut Vec<Told>) {
        for part in data.split_inclusive(|byte| *byte == b'\n') {
            self.unfinished_line.extend_from_slice(part);
            if part.ends_with(b"\n") || self.unfinished_line.len() >= LONGEST_PART {
                self.end_line(at, told);
            }
        }
    }

    fn end_line(&mut self, at: Timestamp, told: &mut Vec<Told>) {
        if self.unfinished_line.is_empty() {
            return;
        }
        let text = log_line::clean(&std::mem::take(&mut self.unfinished_line));
        if self.last_lines.len() == KEPT_LINES {
            self.last_lines.pop_front();
        }
        self.last_lines.push_back(text.clone());
        if let Some(step) = self.number {
            told.push((at, Happening::Log { step, text }));
        }
    }
}

/// Steps of the Dockerfile are named `[3/4] RUN …` or `[stage 1/2] COPY …`.
fn is_of_dockerfile(name: &str) -> bool {
    name.starts_with('[') && !name.starts_with("[internal]")
}

/// What may go wrong without consequences: at a first build there is no cache yet.
fn is_optional(name: &str) -> bool {
    name.starts_with("importing cache") || name.starts_with("exporting cache")
}

fn is_shown(name: &str) -> bool {
    !name.starts_with("[internal]") && !is_optional(name)
}
