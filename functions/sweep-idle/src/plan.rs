//! What there is to do about all apps, and what of it is too much for one sweep.

use jiff::Timestamp;
use roost_cluster::app::App;
use roost_domain::app::idle::{Reason, most_at_once};
use roost_domain::app::{Phase, Task};

use crate::surveyed::Surveyed;

/// What is only written down can wait for the next sweep, if there is very much of it.
const MOST_NOTES: usize = 500;
/// The hours of very many apps begin at the same time; they wake one after another.
const MOST_WAKES: usize = 200;

/// What there is to do. Of apps about which there is nothing, nothing is kept.
#[derive(Default)]
pub(crate) struct Plan {
    /// Apps looked at.
    pub(crate) looked_at: usize,
    /// Apps whose owners wait for them to sleep.
    pub(crate) to_sleep: usize,
    awake: usize,
    notes: usize,
    wakes: usize,
    tasks: Vec<(App, Task)>,
}

impl Plan {
    /// Takes in what there is to do about an app.
    pub(crate) fn add(&mut self, surveyed: Surveyed, task: Task) {
        self.looked_at += 1;
        self.to_sleep += usize::from(surveyed.is_to_sleep());
        self.awake += usize::from(surveyed.status.phase == Phase::Awake);
        let is_wanted = match &task {
            // What is being drained is looked at again, even if there is nothing to do about it yet.
            Task::Nothing => surveyed.status.phase == Phase::Draining,
            Task::Note(_) => self.has_room_for_note(),
            Task::Wake(_) => self.has_room_for_wake(),
            _ => true,
        };
        if is_wanted {
            self.tasks.push((surveyed.app, task));
        }
    }

    /// What is to be done now.
    pub(crate) fn tasks(mut self) -> Vec<(App, Task)> {
        let tasks = std::mem::take(&mut self.tasks);
        let (mut drains, others): (Vec<_>, Vec<_>) =
            tasks.into_iter().partition(|(_, task)| last_active(task).is_some());
        // Whoever has been idle for longest goes first, or an app could be left out for ever.
        drains.sort_by_key(|(_, task)| last_active(task));
        let postponed = drains.split_off(drains.len().min(most_at_once(self.awake)));
        let postponed = postponed.into_iter().filter_map(|(app, _)| {
            let noted = many_at_once(&app).filter(|_| self.has_room_for_note())?;
            Some((app, noted))
        });
        others.into_iter().chain(drains).chain(postponed).collect()
    }

    fn has_room_for_wake(&mut self) -> bool {
        self.wakes += 1;
        self.wakes <= MOST_WAKES
    }

    fn has_room_for_note(&mut self) -> bool {
        self.notes += 1;
        self.notes <= MOST_NOTES
    }
}

/// Since when an app is idle that is to be put to sleep.
fn last_active(task: &Task) -> Option<Timestamp> {
    match task {
        Task::Drain(proof) => Some(proof.record().last_active),
        _ => None,
    }
}

fn many_at_once(app: &App) -> Option<Task> {
    let status = app.standing();
    let noted = status.observed(status.idle.clone(), Some(&Reason::ManyAtOnce), Timestamp::now());
    noted.map(|status| Task::Note(Box::new(status)))
}
